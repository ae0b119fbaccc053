# SPDX-License-Identifier: Apache-2.0
"""Trades in a ring: each once, none too late, and none missed unseen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade_ring_reference import TradeRingReference

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.freshness import Freshness, StaleReason
from octobot_trading.exchange_data.trade_ring import Liquidations, RecentTrades
from octobot_trading.exchange_data.trade_rows import Liquidation, Trade, read_liquidations, read_trades

CCXT = {"timestamp": 1_500, "price": 2.0, "amount": 3.0, "side": "sell", "id": "7", "info": {}}


def trade(number: int, time: float | None = None) -> Trade:
    return Trade(float(number) if time is None else time, 1.0, 1.0, "buy", number)


def ring(capacity: int = 100, numbered: bool = True) -> RecentTrades:
    return RecentTrades(capacity, Freshness(), numbered)


def test_a_skipped_trade_makes_the_feed_stale_until_it_comes() -> None:
    trades = ring()
    assert trades.stale_reason() is StaleReason.NO_DATA
    trades.add([trade(1), trade(2)], 10.0)
    assert (trades.stale_reason(), trades.age(12.0)) == (None, 2.0)
    assert trades.add([trade(5), trade(6)], 11.0) == [trade(5), trade(6)]
    trades.add([trade(7)], 12.0)
    assert (trades.stale_reason(), trades.freshness.losses) == (StaleReason.SEQUENCE_GAP, 1)
    trades.add([trade(3)], 13.0)
    assert trades.stale_reason() is StaleReason.SEQUENCE_GAP
    trades.add([trade(4)], 14.0)
    assert (trades.stale_reason(), trades.missed) == (None, 0)
    assert [row.id for row in trades.rows()] == [1, 2, 5, 6, 7, 3, 4]


def test_what_a_request_does_not_bring_is_missed_for_good() -> None:
    trades = ring()
    trades.add([trade(1)], 1.0)
    trades.add([trade(9)], 2.0)
    assert trades.add([trade(number) for number in range(7, 11)], 3.0, whole=True) == [trade(7), trade(8), trade(10)]
    assert (trades.stale_reason(), trades.missed, trades.duplicates) == (None, 5, 1)
    trades.add([trade(3)], 4.0)
    assert (trades.stale_reason(), trades.missed) == (None, 5), "one given up may still come"


def test_ids_of_the_two_forms_are_the_same_numbers() -> None:
    trades = ring()
    trades.add(read_trades([CCXT], "binance BTC/USDT"), 1.0)
    assert trades.add([Trade(1.5, 2.0, 3.0, "sell", 7)], 1.0) == []
    assert trades.rows() == [Trade(1.5, 2.0, 3.0, "sell", "7")], "as the venue wrote it"
    small = ring(1)
    small.add([Trade(1.5, 2.0, 3.0, "sell", "7"), Trade(1.5, 2.0, 3.0, "sell", "8")], 1.0)
    assert small.add([Trade(1.5, 2.0, 3.0, "sell", 7)], 1.0) == [], "pushed out, but of the same moment"


@pytest.mark.parametrize("trade_id", ["x1", None])
def test_an_id_that_is_no_number_changes_nothing(trade_id: str | None) -> None:
    trades = ring()
    with pytest.raises(DataError, match=r"row 1, id: .* is no number of a trade"):
        trades.add([trade(1), Trade(2.0, 1.0, 1.0, "buy", trade_id)], 1.0)
    assert (len(trades), trades.stale_reason()) == (0, StaleReason.NO_DATA)


def test_without_ids_all_are_taken_but_the_late() -> None:
    liquidations = Liquidations(2, Freshness(silence_seconds=5.0))
    same = Liquidation(1.0, 1.0, 1.0)
    assert len(liquidations.add([same, same, Liquidation(2.0, 1.0, 1.0), Liquidation(0.5, 1.0, 1.0)], 3.0)) == 3
    assert (liquidations.late, liquidations.duplicates, len(liquidations)) == (1, 0, 2)
    assert (liquidations.stale_reason(8.0), liquidations.stale_reason(8.1)) == (None, StaleReason.SILENT)
    assert liquidations.rows(1) == [Liquidation(2.0, 1.0, 1.0)]
    assert liquidations.rows(0) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": math.nan}, "price"),
        ({"price": 0}, "price"),
        ({"price": "1"}, "price"),
        ({"amount": -1.0}, "amount"),
        ({"amount": math.inf}, "amount"),
        ({"timestamp": -1}, "timestamp"),
        ({"timestamp": 1_700_000_000 * 1_000_000}, "timestamp"),
        ({"side": "long"}, "side"),
    ],
)
def test_an_impossible_row_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(DataError, match=f"row 1, {field}: kraken BTC/USD: ") as error:
        read_trades([CCXT, {**CCXT, **change}], "kraken BTC/USD")
    assert (error.value.field, error.value.row) == (field, 1)
    liquidation = {**CCXT, "contracts": 3.0, **change}
    if field == "amount":
        liquidation["contracts"] = change["amount"]
    with pytest.raises(DataError, match="row 0, "):
        read_liquidations([liquidation], "kraken BTC/USD")


@pytest.mark.parametrize("row", [None, {"price": 1.0, "amount": 1.0}, (1.0, 2.0, 3.0), {**CCXT, "timestamp": None}])
def test_what_is_no_trade_is_named(row: object) -> None:
    with pytest.raises(DataError, match=r"row 0: kraken BTC/USD: .* is no dict with the numbers"):
        read_trades([row], "kraken BTC/USD")  # type: ignore[list-item]


STEPS = st.lists(
    st.tuples(st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 2)), max_size=6), st.integers(0, 9)), max_size=20
)


@given(STEPS, st.integers(1, 6), st.sampled_from(["numbered", "named", "nameless"]))
def test_as_its_twin(steps: list[tuple[list[tuple[int, int]], int]], capacity: int, ids: str) -> None:
    """Ids that jump back and forth, two to a moment of time; one batch in ten is a request's answer."""
    kept = ring(capacity, ids == "numbered")
    twin = TradeRingReference(capacity, ids == "numbered")
    number = first = 100
    for moves, chance in steps:
        rows = []
        for move, _ in moves:
            # A venue's numbers do not begin before the first one seen.
            number = max(first, number + move) if twin.taken else number
            row_id = {"numbered": number, "named": f"n{number}", "nameless": None}[ids]
            rows.append(Trade(float(number // 2), 1.0, 1.0, "buy", row_id))
        whole = chance == 0
        assert kept.add(rows, 1.0, whole) == twin.add(list(rows), whole)
        assert kept.rows() == twin.kept()
        assert (kept.duplicates, kept.late) == (twin.duplicates, twin.late)
        stale = StaleReason.SEQUENCE_GAP if twin.missing() else None
        assert kept.stale_reason() is stale
        assert kept.missed == len(twin.missed)
