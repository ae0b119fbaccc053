# SPDX-License-Identifier: Apache-2.0
"""Recorded sessions into series: nothing is dropped silently, damage is told, what is stored replays alike."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import numpy as np
import pytest

from octobot_commons.errors import DataError
from octobot_trading.exchange_data.order_book import OrderBook, StaleReason
from octobot_trading.history import (
    CandleStore,
    FundingSeries,
    MarkPriceSeries,
    OrderBookSeries,
    TickerSeries,
    TradeSeries,
    read_market_data,
    read_market_files,
)
from octobot_trading.history.readers.content import load_content
from octobot_trading.history.readers.venues.events import BookEvent
from octobot_trading.history.session_recordings import group_files
from octobot_trading.history.sessions import session_events

START = 1_700_000_000
#: Files, and how many series of order books, trades, tickers, funding rates and mark prices they make.
SESSIONS = {
    "BINANCE": (4, 2, 3, 0, 0),
    "BINANCE_FUTURES": (4, 4, 4, 0, 0),
    "BITFLYER": (10, 4, 10, 0, 0),
    "BITMEX": (10, 10, 10, 8, 10),
    "BYBIT": (10, 10, 0, 0, 0),
    "COINBASE": (10, 10, 10, 0, 0),
    "DERIBIT": (10, 0, 10, 0, 10),
    "GEMINI": (10, 10, 0, 0, 0),
    "HUOBI": (10, 10, 0, 0, 0),
    "KRAKEN": (10, 2, 10, 0, 0),
    "KUCOIN": (9, 3, 9, 0, 0),
    "OKX": (3, 3, 3, 0, 0),
    "UPBIT": (5, 3, 0, 0, 0),
    "hyperliquid_btcusd_20250126.gz": (1, 1, 0, 0, 0),
    "binance-depth.zip": (1, 0, 0, 0, 0),
    "bybit_xrpusdt-ob500.data.zip": (1, 0, 0, 0, 0),
}
LARGE = {
    "binance_spot_btcusdt_20240809.gz": (1, 1, 1, 0, 0),
    "binance_usdm_btcusdt_20240808.gz": (1, 1, 1, 0, 0),
    "binance_cm_btcusd_perp_20240808.gz": (1, 1, 1, 0, 0),
    "gemini_eth-usd_2021-07-01_top-of-book.csv.xz": (1, 0, 0, 0, 0),
}


#: A trade of Binance spot.
TRADE = {"e": "trade", "s": "BTCUSDT", "t": 7, "p": "2", "q": "1", "T": START * 1000, "m": False}


@pytest.fixture
def write(tmp_path):
    """Lines as a file."""

    def write_lines(*lines, name="session.txt"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        return path

    return write_lines


def depth(last, second=0, symbol="BTCUSDT", bids=(("1.50", "2"),), **more):
    """A line with a depth update of Binance spot."""
    data = {"e": "depthUpdate", "s": symbol, "U": last, "u": last, "b": bids, "a": [["2.50", "1"]], **more}
    return line({"stream": f"{symbol.lower()}@depth", "data": data}, second)


def line(message, second=0):
    """A line of hftbacktest's collector."""
    return f"{START + second}000000000 {json.dumps(message)}"


