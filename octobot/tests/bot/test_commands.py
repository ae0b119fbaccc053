# SPDX-License-Identifier: Apache-2.0
"""`octobot run` as a process, and the commands that ask it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_RUN = ("run", "--start", "2020-01-01", "--end", "2020-12-31")
#: A recorded hour in a hundredth of a second: a year takes a minute and a half.
_SLOWLY = ("--speed", "360000")


class Home:
    """A user's folder, and what is run there."""

    def __init__(self, path: Path) -> None:
        self.environment = {**os.environ, "OCTOBOT_HOME": str(path)}
        self.path = path
        self.started: list[subprocess.Popen[str]] = []

    def octobot(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "octobot", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a bot; returns once it is running."""
        command = [sys.executable, "-m", "octobot", *arguments]
        pipe = subprocess.PIPE
        bot = subprocess.Popen(command, env=self.environment, stdout=pipe, stderr=pipe, text=True)
        self.started.append(bot)
        while bot.poll() is None and '"running"' not in self.octobot("status", "--json").stdout:
            pass
        return bot

    def status(self) -> Any:
        return json.loads(self.octobot("status", "--json").stdout)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    for bot in home.started:
        if bot.poll() is None:
            bot.kill()
        bot.communicate()


def test_a_run_ends_with_the_summary_and_is_kept(home: Home) -> None:
    done = home.octobot(*_RUN, "--log-json", "--report", str(home.path / "report"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"Profit +[+-]\d", done.stdout)
    assert (home.path / "report" / "report.html").exists()
    run = re.search(r"^Run +(\w+)", done.stdout, re.MULTILINE)
    assert run is not None
    assert run[1] in home.octobot("runs", "list").stdout
    lines = [json.loads(line) for line in (home.path / "logs" / "bot.log").read_text().splitlines()]
    assert lines[0]["message"] == "the bot is running"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0]["time"])
    assert list((home.path / "run").iterdir()) == []


def test_a_running_bot_is_asked_paused_and_stopped(home: Home) -> None:
    bot = home.start(*_RUN, *_SLOWLY)
    shown = home.octobot("status").stdout
    assert re.search(r"State +running", shown)
    assert re.search(r"worth +\d.* USDT", shown)
    assert "a bot named bot is running" in home.octobot(*_RUN).stderr
    assert "paused" in home.octobot("pause").stdout
    assert home.status()["state"] == "paused"
    assert "running" in home.octobot("resume").stdout
    threads = len(os.listdir(f"/proc/{bot.pid}/task")) if Path("/proc").exists() else 1
    assert threads <= 3, "the event loop, the storage writer, and one that a library forces"
    assert "stopping" in home.octobot("stop", "--flatten").stdout
    out, err = bot.communicate(timeout=60)
    assert bot.returncode == 0, err
    assert "Profit" in out
    assert "not done at the end" not in err
    assert home.octobot("status").returncode == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_good_order(home: Home, number: signal.Signals) -> None:
    bot = home.start(*_RUN, *_SLOWLY)
    bot.send_signal(number)
    out, err = bot.communicate(timeout=60)
    assert bot.returncode == 0, err
    assert "Profit" in out


def test_a_killed_bot_is_in_nobody_s_way(home: Home) -> None:
    bot = home.start(*_RUN, *_SLOWLY)
    bot.kill()
    bot.wait()
    asked = home.octobot("status")
    assert (asked.returncode, asked.stdout) == (4, "")
    assert "octobot run" in asked.stderr
    assert home.octobot(*_RUN).returncode == 0


@pytest.mark.parametrize("speed", ["0", "-5", "fast", "nan"])
def test_a_speed_that_is_none_is_named(home: Home, speed: str) -> None:
    done = home.octobot("run", "--speed", speed)
    assert done.returncode == 2
    assert "is no speed" in done.stderr
