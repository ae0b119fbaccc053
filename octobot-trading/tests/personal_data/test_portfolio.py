# SPDX-License-Identifier: Apache-2.0
"""Balances, and what they are worth."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.errors import InsufficientFunds
from octobot_trading.personal_data.portfolio.portfolio import Balance, Portfolio
from octobot_trading.personal_data.portfolio.value import value_in

_amounts = st.decimals(-200, 200, places=8)


@given(st.lists(st.tuples(st.sampled_from("AB"), _amounts, _amounts), max_size=40))
def test_never_negative_and_never_locked_beyond_the_total(changes: list[tuple[str, Decimal, Decimal]]) -> None:
    portfolio = Portfolio({"A": Decimal(100)})
    expected = {"A": (Decimal(100), Decimal(0)), "B": (Decimal(0), Decimal(0))}
    for asset, total, locked in changes:
        new = (expected[asset][0] + total, expected[asset][1] + locked)
        if 0 <= new[1] <= new[0]:
            assert portfolio.change(asset, total, locked) == new
            expected[asset] = new
        else:
            with pytest.raises(InsufficientFunds, match=asset):
                portfolio.change(asset, total, locked)
        for name, (held, kept) in expected.items():
            assert portfolio.balance(name) == (held, kept)
            assert portfolio.available(name) == held - kept


def test_an_asset_never_held_is_zero() -> None:
    portfolio = Portfolio()
    assert portfolio.balance("BTC") == (0, 0)
    assert portfolio.totals() == {}
    portfolio.set("BTC", Balance(Decimal(3), Decimal(1)))
    assert (portfolio.total("BTC"), portfolio.available("BTC")) == (3, 2)


def test_an_account_does_not_start_in_debt() -> None:
    with pytest.raises(InsufficientFunds):
        Portfolio({"USDT": Decimal(-1)})


_TOTALS = {"USDT": Decimal(10), "BTC": Decimal(2), "ETH": Decimal(3), "EUR": Decimal(5), "XRP": Decimal(7)}
_PRICES = {
    "BTC/USDT": Decimal(100),
    "ETH/BTC": Decimal("0.5"),
    "ETH/USDT": Decimal(40),
    "USDT/EUR": Decimal("0.5"),
    "XRP/DOGE": Decimal(9),
}


def test_an_asset_has_the_price_of_its_own_symbol_whatever_comes_first() -> None:
    for order in itertools.permutations(_PRICES.items()):
        assert value_in("USDT", _TOTALS, dict(order)) == 10 + 2 * 100 + 3 * 40 + 5 * 2


def test_or_the_one_through_a_single_other_asset() -> None:
    prices = {"BTC/USDT": Decimal(100), "ETH/BTC": Decimal("0.5"), "SOL/ETH": Decimal(1)}
    for order in itertools.permutations(prices.items()):
        assert value_in("USDT", {"ETH": Decimal(1), "SOL": Decimal(1)}, dict(order)) == 50


def test_a_price_that_is_not_known_counts_nothing() -> None:
    assert value_in("USDT", {"BTC": Decimal(1), "USDT": Decimal(4)}, {"BTC/USDT": None}) == 4
