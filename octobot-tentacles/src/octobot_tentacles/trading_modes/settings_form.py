# SPDX-License-Identifier: Apache-2.0
"""The kinds of settings that trading modes have, registered and checked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from octobot_commons.enums import UserInputOtherSchemaValuesTypes, UserInputTypes
from octobot_commons.errors import SettingError
from octobot_commons.nested_inputs import DeclaresInputs
from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.modes.order_amounts import AmountUnit, OrderAmount, parse_amount

_DEPENDENCIES = UserInputOtherSchemaValuesTypes.DEPENDENCIES.value


class SettingsForm:
    """Registers inputs of one mode and returns their checked values; numbers are Decimal.

    ``only_if`` names another setting and the value with which a screen shows this one. Every method raises
    UserInputError where a value has the wrong type or is out of its bounds, naming file and setting.

    ``element`` is (setting, index) of the entry of a list of objects whose inputs these are; None: the mode's own.
    """

    def __init__(self, ui: DeclaresInputs, inputs: dict[str, Any], element: tuple[str, int] | None = None) -> None:
        self._ui = ui
        self._inputs = inputs
        self._element = element

    def entries(self, name: str, default: Sequence[dict[str, Any]], title: str) -> list[dict[str, Any]]:
        """The live entries of a list of objects; a form with an ``element`` registers what is in them."""
        found = self._input(name, UserInputTypes.OBJECT_ARRAY, list(default), title, None)
        if not all(isinstance(entry, dict) for entry in found):
            raise self.refuse(name, "an entry of the list is no object", 'write entries as {"setting": value}')
        entries: list[dict[str, Any]] = found
        return entries

    def flag(self, name: str, default: bool, title: str, *, only_if: tuple[str, Any] | None = None) -> bool:
        return bool(self._input(name, UserInputTypes.BOOLEAN, default, title, only_if))

    def count(
        self,
        name: str,
        default: int,
        title: str,
        *,
        minimum: int = 1,
        maximum: int | None = None,
        only_if: tuple[str, Any] | None = None,
    ) -> int:
        return int(self._input(name, UserInputTypes.INT, default, title, only_if, min_val=minimum, max_val=maximum))

    def decimal(
        self,
        name: str,
        default: float,
        title: str,
        *,
        minimum: float | None = 0,
        maximum: float | None = None,
        only_if: tuple[str, Any] | None = None,
    ) -> Decimal:
        value = self._input(name, UserInputTypes.FLOAT, default, title, only_if, min_val=minimum, max_val=maximum)
        return Decimal(str(value))

    def percent(
        self,
        name: str,
        default: float,
        title: str,
        *,
        maximum: float | None = None,
        only_if: tuple[str, Any] | None = None,
    ) -> Decimal:
        """A fraction: 0.05 where 5 is set."""
        return self.decimal(name, default, title, maximum=maximum, only_if=only_if) / ONE_HUNDRED

    def choice(
        self, name: str, default: str, options: Sequence[str], title: str, *, only_if: tuple[str, Any] | None = None
    ) -> str:
        return str(self._input(name, UserInputTypes.OPTIONS, default, title, only_if, options=list(options)))

    def choices(self, name: str, default: Sequence[str], options: Sequence[str], title: str) -> list[str]:
        """Several of ``options``."""
        kind = UserInputTypes.MULTIPLE_OPTIONS
        return [str(one) for one in self._input(name, kind, list(default), title, None, options=list(options))]

    def texts(self, name: str, default: Sequence[str], title: str) -> list[str]:
        return [str(one).strip() for one in self._input(name, UserInputTypes.STRING_ARRAY, list(default), title, None)]

    def text(self, name: str, default: str, title: str, *, only_if: tuple[str, Any] | None = None) -> str:
        return str(self._input(name, UserInputTypes.TEXT, default, title, only_if)).strip()

    def amount(
        self,
        name: str,
        title: str,
        default: str = "",
        *,
        has_positions: bool = False,
        only_if: tuple[str, Any] | None = None,
    ) -> OrderAmount | None:
        """An order amount, None where it is left empty; in percent of a position only where markets have them."""
        text = self.text(name, default, title, only_if=only_if)
        if not text:
            return None
        try:
            amount = parse_amount(text)
            if amount.unit is AmountUnit.POSITION_PERCENT and not has_positions:
                raise SettingError(f"{text!r} needs a position, which spot markets do not have", remedy="use a% or %")
            return amount
        except SettingError as error:
            raise self.refuse(name, error.message, error.remedy) from error

    def refuse(self, name: str, message: str, remedy: str | None) -> SettingError:
        """The error of a value that does not go with another one; the caller raises it."""
        place = "" if self._element is None else f"{self._element[0]}[{self._element[1]}]."
        return SettingError(message, file=self._ui.file, field=place + name, remedy=remedy)

    def _input(
        self,
        name: str,
        kind: UserInputTypes,
        default: Any,
        title: str,
        only_if: tuple[str, Any] | None,
        **bounds: Any,
    ) -> Any:
        editor = None if only_if is None else {_DEPENDENCIES: dict((only_if,))}
        if self._element is not None:
            bounds |= {"parent_input_name": self._element[0], "array_indexes": [self._element[1]]}
        return self._ui.user_input(name, kind, default, self._inputs, title=title, editor_options=editor, **bounds)
