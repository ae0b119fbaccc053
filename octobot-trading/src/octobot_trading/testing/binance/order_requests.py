# SPDX-License-Identifier: Apache-2.0
"""From the parameters of a new order to what the matching engine is asked for, and from its errors to Binance's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from octobot_trading.constants import ZERO
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.errors import InsufficientFunds, OrderRefused, WouldTake
from octobot_trading.exchanges.market import WIDE, Market
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.testing.binance.parameters import Parameters, Refusal
from octobot_trading.testing.binance.tape import Level

_TYPES: Final = {
    "LIMIT": OrderType.LIMIT,
    "LIMIT_MAKER": OrderType.LIMIT,
    "MARKET": OrderType.MARKET,
    "STOP_LOSS": OrderType.STOP_LOSS,
    "STOP_LOSS_LIMIT": OrderType.STOP_LOSS_LIMIT,
    "TAKE_PROFIT": OrderType.TAKE_PROFIT,
    "TAKE_PROFIT_LIMIT": OrderType.TAKE_PROFIT_LIMIT,
}
ORDER_TYPES: Final = tuple(_TYPES)
#: Which of the fields each type has to come with; no type takes one of the others.
_NEEDS: Final = {
    "LIMIT": ("timeInForce", "quantity", "price"),
    "LIMIT_MAKER": ("quantity", "price"),
    "MARKET": (),
    "STOP_LOSS": ("quantity", "stopPrice"),
    "STOP_LOSS_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
    "TAKE_PROFIT": ("quantity", "stopPrice"),
    "TAKE_PROFIT_LIMIT": ("timeInForce", "quantity", "price", "stopPrice"),
}
_OPTIONAL: Final = {"MARKET": ("quantity", "quoteOrderQty")}
_FIELDS: Final = ("timeInForce", "quantity", "quoteOrderQty", "price", "stopPrice")
_TIMES: Final = ("GTC", "IOC", "FOK")
_UNKNOWN_FIELDS: Final = ("trailingDelta", "pegPriceType", "strategyType")
_FILTERS: Final = {
    "amount": "LOT_SIZE", "amount_step": "LOT_SIZE", "min_amount": "LOT_SIZE", "max_amount": "LOT_SIZE",
    "price": "PRICE_FILTER", "price_tick": "PRICE_FILTER", "min_price": "PRICE_FILTER", "max_price": "PRICE_FILTER",
    "min_cost": "NOTIONAL", "max_cost": "NOTIONAL", "percent_price": "PERCENT_PRICE_BY_SIDE",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What a client wants, read and complete."""

    symbol: str
    side: OrderSide
    order_type: str
    time_in_force: str
    quantity: Decimal | None
    quote_quantity: Decimal | None
    price: Decimal | None
    stop_price: Decimal | None
    iceberg_quantity: Decimal | None
    client_order_id: str
    response_type: str

    @property
    def is_market(self) -> bool:
        return self.order_type == "MARKET"

    @property
    def waits(self) -> bool:
        """Whether it waits for a stop price."""
        return self.stop_price is not None

    @property
    def ends_at_once(self) -> bool:
        """Whether it does not rest with what it does not find."""
        return self.is_market or self.time_in_force in ("IOC", "FOK")

    def crosses(self, price: Decimal) -> bool:
        """Whether it would trade at a price now."""
        if self.price is None:
            return True
        return price <= self.price if self.side is OrderSide.BUY else price >= self.price

    def triggers(self, price: Decimal) -> bool:
        """Whether a price has reached its stop price already."""
        if self.stop_price is None:
            return False
        rises = (self.side is OrderSide.BUY) is self.order_type.startswith("STOP")
        return price >= self.stop_price if rises else price <= self.stop_price

    def request(self, market: Market, levels: list[Level]) -> OrderRequest:
        """What the engine is asked for. ``levels`` are those that it can take, for orders that say what they spend.

        The engine ends an order that must fill at once with the first price, and a book has several: when an order ends
        is left to who hands it the prices, and so is a maker's refusal, as the engine knows of no best bid and ask.
        """
        quantity = self.quantity if self.quantity is not None else _spent(market, levels, self.quote_quantity or ZERO)
        return OrderRequest(
            market.symbol,
            self.side,
            _TYPES[self.order_type],
            quantity,
            price=self.price,
            stop_price=self.stop_price,
        )


