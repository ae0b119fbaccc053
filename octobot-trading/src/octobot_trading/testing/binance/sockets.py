# SPDX-License-Identifier: Apache-2.0
"""The websocket endpoints: market streams, an account's stream by its listen key, and the websocket API."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

from aiohttp import WSMsgType, web

from octobot_trading.testing.binance.limits import RequestWeights
from octobot_trading.testing.binance.operations import Security
from octobot_trading.testing.binance.parameters import Refusal
from octobot_trading.testing.binance.rest import SocketRequests, socket_parameters
from octobot_trading.testing.binance.streams import Listener, Streams
from octobot_trading.testing.binance.wallet_operations import WalletOperations

Answer: TypeAlias = Callable[[Listener, dict[str, Any]], Awaitable[None]]


class Sockets:
    """Takes connections and answers what they ask."""

    def __init__(
        self, streams: Streams, wallet: WalletOperations, requests: SocketRequests, weights: RequestWeights
    ) -> None:
        self._streams = streams
        self._wallet = wallet
        self._requests = requests
        self._weights = weights
        self._last_subscription = -1

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Those of all endpoints."""
        router.add_get("/ws", self._raw)
        router.add_get("/ws/{names:.*}", self._raw)
        router.add_get("/stream", self._combined)
        router.add_get("/ws-api/v3", self._api)

    async def _raw(self, request: web.Request) -> web.WebSocketResponse:
        return await self._serve(request, request.match_info.get("names", ""), False, self._answer_stream)

    async def _combined(self, request: web.Request) -> web.WebSocketResponse:
        return await self._serve(request, request.query.get("streams", ""), True, self._answer_stream)

    async def _api(self, request: web.Request) -> web.WebSocketResponse:
        return await self._serve(request, "", False, self._answer_api)

    async def _serve(
        self, request: web.Request, names: str, is_combined: bool, answer: Answer
    ) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, timeout=0.1)
        await socket.prepare(request)
        assert request.transport is not None
        listener = Listener(socket, request.transport, is_combined)
        self._subscribe(listener, names.split("/"))
        self._streams.listeners.add(listener)
        await self._streams.tell_change()
        writer = asyncio.create_task(listener.write())
        try:
            await self._read(socket, listener, answer)
        finally:
            self._streams.listeners.discard(listener)
            writer.cancel()
            with suppress(asyncio.CancelledError):
                await writer
        return socket

    async def _read(self, socket: web.WebSocketResponse, listener: Listener, answer: Answer) -> None:
        async for message in socket:
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                self._streams.pongs += 1
            elif message.type is WSMsgType.TEXT:
                await answer(listener, json.loads(message.data))
            await self._streams.tell_change()

    def _subscribe(self, listener: Listener, names: list[str]) -> None:
        for name in names:
            if name in self._wallet.listen_keys:
                listener.accounts[-1] = self._wallet.listen_keys[name]
            elif "@" in name:
                listener.names[name] = None

    async def _answer_stream(self, listener: Listener, asked: dict[str, Any]) -> None:
        method, number = asked.get("method"), asked.get("id")
        names = asked.get("params") or []
        result: Any = None
        if method == "SUBSCRIBE":
            self._subscribe(listener, names)
        elif method == "UNSUBSCRIBE":
            for name in names:
                listener.names.pop(name, None)
        elif method == "LIST_SUBSCRIPTIONS":
            result = list(listener.names)
        else:
            listener.send({"error": {"code": 2, "msg": f"Invalid request: unknown method {method}"}, "id": number})
            return
        listener.send({"result": result, "id": number})

    async def _answer_api(self, listener: Listener, asked: dict[str, Any]) -> None:
        told: dict[str, Any] = {"id": asked.get("id")}
        try:
            told |= {"status": 200, "result": await self._result(listener, asked)}
        except Refusal as refusal:
            told |= {"status": refusal.status, "error": refusal.body}
        self._weights.take(2)
        limits = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1}
        listener.send(told | {"rateLimits": [limits | {"limit": self._weights.limit, "count": self._weights.used}]})

    async def _result(self, listener: Listener, asked: dict[str, Any]) -> Any:
        method, parameters = str(asked.get("method")), socket_parameters(asked.get("params") or {})
        if method == "userDataStream.subscribe.signature":
            account = self._requests.account(parameters, Security.SIGNED)
            self._last_subscription += 1
            listener.accounts[self._last_subscription] = account
            return {"subscriptionId": self._last_subscription}
        if method == "userDataStream.unsubscribe":
            number = parameters.integer("subscriptionId")
            for one in [one for one in listener.accounts if number in (None, one)]:
                del listener.accounts[one]
            return {}
        return await self._requests.answer(method, parameters)
