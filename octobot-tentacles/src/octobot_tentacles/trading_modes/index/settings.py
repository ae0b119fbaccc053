# SPDX-License-Identifier: Apache-2.0
"""IndexTradingMode's settings: how they are registered, and the checked values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from octobot_commons.constants import DAYS_TO_SECONDS
from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.settings_form import SettingsForm
from octobot_trading.constants import ONE_HUNDRED

AS_SOON_AS_POSSIBLE: Final = "sell removed index assets as soon as possible"
ON_REBALANCE: Final = "sell removed index assets on auto rebalance"
_CONTENT, _PROFILES = "index_content", "rebalance_trigger_profiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """Checked settings. Percentages are fractions here: 0.05 is 5 %."""

    #: Asset → weight; empty: every traded asset alike.
    content: dict[str, Decimal] = field(default_factory=dict)
    interval_seconds: float = float(DAYS_TO_SECONDS)
    #: How far a share may be from its target.
    drift: Decimal = Decimal("0.05")
    #: How far the reference market's share may be above its target.
    quote_drift: Decimal = Decimal("0.1")
    #: Share of the reference market.
    quote_share: Decimal = Decimal(0)
    sells_removed_at_once: bool = True
    cancels_open_orders: bool = True
    skips_assets: bool = False
    #: Orders cost at least the market's minimum times one plus this.
    minimum_margin: Decimal = Decimal("0.02")


def register(ui: UserInputs, inputs: dict[str, Any]) -> IndexSettings:
    """Register every setting and return their values.

    Raises:
        UserInputError: a value has the wrong type or is out of its bounds; names file and setting.
    """
    form = SettingsForm(ui, inputs)
    days = form.decimal("refresh_interval", 1, "Interval: days between looks at the portfolio.", minimum=0.001)
    return IndexSettings(
        content=_content(form, ui, inputs),
        interval_seconds=float(days * DAYS_TO_SECONDS),
        drift=_drift(form, ui, inputs),
        quote_drift=form.percent(
            "quote_asset_rebalance_trigger_min_percent", 10,
            "Trigger: idle reference market above its share, in % of the portfolio.", maximum=100,
        ),
        quote_share=form.decimal(
            "reference_market_ratio", 0, "Share of the portfolio that stays in the reference market: 0.1 is 10 %.",
            maximum=0.99,
        ),
        sells_removed_at_once=form.choice(
            "synchronization_policy", AS_SOON_AS_POSSIBLE, (AS_SOON_AS_POSSIBLE, ON_REBALANCE),
            "Assets that are in the index no more: when to sell them.",
        )
        == AS_SOON_AS_POSSIBLE,
        cancels_open_orders=form.flag("cancel_open_orders", True, "Rebalancing: cancel its open orders first."),
        skips_assets=form.flag(
            "allow_skip_asset", False, "Rebalancing: leave out assets whose orders are too small for their market."
        ),
        minimum_margin=form.percent(
            "min_order_size_margin", 2, "Rebalancing: orders are this much larger than a market's minimum, in %."
        ),
    )  # fmt: skip


def _content(form: SettingsForm, ui: UserInputs, inputs: dict[str, Any]) -> dict[str, Decimal]:
    content: dict[str, Decimal] = {}
    for index in range(len(form.entries(_CONTENT, [], "Index: assets and weights; none: all alike."))):
        entry = SettingsForm(ui, inputs, (_CONTENT, index))
        name = entry.text("name", "BTC", "Asset").upper()
        if not name or name in content:
            raise entry.refuse(
                "name", f"{name!r} stands there twice" if name else "no asset is named", "name each once"
            )
        content[name] = entry.decimal("value", 1, "Weight", minimum=0)
    if content and not any(content.values()):
        raise form.refuse(_CONTENT, "no asset has a weight above 0", "give at least one of them a value")
    return content


def _drift(form: SettingsForm, ui: UserInputs, inputs: dict[str, Any]) -> Decimal:
    own = form.percent(
        "rebalance_trigger_min_percent", 5, "Trigger: drift of a share, in % of the portfolio.", maximum=100
    )
    profiles: dict[str, Decimal] = {}
    for index in range(len(form.entries(_PROFILES, [], "Triggers to choose from."))):
        entry = SettingsForm(ui, inputs, (_PROFILES, index))
        profiles[entry.text("name", "profile", "Name")] = entry.percent("min_percent", 5, "Drift, in %.", maximum=100)
    selected = form.text("selected_rebalance_trigger_profile", "", "Trigger: one of the profiles, or none.")
    if not selected:
        return own
    if selected not in profiles:
        known = ", ".join(profiles) or "there are none"
        raise form.refuse(
            "selected_rebalance_trigger_profile", f"{selected!r} is none of {_PROFILES}", f"choose one of them: {known}"
        )
    return profiles[selected]


def shares_of(content: dict[str, Decimal], traded: list[str], quote_share: Decimal) -> dict[str, Decimal]:
    """Asset → its share of the portfolio, of those that can be traded; together with ``quote_share`` they are 1."""
    weights = {asset: weight for asset, weight in content.items() if weight and asset in traded}
    if not content:
        weights = dict.fromkeys(traded, ONE_HUNDRED)
    total = sum(weights.values())
    return {asset: weight / total * (1 - quote_share) for asset, weight in weights.items()}
