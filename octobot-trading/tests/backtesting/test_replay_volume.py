# SPDX-License-Identifier: Apache-2.0
"""What volume counts for orders in a replay, which leaves out candles that fill nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.exchanges.simulated.slippage import FixedSlippage, NoSlippage, VolumeShareSlippage
from octobot_trading.history import series_from_arrays
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_SYMBOL = "BTC/USDT"
_HOUR = 3600.0


async def _fills(ordered_at: int, **models: Any) -> list[Fill]:
    """Ten candles at 100 whose volumes are 10, 20, 30...; a market order of 5 when one of them has closed."""
    clock = SimulatedClock(0.0)
    market = Market.default(_SYMBOL)
    exchange = SimulatedExchange("volume", clock, {_SYMBOL: market}, {"USDT": Decimal(10_000)}, **models)
    manager = ExchangeManager(
        "volume", exchange, clock, {"Bitcoin": [_SYMBOL]}, dispatcher=SynchronizedDispatcher(), is_backtesting=True
    )
    await manager.initialize()

    async def on_candle(candle: list[float], **_: Any) -> None:
        if candle[0] == ordered_at * _HOUR:
            await manager.trader.create_order(OrderRequest(_SYMBOL, OrderSide.BUY, OrderType.MARKET, Decimal(5)))

    await get_chan("OHLCV", manager.id).new_consumer(on_candle)
    price = np.full(10, 100.0)
    series = series_from_arrays(
        _HOUR * np.arange(10), price, price, price, price, 10.0 * np.arange(1, 11), symbol=_SYMBOL, time_frame="1h"
    )
    await Replay({manager: [series]}).run()
    await manager.stop()
    return manager.trades_manager.fills


async def test_the_volume_of_the_candle_before_counts_at_an_open_though_it_filled_nothing() -> None:
    """A tenth of 40 may be taken at the open of the fifth candle; the rest at its close, of whose 50 one more may."""
    fills = await _fills(3, volume_share=Decimal("0.1"))
    assert [(fill.time, fill.quantity) for fill in fills] == [(4 * _HOUR, 4), (5 * _HOUR, 1)]


async def test_slippage_by_volume_knows_the_candle_before() -> None:
    (fill,) = await _fills(3, slippage=VolumeShareSlippage(Decimal("0.1")))
    assert fill.price == 100 * (1 + Decimal("0.1") * (Decimal(5) / 40) ** 2)


@pytest.mark.parametrize(
    ("slippage", "follows"),
    [(None, False), (NoSlippage(), False), (FixedSlippage(Decimal("0.1")), False), (VolumeShareSlippage(), True)],
)
def test_only_who_uses_volume_is_told_of_every_candle(slippage: Any, follows: bool) -> None:
    market = Market.default(_SYMBOL)
    exchange = SimulatedExchange("volume", SimulatedClock(0.0), {_SYMBOL: market}, {}, slippage=slippage)
    assert exchange.get_book(_SYMBOL).follows_volume is follows
