# SPDX-License-Identifier: Apache-2.0
"""Replays of what is no candle: trades, order books, tickers, mark prices and funding rates."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_world import BTC, ETH, KINDS, MarketWorld

from octobot_trading.backtesting.replay import Replay
from octobot_trading.errors import ReplayError
from octobot_trading.exchange_data.feed_settings import FeedSettings
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.history import (
    CandleSeries,
    CandleStore,
    FundingSeries,
    MarkPriceSeries,
    MemoryParts,
    OrderBookSeries,
    RecordSeries,
    TickerSeries,
    TradeSeries,
    apply_message,
    parts,
    read_market_data,
    records_from_arrays,
    resample,
    series_from_arrays,
)
from octobot_trading.history.kinds import ASK, BID, DELTA, NO_ID, SNAPSHOT
from octobot_trading.history.kinds import KINDS as RECORD_KINDS
from octobot_trading.history.parts import Columns, SeriesParts

_BEGIN = 1_700_000_400.0
_SPAN = 7200
_NAN = float("nan")
_RECORDINGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "orderbook" / "hftbacktest"


def _candles(random: np.random.Generator) -> CandleSeries:
    close = 100 + np.cumsum(random.normal(size=_SPAN // 60))
    times = _BEGIN + 60 * np.arange(len(close))
    return series_from_arrays(
        times, close, close + 1, close - 1, close, np.ones(len(close)), symbol=BTC, time_frame="1m"
    )


def _book(random: np.random.Generator, count: int = 200, missing: int | None = None) -> OrderBookSeries:
    """A snapshot now and then, numbered deltas of one level between; that number ``missing`` was not recorded."""
    times = np.sort(random.integers(0, _SPAN * 4, count)) / 4 + _BEGIN
    rows = []
    for number, time in enumerate(times.tolist()):
        is_snapshot = number % 50 == 0
        if number == missing:
            continue
        levels = [(BID, 99.0), (ASK, 101.0)] if is_snapshot else [(BID, 99.0 - random.integers(0, 9))]
        event, first = (SNAPSHOT, NO_ID) if is_snapshot else (DELTA, number)
        previous = NO_ID if is_snapshot else number - 1
        for side, price in levels:
            rows.append((time, number, event, side, price, float(random.integers(1, 9)), first, number, previous))
    return records_from_arrays(OrderBookSeries, *zip(*rows, strict=True), symbol=BTC)


def _records(seed: int) -> list[CandleSeries | RecordSeries]:
    """Two hours of everything, on whole and quarter seconds, so that much happens at one time."""
    random = np.random.default_rng(seed)

    def times(count: int, many: bool = False) -> Any:
        found = random.integers(0, _SPAN * 4, count) if many else random.choice(_SPAN * 4, count, replace=False)
        return np.sort(found) / 4 + _BEGIN

    trade_times, prices = times(300, many=True), 100 + random.random(300)
    tickers = 100 + random.random((5, 40))
    tickers[1:3, 5] = _NAN
    tickers[2] = tickers[1] + 0.5
    mark = 100 + random.random(8)
    candles = _candles(random)
    return [
        candles,
        resample(candles, "15m"),
        records_from_arrays(
            TradeSeries, trade_times, prices, np.ones(300), random.integers(-1, 2, 300), np.arange(300), symbol=BTC
        ),
        records_from_arrays(TickerSeries, times(40), *tickers, symbol=BTC),
        records_from_arrays(
            MarkPriceSeries, _BEGIN + 900 * np.arange(8), mark, mark + 1, mark - 1, mark[::-1],
            symbol=BTC, time_frame="15m",
        ),
        records_from_arrays(MarkPriceSeries, times(20), *[100 + random.random(20)] * 4, symbol=ETH, ticks=True),
        records_from_arrays(FundingSeries, _BEGIN + 3600.0 * np.arange(3), [0.1, -0.2, 0.3], symbol=BTC),
        _book(random),
    ]  # fmt: skip


async def _run(recorded: list[Any], start_time: float | None = None) -> tuple[list[Any], dict[str, Any]]:
    """All that is heard, with what is known at that time, and what is known at the end."""
    world = MarketWorld()
    await world.manager.initialize()
    world.clock.advance_to(_BEGIN if start_time is None else start_time)
    heard: list[Any] = []

    def keeper(channel: str) -> Any:
        async def keep(exchange_id: str, **payload: Any) -> None:
            heard.append((world.clock.now(), channel, repr(payload), repr(_known(world))))

        return keep

    world._keeper = keeper  # type: ignore[method-assign]
    await world.listen(*(kind for kind in KINDS if kind not in ("Kline", "Markets")))
    replay = Replay({world.manager: recorded}, start_time)
    told: list[int] = []
    await replay.run(told.append)
    assert sum(told) == replay.candles + replay.messages
    known = _known(world)
    await world.manager.stop()
    return heard, known


def _known(world: MarketWorld) -> dict[str, Any]:
    data = world.manager.get_symbol_data(BTC)
    best = data.order_book_ticker
    return {
        "price": data.price,
        "book": data.order_book.depth(3),
        "stale": data.order_book.stale_reason(),
        "best": (best.bid_price, best.bid_quantity, best.ask_price, best.ask_quantity),
        "ticker": data.ticker.ticker,
        "mark": data.mark_price.mark_price,
        "other mark": world.manager.get_symbol_data(ETH).mark_price.mark_price,
        "funding": data.funding.funding_rate,
        "trades": data.recent_trades.rows(5),
    }


class _Cut(SeriesParts):
    """A series in parts of a length."""

    def __init__(self, series: CandleSeries | RecordSeries, length: int) -> None:
        self._whole = MemoryParts(series)
        super().__init__(self._whole.kind, series.symbol, series.time_frame, series.source)
        self._length = length

    def read(self, first_time: float | None = None) -> Iterator[Columns]:
        for part in self._whole.read(first_time):
            for start in range(0, len(part[0]), self._length):
                yield tuple(column[start : start + self._length] for column in part)

    def time_before(self, time: float, rows: int) -> float:
        return self._whole.time_before(time, rows)


async def test_everything_is_told_of_at_its_time_after_the_candles_of_that_time() -> None:
    recorded = _records(1)
    heard, _ = await _run(recorded)
    times = [time for time, *_ in heard]
    assert times == sorted(times)
    ranks = {
        "OHLCV": 0,
        "OrderBook": 1,
        "RecentTrade": 2,
        "OrderBookTicker": 3,
        "Ticker": 3,
        "MarkPrice": 4,
        "Funding": 5,
    }
    for _, at_once in itertools.groupby(heard, key=lambda event: event[0]):
        order = [ranks[channel] for _, channel, *_ in at_once]
        assert order == sorted(order)
    counts = {kind: sum(channel == kind for _, channel, *_ in heard) for kind in ranks}
    by_kind = {one.kind.name: one for one in recorded[2:] if one.symbol == BTC}
    assert counts["OHLCV"] == len(recorded[0]) + len(recorded[1])
    assert counts["RecentTrade"] == len(np.unique(by_kind["trades"].times)) < 300
    # Tickers were recorded, so closes are not told of as such.
    assert counts["Ticker"] == 40
    assert counts["OrderBookTicker"] == 39
    # Of a time frame each opens and closes; the others are single.
    assert counts["MarkPrice"] == 8 * 2 + 20
    assert counts["Funding"] == 3
    assert counts["OrderBook"] == by_kind["order_book"].message_count


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.lists(st.integers(1, 40), min_size=8, max_size=8))
def test_a_cut_history_is_told_of_as_a_whole_one(seed: int, lengths: list[int]) -> None:
    recorded = _records(seed)
    cut = [_Cut(series, length) for series, length in zip(recorded, lengths, strict=True)]
    assert asyncio.run(_run(cut)) == asyncio.run(_run(recorded))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.integers(0, _SPAN * 4 + 8), st.integers(1, 60))
def test_at_its_start_a_replay_knows_what_one_from_the_beginning_knows(seed: int, quarters: int, length: int) -> None:
    recorded = _records(seed)
    start = _BEGIN + quarters / 4
    whole, known = asyncio.run(_run(recorded))
    part, known_at_the_end = asyncio.run(_run([_Cut(one, length) for one in recorded], start))
    candles = ("OHLCV",)
    # What closes at the start is known then, whatever else happens at it is still to come.
    later = [event for event in whole if event[0] > start or (event[0] == start and event[1] not in candles)]
    assert [event[:3] for event in part] == [event[:3] for event in later]
    assert known_at_the_end == known
    for mine, others in zip(part, later, strict=True):
        assert mine[3] == others[3]


async def test_a_missed_update_is_noticed_as_it_is_live() -> None:
    random = np.random.default_rng(4)
    world = MarketWorld()
    await world.manager.initialize()
    world.clock.advance_to(_BEGIN)
    await world.listen("OrderBook")
    series = _book(random, missing=120)
    await Replay({world.manager: [series]}).run()
    # From 121 to 149 nothing is told of, the snapshot 150 brings the book back.
    assert len(world.heard) == 200 - 30
    assert world.asked == [(BTC, StaleReason.SEQUENCE_GAP)]
    assert world.manager.get_symbol_data(BTC).order_book.stale_reason() is None
    await world.manager.stop()


async def test_a_trade_from_long_before_the_start_is_not_the_last_price() -> None:
    world = MarketWorld()
    await world.manager.initialize()
    start, data = _BEGIN + 3600, world.manager.get_symbol_data(BTC)
    world.clock.advance_to(start)
    prices: list[float | None] = []

    async def look(**_: Any) -> None:
        prices.append(data.price)

    world._keeper = lambda _: look  # type: ignore[method-assign]
    await world.listen("Funding")
    candles = _candles(np.random.default_rng(1))
    trades = records_from_arrays(TradeSeries, [_BEGIN + 10], [55.0], [1.0], [1], [7], symbol=BTC)
    funding = records_from_arrays(FundingSeries, [start + 1], [0.1], symbol=BTC)
    await Replay({world.manager: [candles, trades, funding]}, start).run()
    assert prices == [candles.open[60]]
    await world.manager.stop()


async def test_as_many_trades_as_the_exchange_keeps_are_known_at_the_start() -> None:
    world = MarketWorld(settings=FeedSettings(trades_capacity=1500))
    await world.manager.initialize()
    times = _BEGIN + np.arange(2000.0)
    ones = np.ones(2000)
    trades = records_from_arrays(TradeSeries, times, ones, ones, ones, np.arange(2000), symbol=BTC)
    await Replay({world.manager: [trades]}, _BEGIN + 2000).run()
    assert len(world.manager.get_symbol_data(BTC).recent_trades) == 1500
    await world.manager.stop()


async def test_two_series_of_the_same_records_are_an_error() -> None:
    world = MarketWorld()
    await world.manager.initialize()
    rates = [
        records_from_arrays(FundingSeries, [_BEGIN], [0.1], symbol=BTC, source=name) for name in ("a.csv", "b.csv")
    ]
    with pytest.raises(ReplayError, match=r"two series of BTC/USDT funding rates: a\.csv and b\.csv"):
        Replay({world.manager: rates})
    await world.manager.stop()


async def test_symbols_that_are_not_followed_are_an_error() -> None:
    world = MarketWorld()
    await world.manager.initialize()
    unknown = records_from_arrays(FundingSeries, [_BEGIN], [0.1], symbol="DOGE/USDT", source="doge.csv")
    with pytest.raises(ReplayError, match=r"doge\.csv: binance has funding rates of DOGE/USDT but follows BTC/USDT"):
        Replay({world.manager: [unknown]})
    ones = np.ones(1)
    candles = series_from_arrays([_BEGIN], ones, ones, ones, ones, ones, symbol="DOGE/USDT", time_frame="1h")
    with pytest.raises(ReplayError, match="candles of DOGE/USDT but follows"):
        Replay({world.manager: [candles]})
    await world.manager.stop()


def test_every_kind_of_record_can_be_replayed() -> None:
    from octobot_trading.backtesting.messages import _FEEDS

    assert {*_FEEDS, "candles"} == set(RECORD_KINDS)


@pytest.mark.parametrize("part_rows", [300, 16_384])
async def test_a_recorded_session_is_replayed_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part_rows: int
) -> None:
    """Five minutes of Binance: the book is that of a replay by hand, and every trade is told of."""
    path = _RECORDINGS / "binance_spot_btcusdt_20240808.gz"
    if not path.exists():
        pytest.skip(f"the recorded sessions are not at hand: {path}")
    monkeypatch.setattr(parts, "PART_ROWS", part_rows)
    recorded = {series.kind.name: series for series in read_market_data(path)}
    book_series, trades = recorded["order_book"], recorded["trades"]
    assert isinstance(book_series, OrderBookSeries)
    assert isinstance(trades, TradeSeries)
    book = book_series.new_book()
    for message in book_series.messages():
        apply_message(book, message)
    world = MarketWorld()
    await world.manager.initialize()
    world.clock.advance_to(float(trades.times[0]) - 60)
    await world.listen("RecentTrade", "OrderBook")
    with CandleStore(tmp_path / "store.sqlite") as store:
        for series in recorded.values():
            store.records.import_series(series)
        stored = [store.records.parts(series.kind, series.exchange_name, series.symbol) for series in recorded.values()]
        await Replay({world.manager: stored}).run()
    data = world.manager.get_symbol_data(BTC)
    assert data.order_book.depth() == book.depth()
    assert data.order_book.stale_reason() is None
    told = [
        trade["price"] for kind, payload in world.heard if kind == "RecentTrade" for trade in payload["recent_trades"]
    ]
    assert told == trades.price.tolist()
    assert sum(kind == "OrderBook" for kind, _ in world.heard) > 1000
    await world.manager.stop()
