# SPDX-License-Identifier: Apache-2.0
"""A simulated exchange of three pairs that tests move by hand, candle by candle."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.orders.order_request import OrderRequest

SYMBOL = "BTC/USDT"
HOUR = 3600.0
PAIRS = {"Bitcoin": ["BTC/USDT"], "Ethereum": ["ETH/USDT", "ETH/BTC"]}
FUNDS = {"USDT": Decimal(10_000), "BTC": Decimal(2)}
FEES = FeeModel(maker=Decimal("0.001"), taker=Decimal("0.002"))
FREE = FeeModel(maker=Decimal(0), taker=Decimal(0))
#: Makes a started world.
MakeWorld = Callable[..., Awaitable["TradingWorld"]]
_ids = itertools.count()


def order_request(side: str, kind: OrderType, amount: str, price: str | None = None, **options: Any) -> OrderRequest:
    """``price`` is the limit or the stop price, whichever the kind has."""
    value = None if price is None else Decimal(price)
    return OrderRequest(
        options.pop("symbol", SYMBOL),
        OrderSide(side),
        kind,
        Decimal(amount),
        price=value if kind is OrderType.LIMIT else None,
        stop_price=value if kind is OrderType.STOP_LOSS else None,
        **options,
    )


class TradingWorld:
    """One exchange, and what was heard of it."""

    def __init__(
        self,
        funds: Mapping[str, Decimal] = FUNDS,
        fees: FeeModel = FEES,
        pairs: Mapping[str, list[str]] = PAIRS,
        **options: Any,
    ) -> None:
        self.clock = SimulatedClock(0.0)
        markets = {symbol: Market.default(symbol) for symbols in pairs.values() for symbol in symbols}
        self.exchange = SimulatedExchange("binance", self.clock, markets, funds, fees, **options)
        self.dispatcher = SynchronizedDispatcher()
        self.manager = ExchangeManager(
            f"trading-{next(_ids)}", self.exchange, self.clock, pairs, dispatcher=self.dispatcher, is_backtesting=True
        )
        self.heard: list[tuple[str, dict[str, Any]]] = []

    async def listen(self, *channels: str, **filters: Any) -> None:
        for channel in channels:
            await get_chan(channel, self.manager.id).new_consumer(self._keeper(channel), **filters)

    def _keeper(self, channel: str) -> Any:
        async def keep(**payload: Any) -> None:
            self.heard.append((channel, payload))

        return keep

    def candle(self, opened: float, high: float, low: float, close: float, symbol: str = SYMBOL) -> None:
        self.exchange.open_candle(symbol, opened)
        self.clock.advance_to(self.clock.now() + HOUR)
        self.manager.get_symbol_data(symbol).price = close
        self.exchange.close_candle(symbol, self.clock.now() - HOUR, opened, high, low, close, 1000.0)

    async def order(self, *args: Any, **options: Any) -> Order:
        return await self.manager.trader.create_order(order_request(*args, **options))
