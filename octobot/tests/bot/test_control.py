# SPDX-License-Identifier: Apache-2.0
"""A running bot is asked through a socket of its user, or a port that wants a token."""

from __future__ import annotations

import asyncio
import json
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="pip install octobot-trading[ccxt]")

from octobot.bot.client import ask_bot, is_answering
from octobot.bot.control import Control
from octobot.bot.places import Place
from octobot_commons.errors import ConfigurationError, EnvironmentFault
from octobot_commons.secrets import Secret


class RecordingBot:
    """Keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def status(self) -> dict[str, Any]:
        return {"state": "running", "asked": len(self.asked)}

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def stop(self, *, cancel: bool = False, flatten: bool = False) -> None:
        self.asked.append(("stop", cancel, flatten))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path))
    return tmp_path


def _place(tmp_path: Path, uses_socket: bool, monkeypatch: pytest.MonkeyPatch) -> Place:
    # The path of a socket must be short, which pytest's folders are not always.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OCTOBOT_HOME", ".")
    return Place("bot", uses_socket)


@pytest.mark.parametrize("uses_socket", [True, False])
async def test_a_bot_is_asked(tmp_path: Path, uses_socket: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    place, bot = _place(tmp_path, uses_socket, monkeypatch), RecordingBot()
    async with Control(bot, place):
        for command, flags in (("pause", {}), ("resume", {}), ("stop", {}), ("stop", {"flatten": True})):
            answer = await asyncio.to_thread(ask_bot, place, command, **flags)
        assert answer == {"state": "running", "asked": 4}
        assert (await asyncio.to_thread(ask_bot, place, "status"))["state"] == "running"
        path = place.socket_path if uses_socket else place.door_path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        with pytest.raises(EnvironmentFault, match="404"):
            await asyncio.to_thread(ask_bot, place, "sing")
    assert bot.asked == ["pause", "resume", ("stop", False, False), ("stop", False, True)]
    assert not path.exists()
    with pytest.raises(ConfigurationError, match=r"no bot named bot is running.*octobot run"):
        ask_bot(place, "status")


@pytest.mark.parametrize("uses_socket", [True, False])
async def test_no_two_bots_have_one_name(tmp_path: Path, uses_socket: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    place = _place(tmp_path, uses_socket, monkeypatch)
    async with Control(RecordingBot(), place):
        with pytest.raises(ConfigurationError, match=r"a bot named bot is running.*--name"):
            await Control(RecordingBot(), place).__aenter__()
        assert await asyncio.to_thread(is_answering, place)


@pytest.mark.parametrize("uses_socket", [True, False])
async def test_what_a_killed_bot_has_left_is_in_nobody_s_way(
    tmp_path: Path, uses_socket: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _place(tmp_path, uses_socket, monkeypatch)
    async with Control(RecordingBot(), place):
        left = place.door_path.read_bytes() if not uses_socket else b""
    if uses_socket:
        import socket

        place.prepare()
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(place.socket_path))
    else:
        place.door_path.write_bytes(left)
    with pytest.raises(ConfigurationError):
        ask_bot(place, "status")
    async with Control(RecordingBot(), place):
        assert await asyncio.to_thread(is_answering, place)


async def test_a_port_asks_for_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, bot = _place(tmp_path, False, monkeypatch), RecordingBot()
    async with Control(bot, place):
        port = json.loads(place.door_path.read_text())["port"]

        def ask(headers: dict[str, str]) -> int:
            request = urllib.request.Request(f"http://127.0.0.1:{port}/stop", method="POST", headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=5) as response:
                    return int(response.status)
            except urllib.error.HTTPError as error:
                error.close()
                return error.code

        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer \xe4"}):
            assert await asyncio.to_thread(ask, headers) == 401
    assert bot.asked == []


def test_a_deep_folder_gets_a_port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / ("x" * 120)))
    assert not Place("bot").uses_socket


@pytest.mark.parametrize("name", ["", "../bot", "a/b", "a b", "."])
def test_a_name_that_would_be_a_path_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="--name"):
        Place(name)


async def test_an_answer_has_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("answered-canary-77")
    place, bot = _place(tmp_path, True, monkeypatch), RecordingBot()
    monkeypatch.setattr(bot, "status", lambda: {"state": f"it said {secret.reveal()}"})
    async with Control(bot, place):
        assert await asyncio.to_thread(ask_bot, place, "status") == {"state": "it said [redacted]"}
