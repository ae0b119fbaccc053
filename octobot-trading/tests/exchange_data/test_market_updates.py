# SPDX-License-Identifier: Apache-2.0
"""Market data through the door: what is kept, who is told of it, what is refused."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from market_world import BTC, ETH, KINDS, MarketWorld

from octobot_commons.errors import DataError, TimeFrameError
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchange_data.channels import MARKET_DATA_CHANNELS
from octobot_trading.exchange_data.feed_settings import FeedSettings
from octobot_trading.exchange_data.freshness import StaleReason
from octobot_trading.exchange_data.market_updates import MarketUpdates
from octobot_trading.exchange_data.trade_rows import Trade

#: The payloads that are promised, beside exchange and exchange_id.
PROMISED = {
    "OHLCV": {"cryptocurrency", "symbol", "time_frame", "candle"},
    "Kline": {"cryptocurrency", "symbol", "time_frame", "kline"},
    "Ticker": {"cryptocurrency", "symbol", "ticker"},
    "MiniTicker": {"cryptocurrency", "symbol", "mini_ticker"},
    "RecentTrade": {"cryptocurrency", "symbol", "recent_trades"},
    "Liquidations": {"cryptocurrency", "symbol", "liquidations"},
    "OrderBook": {"cryptocurrency", "symbol", "asks", "bids"},
    "OrderBookTicker": {"cryptocurrency", "symbol", "ask_quantity", "ask_price", "bid_quantity", "bid_price"},
    "MarkPrice": {"cryptocurrency", "symbol", "mark_price"},
    "Funding": {
        "cryptocurrency", "symbol", "funding_rate", "predicted_funding_rate", "next_funding_time", "timestamp",
    },
    "Markets": {"markets"},
}  # fmt: skip
NOT_NUMBERS = [math.nan, math.inf, -1.0, "1", None]


@pytest.mark.parametrize("kind", PROMISED)
async def test_a_payload_has_the_promised_keys_and_no_others(market: MarketWorld, kind: str) -> None:
    await market.listen(kind)
    await market.say()
    heard = await market.take()
    assert [channel for channel, _ in heard] == [kind]
    payload = heard[0][1]
    assert set(payload) == PROMISED[kind] | {"exchange", "exchange_id"}
    assert (payload["exchange"], payload["exchange_id"]) == ("binance", market.manager.id)
    if kind != "Markets":
        assert (payload["cryptocurrency"], payload["symbol"]) == ("Bitcoin", BTC)


def test_every_channel_of_market_data_is_promised() -> None:
    assert tuple(PROMISED) == KINDS
    assert {channel.get_name() for channel in MARKET_DATA_CHANNELS} == set(PROMISED)


async def test_what_is_told_and_kept(market: MarketWorld) -> None:
    await market.listen(*KINDS)
    await market.say()
    heard = dict(await market.take())
    assert heard["OHLCV"]["candle"] == [900.0, 10.0, 12.0, 9.0, 11.0, 5.0]
    assert (heard["Kline"]["kline"], heard["Kline"]["time_frame"]) == ([960.0, 11.0, 12.0, 9.0, 12.0, 5.0], "1m")
    assert heard["Ticker"]["ticker"] == {"symbol": BTC, "last": 10.0, "timestamp": 999.0}
    assert heard["MiniTicker"]["mini_ticker"] == {"symbol": BTC, "last": 10.0, "high": 11.0}
    trade = {"id": "1", "symbol": BTC, "timestamp": 998.5, "side": "buy", "price": 10.0, "amount": 1.0}
    assert heard["RecentTrade"]["recent_trades"] == [trade]
    assert heard["Liquidations"]["liquidations"][0]["contracts"] == 2.0
    assert heard["OrderBook"]["bids"] == [[9.5, 2.0], [9.0, 1.0]]
    assert heard["OrderBook"]["asks"] == [[10.5, 3.0], [11.0, 1.0]]
    assert heard["MarkPrice"]["mark_price"] == Decimal("10.01")
    funding = heard["Funding"]
    assert (funding["funding_rate"], funding["predicted_funding_rate"]) == (Decimal("0.0001"), Decimal("-0.0002"))
    assert (funding["next_funding_time"], funding["timestamp"]) == (28_800.0, 999.0)
    assert heard["Markets"]["markets"] == {BTC: {"active": True}}
    data = market.manager.get_symbol_data(BTC)
    assert data.ticker.ticker == heard["Ticker"]["ticker"]
    assert data.ticker.ticker is not heard["Ticker"]["ticker"]
    assert data.recent_trades.rows() == [Trade(998.5, 10.0, 1.0, "buy", "1")]
    assert data.order_book.best_bid == data.order_book_ticker.bid_price == 9.5
    assert data.order_book_ticker.mid == 10.0
    assert data.mark_price.mark_price == Decimal("10.01")
    assert data.funding.next_funding_time == 28_800.0
    assert market.updates.markets_feed.markets == {BTC: {"active": True}}


@pytest.mark.parametrize("is_synchronized", [True, False])
async def test_a_consumer_hears_of_its_symbol_and_time_frame_only(is_synchronized: bool) -> None:
    market = MarketWorld(is_synchronized=is_synchronized)
    await market.manager.initialize()
    await market.listen(*(kind for kind in KINDS if kind != "Markets"), symbol=ETH)
    await market.listen("OHLCV", symbol=[BTC], time_frame="5m")
    for symbol in (BTC, ETH):
        await market.say(symbol)
    await market.updates.closed_candle(BTC, "5m", [600.0, 10.0, 12.0, 9.0, 11.0, 5.0])
    for _ in range(3):
        await asyncio.sleep(0)
    heard = [(channel, payload["symbol"]) for channel, payload in await market.take()]
    assert sorted(heard) == sorted([*((kind, ETH) for kind in KINDS if kind != "Markets"), ("OHLCV", BTC)])
    await market.manager.stop()


async def test_markets_cannot_be_filtered(market: MarketWorld) -> None:
    with pytest.raises(TypeError, match="Markets channel has no filter time_frame"):
        await market.listen("Markets", time_frame="1h")


async def test_a_candle_is_told_of_once(market: MarketWorld) -> None:
    await market.listen("OHLCV", "Kline")
    candle = [900.0, 10.0, 12.0, 9.0, 11.0, 5.0]
    assert await market.updates.closed_candle(BTC, "1m", candle)
    assert not await market.updates.closed_candle(BTC, "1m", candle)
    assert not await market.updates.closed_candle(BTC, "1m", [*candle[:5], 6.0]), "a correction is kept, not told of"
    assert not await market.updates.candle_update(BTC, "1m", candle), "that one has closed"
    assert await market.updates.candle_update(BTC, "1m", [960.0, *candle[1:]])
    assert await market.updates.candle_update(BTC, "1m", [1020.0, *candle[1:]])
    assert not await market.updates.candle_update(BTC, "1m", [960.0, *candle[1:]]), "it is late"
    heard = await market.take()
    assert [payload["candle"][0] for kind, payload in heard if kind == "OHLCV"] == [900.0, 960.0]
    assert [payload["kline"][0] for kind, payload in heard if kind == "Kline"] == [960.0, 1020.0]


async def test_the_last_price_is_the_newest_on_the_market(market: MarketWorld) -> None:
    data, updates = market.manager.get_symbol_data(BTC), market.updates

    def trade(time: float, price: float) -> Trade:
        return Trade(time, price, 1.0)

    await updates.trades(BTC, [trade(990.0, 5.0), trade(989.0, 4.0)])
    assert data.last_price == 5
    await updates.closed_candle(BTC, "1m", [900.0, 3.0, 3.0, 3.0, 3.0, 1.0])
    assert data.last_price == 5, "the candle closed at 960, before that trade"
    await updates.ticker(BTC, {"last": 6.0, "timestamp": 995_000})
    assert data.last_price == 6
    await updates.trades(BTC, [trade(994.0, 7.0)])
    assert data.last_price == 6, "an older trade that came late"
    await updates.mini_ticker(BTC, {"close": 8.0})
    assert data.last_price == 8, "received at 1000, where no time is told"
    await updates.ticker(BTC, {"last": None, "bid": 1.0, "timestamp": 999_999})
    assert data.last_price == 8
    await updates.candle_update(BTC, "1m", [960.0, 9.0, 9.0, 9.0, 9.0, 1.0], received_time=1_001.0)
    assert data.last_price == 9


async def test_a_time_to_come_holds_up_no_price(market: MarketWorld) -> None:
    data, year_2096 = market.manager.get_symbol_data(BTC), 4e9
    await market.updates.trades(BTC, [Trade(year_2096, 5.0, 1.0)], received_time=1_000.0)
    await market.updates.trades(BTC, [Trade(1_001.0, 6.0, 1.0)], received_time=1_001.0)
    assert data.last_price == 6
    await market.updates.ticker(BTC, {"last": 7.0, "timestamp": year_2096 * 1000}, received_time=1_002.0)
    await market.updates.candle_update(BTC, "1m", [960.0, 8.0, 8.0, 8.0, 8.0, 1.0], received_time=1_003.0)
    assert data.last_price == 8


async def test_numbers_of_numpy_are_numbers(market: MarketWorld) -> None:
    data = market.manager.get_symbol_data(BTC)
    await market.updates.mark_price(BTC, np.float64(0.1))
    await market.updates.trades(BTC, [Trade(np.float64(1.0), np.float64(0.1), np.float64(2.0))])
    assert data.mark_price.mark_price == data.last_price == Decimal("0.1")


async def test_a_late_ticker_is_left_out(market: MarketWorld) -> None:
    await market.listen("Ticker")
    assert await market.updates.ticker(BTC, {"last": 1.0, "timestamp": 5_000})
    assert not await market.updates.ticker(BTC, {"last": 2.0, "timestamp": 4_000})
    ticker = market.manager.get_symbol_data(BTC).ticker
    assert ticker.ticker == {"symbol": BTC, "last": 1.0, "timestamp": 5.0}
    assert (ticker.late, len(await market.take())) == (1, 1)


async def test_as_many_levels_as_were_asked_for() -> None:
    market = MarketWorld(settings=FeedSettings(order_book_levels=1))
    await market.manager.initialize()
    await market.listen("OrderBook")
    await market.say()
    payload = (await market.take())[0][1]
    assert (payload["bids"], payload["asks"]) == ([[9.5, 2.0]], [[10.5, 3.0]])
    await market.manager.stop()


async def test_crossed_prices_are_kept_but_not_told_of(market: MarketWorld) -> None:
    await market.listen("OrderBook", "OrderBookTicker")
    data = market.manager.get_symbol_data(BTC)
    assert not await market.updates.order_book_ticker(BTC, 10.0, 1.0, 10.0, 1.0)
    assert data.order_book_ticker.stale_reason() is StaleReason.CROSSED
    await market.updates.order_book_snapshot(BTC, [[10.0, 1.0]], [[9.0, 1.0]])
    assert data.order_book.stale_reason() is StaleReason.CROSSED
    assert await market.take() == []
    await market.updates.order_book_delta(BTC, [[10.0, 0.0], [8.0, 1.0]], [])
    assert await market.updates.order_book_ticker(BTC, 8.0, 1.0, 9.0, 1.0)
    assert [kind for kind, _ in await market.take()] == ["OrderBook", "OrderBookTicker"]
    assert market.asked == []


Update = Callable[[MarketUpdates, Any], Awaitable[Any]]
REFUSED: dict[str, tuple[str, Update]] = {
    "bid_price": ("bid_price", lambda updates, value: updates.order_book_ticker(BTC, value, 1.0, 2.0, 1.0)),
    "bid_quantity": ("bid_quantity", lambda updates, value: updates.order_book_ticker(BTC, 1.0, value, 2.0, 1.0)),
    "ask_price": ("ask_price", lambda updates, value: updates.order_book_ticker(BTC, 1.0, 1.0, value, 1.0)),
    "ask_quantity": ("ask_quantity", lambda updates, value: updates.order_book_ticker(BTC, 1.0, 1.0, 2.0, value)),
    "trade": ("price", lambda updates, value: updates.trades(BTC, [Trade(1.0, value, 1.0)])),
    "received": ("received_time", lambda updates, value: updates.mark_price(BTC, 1, received_time=value or "")),
}


@pytest.mark.parametrize("value", NOT_NUMBERS)
@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_possible_number_is_refused(market: MarketWorld, name: str, value: Any) -> None:
    field, update = REFUSED[name]
    with pytest.raises(DataError, match=f"{field}: binance BTC/USDT: ") as error:
        await update(market.updates, value)
    assert error.value.field == field
    assert all(feed.reason is StaleReason.NO_DATA for feed in market.manager.stale_feeds())


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0, "1"])
@pytest.mark.parametrize("field", ["last", "bid", "baseVolume"])
async def test_an_impossible_ticker_is_refused(market: MarketWorld, field: str, value: Any) -> None:
    for update in (market.updates.ticker, market.updates.mini_ticker):
        with pytest.raises(DataError, match=f"{field}: binance BTC/USDT: "):
            await update(BTC, {"last": 1.0, field: value})
    data = market.manager.get_symbol_data(BTC)
    assert (data.ticker.ticker, data.mini_ticker.ticker, data.price) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "update"),
    [
        ("mark_price", lambda updates: updates.mark_price(BTC, math.nan)),
        ("mark_price", lambda updates: updates.mark_price(BTC, "Infinity")),
        ("mark_price", lambda updates: updates.mark_price(BTC, Decimal(-1))),
        ("mark_price", lambda updates: updates.mark_price(BTC, None)),
        ("mark_price", lambda updates: updates.mark_price(BTC, "a lot")),
        ("funding_rate", lambda updates: updates.funding(BTC, math.nan, 1.0)),
        ("predicted_funding_rate", lambda updates: updates.funding(BTC, 0, 1.0, math.inf)),
        ("next_funding_time", lambda updates: updates.funding(BTC, 0, 1_700_000_000_000)),
        ("timestamp", lambda updates: updates.funding(BTC, 0, 1.0, timestamp=-1.0)),
        ("percentage", lambda updates: updates.ticker(BTC, {"percentage": math.nan})),
        ("timestamp", lambda updates: updates.ticker(BTC, {"timestamp": "now"})),
        ("ticker", lambda updates: updates.ticker(BTC, None)),
        ("bids", lambda updates: updates.order_book_snapshot(BTC, [[1.0, -1.0]], [])),
    ],
)
async def test_what_cannot_be_is_refused(
    market: MarketWorld, field: str, update: Callable[[MarketUpdates], Awaitable[Any]]
) -> None:
    with pytest.raises(DataError, match="binance BTC/USDT: ") as error:
        await update(market.updates)
    assert error.value.field == field
    data = market.manager.get_symbol_data(BTC)
    assert (data.mark_price.mark_price, data.funding.funding_rate, data.price) == (None, None, None)


async def test_errors_of_candles_symbols_and_markets_say_where(market: MarketWorld) -> None:
    for update in (market.updates.closed_candle, market.updates.candle_update):
        with pytest.raises(DataError, match=r"^binance BTC/USDT 1m: .* is no possible candle"):
            await update(BTC, "1m", [60.0, math.nan, 1.0, 1.0, 1.0, 1.0])
    with pytest.raises(TimeFrameError):
        await market.updates.closed_candle(BTC, "7m", [60.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    with pytest.raises(DataError, match=r"symbol: binance XRP/USDT is not followed \(followed are BTC/USDT, ETH/USDT"):
        await market.updates.mark_price("XRP/USDT", 1)
    with pytest.raises(DataError, match="markets: binance: no dict of symbols"):
        await market.updates.markets([BTC])  # type: ignore[arg-type]


async def test_after_a_new_start_those_who_listen_then_are_told() -> None:
    market = MarketWorld()
    for _ in range(2):
        await market.manager.initialize()
        await market.listen("MarkPrice")
        await market.updates.mark_price(BTC, 1)
        assert len(await market.take()) == 1
        await market.manager.stop()


async def test_what_a_consumer_does_to_its_levels_is_its_own_affair(market: MarketWorld) -> None:
    async def spoil(bids: list[list[float]], **_: Any) -> None:
        bids[0][0] = 0.0

    await get_chan("OrderBook", market.manager.id).new_consumer(spoil)
    await market.say()
    await market.take()
    assert market.manager.get_symbol_data(BTC).order_book.best_bid == 9.5
