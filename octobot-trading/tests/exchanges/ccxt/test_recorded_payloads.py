# SPDX-License-Identifier: Apache-2.0
"""What six venues have answered, through ccxt's parsers and ours: nothing is lost or rounded on the way."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from recorded_venues import answering, market_of, recorded

from octobot_commons.errors import DataError
from octobot_trading.enums import MarginType, OrderSide, OrderStatus, OrderType, PositionSide, TimeInForce
from octobot_trading.exchanges.ccxt.parsing import (
    OrderReport,
    read_balances,
    read_fill,
    read_order,
    read_position,
)
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill

BUY, SELL = OrderSide.BUY, OrderSide.SELL
BINANCE, BYBIT, KRAKEN, BITSTAMP, GATE, COINBASE = (
    "jkorf-binance.zip",
    "nautilus-bybit.zip",
    "nautilus-kraken.zip",
    "gocryptotrader-bitstamp.zip",
    "xchange-1.zip",
    "bbgo-coinbase.zip",
)


class Recording(NamedTuple):
    """Where something was recorded, and which request of ccxt it answers."""

    venue: str
    archive: str
    member: str
    markets: dict[str, str]
    #: Where in the file the answer lies.
    path: tuple[Any, ...] = ()

    def ask(self, method: str, *arguments: Any) -> Any:
        answer = recorded(self.archive, self.member)
        for key in self.path:
            answer = answer[key]
        if isinstance(answer, str):
            answer = json.loads(answer)
        markets = [market_of(symbol, venue_id) for symbol, venue_id in self.markets.items()]
        return getattr(answering(self.venue, markets, answer), method)(*arguments)


def binance(member: str, **markets: str) -> Recording:
    return Recording("binance", BINANCE, f"Binance.Net.UnitTests/Endpoints/Spot/{member}", _pairs(markets))


def bybit(member: str) -> Recording:
    markets = {"BTC/USDT:USDT": "BTCUSDT", "ETH/USDT:USDT": "ETHUSDT"}
    return Recording("bybit", BYBIT, f"crates/adapters/bybit/test_data/{member}", markets)


def kraken(member: str) -> Recording:
    markets = {"BTC/USDT": "XBTUSDT", "ETH/USDT": "ETHUSDT"}
    return Recording("kraken", KRAKEN, f"crates/adapters/kraken/test_data/{member}", markets)


def bitstamp(path: str) -> Recording:
    member = "exchanges/bitstamp/testdata/http.json"
    return Recording("bitstamp", BITSTAMP, member, {"BTC/USD": "btcusd"}, ("routes", path, "POST", 0, "data"))


def gate(member: str) -> Recording:
    member = f"xchange-gateio-v4/src/test/resources/__files/{member}"
    return Recording("gate", GATE, member, {"BTC/USDT": "BTC_USDT", "VAI/USDT": "VAI_USDT"})


def coinbase(member: str, index: int = 0) -> Recording:
    member = f"pkg/exchange/coinbase/testdata/{member}.json"
    markets = {"BTC/USDT": "BTC-USDT", "ETH/USDT": "ETH-USDT"}
    return Recording("coinbaseexchange", COINBASE, member, markets, (index, "response", "body"))


def _pairs(markets: dict[str, str]) -> dict[str, str]:
    return {symbol.replace("_", "/"): venue_id for symbol, venue_id in markets.items()}


def fill(
    fill_id: str, order_id: str, symbol: str, side: OrderSide, quantity: str, price: str, cost: str, fee: str,
    fee_asset: str, taker_or_maker: str, time: float,
) -> Fill:  # fmt: skip
    return Fill(
        fill_id, order_id, symbol, side, Decimal(quantity), Decimal(price), Decimal(cost), Decimal(fee), fee_asset,
        taker_or_maker, time,
    )  # fmt: skip


FILLS = [
    pytest.param(
        binance("Trading/GetUserTrades.txt", BNB_BTC="BNBBTC"), "BNB/BTC",
        fill("28457", "100234", "BNB/BTC", BUY, "12", "4.000001", "48.000012", "10.1", "BNB", "taker", 1499865549.59),
        id="binance, fee in a third asset",
    ),
    pytest.param(
        bybit("http_get_executions.json"), None,
        fill("e0cbe81d-0f18-5866-9415-cf319b5dab3b", "8c065341-7b52-4ca9-ac2c-37e31ac55c94", "BTC/USDT:USDT", BUY,
             "0.1", "50000", "5000", "0.015", "USDT", "maker", 1672282722.429),
        id="bybit, contracts",
    ),
    pytest.param(
        kraken("http_trades_history.json"), None,
        fill("TCCCTY-WJ6EO-4FP4VZ", "O26VBY-ISGAE-JP5TLU", "BTC/USDT", BUY, "0.5", "29500.5", "14750.25", "23.6",
             "USDT", "maker", 1688585840.892),
        id="kraken",
    ),
    pytest.param(
        gate("api_v4_spot_my_trades.json"), "BTC/USDT",
        fill("6068789332", "381064942553", "BTC/USDT", SELL, "0.00005", "29447.2", "1.47236", "0.00294472", "USDT",
             "taker", 1691702286.356),
        id="gate",
    ),
    pytest.param(
        coinbase("TestExchange_QueryOrderTrades"), "BTC/USDT",
        fill("31641102", "580ef6d1-2309-4366-9447-3072f38779c0", "BTC/USDT", SELL, "0.00263", "118928.44",
             "312.7817972", "0.12511271888", "USDT", "taker", 1755064305.64),
        id="coinbase, a fee of eleven places",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("recording", "symbol", "expected"), FILLS)
def test_fills(recording: Recording, symbol: str | None, expected: Fill) -> None:
    trades = recording.ask("fetch_my_trades", symbol)
    assert read_fill(trades[0], Market.default(trades[0]["symbol"])) == expected


def test_every_recorded_fill_has_the_numbers_of_the_venue() -> None:
    """All of Coinbase's, whose fees and sizes have the most places of the recorded ones."""
    recording = coinbase("TestExchange_QueryOrderTrades")
    raw = recorded(recording.archive, recording.member)[0]["response"]["body"]
    raw = {str(one["trade_id"]): one for one in (json.loads(raw) if isinstance(raw, str) else raw)}
    fills = [read_fill(one, Market.default("BTC/USDT")) for one in recording.ask("fetch_my_trades", "BTC/USDT")]
    assert len(fills) == len(raw) > 20
    for one in fills:
        said = raw[one.fill_id]
        assert (one.quantity, one.price, one.fee) == tuple(Decimal(said[key]) for key in ("size", "price", "fee"))
        assert (one.side.value, one.taker_or_maker[0].upper()) == (said["side"], said["liquidity"])


