# SPDX-License-Identifier: Apache-2.0
"""What tentacles ask of an exchange."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from trading_world import FEES, SYMBOL, TradingWorld

from octobot_commons.clock import LiveClock
from octobot_commons.enums import TimeFrames
from octobot_trading import api
from octobot_trading.enums import OrderType
from octobot_trading.errors import UnknownExchangeError, UnknownSymbol
from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData
from octobot_trading.exchanges.simulated.contract_account import ContractAccount
from octobot_trading.exchanges.simulated.margin_account import MarginAccount
from octobot_trading.util import FloatArray

PERPETUAL = "BTC/USDT:USDT"
_COLUMNS: list[Callable[..., FloatArray]] = [
    api.get_symbol_time_candles,
    api.get_symbol_open_candles,
    api.get_symbol_high_candles,
    api.get_symbol_low_candles,
    api.get_symbol_close_candles,
    api.get_symbol_volume_candles,
]


@pytest.fixture
def symbol_data() -> ExchangeSymbolData:
    data = ExchangeSymbolData(SYMBOL, 10)
    ring = data.add_time_frame(TimeFrames.ONE_HOUR).ring
    for hour in range(3):
        ring.append(hour * 3600.0, 10.0 + hour, 20.0 + hour, 5.0 + hour, 15.0 + hour, 1.0 + hour)
    ring.set_construction(3 * 3600.0, 13.0, 23.0, 8.0, 18.0, 4.0)
    return data


@pytest.mark.parametrize("time_frame", [TimeFrames.ONE_HOUR, "1h"])
@pytest.mark.parametrize(("index", "first"), list(enumerate([0.0, 10.0, 20.0, 5.0, 15.0, 1.0])))
def test_candles_by_column(symbol_data: ExchangeSymbolData, time_frame: str, index: int, first: float) -> None:
    step = 3600.0 if index == 0 else 1.0
    every = [first + step * hour for hour in range(4)]
    column = _COLUMNS[index]
    assert column(symbol_data, time_frame).tolist() == every[:3]
    assert column(symbol_data, time_frame, 2).tolist() == every[1:3]
    assert column(symbol_data, time_frame, limit=2, include_in_construction=True).tolist() == every[2:]
    assert column(symbol_data, time_frame, include_in_construction=True).dtype == "float64"
    column(symbol_data, time_frame)[:] = 0
    assert column(symbol_data, time_frame).tolist() == every[:3]


def test_a_time_frame_that_is_not_followed_is_named(symbol_data: ExchangeSymbolData) -> None:
    for wanted in (TimeFrames.FOUR_HOURS, "4h"):
        with pytest.raises(KeyError, match=r"BTC/USDT is not followed on 4h \(time frames: 1h\)"):
            api.get_symbol_close_candles(symbol_data, wanted)
    assert symbol_data.add_time_frame(TimeFrames.ONE_HOUR) is symbol_data.candles("1h")


async def test_positions_as_the_exchange_tells_them() -> None:
    account = ContractAccount({"USDT": Decimal(10_000)}, leverage=Decimal(5))
    world = TradingWorld(account=account, pairs={"Bitcoin": [PERPETUAL]})
    await world.manager.initialize()
    assert api.get_positions(world.manager) == []
    world.candle(1000, 1000, 1000, 1000, symbol=PERPETUAL)
    await world.order("sell", OrderType.MARKET, "4", symbol=PERPETUAL)
    world.candle(1000, 1000, 900, 900, symbol=PERPETUAL)
    (position,) = api.get_positions(world.manager, PERPETUAL)
    assert (position.quantity, position.entry_price, position.unrealised_pnl) == (-4, 1000, 400)
    assert api.get_positions(world.manager, SYMBOL) == []
    assert api.get_portfolio_value(world.manager) == 10_400
    await world.manager.stop()


async def test_debts_as_the_exchange_tells_them() -> None:
    daily = {"USDT": Decimal("0.024")}  # 0.1 % an hour
    world = TradingWorld(account=partial(MarginAccount, {"USDT": Decimal(1000)}, "USDT", interest_rates=daily))
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    await world.order("buy", OrderType.MARKET, "2")
    world.candle(1000, 1000, 1000, 1100)
    assert api.get_portfolio(world.manager) == {"USDT": (0, 0), "BTC": (2, 0)}
    assert api.get_debts(world.manager) == {"USDT": 1001}
    assert api.get_portfolio_value(world.manager) == 2 * 1100 - 1001
    await world.order("sell", OrderType.MARKET, "2")
    world.candle(1100, 1100, 1100, 1100)
    assert (api.get_debts(world.manager), api.get_portfolio_value(world.manager)) == ({}, 1199)
    await world.manager.stop()


def test_the_last_price_is_none_before_the_first_and_exact_then(symbol_data: ExchangeSymbolData) -> None:
    assert symbol_data.last_price is None
    symbol_data.price = 0.1
    assert symbol_data.last_price == Decimal("0.1")


async def test_the_account(trading: TradingWorld) -> None:
    manager = trading.manager
    await trading.order("buy", OrderType.LIMIT, "1", "900")
    assert api.get_portfolio(manager) == {"USDT": (10_000, 900), "BTC": (2, 0)}
    assert api.get_portfolio_currency(manager, "USDT").available == 9100
    assert api.get_portfolio_currency(manager, "XRP") == (0, 0)
    trading.candle(880, 880, 880, 880)
    assert [fill.price for fill in api.get_trade_history(manager)] == [880]
    assert api.get_trade_history(manager, "ETH/USDT") == []
    assert api.get_fees(manager, SYMBOL) is FEES
    with pytest.raises(UnknownSymbol):
        api.get_fees(manager, "XRP/USDT")


async def test_the_exchange(trading: TradingWorld) -> None:
    manager = trading.manager
    assert api.get_exchange_manager_from_exchange_id(manager.id) is manager
    assert api.get_exchange_manager_from_exchange_name_and_id("binance", manager.id) is manager
    with pytest.raises(UnknownExchangeError, match="is named 'binance', not 'kraken'"):
        api.get_exchange_manager_from_exchange_name_and_id("kraken", manager.id)
    with pytest.raises(UnknownExchangeError, match="no exchange has the id 'nowhere'"):
        api.get_exchange_manager_from_exchange_id("nowhere")
    with pytest.raises(UnknownExchangeError, match="'kraken' feeds matrix 'the matrix'"):
        api.get_exchange_id_from_matrix_id("kraken", "the matrix")
    assert api.get_exchange_current_time(manager) == trading.clock.now() == 3600.0
    assert api.get_is_backtesting(manager)
    assert api.is_trader_simulated(manager)


async def test_the_time_is_that_of_the_clock() -> None:
    world = TradingWorld()
    world.manager.clock = LiveClock()
    assert api.get_exchange_current_time(world.manager) > 1_600_000_000
