# SPDX-License-Identifier: Apache-2.0
"""What triggers, conditions and actions are given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from octobot_commons.errors import EnvironmentFault
from octobot_commons.logging import get_logger
from octobot_commons.notifications import Notification, NotificationLevel, Notifier
from octobot_trading.personal_data.orders.decision import Explanation

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

SOURCE = "Automations"


class AutomationContext:
    """One account, and who is told of it."""

    def __init__(self, exchange_manager: ExchangeManager, notifiers: Iterable[Notifier] = ()) -> None:
        self.manager = exchange_manager
        self._notifiers = tuple(notifiers)
        self._logger = get_logger(f"{SOURCE}[{exchange_manager.exchange_name}]")

    def explain(self, text: str) -> None:
        """Say what was done or not: in the log, and of each symbol for `octobot why-not`."""
        self._logger.info("%s", text)
        explanations = self.manager.explanations
        if explanations is not None:
            now = self.manager.clock.now()
            explanations.extend(Explanation(now, SOURCE, symbol, text) for symbol in self.manager.symbols)

    async def notify(self, text: str, level: NotificationLevel = NotificationLevel.INFO) -> None:
        """Tell the user. A notifier that fails is logged, and the others are asked all the same."""
        notification = Notification(self.manager.clock.now(), SOURCE, text, level)
        for notifier in self._notifiers:
            try:
                await notifier.notify(notification)
            except EnvironmentFault as error:
                self._logger.exception(error, True, f"{text!r} could not be told: {error}")