@pytest.mark.parametrize("name", SESSIONS)
def test_what_is_stored_replays_like_the_session(name, recorded_books, tmp_path):
    replay_stored(name, SESSIONS[name], recorded_books, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_what_is_stored_of_large_sessions_replays_alike(name, recorded_books, tmp_path):
    replay_stored(name, LARGE[name], recorded_books, tmp_path)


@pytest.mark.long
def test_a_session_that_goes_on_in_another_file_is_one(recorded_books, tmp_path):
    files = [recorded_books(f"binance_spot_btcusdt_2024080{day}.gz")[0] for day in (8, 9)]
    with CandleStore(tmp_path / "store") as store:
        for file in reversed(files):
            for one in read_market_data(file):
                assert store.records.import_series(one).added == len(one)
        for one in read_market_files(files):
            assert store.records.import_series(one).added == 0
            assert store.records.load(type(one), one.exchange_name, one.symbol).same_records(one)
        assert {item.kind: item.missing for item in store.contents()}["order_book"] == 0


def replay_stored(name, wanted, recorded_books, tmp_path):
    files = recorded_books(name)
    found = read_market_files(files)
    classes = (OrderBookSeries, TradeSeries, TickerSeries, FundingSeries, MarkPriceSeries)
    assert tuple(sum(isinstance(one, each) for one in found) for each in classes) == wanted
    (session,) = {one.quality.session for one in found}
    assert session.lines == session.used + sum(count for _, count in session.other)
    assert session.unusable == ()
    replayed = []
    with CandleStore(tmp_path / "store") as store:
        # What is tested here is the replay.
        store._connection.execute("PRAGMA synchronous = OFF")
        for one in found:
            assert store.records.import_series(one).added == len(one)
        for one in found:
            loaded = store.records.load(type(one), one.exchange_name, one.symbol, one.time_frame)
            assert loaded.same_records(one)
            assert loaded.quality.gaps == one.quality.gaps
            if isinstance(loaded, OrderBookSeries):
                book = loaded.new_book()
                counts = loaded.replay(book)
                assert one.quality.book.breaks == len(loaded.quality.gaps) == counts.breaks
                replayed.append((counts.messages, counts.breaks, book.depth()))
    assert sorted(replayed) == sorted(directly(files, found))


def directly(files, found):
    """Of each market its messages, breaks and final levels, from the venue's own rows."""
    rules = [one.sequence_rule() for one in found if isinstance(one, OrderBookSeries)]
    # A market without deltas does not tell the rule.
    rule = next((rule for rule in rules if rule is not None), None)
    books: dict[str, OrderBook] = {}
    counts: Counter[str] = Counter()
    breaks: Counter[str] = Counter()
    (group,) = group_files([load_content(file) for file in files])
    for event in (event for _, events in session_events(group) for event in events if isinstance(event, BookEvent)):
        book = books.setdefault(event.symbol, OrderBook(event.symbol, sequence=rule))
        before = book.stale_reason()
        if event.whole:
            book.depth_limit = event.depth_limit
            book.apply_snapshot(event.bids, event.asks, time=event.time, nonce=event.nonce)
        else:
            book.apply_delta(event.bids, event.asks, time=event.time, ids=event.ids)
        counts[event.symbol] += 1
        gap = StaleReason.SEQUENCE_GAP
        breaks[event.symbol] += book.stale_reason() is gap and before is not gap
    return [(counts[name], breaks[name], book.depth()) for name, book in books.items()]


def test_every_line_is_counted(write):
    path = write(
        depth(1),
        line({"stream": "btcusdt@kline_1m", "data": {"e": "kline", "s": "BTCUSDT"}}, 1),
        line({"result": None, "id": 1}, 2),
        *(depth(place, place) for place in range(3, 20)),
        line({"stream": "btcusdt@trade", "data": {"e": "trade", "s": "BTCUSDT"}}, 20),
    )
    (book,) = read_market_data(path)
    session = book.quality.session
    assert (session.lines, session.used) == (21, 18)
    assert session.other == (("kline", 1), ("answers to requests", 1))
    assert session.unusable == (f"{path}: row 21: it is not as this venue writes: KeyError('m')",)
    assert "21 lines: 18 used, 1 kline, 1 answers to requests, 1 unusable" in session.sentences()[0]
    assert book.quality.book.breaks == 0, "without a snapshot nothing is applied and nothing is missed"
    assert book.quality.book.not_applied == 18


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("nonsense", "it is no line of a recorded session"),
        (depth(30, 30)[:-9], "it is no JSON"),
        (depth(30, 30, bids=[["0", "1"]]), "a level without a price above zero"),
        (depth(30, 30, bids=[["x", "1"]]), "could not convert"),
        (depth(30, 30, bids=[["1"]]), "a level without a price or a size"),
        (line({"lastUpdateId": 5, "bids": []}, 30), "it is not as this venue writes"),
        (line({"stream": "btcusdt@trade", "data": TRADE | {"p": "0"}}, 30), "a trade without a price"),
        (line({"stream": "btcusdt@depth", "data": [1]}, 30), "it is not as this venue writes"),
    ],
)
def test_a_damaged_line_is_left_out_and_named(write, bad, reason):
    good = [depth(place, place) for place in range(30)]
    (book,) = read_market_data(write(*good, bad))
    (told,) = book.quality.session.unusable
    assert "row 31: " in told
    assert reason in told
    assert book.message_count == 30
    with pytest.raises(DataError, match=r"10 of 20 lines are unusable; .*row 11"):
        read_market_data(write(*good[:10], *[bad] * 10))


