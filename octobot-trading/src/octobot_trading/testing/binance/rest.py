# SPDX-License-Identifier: Apache-2.0
"""From an HTTP request to an operation and back: keys, signatures, limits, and what is made to go wrong."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from octobot_trading.testing.binance.answers import FaultyAnswers, error
from octobot_trading.testing.binance.faults import Faults, RequestFault
from octobot_trading.testing.binance.keys import check_signature, check_time, signed_payload
from octobot_trading.testing.binance.limits import OrderCounts
from octobot_trading.testing.binance.operations import Call, Operation, Operations, Security, account_of
from octobot_trading.testing.binance.parameters import Parameters, Refusal
from octobot_trading.testing.binance.venue import Venue

_TIMEOUT = (-1007, "Timeout waiting for response from backend server. Send status unknown; execution status unknown.")
_UNEXPECTED = (-1006, "An unexpected response was received from the message bus. Execution status unknown.")
_PAGE = "<html><body>502 Bad Gateway</body></html>"
_RETRY = {"Retry-After": "7"}
_NOT_CARRIED_OUT = {
    RequestFault.TIMEOUT: (*_TIMEOUT, 503),
    RequestFault.UNEXPECTED: (*_UNEXPECTED, 503),
    RequestFault.BUSY: (-1003, "Too many requests.", 429),
    RequestFault.BANNED: (-1003, "Way too much request weight used; IP banned.", 418),
    RequestFault.NOT_VISIBLE: (-2013, "Order does not exist.", 400),
}
_CARRIED_OUT = {RequestFault.TIMEOUT_DONE: _TIMEOUT, RequestFault.UNEXPECTED_DONE: _UNEXPECTED}

#: The names that operations have in the websocket API.
_SOCKET_METHODS = {
    "depth": "GET /api/v3/depth",
    "ticker.price": "GET /api/v3/ticker/price",
    "ticker.book": "GET /api/v3/ticker/bookTicker",
    "order.place": "POST /api/v3/order",
    "order.test": "POST /api/v3/order/test",
    "order.status": "GET /api/v3/order",
    "order.cancel": "DELETE /api/v3/order",
    "order.cancelReplace": "POST /api/v3/order/cancelReplace",
    "openOrders.status": "GET /api/v3/openOrders",
    "openOrders.cancelAll": "DELETE /api/v3/openOrders",
    "allOrders": "GET /api/v3/allOrders",
    "myTrades": "GET /api/v3/myTrades",
    "account.status": "GET /api/v3/account",
}


class Rest:
    """Carries requests out, one fault at a time."""

    def __init__(
        self, venue: Venue, operations: Operations, faults: Faults, answers: FaultyAnswers, counts: OrderCounts
    ) -> None:
        self._venue = venue
        self._operations = operations
        self._faults = faults
        self._answers = answers
        self._counts = counts

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """One for each operation."""
        for name in self._operations:
            method, path = name.split()
            router.add_route(method, path, self._handle)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.path}"
        body = await request.text()
        fault = self._faults.take(RequestFault, name)
        if fault is RequestFault.REQUEST_HELD:
            await self._answers.hold()
        failed = _failed(request, fault)
        if failed is not None:
            return failed
        response = await self._carry_out(name, request, body)
        if fault is RequestFault.REPLY_DROPPED:
            return _dropped(request)
        if fault is RequestFault.REPLY_HELD:
            await self._answers.hold()
        if fault in _CARRIED_OUT:
            return error(*_CARRIED_OUT[fault], 503)
        return response

    async def _carry_out(self, name: str, request: web.Request, body: str) -> web.Response:
        operation = self._operations[name]
        try:
            answer = await self._answer(operation, request, body)
        except Refusal as refusal:
            response = web.json_response(refusal.body, status=refusal.status)
        else:
            response = web.json_response(answer)
        if operation.is_order:
            response.headers.update(self._counts.headers)
        return response

    async def _answer(self, operation: Operation, request: web.Request, body: str) -> Any:
        query = request.rel_url.raw_query_string
        parameters = Parameters.of_text(query, body)
        account = account_of(self._venue.accounts, request.headers.get("X-MBX-APIKEY", ""), operation.security)
        if account is not None and operation.security is not Security.KEY:
            check_signature(account.key, signed_payload(query, body), parameters.optional("signature"))
            check_time(parameters, self._venue.now_ms())
        if operation.is_order and not self._counts.take():
            raise Refusal(-1015, "Too many new orders; current limit is 100 orders per TEN_SECONDS.", 429)
        return await operation.handler(Call(parameters, account))


class SocketRequests:
    """The same operations through the websocket API, whose requests carry their key as a parameter."""

    def __init__(self, venue: Venue, operations: Operations) -> None:
        self._venue = venue
        self._operations = operations

    async def answer(self, method: str, parameters: Parameters) -> Any:
        """The result of a request."""
        operation = self._operations.get(_SOCKET_METHODS.get(method, ""))
        if operation is None:
            raise Refusal(-1125, f"Unknown method '{method}'.")
        return await operation.handler(Call(parameters, self.account(parameters, operation.security)))

    def account(self, parameters: Parameters, security: Security) -> Any:
        """Whose request it is."""
        account = account_of(self._venue.accounts, parameters.optional("apiKey"), security)
        if account is not None and security is not Security.KEY:
            sent = sorted(item for item in parameters.values.items() if item[0] != "signature")
            payload = "&".join(f"{name}={value}" for name, value in sent)
            check_signature(account.key, payload, parameters.optional("signature"))
            check_time(parameters, self._venue.now_ms())
        return account


def socket_parameters(values: dict[str, Any]) -> Parameters:
    """The parameters of a websocket request, which may be numbers and lists."""
    return Parameters({name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()})


def _failed(request: web.Request, fault: RequestFault | None) -> web.StreamResponse | None:
    """The answer to a request that is not carried out, None to one that is."""
    if fault is RequestFault.REQUEST_DROPPED:
        return _dropped(request)
    if fault is RequestFault.UNAVAILABLE:
        return web.Response(status=502, text=_PAGE, content_type="text/html")
    if fault in _NOT_CARRIED_OUT:
        code, message, status = _NOT_CARRIED_OUT[fault]
        return error(code, message, status, _RETRY if status in (418, 429) else None)
    return None


def _dropped(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
