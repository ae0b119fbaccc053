# SPDX-License-Identifier: Apache-2.0
"""The command line in this process, and files to give it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from octobot.cli import main
from octobot_commons.configuration import installed_profiles

_HEADER = "timestamp,open,high,low,close,volume"
_HOUR = 3_600_000


class Answer(NamedTuple):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def octobot(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Answer]:
    """Run the command line in this process, with a user folder of its own."""
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))

    def run(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["octobot", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run


@pytest.fixture
def candles(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of 200 hourly candles, with rows changed or put in: {row number: text}; row 1 is the header."""

    def write(changes: dict[int, str] | None = None, *, header: str = _HEADER, name: str = "BTC_USDT-1h.csv") -> Path:
        start = 1_600_000_000_000 // _HOUR * _HOUR
        lines = [header] + [f"{start + i * _HOUR},100,101,99,100.5,3" for i in range(200)]
        for row, text in (changes or {}).items():
            lines[row - 1] = text
        path = tmp_path / name
        path.write_text("\n".join(line for line in lines if line != "-") + "\n")
        return path

    return write


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A copy of the daily trading profile that a test may damage."""
    return Path(shutil.copytree(installed_profiles()["daily_trading"], tmp_path / "mine"))
