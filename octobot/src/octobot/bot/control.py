# SPDX-License-Identifier: Apache-2.0
"""The endpoint through which a running bot is asked: JSON over HTTP, for the user of this machine alone."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from octobot.bot.client import is_answering
from octobot.bot.places import Door, Place
from octobot_commons.bot import Bot
from octobot_commons.errors import ConfigurationError, EnvironmentFault
from octobot_commons.secrets import redact


class Control:
    """Answers for a bot at its place; an async context manager.

    Raises:
        ConfigurationError: another bot of this name is running.
        EnvironmentFault: the place cannot be used.
    """

    def __init__(self, bot: Bot, place: Place) -> None:
        self._bot = bot
        self._place = place
        self._door: Door | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        place = self._place
        if await asyncio.to_thread(is_answering, place):
            remedy = "stop it with `octobot stop`, or give this one another --name"
            raise ConfigurationError(f"a bot named {place.name} is running", field="--name", remedy=remedy)
        app = web.Application(middlewares=[self._admitted])
        app.router.add_get("/status", self._status)
        for name in ("pause", "resume", "stop"):
            app.router.add_post(f"/{name}", self._command(name))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        try:
            place.prepare()
            place.forget()  # what a bot has left that was killed
            await self._runner.setup()
            await self._listen(self._runner)
        except OSError as error:
            await self._runner.cleanup()
            remedy = "see that the folder can be written, or set OCTOBOT_HOME to another one"
            raise EnvironmentFault(f"the bot cannot be reached there: {error}", file=place.socket_path, remedy=remedy) \
                from error  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()
        self._place.forget()

    async def _listen(self, runner: web.AppRunner) -> None:
        if self._place.uses_socket:
            await web.UnixSite(runner, str(self._place.socket_path)).start()
            self._place.socket_path.chmod(0o600)
            return
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._door = self._place.write_door(runner.addresses[0][1])

    @web.middleware
    async def _admitted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self._door is not None:
            given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
            if not hmac.compare_digest(given, f"Bearer {self._door.token}".encode()):
                return web.json_response({"error": "the token is missing or wrong"}, status=401)
        response: web.StreamResponse = await handler(request)
        if isinstance(response, web.Response) and response.text is not None:
            response.text = redact(response.text)
        return response

    async def _status(self, request: web.Request) -> web.Response:
        return web.json_response(self._bot.status())

    def _command(self, name: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            command, flags = getattr(self._bot, name), {}
            if name == "stop":
                flags = {flag: request.query.get(flag) == "true" for flag in ("cancel", "flatten")}
            command(**flags)
            return web.json_response(self._bot.status())

        return handle
