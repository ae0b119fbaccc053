# SPDX-License-Identifier: Apache-2.0
"""GridTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.ladder.pair_settings import read_entries, read_mirrors
from octobot_tentacles.trading_modes.ladder.settings import Counts, FundsSettings, LadderSettings, TrailingSettings
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE

#: The increment of a pair without settings, as a part of its price: that of the first default at 62,500 USDT.
SCALED_INCREMENT: Final = Decimal("0.016")

_HOUR: Final = 3600.0


def _default(pair: str, spread: float, increment: float) -> dict[str, Any]:
    return {
        "pair": pair,
        "flat_spread": spread,
        "flat_increment": increment,
        "buy_orders_count": 25,
        "sell_orders_count": 25,
        "sell_funds": 0,
        "buy_funds": 0,
        "starting_price": 0,
        "buy_volume_per_order": 0,
        "sell_volume_per_order": 0,
        "reinvest_profits": True,
        "use_fixed_volume_for_mirror_orders": False,
        "mirror_order_delay": 0,
        "use_existing_orders_only": False,
        "allow_funds_redispatch": False,
        "enable_trailing_up": False,
        "enable_trailing_down": False,
        "funds_redispatch_interval": 24,
    }


DEFAULTS: Final = [
    _default("BTC/USDT", 2000, 1000),
    _default("ADA/ETH", 2e-05, 1e-05),
    _default("ETH/USDT", 10, 5),
]


def register(ui: UserInputs, inputs: dict[str, Any]) -> list[LadderSettings]:
    """Register every setting and return the entries, at least one.

    Raises:
        UserInputError: a value has the wrong type, is out of its bounds or does not go with another one; names file
            and setting.
    """
    return read_entries(ui, inputs, DEFAULTS, _entry)


def scaled(entry: LadderSettings, pair: str, price: Decimal) -> LadderSettings:
    """The settings of another pair for one at ``price``; amounts, which are of other assets, are left out."""
    increment = WIDE.multiply(price, SCALED_INCREMENT)
    spread = WIDE.divide(WIDE.multiply(increment, entry.spread), entry.increment)
    return replace(
        entry,
        pair=pair,
        spread=spread,
        increment=increment,
        starting_price=ZERO,
        funds=FundsSettings(),
        scaled_from=entry.pair,
    )


def _entry(form: SettingsForm) -> LadderSettings:
    pair = form.text("pair", "BTC/USDT", "Pair, such as BTC/USDT.")
    spread = form.decimal("flat_spread", 2000, "Distance of the first sell from the first buy, in quote.")
    increment = form.decimal("flat_increment", 1000, "Distance of neighbouring orders, in quote.")
    if not ZERO < increment < spread:
        raise form.refuse("flat_increment", "the increment is not between zero and the spread", "make it smaller")
    counts = Counts(
        form.count("buy_orders_count", 25, "Buys below the price.", minimum=0),
        form.count("sell_orders_count", 25, "Sells above the price.", minimum=0),
    )
    return LadderSettings(
        pair=pair,
        spread=spread,
        increment=increment,
        extent=counts,
        starting_price=form.decimal("starting_price", 0, "Price to begin around; 0: the current one."),
        funds=FundsSettings(
            sell_funds=form.decimal("sell_funds", 0, "Base for the sells; 0: all that is available."),
            buy_funds=form.decimal("buy_funds", 0, "Quote for the buys; 0: all that is available."),
            buy_volume=form.decimal("buy_volume_per_order", 0, "Base that each buy trades; 0: a part of the funds."),
            sell_volume=form.decimal("sell_volume_per_order", 0, "Base that each sell trades; 0: a part of the funds."),
        ),
        mirror=read_mirrors(
            form,
            reinvest=True,
            keeps_volume=form.flag(
                "use_fixed_volume_for_mirror_orders", False, "Mirror orders: trade the volumes per order."
            ),
        ),
        existing_orders_only=form.flag("use_existing_orders_only", False, "Only mirror orders that exist already."),
        trailing=TrailingSettings(
            up=form.flag("enable_trailing_up", False, "Follow a price that has risen beyond all sells."),
            down=form.flag("enable_trailing_down", False, "Follow a price that has fallen beyond all buys."),
            order_by_order=form.flag("order_by_order_trailing", False, "Follow by one order at a time."),
        ),
        redispatch_seconds=_redispatch_seconds(form),
    )


def _redispatch_seconds(form: SettingsForm) -> float | None:
    is_on = form.flag("allow_funds_redispatch", False, "Spread free funds over the orders from time to time.")
    hours = form.decimal("funds_redispatch_interval", 24, "Hours between two spreadings.")
    if is_on and not hours:
        raise form.refuse("funds_redispatch_interval", "free funds cannot be spread every 0 hours", "give some hours")
    return float(hours) * _HOUR if is_on else None
