# SPDX-License-Identifier: Apache-2.0
"""Answers with rows of data, good ones and those that a fault makes of them."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from aiohttp import web

from octobot_trading.testing.binance.faults import Fault

_BUSY_SECONDS = 7


class FaultyAnswers:
    """Answers, one fault at a time."""

    def __init__(self) -> None:
        #: Set once a request is not answered, which threads can wait for.
        self.held = threading.Event()
        self._held: set[asyncio.Event] = set()

    def release(self) -> None:
        """Answer whoever was not answered yet."""
        for held in self._held:
            held.set()
        self._held.clear()

    async def hold(self) -> None:
        """Wait until the test releases what is held."""
        held = asyncio.Event()
        self._held.add(held)
        self.held.set()
        await held.wait()

    async def answer(self, request: web.Request, rows: list[Any], fault: Fault | None) -> web.StreamResponse:
        """The answer to a request for rows."""
        refusal = _refusal(fault)
        if refusal is not None:
            return refusal
        if fault in (Fault.SILENT, Fault.SLOW):
            await self.hold()
        body = json.dumps(_changed(rows, fault)).encode()
        if fault is Fault.HALF_JSON:
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        if fault in (Fault.CLOSED, Fault.CUT):
            return await _broken(request, body, fault)
        return web.Response(body=body, content_type="application/json")


def error(code: int, message: str, status: int = 400, headers: dict[str, str] | None = None) -> web.Response:
    """An error as Binance tells it."""
    return web.json_response({"code": code, "msg": message}, status=status, headers=headers)


def _refusal(fault: Fault | None) -> web.Response | None:
    if fault is Fault.UNAVAILABLE:
        return web.Response(status=502, text="<html><body>502 Bad Gateway</body></html>", content_type="text/html")
    if fault is Fault.BUSY:
        return error(-1003, "Too many requests.", 429, {"Retry-After": str(_BUSY_SECONDS)})
    if fault is Fault.TOO_MANY:
        return error(-1003, "Too many requests; current limit of IP is 6000 requests per minute.")
    if fault is Fault.REFUSED:
        return error(0, "Service unavailable from a restricted location according to 'b. Eligibility'.", 451)
    return None


def _changed(rows: list[Any], fault: Fault | None) -> list[Any]:
    if fault is Fault.SHUFFLED:
        return rows[::2][::-1] + rows[1::2]
    if fault is Fault.OVERLAPPING:
        return [*rows, *rows[-1:]]
    return rows[:3] if fault is Fault.SHORT else rows


async def _broken(request: web.Request, body: bytes, fault: Fault) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(len(body)), "Content-Type": "application/json"})
    if fault is Fault.CUT:
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response
