# SPDX-License-Identifier: Apache-2.0
"""An exchange from its start to its end, and the channels in between."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import FUNDS, SYMBOL, TradingWorld

from async_channel import get_channels
from octobot_trading import api
from octobot_trading.errors import UnknownExchangeError, UnknownSymbol
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges import exchanges

_MARKET = ("OHLCV", "Kline", "Ticker", "MiniTicker", "RecentTrade", "Liquidations", "OrderBook", "OrderBookTicker")
_NAMES = (
    *_MARKET,
    "MarkPrice",
    "Funding",
    "Markets",
    "Orders",
    "Trades",
    "Balance",
    "BalanceProfitability",
    "Positions",
    "Mode",
)


async def test_a_started_exchange_is_known_with_its_channels_and_balances() -> None:
    world = TradingWorld()
    manager = world.manager
    await manager.initialize("the matrix")
    assert set(get_channels(manager.id)) == set(_NAMES)
    assert all(get_chan(name, manager.id).dispatcher is world.dispatcher for name in _NAMES)
    assert manager.portfolio.totals() == FUNDS
    assert exchanges.get_exchange_manager(manager.id) is manager
    assert api.get_exchange_id_from_matrix_id("binance", "the matrix") == manager.id
    await manager.stop()


async def test_a_stopped_exchange_leaves_nothing_and_stops_but_once() -> None:
    world = TradingWorld()
    await world.manager.initialize("the matrix")
    await world.listen(*_NAMES)
    await world.manager.stop()
    await world.manager.stop()
    with pytest.raises(KeyError):
        get_channels(world.manager.id)
    with pytest.raises(UnknownExchangeError, match=world.manager.id):
        exchanges.get_exchange_manager(world.manager.id)
    with pytest.raises(UnknownExchangeError, match="the matrix"):
        exchanges.get_exchange_id("binance", "the matrix")


async def test_channels_go_even_where_a_mode_does_not_stop() -> None:
    class Stubborn:
        async def stop(self) -> None:
            raise RuntimeError("no")

    world = TradingWorld()
    await world.manager.initialize()
    world.manager.trading_modes.append(Stubborn())  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="no"):
        await world.manager.stop()
    with pytest.raises(KeyError):
        get_channels(world.manager.id)
    await world.manager.stop()


async def test_one_that_did_not_start_can_be_stopped() -> None:
    async def fail() -> None:
        raise ConnectionError("not there")

    world = TradingWorld()
    world.exchange.fetch_balance = fail  # type: ignore[assignment, method-assign]
    with pytest.raises(ConnectionError, match="not there"):
        await world.manager.initialize()
    await world.manager.stop()
    with pytest.raises(KeyError):
        get_channels(world.manager.id)


async def test_without_a_dispatcher_consumers_are_tasks() -> None:
    world = TradingWorld()
    world.manager.dispatcher = None
    await world.manager.initialize()
    assert not get_chan("OHLCV", world.manager.id).is_synchronized
    await world.manager.stop()


async def test_it_knows_what_it_trades(trading: TradingWorld) -> None:
    manager = trading.manager
    assert manager.symbols == ["BTC/USDT", "ETH/USDT", "ETH/BTC"]
    assert manager.cryptocurrency_of("ETH/BTC") == "Ethereum"
    assert manager.get_market("ETH/BTC").quote == "BTC"
    with pytest.raises(UnknownSymbol, match=r"does not trade XRP/USDT .*BTC/USDT"):
        manager.get_market("XRP/USDT")
    with pytest.raises(KeyError):
        manager.get_symbol_data("XRP/USDT")


async def test_the_account_is_worth_its_assets_at_last_prices(trading: TradingWorld) -> None:
    assert trading.manager.portfolio_value() == 12_000
    trading.candle(1000, 1500, 1000, 1500)
    assert trading.manager.portfolio_value() == api.get_portfolio_value(trading.manager) == Decimal(13_000)


async def test_a_consumer_hears_only_what_it_asked_for(trading: TradingWorld) -> None:
    await trading.listen("Trades", symbol="ETH/USDT")
    await trading.listen("Orders", cryptocurrency=["Bitcoin", "Ethereum"])
    topic = get_chan("Trades", trading.manager.id).topic_of
    assert topic(cryptocurrency="Ethereum", symbol="ETH/USDT")
    assert not topic(cryptocurrency="Bitcoin", symbol=SYMBOL)
    assert get_chan("Orders", trading.manager.id).topic_of(cryptocurrency="Bitcoin", symbol=SYMBOL)


async def test_a_filter_that_a_payload_does_not_have_is_an_error(trading: TradingWorld) -> None:
    for channel in ("Trades", "Ticker", "Balance"):
        with pytest.raises(TypeError, match=f"{channel} channel has no filter time_frame"):
            await trading.listen(channel, time_frame="1h")
