# SPDX-License-Identifier: Apache-2.0
"""An account on an exchange of ccxt, behind the contract of ``octobot_trading.exchanges.exchange``.

What happens to it is told by ``account.py``; this file asks and orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from octobot_commons.errors import OctoBotError
from octobot_trading.enums import OrderType
from octobot_trading.errors import InvalidOrder, InvalidSetting, OrderNotOpen, OutcomeUnknown, UnknownSymbol
from octobot_trading.exchange_data.feed_settings import FeedRules
from octobot_trading.exchange_data.order_book.sequences import NUMBERED_TRADES
from octobot_trading.exchanges.account_reports import AccountReports
from octobot_trading.exchanges.ccxt.connection import CcxtConnection
from octobot_trading.exchanges.ccxt.parsing import (
    OrderReport,
    number_of,
    read_balances,
    read_fill,
    read_order,
    read_position,
)
from octobot_trading.exchanges.ccxt.requests import ccxt_order, supported_types
from octobot_trading.exchanges.exchange import AccountListener, Exchange, ListedOrder
from octobot_trading.exchanges.fees import FeeModel, FeeRates
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.request_budget import Lane
from octobot_trading.personal_data.orders.order_fields import STOPS
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill

_FILLS_PAGE: Final = 500
#: Where an order is looked for on exchanges that are not asked by its client order id.
_LISTS: Final = (
    ("fetch_open_orders", "fetchOpenOrders"),
    ("fetch_closed_orders", "fetchClosedOrders"),
    ("fetch_canceled_orders", "fetchCanceledOrders"),
    ("fetch_orders", "fetchOrders"),
)


class CcxtExchange(Exchange):
    """One account. ``open`` it before anything else is asked of it, and ``close`` it at last.

    Args:
        symbols: those that are followed.
        last_price: of a symbol, for market buys on exchanges that take what is to be spent; None where none is known.
    """

    def __init__(
        self,
        connection: CcxtConnection,
        symbols: Iterable[str],
        last_price: Callable[[str], Decimal | None] = lambda symbol: None,
    ) -> None:
        self.name = connection.settings.exchange_name
        self.connection = connection
        self.symbols = list(symbols)
        self.last_price = last_price
        self.fee_model = FeeModel()
        self.supported_order_types = frozenset({OrderType.MARKET, OrderType.LIMIT})
        self.reports = AccountReports(lambda: self._listener, connection.clock.now)
        self._listener: AccountListener | None = None
        self._markets: dict[str, Market] = {}

    async def open(self) -> None:
        """Connect, and learn the rules of the symbols.

        Raises:
            DataError: the exchange or a symbol is not known.
            EnvironmentFault: it cannot be reached.
        """
        connection = self.connection
        await connection.open(self.symbols)
        markets = {symbol: connection.api.markets[symbol] for symbol in self.symbols}
        mode = connection.api.precisionMode
        self._markets = {symbol: Market.from_ccxt(market, mode) for symbol, market in markets.items()}
        types = [supported_types(connection.feature(symbol), connection.differences) for symbol in self.symbols]
        self.supported_order_types = frozenset.intersection(*types)
        self.fee_model = FeeModel(market_rates={symbol: _rates(market) for symbol, market in markets.items()})

    async def close(self) -> None:
        """Close every connection."""
        await self.connection.close()

    @property
    def listener(self) -> AccountListener | None:
        return self._listener

    @listener.setter
    def listener(self, listener: AccountListener | None) -> None:
        self._listener = listener

    def get_market(self, symbol: str) -> Market:
        try:
            return self._markets[symbol]
        except KeyError:
            raise UnknownSymbol(f"{self.name} does not trade {symbol}, or it is not followed") from None

    def feed_rules(self, symbol: str) -> FeedRules:
        """Trades are numbered where the venue's are; ccxt keeps order books in step itself, and tells no numbers."""
        return FeedRules(tick_size=self.get_market(symbol).tick_size, numbers_trades=self.name in NUMBERED_TRADES)

    async def fetch_balance(self) -> dict[str, Balance]:
        balances = read_balances(await self.connection.read("fetch_balance"))
        self.reports.see_balances(balances, whole=True)
        return balances

    async def fetch_positions(self) -> list[Position]:
        contracts = [symbol for symbol, market in self._markets.items() if market.contract is not None]
        if not contracts:
            return []
        rows = await self.connection.read("fetch_positions", contracts)
        return [read_position(row, self._markets[row["symbol"]]) for row in rows if row["symbol"] in self._markets]

    async def set_leverage(self, symbol: str, leverage: Decimal) -> None:
        if self.get_market(symbol).contract is None or not self.connection.has("setLeverage"):
            await super().set_leverage(symbol, leverage)
        try:
            await self.connection.change("set_leverage", int(leverage), symbol, lane=Lane.CREATE)
        except OctoBotError as error:
            remedy = "set it on the exchange itself"
            raise InvalidSetting(f"{self.name}: {error}", field="leverage", remedy=remedy) from error

    async def fetch_open_orders(self) -> list[ListedOrder]:
        return [_listed(report) for report in await self.fetch_open_reports()]

    async def fetch_open_reports(self) -> list[OrderReport]:
        """What the exchange says of every open order, of the followed symbols at least."""
        connection = self.connection
        if any(connection.feature(symbol, "fetchOpenOrders")("symbolRequired") for symbol in self.symbols):
            rows = [row for symbol in self.symbols for row in await connection.read("fetch_open_orders", symbol)]
        else:
            rows = await connection.read("fetch_open_orders")
        return [read_order(row) for row in rows]

    def client_order_id(self, intent: str) -> str:
        return self.connection.differences.client_order_id(intent)

    async def create_order(self, request: OrderRequest) -> str:
        if request.symbol not in self._markets:
            raise UnknownSymbol(f"{self.name} does not trade {request.symbol}, or it is not followed")
        if request.client_order_id is None:
            raise InvalidOrder(
                f"{request.symbol}: an order without client order id could not be found again",
                rule="client_order_id",
                remedy="send it through Trader.sender",
            )
        order = ccxt_order(
            request,
            request.client_order_id,
            self.connection.feature(request.symbol),
            self.connection.differences,
            self.last_price(request.symbol),
        )
        is_urgent = request.reduce_only or request.order_type in STOPS
        lane = Lane.PROTECT if is_urgent else Lane.CREATE
        answer = await self.connection.change("create_order", *order, lane=lane)
        try:
            order_id = str(answer["id"])
        except (TypeError, KeyError) as error:
            raise OutcomeUnknown(f"{self.name} answered to an order without its id") from error
        self.reports.follow(order_id, request.symbol)
        return order_id

    async def find_order(self, symbol: str, client_order_id: str) -> ListedOrder | None:
        report = await self._find_report(symbol, client_order_id)
        if report is None:
            return None
        self.reports.see_order(report)
        return _listed(report)

    async def _find_report(self, symbol: str, client_order_id: str) -> OrderReport | None:
        connection = self.connection
        if connection.differences.finds_by_client_id:
            params = {connection.differences.client_id_parameter: client_order_id}
            try:
                return read_order(await connection.read("fetch_order", None, symbol, params, lane=Lane.PROTECT))
            except OrderNotOpen:
                return None
        for method, feature in _LISTS:
            if connection.has(feature):
                for row in await connection.read(method, symbol, lane=Lane.PROTECT):
                    if row.get("clientOrderId") == client_order_id:
                        return read_order(row)
        return None

    async def fetch_report(self, order_id: str, symbol: str) -> OrderReport | None:
        """What the exchange says of an order, ended ones too; None where it knows of none."""
        try:
            return read_order(await self.connection.read("fetch_order", order_id, symbol))
        except OrderNotOpen:
            return None

    async def fetch_fills(self, symbol: str, since: float) -> list[Fill]:
        """The account's own trades of a symbol from a time on, oldest first, page by page."""
        market, first_ms = self.get_market(symbol), round(since * 1000)
        found: dict[str, Fill] = {}
        while True:
            page = await self.connection.read("fetch_my_trades", symbol, first_ms, _FILLS_PAGE)
            fills = [read_fill(row, market) for row in page]
            before = len(found)
            found |= {fill.fill_id: fill for fill in fills}
            if len(page) < _FILLS_PAGE or len(found) == before:
                return sorted(found.values(), key=lambda fill: fill.time)
            first_ms = round(max(fill.time for fill in fills) * 1000)

    async def cancel_order(self, order_id: str) -> bool:
        symbol = self.reports.symbol_of(order_id)
        if symbol is None:
            return False
        try:
            await self.connection.change("cancel_order", order_id, symbol, lane=Lane.CANCEL)
        except OrderNotOpen:
            return False
        return True

    async def edit_order(
        self,
        order_id: str,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> None:
        raise InvalidOrder(
            f"{self.name}: an order cannot be changed in one step here",
            rule="edit",
            remedy="cancel it and create another",
        )


def _listed(report: OrderReport) -> ListedOrder:
    return ListedOrder(report.order_id, report.symbol, report.client_order_id)


def _rates(market: dict[str, Any]) -> FeeRates:
    """What ccxt knows of a market's fees; zero where that is nothing: the fills tell what was taken."""
    maker, taker = (number_of(market.get(name) or 0, "market", name) for name in ("maker", "taker"))
    return FeeRates(maker, taker)