def test_a_session_that_was_cut_off_in_its_archive_is_refused(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress("\n".join(depth(place) for place in range(99)).encode())[:-20])
    with pytest.raises(DataError, match="it cannot be decompressed"):
        read_market_data(path)


def test_the_venue_is_told_from_the_content(write):
    futures = depth(1, pu=0)
    coins = depth(1, symbol="BTCUSD_PERP", pu=0, ps="BTCUSD")
    trade = line({"stream": "btcusdt@trade", "data": {
        "e": "trade", "s": "BTCUSDT", "t": 1, "p": "1", "q": "1", "T": START * 1000, "m": True}})  # fmt: skip
    names = {
        ("anything", depth(1)): ("binance", "BTC/USDT"),
        ("spot", futures): ("binanceusdm", "BTC/USDT:USDT"),
        ("spot", coins): ("binancecoinm", "BTC/USD:BTC"),
        ("x_usdm_2", trade): ("binanceusdm", "BTC/USDT:USDT"),
        ("spot", trade): ("binance", "BTC/USDT"),
    }
    for (name, text), wanted in names.items():
        (series,) = read_market_data(write(text, name=f"{name}.txt"))
        assert (series.exchange_name, series.symbol) == wanted
    with pytest.raises(DataError, match="what it was recorded from cannot be told"):
        read_market_data(write(trade, name="x.txt"))
    with pytest.raises(DataError, match=r"recorded from api.nowhere.org, which is not read"):
        read_market_data(write("https://api.nowhere.org/x -> 1.5: {}"))


def test_names_of_markets_and_exchanges(write):
    one, two = [depth(1)], [depth(1), depth(1, 1, symbol="ETHUSDT")]
    (series,) = read_market_data(write(*one), symbol="A/B", exchange_name="mine")
    assert (series.exchange_name, series.symbol) == ("mine", "A/B")
    (series,) = read_market_data(write(*two), symbol="ETH/USDT")
    assert series.symbol == "ETH/USDT"
    with pytest.raises(DataError, match="it holds no ETH/USD"):
        read_market_data(write(*two), symbol="ETH/USD")
    with pytest.raises(DataError, match="the symbol of 'WHAT' cannot be told"):
        read_market_data(write(depth(1, symbol="WHAT")))
    futures = write(depth(1, pu=0), name="f.txt")
    both = [write(*one), futures]
    assert [series.exchange_name for series in read_market_files(both)] == ["binance", "binanceusdm"]
    assert [series.symbol for series in read_market_files(both, exchange_name="binance")] == ["BTC/USDT"]
    with pytest.raises(DataError, match="none of them is of kraken"):
        read_market_files(both, exchange_name="kraken")
    assert len(read_market_files([futures, futures])) == 1, "a file given twice is read once"


def test_a_session_without_market_data_is_refused(write):
    path = write("wss://ws.kraken.com <-> 1.5", '2.5: {"event":"heartbeat"}')
    with pytest.raises(DataError, match=r"no market data: 2 lines: 0 used, 1 connections opened, 1 heartbeat"):
        read_market_data(path)


def test_a_snapshot_that_does_not_name_its_market_is_that_of_the_one_stream(write):
    snapshot = {"lastUpdateId": 1, "bids": [["1", "2"]], "asks": [["3", "2"]]}
    (series,) = read_market_data(write(depth(1), line(snapshot, 1), depth(2, 2)))
    assert [message.nonce for message in series.messages()] == [None, 1, None]
    counts = series.quality.book
    assert (counts.snapshots, counts.deltas, counts.not_applied, counts.breaks) == (1, 2, 1, 0)


