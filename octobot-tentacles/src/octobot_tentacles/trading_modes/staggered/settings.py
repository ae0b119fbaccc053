# SPDX-License-Identifier: Apache-2.0
"""StaggeredOrdersTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.ladder.pair_settings import read_entries, read_mirrors
from octobot_tentacles.trading_modes.ladder.settings import Bounds, FundsSettings, LadderSettings
from octobot_tentacles.trading_modes.ladder.volumes import Profile
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.constants import ZERO
from octobot_trading.exchanges.market import WIDE


def _default(pair: str, spread: float, increment: float, lower: float, upper: float, depth: int) -> dict[str, Any]:
    return {
        "pair": pair,
        "mode": Profile.MOUNTAIN.value,
        "spread_percent": spread,
        "increment_percent": increment,
        "lower_bound": lower,
        "upper_bound": upper,
        "allow_instant_fill": True,
        "operational_depth": depth,
        "mirror_order_delay": 0,
        "ignore_exchange_fees": False,
        "use_existing_orders_only": False,
    }


DEFAULTS: Final = [
    _default("BTC/USDT", 6, 3, 3000, 6000, 100),
    _default("ADA/ETH", 6, 3, 0.0003, 0.0007, 50),
    _default("ETH/USDT", 0.7, 0.3, 400, 500, 50),
]


def register(ui: UserInputs, inputs: dict[str, Any]) -> list[LadderSettings]:
    """Register every setting and return the entries, at least one.

    Raises:
        UserInputError: a value has the wrong type, is out of its bounds or does not go with another one; names file
            and setting.
    """
    return read_entries(ui, inputs, DEFAULTS, _entry)


def scaled(entry: LadderSettings, pair: str, price: Decimal) -> LadderSettings:
    """The settings of another pair for one at ``price``: its bounds are as far from the price as their middle."""
    bounds = entry.extent
    assert isinstance(bounds, Bounds)
    if not price:
        return replace(entry, pair=pair, scaled_from=entry.pair)
    reach = WIDE.sqrt(WIDE.divide(bounds.upper, bounds.lower))
    around = Bounds(WIDE.divide(price, reach), WIDE.multiply(price, reach))
    return replace(entry, pair=pair, extent=around, scaled_from=entry.pair)


def _entry(form: SettingsForm) -> LadderSettings:
    pair = form.text("pair", "BTC/USDT", "Pair, such as BTC/USDT.")
    mode = form.choice("mode", Profile.MOUNTAIN.value, [one.value for one in Profile], "Shape of the volumes.")
    spread = form.percent("spread_percent", 6, "Distance of the first sell from the first buy in %.", maximum=199)
    increment = form.percent("increment_percent", 3, "Distance of neighbouring orders in %.")
    lower = form.decimal("lower_bound", 3000, "Price of the lowest order.")
    upper = form.decimal("upper_bound", 6000, "Price of the highest order.")
    if not ZERO < increment < spread:
        raise form.refuse("increment_percent", "the increment is not between zero and the spread", "make it smaller")
    if not ZERO < lower < upper:
        raise form.refuse("lower_bound", "the bounds do not enclose anything", "give 0 < lower_bound < upper_bound")
    return LadderSettings(
        pair=pair,
        spread=spread,
        increment=increment,
        is_geometric=True,
        extent=Bounds(lower, upper),
        funds=FundsSettings(profile=Profile(mode)),
        depth=form.count("operational_depth", 50, "Most orders open at a time."),
        mirror=read_mirrors(
            form,
            reinvest=False,
            allow_instant_fill=form.flag("allow_instant_fill", True, "Create mirror orders that fill at once."),
        ),
        existing_orders_only=form.flag("use_existing_orders_only", False, "Only mirror orders that exist already."),
    )
