# SPDX-License-Identifier: Apache-2.0
"""The tentacle: settings of its own, and orders closer to the price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Final

from octobot_tentacles.trading_modes.daily import DailyTradingMode
from octobot_tentacles.trading_modes.daily.rules import OrderRules, Range
from octobot_tentacles.trading_modes.daily.settings import DailySettings
from octobot_tentacles.trading_modes.settings_form import SettingsForm

#: A signal is over after a few candles: its limit orders stand where the price soon is, and its stops are closer.
SIGNAL: Final = OrderRules(
    market_size=Range(Decimal("0.5"), Decimal(1)),
    limit_size=Range(Decimal("0.3"), Decimal("0.9")),
    buy_limit_price=Range(Decimal("0.995"), Decimal("0.999")),
    sell_limit_price=Range(Decimal("1.005"), Decimal("1.001")),
    stop_price=Range(Decimal("0.97"), Decimal("0.99")),
)


class SignalTradingMode(DailyTradingMode):
    """Trades the states of DailyTradingMode with larger orders that stand closer to the price."""

    REQUIRED_STRATEGIES: ClassVar[tuple[str, ...]] = ("MoveSignalsStrategyEvaluator",)
    order_rules: ClassVar[OrderRules] = SIGNAL

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings."""
        form = SettingsForm(self.UI, inputs)
        use_close = form.flag("use_prices_close_to_current_price", False, "Limit orders: keep a fixed distance.")
        close = form.decimal(
            "close_to_current_price_difference",
            0.02,
            "Limit orders: distance from the current price. 0.02 is 2 %.",
            maximum=0.99,
            only_if=("use_prices_close_to_current_price", True),
        )
        use_maximum = form.flag("use_maximum_size_orders", False, "Buy and sell with everything available.")
        self.settings = DailySettings(
            use_stop_orders=form.flag("use_stop_orders", True, "Stop orders: protect sell limits."),
            close_price_difference=close if use_close else None,
            buy_with_maximum_size=use_maximum,
            sell_with_maximum_size=use_maximum,
            max_currency_share=form.percent(
                "max_currency_percent", 100, "Largest share of the traded currency in the portfolio, in %.", maximum=100
            ),
        )
