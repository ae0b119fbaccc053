# SPDX-License-Identifier: Apache-2.0
"""DCATradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from octobot_commons.constants import MINUTE_TO_SECONDS
from octobot_commons.enums import TimeFrames
from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.modes.order_amounts import AmountUnit, OrderAmount

TIME_BASED: Final = "Time based"
SIGNALS_BASED: Final = "Maximum evaluators signals based"
#: Where the amount is left empty.
DEFAULT_AMOUNT: Final = OrderAmount(Decimal(5), AmountUnit.TOTAL_PERCENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Orders at growing distances: the first one's, and how much further each of ``count`` others stands. Fractions."""

    first: Decimal
    further: Decimal = Decimal(0)
    count: int = 0

    def distances(self) -> list[Decimal]:
        """Of the first order and of the others."""
        return [self.first + self.further * number for number in range(self.count + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DCASettings:
    """Checked settings. Percentages are fractions here: 0.05 is 5 %."""

    is_time_based: bool = True
    interval_seconds: float = 10080.0 * MINUTE_TO_SECONDS
    #: None: market orders.
    entry_distance: Decimal | None = None
    amount: OrderAmount = DEFAULT_AMOUNT
    secondary_entries: int = 0
    secondary_distance: Decimal = Decimal("0.01")
    #: None: as the first one.
    secondary_amount: OrderAmount | None = None
    #: None: no take profits.
    take_profits: Steps | None = None
    stop_loss: Decimal | None = None
    cancels_open_entries: bool = True
    enters_at_start: bool = False
    #: None: no health check.
    orphan_threshold: Decimal | None = None
    max_asset_share: Decimal = Decimal(1)
    #: Empty: all of them.
    pairs: frozenset[str] = frozenset()
    time_frames: frozenset[str] = frozenset()


def register(ui: UserInputs, inputs: dict[str, Any]) -> DCASettings:
    """Register every setting and return their values.

    Raises:
        UserInputError: a value has the wrong type or is out of its bounds; names file and setting.
    """
    form = SettingsForm(ui, inputs)
    trigger = form.choice("trigger_mode", TIME_BASED, (TIME_BASED, SIGNALS_BASED), "Trigger: when to enter.")
    minutes = form.count(
        "minutes_before_next_buy", 10080, "Time based: minutes between entries.", only_if=("trigger_mode", TIME_BASED)
    )
    use_market = form.flag("use_market_entry_orders", True, "Entries: market orders instead of limit orders.")
    entry = form.percent(
        "entry_limit_orders_price_percent", 1, "Entries: limit price below the current one, in %.", maximum=99.99,
        only_if=("use_market_entry_orders", False),
    )  # fmt: skip
    stop = form.percent(
        "stop_loss_price_percent", 10, "Stop losses: below the entry, in %.", maximum=99.99,
        only_if=("use_stop_losses", True),
    )  # fmt: skip
    threshold = form.percent(
        "health_check_orphan_funds_threshold", 15,
        "Health check: sell what no exit covers once it is this much of the portfolio, in %.", maximum=100,
        only_if=("enable_health_check", True),
    )  # fmt: skip
    return DCASettings(
        is_time_based=trigger == TIME_BASED,
        interval_seconds=float(minutes * MINUTE_TO_SECONDS),
        entry_distance=None if use_market else entry,
        amount=form.amount("buy_order_amount", "Amount of each entry, such as 50q or 8%.", "50q") or DEFAULT_AMOUNT,
        **_secondary_entries(form),
        take_profits=_take_profits(form),
        stop_loss=stop if form.flag("use_stop_losses", False, "Stop losses for each entry.") else None,
        cancels_open_entries=form.flag(
            "cancel_open_orders_at_each_entry", True, "Entries: cancel those of before that have not filled."
        ),
        enters_at_start=form.flag("use_init_entry_orders", False, "Signals: enter once at the start as well."),
        orphan_threshold=threshold if form.flag("enable_health_check", False, "Health check at each entry.") else None,
        max_asset_share=form.percent(
            "max_asset_holding_percent", 100, "Largest share of an asset in the portfolio, in %.", maximum=100
        ),
        pairs=frozenset(form.texts("trading_pairs", [], "Pairs to trade; none: all of the profile.")),
        time_frames=frozenset(
            form.choices(
                "time_frames", [], [frame.value for frame in TimeFrames],
                "Signals: time frames to listen to, for strategies that note each by itself; none: all.",
            )
        ),
    )  # fmt: skip


def _secondary_entries(form: SettingsForm) -> dict[str, Any]:
    if_used = ("use_secondary_entry_orders", True)
    is_used = form.flag("use_secondary_entry_orders", False, "Secondary entries: limit orders below the first one.")
    count = form.count("secondary_entry_orders_count", 1, "Secondary entries: how many.", only_if=if_used)
    return {
        "secondary_entries": count if is_used else 0,
        "secondary_distance": form.percent(
            "secondary_entry_orders_price_percent", 1, "Secondary entries: each below the one before, in %.",
            maximum=50, only_if=if_used,
        ),
        "secondary_amount": form.amount(
            "secondary_entry_orders_amount", "Secondary entries: amount of each; empty: as the first.", only_if=if_used
        ),
    }  # fmt: skip


def _take_profits(form: SettingsForm) -> Steps | None:
    if_used, if_several = ("use_take_profit_exit_orders", True), ("use_secondary_exit_orders", True)
    is_used = form.flag("use_take_profit_exit_orders", False, "Take profits for each entry.")
    are_several = form.flag("use_secondary_exit_orders", False, "Take profits: several of them.", only_if=if_used)
    first = form.percent("exit_limit_orders_price_percent", 5, "Take profits: above the entry, in %.", only_if=if_used)
    further = form.percent(
        "secondary_exit_orders_price_percent", 1, "Take profits: each further one, in %.", only_if=if_several
    )
    count = form.count("secondary_exit_orders_count", 1, "Take profits: how many more.", only_if=if_several)
    if not is_used:
        return None
    return Steps(first=first, further=further, count=count) if are_several else Steps(first=first)
