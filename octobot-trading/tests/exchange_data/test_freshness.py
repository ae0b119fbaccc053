# SPDX-License-Identifier: Apache-2.0
"""How old market data is and why it must not be relied on, as tentacles ask it."""

from __future__ import annotations

import logging
import math

import pytest
from market_world import BTC, ETH, KINDS, MarketWorld

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_trading import api
from octobot_trading.exchange_data.feed_settings import SILENCE_SECONDS, FeedRules, FeedSettings
from octobot_trading.exchange_data.freshness import StaleFeed, StaleReason
from octobot_trading.exchange_data.order_book import KRAKEN, UpdateIds
from octobot_trading.exchange_data.order_book.sequences import RangeRule
from octobot_trading.exchange_data.trade_rows import Trade

SILENT_KINDS = [kind for kind in KINDS if math.isfinite(SILENCE_SECONDS.get(kind, math.inf))]
QUIET_KINDS = ["RecentTrade", "Liquidations"]


async def test_nothing_is_stale_that_nobody_asked_for(market: MarketWorld) -> None:
    assert api.get_stale_feeds(market.manager) == []
    assert api.get_stale_reason(market.manager, "Ticker", BTC) is StaleReason.NO_DATA
    assert api.get_stale_reason(market.manager, "Markets") is StaleReason.NO_DATA
    assert vars(market.manager.get_symbol_data(BTC)).keys().isdisjoint({"ticker", "order_book", "recent_trades"})


async def test_what_was_asked_for_is_stale_until_it_comes(market: MarketWorld) -> None:
    assert market.manager.get_symbol_data(BTC).ticker.ticker is None
    assert api.get_stale_feeds(market.manager) == [StaleFeed(BTC, "Ticker", None, StaleReason.NO_DATA, math.inf)]
    await market.updates.ticker(BTC, {"last": 1.0})
    assert api.get_stale_feeds(market.manager) == []


@pytest.mark.parametrize("kind", [*SILENT_KINDS, *QUIET_KINDS])
async def test_a_feed_is_silent_after_its_own_time(market: MarketWorld, kind: str) -> None:
    await market.say()
    symbol = None if kind == "Markets" else BTC
    limit = SILENCE_SECONDS[kind]
    assert api.get_stale_reason(market.manager, kind, symbol) is None
    market.clock.advance_to(1_000.0 + (limit if kind in SILENT_KINDS else 1e9))
    assert api.get_stale_reason(market.manager, kind, symbol) is None
    if kind in SILENT_KINDS:
        market.clock.advance_to(market.clock.now() + 0.1)
        assert api.get_stale_reason(market.manager, kind, symbol) is StaleReason.SILENT
        told = [feed for feed in api.get_stale_feeds(market.manager) if feed.kind == kind]
        assert told == [StaleFeed(symbol, kind, None, StaleReason.SILENT, pytest.approx(limit + 0.1))]
        await market.say()
        assert api.get_stale_reason(market.manager, kind, symbol) is None


async def test_a_user_may_say_how_long_silence_is() -> None:
    market = MarketWorld(settings=FeedSettings(silence_seconds={"Ticker": 1.0, "OrderBook": 2.0}))
    await market.manager.initialize()
    await market.say()
    stale = {feed.kind for feed in market.manager.stale_feeds(1_001.5)}
    assert stale == {"Ticker"}
    stale = {feed.kind for feed in market.manager.stale_feeds(1_002.5)}
    assert stale == {"Ticker", "OrderBook"}
    await market.manager.stop()


