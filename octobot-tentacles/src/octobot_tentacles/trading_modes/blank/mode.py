# SPDX-License-Identifier: Apache-2.0
"""The tentacle: strategies' notes come and are told of, nothing else happens."""

from __future__ import annotations

from typing import ClassVar

from octobot_trading.modes import AbstractTradingMode, AbstractTradingModeConsumer, AbstractTradingModeProducer


class BlankTradingModeProducer(AbstractTradingModeProducer):
    """Hears of notes, and says so where somebody asks why nothing was done."""

    async def set_final_eval(
        self, matrix_id: str, cryptocurrency: str, symbol: str, time_frame: str | None, trigger_source: str
    ) -> None:
        """A strategy has written a note: nothing is done about it."""
        self.trading_mode.explain(symbol, "%s has noted something, and this mode trades nothing", trigger_source)


class BlankTradingMode(AbstractTradingMode):
    """For watching evaluators, and for accounts that somebody else trades."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ("BlankStrategyEvaluator",)

    def get_mode_producer_classes(self) -> list[type[AbstractTradingModeProducer]]:
        """What listens."""
        return [BlankTradingModeProducer]

    def get_mode_consumer_classes(self) -> list[type[AbstractTradingModeConsumer]]:
        """Nothing creates orders."""
        return []