ORDERS = [
    pytest.param(
        binance("Trading/GetOpenOrders.txt", LTC_BTC="LTCBTC"), ("fetch_open_orders", "LTC/BTC"),
        OrderReport(
            order_id="1", symbol="LTC/BTC", client_order_id="myOrder1", status=OrderStatus.OPEN, side=BUY,
            order_type=OrderType.LIMIT, quantity=Decimal(1), price=Decimal("0.1"), time_in_force=TimeInForce.GTC,
            time=1499827319.559, update_time=1499827319.559,
        ),
        id="binance",
    ),
    pytest.param(
        bybit("http_get_orders_realtime.json"), ("fetch_open_orders",),
        OrderReport(
            order_id="open-order-1", symbol="ETH/USDT:USDT", client_order_id="client-open-1", status=OrderStatus.OPEN,
            side=BUY, order_type=OrderType.LIMIT, quantity=Decimal("0.01"), price=Decimal("3930.41"),
            time_in_force=TimeInForce.GTC, time=1761355905.606, update_time=1761355905.606,
        ),
        id="bybit, contracts",
    ),
    pytest.param(
        kraken("http_closed_orders.json"), ("fetch_closed_orders",),
        OrderReport(
            order_id="O5KZFT-GH3AD-LP6TLU", symbol="BTC/USDT", client_order_id="0", status=OrderStatus.FILLED, side=BUY,
            order_type=OrderType.LIMIT, quantity=Decimal("0.5"), filled_quantity=Decimal("0.5"),
            price=Decimal(29500), average_price=Decimal(29500), time=1688583840.864, update_time=1688590000.543,
        ),
        id="kraken",
    ),
    pytest.param(
        bitstamp("/api/v2/open_orders/all/"), ("fetch_open_orders",),
        OrderReport(
            order_id="1234123412341234", symbol="BTC/USD", client_order_id="1234123412341234", status=OrderStatus.OPEN,
            side=BUY, order_type=OrderType.LIMIT, quantity=Decimal("0.5"), price=Decimal(100), time=1643640195.0,
        ),
        id="bitstamp",
    ),
    pytest.param(
        gate("api_v4_spot_orders-valid-market-buy-order.json"), ("fetch_order", "342251629898", "BTC/USDT"),
        OrderReport(
            order_id="342251629898", symbol="BTC/USDT", client_order_id="t-valid-market-buy-order",
            status=OrderStatus.CANCELED, side=BUY, order_type=OrderType.MARKET,
            quantity=Decimal("0.000739691474685908"), filled_quantity=Decimal("0.0007"), price=Decimal("27038.3"),
            average_price=Decimal("27038.3"), time_in_force=TimeInForce.IOC, time=1685830058.451,
            update_time=1685830058.451,
        ),
        id="gate, a market buy of 20 USDT that ended with less",
    ),
    pytest.param(
        coinbase("TestExchange_QueryClosedOrders", -1), ("fetch_orders",),
        OrderReport(
            order_id="a493eecf-a7ca-4610-9cd4-6d91f6e83f67", symbol="BTC/USDT", status=OrderStatus.FILLED, side=BUY,
            order_type=OrderType.MARKET, quantity=Decimal("0.01"), filled_quantity=Decimal("0.01"),
            price=Decimal("106822.31122"), average_price=Decimal("106822.31122"), time_in_force=TimeInForce.IOC,
            time=1750119778.208,
        ),
        id="coinbase",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("recording", "request_of", "expected"), ORDERS)
def test_orders(recording: Recording, request_of: tuple[Any, ...], expected: OrderReport) -> None:
    answer = recording.ask(*request_of)
    assert read_order(answer[0] if isinstance(answer, list) else answer) == expected


def test_balances() -> None:
    held = read_balances(binance("Account/GetAccountInfo.txt").ask("fetch_balance"))
    assert held["BTC"] == Balance(Decimal("4723846.89208129"), Decimal(0))
    held = read_balances(gate("api_v4_spot_accounts.json").ask("fetch_balance"))
    assert held == {"USDT": Balance(Decimal("5.2"), Decimal("1.1"))}
    held = read_balances(bybit("http_get_wallet_balance.json").ask("fetch_balance"))
    assert held == {"USDT": Balance(Decimal("1000.50"), Decimal(0))}


def test_positions() -> None:
    long, short = (
        read_position(one, Market.default(one["symbol"]))
        for one in bybit("http_get_positions.json").ask("fetch_positions")[:2]
    )
    assert (long.quantity, long.entry_price, long.mark_price) == (Decimal("0.5"), Decimal(50_000), Decimal(50_500))
    assert (long.leverage, long.liquidation_price, long.side) == (Decimal(10), Decimal(45_000), PositionSide.BOTH)
    assert (short.quantity, short.entry_price, short.margin_type) == (Decimal(-5), Decimal(3000), MarginType.CROSS)
    assert long.unrealised_pnl == Decimal(250)


def test_an_answer_of_another_kind_is_no_empty_account() -> None:
    """Kraken's older balances, which ccxt reads as nothing at all."""
    with pytest.raises(DataError, match="balance of USD of ccxt without a usable total"):
        read_balances(kraken("http_spot_balance.json").ask("fetch_balance"))


TRADE = {"id": "1", "order": "2", "symbol": "BTC/USDT", "side": "buy", "amount": "1", "price": "2", "timestamp": 1000}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"order": ""}, "order"),
        ({"side": "both"}, "side"),
        ({"amount": "much"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"price": "NaN"}, "price"),
        ({"price": None}, "price"),
        ({"timestamp": None}, "timestamp"),
        ({"fees": [{"cost": "1", "currency": "BTC"}, {"cost": "1", "currency": "BNB"}]}, "fees"),
        ({"fee": {"cost": "x", "currency": "BTC"}}, "fee"),
    ],
)
def test_what_is_no_fill(changes: dict[str, Any], field: str) -> None:
    assert read_fill(TRADE, Market.default("BTC/USDT")).fee == 0
    with pytest.raises(DataError) as caught:
        read_fill({**TRADE, **changes}, Market.default("BTC/USDT"))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "limit"}, OrderType.LIMIT),
        ({"type": "LIMIT_MAKER"}, OrderType.LIMIT),
        ({"type": "market"}, OrderType.MARKET),
        ({"type": "market", "triggerPrice": "5"}, OrderType.STOP_LOSS),
        ({"type": "stop_loss_limit", "stopPrice": 5.0}, OrderType.STOP_LOSS_LIMIT),
        ({"type": "take-profit-limit"}, OrderType.TAKE_PROFIT_LIMIT),
        ({"type": "market", "triggerPrice": "5", "takeProfitPrice": "5"}, OrderType.TAKE_PROFIT),
        ({"type": "trailing_stop_market"}, OrderType.TRAILING_STOP),
        ({"type": "limit", "triggerPrice": "0"}, OrderType.LIMIT),
        ({}, None),
    ],
)
def test_order_types(fields: dict[str, Any], expected: OrderType | None) -> None:
    assert read_order({"id": "1", "symbol": "BTC/USDT", **fields}).order_type is expected


@pytest.mark.parametrize(
    ("status", "filled", "expected"),
    [
        ("open", "0", OrderStatus.OPEN),
        ("closed", "1", OrderStatus.FILLED),
        ("closed", "0.5", OrderStatus.CANCELED),
        ("canceled", "1", OrderStatus.CANCELED),
        ("expired", "0", OrderStatus.EXPIRED),
        ("rejected", "0", OrderStatus.REJECTED),
        ("canceling", "0", OrderStatus.PENDING_CANCEL),
        (None, "0", None),
    ],
)
def test_statuses(status: str | None, filled: str, expected: OrderStatus | None) -> None:
    order = {"id": "1", "symbol": "BTC/USDT", "amount": "1", "filled": filled, "status": status}
    assert read_order(order).status is expected


def test_an_unknown_status_is_no_status() -> None:
    with pytest.raises(DataError, match="without a usable status"):
        read_order({"id": "1", "symbol": "BTC/USDT", "status": "NEW_THING"})