def read_new_order(parameters: Parameters, default_id: str) -> NewOrder:
    """The order that parameters ask for."""
    side, kind = parameters.text("side"), parameters.text("type")
    if side not in ("BUY", "SELL"):
        raise Refusal(-1117, "Invalid side.")
    if kind not in _TYPES:
        raise Refusal(-1116, "Invalid orderType.")
    _check_fields(parameters, kind)
    time_in_force = parameters.optional("timeInForce", "GTC")
    if time_in_force not in _TIMES:
        raise Refusal(-1115, "Invalid timeInForce.")
    if time_in_force != "GTC" and "stopPrice" in parameters:
        raise Refusal(-1106, "Orders with a stop price are GTC on this server.")
    return NewOrder(
        symbol=parameters.text("symbol"),
        side=OrderSide(side.lower()),
        order_type=kind,
        time_in_force=time_in_force,
        quantity=parameters.optional_decimal("quantity"),
        quote_quantity=parameters.optional_decimal("quoteOrderQty"),
        price=parameters.optional_decimal("price"),
        stop_price=parameters.optional_decimal("stopPrice"),
        iceberg_quantity=_iceberg(parameters, kind, time_in_force),
        client_order_id=parameters.optional("newClientOrderId", default_id),
        response_type=_response_type(parameters, kind),
    )


def refusal_of(error: OrderRefused) -> Refusal:
    """What Binance says where our engine refuses an order."""
    if isinstance(error, InsufficientFunds):
        return Refusal(-2010, "Account has insufficient balance for requested action.")
    if isinstance(error, WouldTake):
        return Refusal(-2010, "Order would immediately match and take.")
    if error.rule in _FILTERS:
        return Refusal(-1013, f"Filter failure: {_FILTERS[error.rule]}")
    return Refusal(-2010, str(error))


def _check_fields(parameters: Parameters, kind: str) -> None:
    for name in _NEEDS[kind]:
        parameters.text(name)
    for name in _FIELDS:
        if name in parameters and name not in _NEEDS[kind] and name not in _OPTIONAL.get(kind, ()):
            raise Refusal(-1106, f"Parameter '{name}' sent when not required.")
    for name in _UNKNOWN_FIELDS:
        if name in parameters:
            raise Refusal(-1106, f"Parameter '{name}' is not known to this server.")
    if kind == "MARKET" and ("quantity" in parameters) is ("quoteOrderQty" in parameters):
        raise Refusal(-1102, "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.")


def _iceberg(parameters: Parameters, kind: str, time_in_force: str) -> Decimal | None:
    """An iceberg's visible part, which is kept and told; the engine matches all of it, as a real one does."""
    quantity = parameters.optional_decimal("icebergQty")
    if quantity is not None and ("LIMIT" not in kind or time_in_force != "GTC"):
        raise Refusal(-1106, "Parameter 'icebergQty' sent when not required.")
    return quantity


def _response_type(parameters: Parameters, kind: str) -> str:
    given = parameters.optional("newOrderRespType", "FULL" if kind in ("MARKET", "LIMIT") else "ACK")
    if given not in ("ACK", "RESULT", "FULL"):
        raise Refusal(-1130, "Data sent for parameter 'newOrderRespType' is not valid.")
    return given


def _spent(market: Market, levels: list[Level], quote: Decimal) -> Decimal:
    """How much so much of quote pays for, best price first."""
    quantity = ZERO
    for price, there in levels:
        part = min(there, WIDE.divide(quote, price))
        quantity, quote = WIDE.add(quantity, part), WIDE.subtract(quote, WIDE.multiply(part, price))
    return market.quantize_amount(quantity)
