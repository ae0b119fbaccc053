# SPDX-License-Identifier: Apache-2.0
"""DipAnalyserTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm

#: What a weight of 1, 2 and 3 is called in settings.
WEIGHT_NAMES: Final = ("light", "medium", "heavy")
_VOLUMES: Final = (0.5, 0.7, 1)
_PRICES: Final = (1.04, 1.07, 1.1)


def _by_weight(values: tuple[float, ...]) -> dict[int, Decimal]:
    return {weight: Decimal(str(value)) for weight, value in enumerate(values, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DipSettings:
    """Checked settings; both dicts are by weight, 1 to 3."""

    sell_orders_count: int = 3
    uses_market_orders: bool = False
    ignores_fees: bool = False
    #: Part of the entry price; None: no stop loss.
    stop_multiplier: Decimal | None = None
    volume_multipliers: dict[int, Decimal] = field(default_factory=lambda: _by_weight(_VOLUMES))
    price_multipliers: dict[int, Decimal] = field(default_factory=lambda: _by_weight(_PRICES))


def register(ui: UserInputs, inputs: dict[str, Any]) -> DipSettings:
    """Register every setting and return their values.

    Raises:
        UserInputError: a value has the wrong type or is out of its bounds; names file and setting.
    """
    form = SettingsForm(ui, inputs)
    stop = form.decimal(
        "stop_loss_multiplier", 0, "Stop loss: part of the buy price, like 0.9; 0: none.", maximum=0.999
    )
    return DipSettings(
        sell_orders_count=form.count("sell_orders_count", 3, "Sells: in how many stages.", maximum=20),
        uses_market_orders=form.flag("use_buy_market_orders", False, "Buys: market orders instead of limit orders."),
        ignores_fees=form.flag("ignore_exchange_fees", False, "Sells: also at prices that do not pay for the fees."),
        stop_multiplier=stop or None,
        volume_multipliers={
            weight: form.decimal(
                f"{name}_weight_volume_multiplier", default, f"Volume: of a {name} dip, before risk.", maximum=1
            )
            for weight, (name, default) in enumerate(zip(WEIGHT_NAMES, _VOLUMES, strict=True), start=1)
        },
        price_multipliers={
            weight: form.decimal(
                f"{name}_weight_price_multiplier", default, f"Price: highest sell of a {name} dip.", minimum=1
            )
            for weight, (name, default) in enumerate(zip(WEIGHT_NAMES, _PRICES, strict=True), start=1)
        },
    )
