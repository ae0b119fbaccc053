# SPDX-License-Identifier: Apache-2.0
"""All automations of a profile, as a tentacle."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError, did_you_mean
from octobot_commons.nested_inputs import NestedInputs
from octobot_commons.notifications import Notifier
from octobot_commons.tentacles_management import AbstractTentacle
from octobot_trading.automations.automation import Automation
from octobot_trading.automations.context import AutomationContext
from octobot_trading.automations.parts import AbstractAction, AbstractCondition, AbstractTriggerEvent, AutomationPart
from octobot_trading.automations.registry import find_parts

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

Part = TypeVar("Part", bound=AutomationPart)

LIST, TRIGGER, CONDITIONS, ACTIONS, NAME, SETTINGS = (
    "automations", "trigger_event", "conditions", "actions", "name", "settings",
)  # fmt: skip
_T = UserInputTypes


class AbstractAutomations(AbstractTentacle):
    """``start`` it when its account has started, ``stop`` it before.

    Its settings are a list: {"automations": [{"trigger_event": {"name", "settings"}, "conditions": [the same, …],
    "actions": [the same, …]}]}. Without an account it only declares them.
    """

    def __init__(
        self,
        tentacles_setup_config: TentaclesSetupConfig | None = None,
        exchange_manager: ExchangeManager | None = None,
        notifiers: Iterable[Notifier] = (),
    ) -> None:
        super().__init__(tentacles_setup_config)
        self.automations: list[Automation] = []
        self._context = None if exchange_manager is None else AutomationContext(exchange_manager, notifiers)
        self._declared: list[tuple[AbstractTriggerEvent, list[AbstractCondition], list[AbstractAction]]] = []

    async def start(self) -> None:
        """Read the settings and let every trigger fire. Where one cannot be started, none is.

        Raises:
            SettingError: something in them cannot be used.
        """
        assert self._context is not None
        self.load_config()
        try:
            for trigger, conditions, actions in self._declared:
                automation = Automation(self._context, trigger, conditions, actions)
                self.automations.append(automation)
                await automation.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Let no trigger fire any more."""
        while self.automations:
            await self.automations.pop().stop()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        listed = self.UI.user_input(LIST, _T.OBJECT_ARRAY, [], inputs, title="Automations", item_title="Automation")
        self._declared = []
        if not all(isinstance(element, dict) for element in listed):
            self._report(LIST, "expected a list of objects", 'write [{"trigger_event": {...}, "actions": [...]}]')
            return
        if not listed and self._context is None:
            self._declare_patterns()
            listed.clear()  # they are for the schema, and no automation
            return
        for index, element in enumerate(listed):
            if self._is_complete(element, f"{LIST}[{index}]"):
                self._declare(element, index)

    def _declare(self, element: dict[str, Any], index: int) -> None:
        ui, place = self.UI, f"{LIST}[{index}]"
        ui.user_input(TRIGGER, _T.OBJECT, None, None, parent_input_name=LIST, array_indexes=[index], title="Trigger")
        triggers = self._parts(AbstractTriggerEvent, TRIGGER, [element[TRIGGER]], [index], f"{place}.{TRIGGER}", False)
        kept: list[Any] = []
        for kind, key in ((AbstractCondition, CONDITIONS), (AbstractAction, ACTIONS)):
            title = key.capitalize()
            ui.user_input(key, _T.OBJECT_ARRAY, [], None, parent_input_name=LIST, array_indexes=[index], title=title)
            kept.append(self._parts(kind, key, element[key], [index], f"{place}.{key}", True))
        for trigger in triggers:
            self._declared.append((trigger, *kept))

    def _parts(
        self, kind: type[Part], parent: str, named: Sequence[dict[str, Any]], at: list[int], place: str, is_list: bool
    ) -> list[Part]:
        """The parts of one list, their settings declared."""
        known, made = find_parts(kind), []
        for index, one in enumerate(named):
            indexes, own_place = ([*at, index], f"{place}[{index}]") if is_list else (at, place)
            name = one[NAME]
            if name not in known:
                remedy = did_you_mean(name, known, f"one of {', '.join(known)}")
                self._report(f"{own_place}.{NAME}", f"{name!r} is no {_WORDS[kind]}", remedy)
                continue
            made.append(self._declare_part(known[name], known, parent, indexes))
            problem = made[-1].problem()
            if problem is not None:
                self._report(f"{own_place}.{SETTINGS}", problem, "see the page of Automations")
        return made

    def _declare_part(self, part: type[Part], known: Iterable[str], parent: str, indexes: list[int]) -> Part:
        nested = NestedInputs(self.UI, parent, indexes)
        nested.user_input(NAME, _T.OPTIONS, part.get_name(), options=list(known), title="Name")
        nested.user_input(SETTINGS, _T.OBJECT, None, title="Settings")
        made = part(cast(AutomationContext, self._context))
        made.init_user_inputs(NestedInputs(self.UI, SETTINGS, indexes))
        return made

    def _declare_patterns(self) -> None:
        """Every part there is, for who writes settings."""
        ui = self.UI
        ui.user_input(TRIGGER, _T.OBJECT, None, None, parent_input_name=LIST, array_indexes=[0], title="Trigger")
        for kind, key in ((AbstractTriggerEvent, TRIGGER), (AbstractCondition, CONDITIONS), (AbstractAction, ACTIONS)):
            indexes = [0]
            if key != TRIGGER:
                ui.user_input(key, _T.OBJECT_ARRAY, [], None, parent_input_name=LIST, array_indexes=indexes)
                indexes = [0, 0]
            known: dict[str, type[AutomationPart]] = {**find_parts(kind)}
            for part in known.values():
                self._declare_part(part, known, key, indexes)

    def _is_complete(self, element: dict[str, Any], place: str) -> bool:
        """Whether trigger, conditions and actions are there and named; what is not is reported."""
        element.setdefault(CONDITIONS, [])
        trigger, actions = element.get(TRIGGER), element.get(ACTIONS)
        if not _is_named(trigger):
            self._report(f"{place}.{TRIGGER}", "names no trigger", 'write {"name": "PeriodElapsed", "settings": {}}')
        elif not isinstance(element[CONDITIONS], list) or not all(map(_is_named, element[CONDITIONS])):
            self._report(f"{place}.{CONDITIONS}", "expected a list of named conditions", "write [] for none")
        elif not isinstance(actions, list) or not actions or not all(map(_is_named, actions)):
            self._report(f"{place}.{ACTIONS}", "expected a list of named actions", 'write [{"name": "StopTrading"}]')
        else:
            return True
        return False

    def _report(self, field: str, message: str, remedy: str | None) -> None:
        self.report_setting(SettingError(message, file=self.UI.file, field=field, remedy=remedy))


def _is_named(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get(NAME), str)


_WORDS: dict[type[AutomationPart], str] = {
    AbstractTriggerEvent: "trigger",
    AbstractCondition: "condition",
    AbstractAction: "action",
}
