# SPDX-License-Identifier: Apache-2.0
"""The entries of pair_settings as files hold them."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from octobot_commons.errors import SettingError, UnknownSettingError
from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.grid import settings as grid
from octobot_tentacles.trading_modes.ladder.settings import Bounds, Counts, LadderSettings
from octobot_tentacles.trading_modes.staggered import settings as staggered

MODES = pytest.mark.parametrize("mode", [grid, staggered], ids=["grid", "staggered"])


def read(mode: Any, entries: Any = None) -> tuple[list[LadderSettings], dict[str, Any]]:
    config = {} if entries is None else {"pair_settings": entries}
    return mode.register(UserInputs(config, "Mode", "Mode.json"), {}), config


@MODES
def test_the_defaults_are_those_that_profiles_know(mode: Any) -> None:
    entries, config = read(mode)
    assert [one.pair for one in entries] == ["BTC/USDT", "ADA/ETH", "ETH/USDT"]
    assert config == {"pair_settings": mode.DEFAULTS}


def test_default_values() -> None:
    bitcoin, cardano, _ = read(grid)[0]
    assert (bitcoin.spread, bitcoin.increment) == (2000, 1000)
    assert (cardano.spread, cardano.increment) == (Decimal("0.00002"), Decimal("0.00001"))
    assert bitcoin.extent == Counts(25, 25)
    assert bitcoin.mirror.reinvest_profits
    assert bitcoin.redispatch_seconds is None
    bitcoin, *_ = read(staggered)[0]
    assert (bitcoin.spread, bitcoin.increment) == (Decimal("0.06"), Decimal("0.03"))
    assert bitcoin.extent == Bounds(Decimal(3000), Decimal(6000))
    assert bitcoin.depth == 100
    assert not bitcoin.mirror.reinvest_profits


@MODES
def test_an_entry_keeps_the_keys_that_it_was_written_with(mode: Any) -> None:
    entries, config = read(mode, [{"pair": "SOL/USDC"}])
    assert [one.pair for one in entries] == ["SOL/USDC"]
    assert config == {"pair_settings": [{"pair": "SOL/USDC"}]}


@MODES
def test_an_empty_list_stands_for_the_first_default(mode: Any) -> None:
    entries, config = read(mode, [])
    assert [one.pair for one in entries] == ["BTC/USDT"]
    assert config == {"pair_settings": []}


@pytest.mark.parametrize(
    ("mode", "changes", "field"),
    [
        (grid, {"flat_increment": 0}, "pair_settings[1].flat_increment"),
        (grid, {"flat_increment": 2e-05}, "pair_settings[1].flat_increment"),
        (grid, {"flat_spread": -1}, "pair_settings[1].flat_spread"),
        (grid, {"buy_orders_count": 2.5}, "pair_settings[1].buy_orders_count"),
        (grid, {"reinvest_profits": "yes"}, "pair_settings[1].reinvest_profits"),
        (
            grid,
            {"allow_funds_redispatch": True, "funds_redispatch_interval": 0},
            "pair_settings[1].funds_redispatch_interval",
        ),
        (grid, {"pair": "BTC/USDT"}, "pair_settings"),
        (staggered, {"increment_percent": 6}, "pair_settings[1].increment_percent"),
        (staggered, {"spread_percent": 200}, "pair_settings[1].spread_percent"),
        (staggered, {"lower_bound": 0.001}, "pair_settings[1].lower_bound"),
        (staggered, {"mode": "hill"}, "pair_settings[1].mode"),
        (staggered, {"operational_depth": 0}, "pair_settings[1].operational_depth"),
        (staggered, {"mirror_order_delay": -1}, "pair_settings[1].mirror_order_delay"),
    ],
)
def test_what_cannot_be_used_is_named(mode: Any, changes: dict[str, Any], field: str) -> None:
    entries = copy.deepcopy(mode.DEFAULTS)
    entries[1].update(changes)
    with pytest.raises(SettingError) as raised:
        read(mode, entries)
    assert raised.value.field == field
    assert str(raised.value.file) == "Mode.json"


@MODES
@pytest.mark.parametrize("entries", [["BTC/USDT"], [{}, 5]])
def test_entries_are_objects(mode: Any, entries: list[Any]) -> None:
    with pytest.raises(SettingError) as raised:
        read(mode, entries)
    assert raised.value.field == "pair_settings"


@MODES
def test_a_misspelt_setting_is_found(mode: Any) -> None:
    inputs = UserInputs({"pair_settings": [{"pair": "BTC/USDT", "mirror_order_dely": 5}]}, "Mode")
    mode.register(inputs, {})
    with pytest.raises(UnknownSettingError, match="mirror_order_delay"):
        inputs.check_nested_keys()


def test_scaled_to_another_price() -> None:
    ada = grid.scaled(read(grid)[0][0], "ADA/USDT", Decimal("0.5"))
    assert (ada.spread, ada.increment) == (Decimal("0.016"), Decimal("0.008"))
    assert ada.extent == Counts(25, 25)
    ada = staggered.scaled(read(staggered, [{"lower_bound": 1, "upper_bound": 4}])[0][0], "ADA/USDT", Decimal("0.5"))
    assert ada.extent == Bounds(Decimal("0.25"), Decimal(1))
    assert ada.scaled_from == "BTC/USDT"