def test_trades_are_told_once_and_the_last_best_price_of_an_instant_counts(write):
    trade = {"e": "trade", "s": "BTCUSDT", "t": 7, "p": "2", "q": "1", "T": START * 1000 - 250, "m": False}
    total = trade | {"e": "aggTrade", "a": 3}
    best = {"u": 5, "s": "BTCUSDT", "b": "1", "B": "2", "a": "3", "A": "4"}
    trades, tickers = read_market_data(
        write(
            depth(1),
            line({"stream": "btcusdt@trade", "data": trade}),
            line({"stream": "btcusdt@aggTrade", "data": total}),
            line({"stream": "btcusdt@bookTicker", "data": best}),
            line({"stream": "btcusdt@bookTicker", "data": best | {"b": "1.5"}}),
        )
    )[1:]
    assert [column.tolist() for column in trades.columns] == [[START - 0.25], [2.0], [1.0], [1], [7]]
    assert "1 aggregated trades are left out" in trades.quality.remarks[0]
    assert (tickers.bid.tolist(), np.isnan(tickers.last).all()) == ([1.5], True)
    assert "1 tickers are left out" in tickers.quality.remarks[0]


def test_a_message_is_kept_whole_or_not_at_all(write):
    """Here of two trades one cannot be, and a market without any price has no ticker."""
    row = {"coin": "BTC", "px": "2", "sz": "1", "side": "B", "time": START * 1000, "tid": 1}
    bad = {"channel": "trades", "data": [row, row | {"px": "-2", "tid": 2}]}
    good = [line({"channel": "trades", "data": [row | {"tid": place}]}, place) for place in range(20)]
    (trades,) = read_market_data(write(*good, line(bad, 30)))
    assert trades.ids.tolist() == list(range(20))
    assert len(trades.quality.session.unusable) == 1
    empty = {"u": 5, "s": "BTCUSDT", "b": "0", "B": "0", "a": "0", "A": "0"}
    (book,) = read_market_data(write(depth(1), line({"stream": "btcusdt@bookTicker", "data": empty})))
    assert book.quality.session.other == (("messages without data", 1),)


def test_the_funding_that_was_paid_is_the_last_one_told_before(write):
    def mark(second, rate, due):
        data = {"e": "markPriceUpdate", "s": "BTCUSDT", "p": f"{second + 1}", "r": rate, "T": due * 1000}
        return line({"stream": "btcusdt@markPrice", "data": data}, second)

    later = START + 100
    lines = [depth(1, pu=0), mark(1, "0.1", START), mark(2, "0.2", START), mark(3, "0.3", later), mark(4, "0.4", later)]
    _, funding, marks = read_market_data(write(*lines))
    assert (funding.times.tolist(), funding.funding_rate.tolist()) == ([START], [0.2])
    assert (marks.close.tolist(), marks.time_frame) == ([2.0, 3.0, 4.0, 5.0], None)


def test_a_clock_that_is_behind_is_told(write):
    data = {"e": "trade", "s": "BTCUSDT", "t": 7, "p": "2", "q": "1", "T": START * 1000 + 1500, "m": False}
    (_, trades) = read_market_data(write(depth(1), line({"stream": "btcusdt@trade", "data": data})))
    (remark,) = trades.quality.session.remarks
    assert "the recorder's clock was about 1.5 s behind the venue's" in remark


def test_a_wrong_checksum_is_counted(recorded_books, tmp_path):
    (file,) = [path for path in recorded_books("KRAKEN") if "ws.50" in path.name]
    lines = load_content(file).text().decode().split("\n")
    place = next(place for place, text in enumerate(lines) if '"c":"' in text and "KSM" in text)
    head, _, tail = lines[place].partition('"c":"')
    lines[place] = f'{head}"c":"1{tail}'
    (tmp_path / "x").write_text("\n".join(lines))
    found = {one.symbol: one.quality.book for one in read_market_data(tmp_path / "x")}
    spoiled = found.pop("KSM/BTC")
    assert (spoiled.checksums_verified, spoiled.checksums_failed) == (0, 1), "it is not checked after a failure"
    assert all(book.checksums_failed == 0 < book.checksums_verified for book in found.values())
