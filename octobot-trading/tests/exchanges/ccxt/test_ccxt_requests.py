# SPDX-License-Identifier: Apache-2.0
"""What is sent for an order: to ccxt, and by it to exchanges."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_venues import answering, market_of

from octobot_trading.enums import OrderSide, OrderType, TimeInForce
from octobot_trading.errors import InvalidOrder
from octobot_trading.exchanges.ccxt.differences import VenueDifferences, differences_of
from octobot_trading.exchanges.ccxt.requests import ccxt_order, supported_types
from octobot_trading.exchanges.client_order_ids import IdForm
from octobot_trading.personal_data.orders.order_request import OrderRequest

PLAIN = VenueDifferences()
EVERYTHING = {
    "stopLossPrice": True, "takeProfitPrice": True, "marketBuyRequiresPrice": False,
    "timeInForce": {"IOC": True, "FOK": True, "PO": True, "GTC": True},
}  # fmt: skip


def order(order_type: OrderType = OrderType.LIMIT, side: OrderSide = OrderSide.SELL, **fields: Any) -> OrderRequest:
    if order_type in (OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT):
        fields.setdefault("price", Decimal("46000.10"))
    if "stop" in order_type or "take" in order_type:
        fields.setdefault("stop_price", Decimal(45000))
    return OrderRequest("BTC/USDT", side, order_type, Decimal("0.00000123"), **fields)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (order(), ("limit", "sell", "46000.10", {})),
        (order(OrderType.MARKET), ("market", "sell", None, {})),
        (order(OrderType.STOP_LOSS), ("market", "sell", None, {"stopLossPrice": "45000"})),
        (order(OrderType.STOP_LOSS_LIMIT), ("limit", "sell", "46000.10", {"stopLossPrice": "45000"})),
        (order(OrderType.TAKE_PROFIT), ("market", "sell", None, {"takeProfitPrice": "45000"})),
        (order(OrderType.TAKE_PROFIT_LIMIT), ("limit", "sell", "46000.10", {"takeProfitPrice": "45000"})),
        (order(post_only=True), ("limit", "sell", "46000.10", {"postOnly": True})),
        (order(time_in_force=TimeInForce.IOC), ("limit", "sell", "46000.10", {"timeInForce": "IOC"})),
        (order(reduce_only=True), ("limit", "sell", "46000.10", {"reduceOnly": True})),
    ],
)
def test_what_ccxt_is_asked(request_: OrderRequest, expected: tuple[Any, ...]) -> None:
    asked = ccxt_order(request_, "an-id", EVERYTHING.get, PLAIN, None)
    kind, side, price, params = expected
    assert asked == ("BTC/USDT", kind, side, "0.00000123", price, {"clientOrderId": "an-id", **params})


def test_what_an_exchange_lacks_is_refused_before_it_is_asked() -> None:
    with pytest.raises(InvalidOrder, match="takes no FOK orders"):
        ccxt_order(order(time_in_force=TimeInForce.FOK), "x", {"timeInForce": {"FOK": False}}.get, PLAIN, None)
    with pytest.raises(InvalidOrder, match="takes no post-only orders"):
        ccxt_order(order(post_only=True), "x", {}.get, PLAIN, None)
    trailing = order(OrderType.TRAILING_STOP, trailing_distance=Decimal(1), stop_price=None)
    with pytest.raises(InvalidOrder, match="managed by the bot"):
        ccxt_order(trailing, "x", EVERYTHING.get, PLAIN, None)


def test_market_buys_by_what_they_spend_need_a_price() -> None:
    features = {**EVERYTHING, "marketBuyRequiresPrice": True}
    buy = order(OrderType.MARKET, OrderSide.BUY)
    assert ccxt_order(buy, "x", features.get, PLAIN, Decimal(50_000)).price == "50000"
    assert ccxt_order(order(OrderType.MARKET), "x", features.get, PLAIN, None).price is None
    with pytest.raises(InvalidOrder, match="no price is known yet"):
        ccxt_order(buy, "x", features.get, PLAIN, None)


@pytest.mark.parametrize(
    ("venue", "venue_id", "has_stops"),
    [
        ("binance", "BTCUSDT", True),
        ("okx", "BTC-USDT", True),
        ("kraken", "XBTUSDT", True),
        ("bitstamp", "btcusdt", False),
        ("coinbaseexchange", "BTC-USDT", False),
        ("bitget", "BTCUSDT", False),
        ("gate", "BTC_USDT", False),
    ],
)
def test_stops_go_only_where_they_are_known(venue: str, venue_id: str, has_stops: bool) -> None:
    """Bitstamp and Coinbase Exchange would sell at once, Bitget refuses, Gate forgets them after a day."""
    exchange = answering(venue, [market_of("BTC/USDT", venue_id)], {})
    types = supported_types(lambda name: exchange.feature_value("BTC/USDT", "createOrder", name), differences_of(venue))
    assert (OrderType.STOP_LOSS in types) is has_stops
    assert types >= {OrderType.MARKET, OrderType.LIMIT}


@pytest.mark.parametrize(
    ("venue", "venue_id", "expected"),
    [
        ("gate", "BTC_USDT", ['"amount":"0.00000123"', '"price":"46000.10"', '"text":"{id}"']),
        ("okx", "BTC-USDT", ['"sz":"0.00000123"', '"px":"46000.10"', '"clOrdId":"{id}"']),
        ("kraken", "XBTUSDT", ["volume=0.00000123", "price=46000.10", "cl_ord_id={id}"]),
        ("bitstamp", "btcusdt", ["amount=0.00000123", "price=46000.10", "client_order_id={id}"]),
        ("coinbaseexchange", "BTC-USDT", ['"size":"0.00000123"', '"price":"46000.10"', '"client_oid":"{id}"']),
        ("coinbase", "BTC-USDT", ['"base_size":"0.00000123"', '"limit_price":"46000.10"', '"client_order_id":"{id}"']),
        ("bitget", "BTCUSDT", ['"size":"0.00000123"', '"price":"46000.10"', '"clientOid":"{id}"']),
    ],
)  # fmt: skip
def test_what_exchanges_are_sent(venue: str, venue_id: str, expected: list[str]) -> None:
    """Amounts and prices arrive as they were asked for, to the last digit, and the client order id is ours."""
    market = market_of("BTC/USDT", venue_id, precision={"amount": "0.00000001", "price": "0.01"})
    exchange, sent = answering(venue, [market], {}), []

    def fetch(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        sent.append(body)
        raise InterruptedError

    exchange.fetch = fetch
    differences = differences_of(venue)
    client_order_id = differences.client_order_id("bot-1/17")
    asked = ccxt_order(
        order(),
        client_order_id,
        lambda name: exchange.feature_value("BTC/USDT", "createOrder", name),
        differences,
        None,
    )
    with pytest.raises(InterruptedError):
        exchange.create_order(*asked)
    for part in expected:
        wanted = part.replace("{id}", client_order_id)
        # a price of 46000.10 may be written without its last zero
        assert wanted in sent[-1] or wanted.replace("46000.10", "46000.1") in sent[-1]


@given(st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=50), st.sampled_from(IdForm))
def test_client_order_ids(intents: list[str], form: IdForm) -> None:
    differences = VenueDifferences(client_id_form=form, client_id_prefix="t-" if form is IdForm.LETTERS else "")
    ids = [differences.client_order_id(intent) for intent in intents]
    assert len(set(ids)) == len(ids)
    assert ids == [differences.client_order_id(intent) for intent in intents]
    for one in ids:
        if form is IdForm.UUID:
            assert str(uuid.UUID(one)) == one
        else:
            assert re.fullmatch(r"(t-)?[a-z2-7]{18,26}", one)
            assert len(one) <= (18 if form is IdForm.SHORT else 28)
