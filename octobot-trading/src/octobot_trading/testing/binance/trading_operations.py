# SPDX-License-Identifier: Apache-2.0
"""What an account may ask for: orders, its trades and what it holds."""

from __future__ import annotations

from typing import Any, TypeVar

from octobot_trading.testing.binance import texts
from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.operations import Call, Operation, Operations, Security
from octobot_trading.testing.binance.order_requests import NewOrder, read_new_order
from octobot_trading.testing.binance.orders import OwnTrade, PlacedOrder
from octobot_trading.testing.binance.parameters import Parameters, Refusal
from octobot_trading.testing.binance.venue import Venue

RowT = TypeVar("RowT", PlacedOrder, OwnTrade)

_MOST_ROWS, _USUAL_ROWS = 1000, 500
_MODES = ("STOP_ON_FAILURE", "ALLOW_FAILURE")


class TradingOperations:
    """Orders of spot accounts."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._last_id = 0

    def table(self) -> Operations:
        """By method and path."""
        signed, trading = Security.SIGNED, Security.TRADING
        return {
            "POST /api/v3/order": Operation(self.create, trading, is_order=True),
            "POST /api/v3/order/test": Operation(self.test, trading),
            "GET /api/v3/order": Operation(self.order, signed),
            "DELETE /api/v3/order": Operation(self.cancel, trading),
            "POST /api/v3/order/cancelReplace": Operation(self.replace, trading, is_order=True),
            "GET /api/v3/openOrders": Operation(self.open_orders, signed),
            "DELETE /api/v3/openOrders": Operation(self.cancel_all, trading),
            "GET /api/v3/allOrders": Operation(self.all_orders, signed),
            "GET /api/v3/myTrades": Operation(self.own_trades, signed),
            "GET /api/v3/account": Operation(self.account, signed),
        }

    async def create(self, call: Call) -> Any:
        """A new order."""
        new = self._read(call.parameters)
        order = await call.account.place(new)
        return order.answer(new.response_type)

    async def test(self, call: Call) -> Any:
        """Everything but the order itself."""
        call.account.check(self._read(call.parameters))
        if call.parameters.optional("computeCommissionRates") != "true":
            return {}
        rates, none = call.account.fee_model.rates(""), texts.amount(None)
        return {
            "standardCommissionForOrder": {"maker": texts.amount(rates.maker), "taker": texts.amount(rates.taker)},
            "taxCommissionForOrder": {"maker": none, "taker": none},
            "discount": {
                "enabledForAccount": False, "enabledForSymbol": False, "discountAsset": "BNB", "discount": none,
            },
        }  # fmt: skip

    async def order(self, call: Call) -> Any:
        """One order, open or not."""
        found = self._find(call.account, call.parameters, "orderId", "origClientOrderId")
        if found is None:
            raise Refusal(-2013, "Order does not exist.")
        return found.row()

    async def cancel(self, call: Call) -> Any:
        """Cancel an open order."""
        self._venue.tape(call.parameters)
        found = self._find(call.account, call.parameters, "orderId", "origClientOrderId")
        return await self._cancelled(call.account, found, call.parameters.optional("newClientOrderId"))

    async def cancel_all(self, call: Call) -> Any:
        """Cancel the open orders of a pair."""
        open_orders = call.account.open_orders(self._venue.tape(call.parameters).name)
        if not open_orders:
            raise Refusal(-2011, "Unknown order sent.")
        return [await self._cancelled(call.account, one, "") for one in open_orders]

    async def replace(self, call: Call) -> Any:
        """Cancel one order and hand in another."""
        parameters, account = call.parameters, call.account
        mode = parameters.text("cancelReplaceMode")
        if mode not in _MODES:
            raise Refusal(-1102, "Mandatory parameter 'cancelReplaceMode' was not sent, was empty/null, or malformed.")
        new = self._read(parameters)
        found = self._find(account, parameters, "cancelOrderId", "cancelOrigClientOrderId")
        outcome: dict[str, Any] = {"cancelResult": "SUCCESS", "newOrderResult": "SUCCESS"}
        try:
            cancel_id = parameters.optional("cancelNewClientOrderId")
            outcome["cancelResponse"] = await self._cancelled(account, found, cancel_id)
        except Refusal as refusal:
            outcome |= {"cancelResult": "FAILURE", "cancelResponse": refusal.body}
        if outcome["cancelResult"] == "FAILURE" and mode == "STOP_ON_FAILURE":
            outcome |= {"newOrderResult": "NOT_ATTEMPTED", "newOrderResponse": None}
        else:
            try:
                outcome["newOrderResponse"] = (await account.place(new)).answer(new.response_type)
            except Refusal as refusal:
                outcome |= {"newOrderResult": "FAILURE", "newOrderResponse": refusal.body}
        return _replaced(outcome)

    async def open_orders(self, call: Call) -> Any:
        """Of one pair or of all."""
        name = self._venue.tape(call.parameters).name if "symbol" in call.parameters else None
        return [one.row() for one in call.account.open_orders(name)]

    async def all_orders(self, call: Call) -> Any:
        """Of one pair, the newest ones or those from an id or a time on, oldest first."""
        name, parameters = self._venue.tape(call.parameters).name, call.parameters
        first = parameters.integer("orderId")
        found = [
            one
            for one in call.account.orders.values()
            if one.symbol == name and (first is None or one.order_id >= first) and _is_within(parameters, one.time_ms)
        ]
        return [one.row() for one in _page(parameters, found, from_oldest=first is not None)]

    async def own_trades(self, call: Call) -> Any:
        """Of one pair, the newest ones or those from an id or a time on, or those of one order; oldest first."""
        name, parameters = self._venue.tape(call.parameters).name, call.parameters
        first, order_id = parameters.integer("fromId"), parameters.integer("orderId")
        found = [
            one
            for one in call.account.own_trades(name)
            if order_id in (None, one.order_id)
            and (first is None or one.number >= first)
            and _is_within(parameters, one.time_ms)
        ]
        return [one.row() for one in _page(parameters, found, from_oldest=first is not None)]

    async def account(self, call: Call) -> Any:
        """Balances, and what the account may do."""
        account = call.account
        rates, none = account.fee_model.rates(""), texts.amount(None)
        omits = call.parameters.optional("omitZeroBalances") == "true"
        return {
            "makerCommission": int(rates.maker * 10_000),
            "takerCommission": int(rates.taker * 10_000),
            "buyerCommission": 0,
            "sellerCommission": 0,
            "commissionRates": {
                "maker": texts.amount(rates.maker), "taker": texts.amount(rates.taker), "buyer": none, "seller": none,
            },
            "canTrade": account.key.can_trade,
            "canWithdraw": account.key.can_withdraw,
            "canDeposit": True,
            "brokered": False,
            "requireSelfTradePrevention": False,
            "preventSor": False,
            "updateTime": account.changed_ms,
            "accountType": "SPOT",
            "balances": [
                {"asset": asset, "free": texts.amount(balance.available), "locked": texts.amount(balance.locked)}
                for asset, balance in account.balances.items()
                if balance.total or not omits
            ],
            "permissions": ["SPOT"],
            "uid": 354937868,
        }  # fmt: skip

    def _read(self, parameters: Parameters) -> NewOrder:
        self._venue.tape(parameters)
        return read_new_order(parameters, self._new_id())

    def _new_id(self) -> str:
        self._last_id += 1
        return f"local{self._last_id:017d}"

    async def _cancelled(self, account: TradingAccount, order: PlacedOrder | None, client_order_id: str) -> Any:
        if order is None or not order.is_open:
            raise Refusal(-2011, "Unknown order sent.")
        await account.cancel(order, client_order_id or self._new_id())
        return order.cancellation()

    def _find(self, account: TradingAccount, parameters: Parameters, name: str, client: str) -> PlacedOrder | None:
        symbol, order_id = parameters.text("symbol"), parameters.integer(name)
        client_id = parameters.optional(client)
        if order_id is None and not client_id:
            raise Refusal(-1102, f"Param '{client}' or '{name}' must be sent, but both were empty/null!")
        # Of several orders that have had one client order id the newest counts.
        for one in reversed(account.orders.values()):
            if one.symbol == symbol and order_id in (None, one.order_id) and client_id in ("", one.client_order_id):
                return one
        return None


def _replaced(outcome: dict[str, Any]) -> dict[str, Any]:
    failed = [outcome["cancelResult"] != "SUCCESS", outcome["newOrderResult"] != "SUCCESS"]
    if all(failed):
        raise Refusal(-2022, "Order cancel-replace failed.", 400, outcome)
    if any(failed):
        raise Refusal(-2021, "Order cancel-replace partially failed.", 409, outcome)
    return outcome


def _is_within(parameters: Parameters, time_ms: int) -> bool:
    start, end = parameters.integer("startTime"), parameters.integer("endTime")
    return (start is None or time_ms >= start) and (end is None or time_ms <= end)


def _page(parameters: Parameters, rows: list[RowT], from_oldest: bool) -> list[RowT]:
    limit = min(_MOST_ROWS, parameters.integer("limit") or _USUAL_ROWS)
    return rows[:limit] if from_oldest or "startTime" in parameters else rows[-limit:]