async def test_a_candle_is_overdue_ten_seconds_after_its_close(market: MarketWorld) -> None:
    def reason(now: float) -> StaleReason | None:
        return api.get_stale_reason(market.manager, "OHLCV", BTC, "1m", now)

    market.manager.get_symbol_data(BTC).add_time_frame(TimeFrames.ONE_MINUTE)
    assert reason(0.0) is StaleReason.NO_DATA
    await market.updates.closed_candle(BTC, "1m", [900.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert (reason(1_030.0), reason(1_030.1)) == (None, StaleReason.SILENT), "the next one closes at 1020"
    await market.updates.candle_update(BTC, "1m", [1_020.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert (reason(1_090.0), reason(1_090.1)) == (None, StaleReason.SILENT), "this one closes at 1080"
    overdue = market.manager.stale_feeds(1_100.0)
    assert overdue == [StaleFeed(BTC, "OHLCV", "1m", StaleReason.SILENT, 100.0)]


async def test_what_is_asked_must_exist(market: MarketWorld) -> None:
    for kind, symbol in (("OHLCV", BTC), ("Balance", BTC), ("Markets", BTC), ("Ticker", None)):
        with pytest.raises(DataError, match="tells"):
            api.get_stale_reason(market.manager, kind, symbol)
    with pytest.raises(KeyError, match="BTC/USDT is not followed on 4h"):
        api.get_stale_reason(market.manager, "Kline", BTC, "4h")


async def test_a_lost_connection_is_told_until_each_feed_is_in_step(market: MarketWorld) -> None:
    await market.say(BTC)
    await market.say(ETH)
    market.updates.connection_lost([BTC])
    lost = {feed.kind: feed.reason for feed in market.manager.stale_feeds()}
    assert lost == dict.fromkeys(set(KINDS) - {"OHLCV", "Kline", "Markets"}, StaleReason.DISCONNECTED)
    assert {feed.symbol for feed in market.manager.stale_feeds()} == {BTC}
    await market.updates.order_book_delta(BTC, [[9.0, 2.0]], [])
    assert api.get_stale_reason(market.manager, "OrderBook", BTC) is StaleReason.DISCONNECTED
    await market.say(BTC)
    assert market.manager.stale_feeds() == []
    market.updates.connection_lost()
    assert {feed.symbol for feed in market.manager.stale_feeds()} == {BTC, ETH}
    assert market.asked == []


async def numbered() -> MarketWorld:
    market = MarketWorld(FeedRules(sequence=RangeRule(), tick_size=0.1, numbers_trades=True))
    await market.manager.initialize()
    return market


async def delta(market: MarketWorld, number: int, size: float = 1.0) -> bool:
    return await market.updates.order_book_delta(BTC, [[9.0, size]], [], UpdateIds(number, number))


async def test_a_book_asks_for_a_snapshot_once_for_each_loss(caplog: pytest.LogCaptureFixture) -> None:
    market = await numbered()
    await market.listen("OrderBook")
    book = market.manager.get_symbol_data(BTC).order_book
    for number in (9, 10, 11):
        assert not await delta(market, number)
    assert market.asked == [(BTC, StaleReason.NO_SNAPSHOT)]
    await market.updates.order_book_snapshot(BTC, [[9.0, 5.0]], [[11.0, 1.0]], nonce=9)
    assert await delta(market, 12, 2.0)
    assert (len(await market.take()), book.stale_reason()) == (2, None)
    with caplog.at_level(logging.WARNING):
        for number in (14, 15, 16):
            assert not await delta(market, number)
    assert [record.getMessage() for record in caplog.records] == ["binance BTC/USDT: order book: an update was missed"]
    assert market.asked[1:] == [(BTC, StaleReason.SEQUENCE_GAP)]
    assert (book.freshness.losses, await market.take()) == (1, [])
    await market.updates.order_book_snapshot(BTC, [[9.0, 5.0]], [[11.0, 1.0]], nonce=12)
    assert market.asked[2:] == [(BTC, StaleReason.SEQUENCE_GAP)], "a further fault: the snapshot was too old"
    await market.updates.order_book_snapshot(BTC, [[9.0, 5.0]], [[11.0, 1.0]], nonce=16)
    assert (len(market.asked), len(await market.take()), book.stale_reason()) == (3, 1, None)
    await market.manager.stop()


async def test_an_unusable_delta_is_refused_and_asks_for_a_snapshot() -> None:
    market = await numbered()
    await market.updates.order_book_snapshot(BTC, [[9.0, 5.0]], [[11.0, 1.0]], nonce=1)
    with pytest.raises(DataError, match="row 0, bids: binance BTC/USDT: "):
        await delta(market, 2, math.nan)
    assert market.asked == [(BTC, StaleReason.INVALID_UPDATE)]
    await market.updates.order_book_snapshot(BTC, [[9.0, 5.0]], [[11.0, 1.0]], nonce=2)
    with pytest.raises(DataError, match="ids: binance BTC/USDT: the updates of BTC/USDT must come with their numbers"):
        await market.updates.order_book_delta(BTC, [[9.0, 1.0]], [])
    # It says that something changed, but not what it follows.
    assert market.asked == [(BTC, StaleReason.INVALID_UPDATE)] * 2
    await market.manager.stop()


async def test_a_failed_checksum_is_told() -> None:
    market = MarketWorld(FeedRules(checksum=KRAKEN))
    await market.manager.initialize()
    await market.listen("OrderBook")
    await market.updates.order_book_snapshot(BTC, [["9.0", "5.0"]], [["11.0", "1.0"]], checksum=1)
    assert market.asked == [(BTC, StaleReason.CHECKSUM_FAILED)]
    assert api.get_stale_reason(market.manager, "OrderBook", BTC) is StaleReason.CHECKSUM_FAILED
    assert await market.take() == []
    await market.manager.stop()


async def test_missed_trades_are_asked_for_and_what_came_is_told_of() -> None:
    market = await numbered()
    asked = []
    market.updates.request_trades = lambda symbol, reason: asked.append((symbol, reason))
    await market.listen("RecentTrade")

    def trades(*numbers: int) -> list[Trade]:
        return [Trade(float(number), 1.0, 1.0, "buy", number) for number in numbers]

    assert await market.updates.trades(BTC, trades(1, 2)) == 2
    assert await market.updates.trades(BTC, trades(5)) == 1
    assert await market.updates.trades(BTC, trades(6, 7)) == 2
    assert asked == [(BTC, StaleReason.SEQUENCE_GAP)]
    assert api.get_stale_reason(market.manager, "RecentTrade", BTC) is StaleReason.SEQUENCE_GAP
    assert await market.updates.trades(BTC, trades(4, 5, 6, 7), whole=True) == 1
    assert api.get_stale_reason(market.manager, "RecentTrade", BTC) is None
    told = [row["id"] for _, payload in await market.take() for row in payload["recent_trades"]]
    assert told == [1, 2, 5, 6, 7, 4]
    with pytest.raises(DataError, match="id: binance BTC/USDT: 'x' is no number of a trade"):
        await market.updates.trades(BTC, [Trade(9.0, 1.0, 1.0, "buy", "x")])
    await market.manager.stop()


def test_rules_follow_from_the_name_of_the_venue_but_not_for_a_simulated_one() -> None:
    from octobot_trading.exchanges.exchange import Exchange
    from octobot_trading.exchanges.simulated.exchange import SimulatedExchange

    market = MarketWorld()
    rules = Exchange.feed_rules(market.exchange, BTC)
    assert isinstance(rules.sequence, RangeRule)
    assert (rules.checksum, rules.tick_size, rules.numbers_trades) == (None, 0.0, True)
    market.exchange.name = "kraken"
    rules = Exchange.feed_rules(market.exchange, BTC)
    assert (rules.sequence, rules.checksum, rules.numbers_trades) == (None, KRAKEN, False)
    assert SimulatedExchange.feed_rules(market.exchange, BTC) == FeedRules()
