# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.modes.order_amounts import OrderAmount


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySettings:
    """Checked settings. The three percentages and the price difference are fractions here: 0.05 is 5 %."""

    target_profits_mode: bool = False
    take_profit: Decimal = Decimal("0.05")
    stop_loss: Decimal = Decimal("0.025")
    enable_position_increase: bool = False
    use_stop_orders: bool = True
    #: None: the price follows note and risk.
    close_price_difference: Decimal | None = None
    buy_with_maximum_size: bool = False
    sell_with_maximum_size: bool = False
    buy_order_amount: OrderAmount | None = None
    sell_order_amount: OrderAmount | None = None
    disable_buy_orders: bool = False
    disable_sell_orders: bool = False
    max_currency_share: Decimal = Decimal(1)
    required_strategies_min_count: int = 1


def register(ui: UserInputs, inputs: dict[str, Any], *, has_positions: bool = False) -> DailySettings:
    """Register every setting and return their values. ``has_positions``: amounts may be a part of the position.

    Raises:
        UserInputError: a value has the wrong type or is out of its bounds; names file and setting.
    """
    form = SettingsForm(ui, inputs)
    close = form.decimal(
        "close_to_current_price_difference",
        0.005,
        "Limit orders: distance from the current price. 0.005 is 0.5 %.",
        maximum=0.99,
        only_if=("use_prices_close_to_current_price", True),
    )
    use_close = form.flag("use_prices_close_to_current_price", False, "Limit orders: keep a fixed distance.")
    return DailySettings(
        target_profits_mode=form.flag("target_profits_mode", False, "Target profits: notes only enter positions."),
        take_profit=form.percent("target_profits_mode_take_profit", 5, "Target profits: take profit in %."),
        stop_loss=form.percent("target_profits_mode_stop_loss", 2.5, "Target profits: stop loss in %.", maximum=99.99),
        enable_position_increase=form.flag(
            "target_profits_mode_enable_position_increase", False, "Target profits: add to an open position."
        ),
        use_stop_orders=form.flag("use_stop_orders", True, "Stop orders: protect sell limits and entries."),
        close_price_difference=close if use_close else None,
        buy_with_maximum_size=form.flag("buy_with_maximum_size_orders", False, "Buy with everything available."),
        sell_with_maximum_size=form.flag("sell_with_maximum_size_orders", False, "Sell everything available."),
        buy_order_amount=form.amount(
            "buy_order_amount", "Amount of each buy, such as 100q or 12a%.", has_positions=has_positions
        ),
        sell_order_amount=form.amount(
            "sell_order_amount", "Amount of each sell, such as 0.1 or 50a%.", has_positions=has_positions
        ),
        disable_buy_orders=form.flag("disable_buy_orders", False, "Never buy."),
        disable_sell_orders=form.flag("disable_sell_orders", False, "Never sell on notes."),
        max_currency_share=form.percent(
            "max_currency_percent", 100, "Largest share of the traded currency in the portfolio, in %.", maximum=100
        ),
        required_strategies_min_count=form.count("required_strategies_min_count", 1, "Strategies that must have noted"),
    )
