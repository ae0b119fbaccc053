# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from octobot_commons.enums import UserInputOtherSchemaValuesTypes, UserInputTypes
from octobot_commons.errors import SettingError
from octobot_commons.user_inputs import UserInputs
from octobot_trading.constants import ONE_HUNDRED
from octobot_trading.modes.order_amounts import AmountUnit, OrderAmount, parse_amount

_DEPENDENCIES = UserInputOtherSchemaValuesTypes.DEPENDENCIES.value


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


def register(ui: UserInputs, inputs: dict[str, Any]) -> DailySettings:
    """Register every setting and return their values.

    Raises:
        UserInputError: a value has the wrong type or is out of its bounds; names file and setting.
    """
    form = _Form(ui, inputs)
    close = form.decimal(
        "close_to_current_price_difference",
        0.005,
        "Limit orders: distance from the current price. 0.005 is 0.5 %.",
        maximum=0.99,
        only_if="use_prices_close_to_current_price",
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
        buy_order_amount=form.amount("buy_order_amount", "Amount of each buy, such as 100q or 12a%."),
        sell_order_amount=form.amount("sell_order_amount", "Amount of each sell, such as 0.1 or 50a%."),
        disable_buy_orders=form.flag("disable_buy_orders", False, "Never buy."),
        disable_sell_orders=form.flag("disable_sell_orders", False, "Never sell on notes."),
        max_currency_share=form.percent(
            "max_currency_percent", 100, "Largest share of the traded currency in the portfolio, in %.", maximum=100
        ),
        required_strategies_min_count=form.count("required_strategies_min_count", 1, "Strategies that must have noted"),
    )


class _Form:
    """The kinds of inputs that this mode has."""

    def __init__(self, ui: UserInputs, inputs: dict[str, Any]) -> None:
        self._ui = ui
        self._inputs = inputs

    def flag(self, name: str, default: bool, title: str) -> bool:
        return bool(self._ui.user_input(name, UserInputTypes.BOOLEAN, default, self._inputs, title=title))

    def count(self, name: str, default: int, title: str) -> int:
        return int(self._ui.user_input(name, UserInputTypes.INT, default, self._inputs, min_val=1, title=title))

    def decimal(
        self, name: str, default: float, title: str, *, maximum: float | None = None, only_if: str | None = None
    ) -> Decimal:
        value = self._ui.user_input(
            name,
            UserInputTypes.FLOAT,
            default,
            self._inputs,
            min_val=0,
            max_val=maximum,
            title=title,
            editor_options=None if only_if is None else {_DEPENDENCIES: {only_if: True}},
        )
        return Decimal(str(value))

    def percent(self, name: str, default: float, title: str, *, maximum: float | None = None) -> Decimal:
        return self.decimal(name, default, title, maximum=maximum) / ONE_HUNDRED

    def amount(self, name: str, title: str) -> OrderAmount | None:
        text = str(self._ui.user_input(name, UserInputTypes.TEXT, "", self._inputs, title=title)).strip()
        if not text:
            return None
        try:
            amount = parse_amount(text)
            if amount.unit is AmountUnit.POSITION_PERCENT:
                raise SettingError(f"{text!r} needs a position, which spot markets do not have", remedy="use a% or %")
            return amount
        except SettingError as error:
            raise SettingError(error.message, file=self._ui.file, field=name, remedy=error.remedy) from error
