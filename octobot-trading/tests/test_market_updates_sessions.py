# SPDX-License-Identifier: Apache-2.0
"""Recorded sessions through the door, with an update taken out: consumers see only books that are in step.

The sessions and their parsers are those of ``test_order_book_sessions``, and nothing else here knows of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.order_book import OrderBook
from octobot_trading.exchange_data.trade_rows import Trade
from octobot_trading.history.readers import recorded_session
from octobot_trading.history.readers.content import load_content

sys.path[:0] = [str(Path(__file__).parent / "reference"), str(Path(__file__).parent)]
from market_world import MarketWorld  # noqa: E402 - found on the path that was just extended
from test_order_book_sessions import SESSIONS, events_of, found  # noqa: E402

GAPPED = ["Binance spot, BTC/USDT", "Binance USD-M, BTC/USDT", "KuCoin"]
SPOILED = ["Kraken", "OKX"]
#: How many events of a session are enough, which delta of the first symbol is spoiled, and for how long.
EVENTS = 1_500
PLANTED = 20
STALE_EVENTS = 100


class Pushed:
    """The events of a session, pushed into an exchange beside books that nothing was planted in."""

    def __init__(self, name: str) -> None:
        session = SESSIONS[name]
        self.events = events_of(name)[:EVENTS]
        self.session = session
        symbols = list(dict.fromkeys(event.symbol for event in self.events))
        self.symbol = symbols[0]
        rules = FeedRules(**session.options, tick_size=session.tick_size)
        self.market = MarketWorld(rules, pairs={"coins": symbols})
        self.sound = {symbol: session.book(symbol) for symbol in symbols}

    @property
    def reason(self) -> StaleReason | None:
        return self.market.manager.stale_reason("OrderBook", self.symbol)

    async def push(self, event: Any) -> None:
        market = self.market
        market.clock.advance_to(max(market.clock.now(), event.time))
        levels = (event.symbol, event.bids, event.asks)
        if event.whole:
            await market.updates.order_book_snapshot(*levels, event.nonce, event.checksum)
        else:
            await market.updates.order_book_delta(*levels, event.ids, event.checksum)

    def follow(self, event: Any) -> OrderBook:
        book = self.sound[event.symbol]
        if event.whole:
            book.apply_snapshot(event.bids, event.asks, time=event.time, nonce=event.nonce, checksum=event.checksum)
        else:
            book.apply_delta(event.bids, event.asks, time=event.time, ids=event.ids, checksum=event.checksum)
        return book

    def deltas_of_the_first_symbol(self) -> list[int]:
        """Where those are that come after its snapshot and so are not contained in it."""
        own = [number for number, event in enumerate(self.events) if event.symbol == self.symbol]
        first = next(number for number in own if self.events[number].whole)
        return [number for number in own if number > first and self.events[number].bids]

    def levels_as_sent(self) -> Any:
        """Bids and asks of the sound book as the venue would send them: the texts where it has a checksum."""
        book = self.sound[self.symbol]
        if book._texts is None:
            return book.depth()
        sides = book._texts._texts.items()
        return [[texts[price] for price, _ in book.levels(side)] for side, texts in sides]

    async def check_all(self, events: list[Any]) -> int:
        """Push them all; how many books of the first symbol were told of."""
        told = [(event.symbol, await self.check(event)) for event in events]
        return sum(count for symbol, count in told if symbol == self.symbol)

    async def check(self, event: Any) -> int:
        """Push it; how many books were told of, which are those of the sound twin."""
        sound = self.follow(event)
        await self.push(event)
        heard = await self.market.take()
        for _, payload in heard:
            assert payload["symbol"] == event.symbol
            assert (payload["bids"], payload["asks"]) == sound.depth(20)
        return len(heard)


@pytest.mark.parametrize("name", GAPPED + SPOILED)
async def test_consumers_see_only_books_in_step(name: str) -> None:
    pushed = Pushed(name)
    market, symbol, events = pushed.market, pushed.symbol, pushed.events
    await market.manager.initialize()
    await market.listen("OrderBook")
    planted = pushed.deltas_of_the_first_symbol()[PLANTED]
    assert await pushed.check_all(events[:planted]) > PLANTED // 2
    assert pushed.reason is None
    expected = StaleReason.SEQUENCE_GAP
    if name in SPOILED:
        expected = StaleReason.CHECKSUM_FAILED
        best = pushed.levels_as_sent()[0][0][0]
        await pushed.push(events[planted]._replace(bids=[[best, "123.456"]]))
        assert await market.take() == []
    pushed.follow(events[planted])
    rest = planted + 1 + STALE_EVENTS
    for event in events[planted + 1 : rest]:
        told = await pushed.check(event)
        if event.symbol == symbol:
            assert (told, pushed.reason) == (0, expected)
    assert market.asked.count((symbol, expected)) == 1
    ids = [event.ids.last for event in events[:rest] if event.ids and event.symbol == symbol]
    await market.updates.order_book_snapshot(symbol, *pushed.levels_as_sent(), ids[-1] if ids else None)
    assert (pushed.reason, len(await market.take())) == (None, 1)
    assert await pushed.check_all(events[rest:]) > 10
    assert (pushed.reason, market.asked.count((symbol, expected))) == (None, 1)
    await market.manager.stop()


async def test_the_trades_of_a_session_are_whole_and_a_missed_one_is_found() -> None:
    path = found("hftbacktest/binance_spot_btcusdt_20240808.gz")
    trades = []
    for message in recorded_session.read(load_content(path)):
        if '@trade"' in message.text:
            data = json.loads(message.text)["data"]
            side = "sell" if data["m"] else "buy"
            trades.append(Trade(data["T"] / 1000, float(data["p"]), float(data["q"]), side, data["t"]))
    assert len(trades) > 5_000
    market = MarketWorld(FeedRules(numbers_trades=True))
    await market.manager.initialize()
    for number in range(0, 2_000, 100):
        await market.updates.trades("BTC/USDT", trades[number : number + 100])
        assert market.manager.stale_reason("RecentTrade", "BTC/USDT") is None
    ring = market.manager.get_symbol_data("BTC/USDT").recent_trades
    assert ring.rows() == trades[1_000:2_000]
    await market.updates.trades("BTC/USDT", trades[2_001:2_100])
    assert market.manager.stale_reason("RecentTrade", "BTC/USDT") is StaleReason.SEQUENCE_GAP
    await market.updates.trades("BTC/USDT", trades[2_000:2_001])
    assert market.manager.stale_reason("RecentTrade", "BTC/USDT") is None
    await market.manager.stop()
