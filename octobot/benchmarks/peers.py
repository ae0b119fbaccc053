# SPDX-License-Identifier: Apache-2.0
"""The engines that are compared, and the virtual environments that they are installed into on first use."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"
ENGINES = Path(__file__).parent / "engines"
#: Some peers need it, and all are given the same.
PEER_PYTHON = "3.12"


@dataclass(frozen=True)
class Engine:
    """``requirement`` None: runs in the environment of this benchmark. ``reason``: why it is not run at all."""

    name: str
    script: str = ""
    requirement: str | None = None
    needs_dates: bool = False
    is_default: bool = True
    reason: str | None = None


OURS = Engine("OctoBot 3", "octobot_ema_cross.py")
ENGINES_BY_ORDER = (
    OURS,
    Engine("plain Python loop, no engine", "plain_loop.py"),
    Engine("basana 1.11", "basana_ema_cross.py", "basana==1.11", needs_dates=True),
    Engine("backtesting.py 0.6.6", "backtesting_py_ema_cross.py", "backtesting==0.6.6"),
    Engine("backtrader 1.9.78", "backtrader_ema_cross.py", "backtrader==1.9.78.123", is_default=False),
    Engine("vectorbt 1.2", "vectorbt_ema_cross.py", "vectorbt==1.2.0", is_default=False),
    Engine(
        "OctoBot 2.1.1",
        reason="its release downloads its evaluators from its makers' server; from the package index alone it has"
        " nothing to run",
    ),
)


class PeerMissingError(Exception):
    """A peer cannot be installed; the message is the installer's last word."""


def selected() -> list[Engine]:
    """The default engines, all of them with PEERS=all."""
    wants_all = os.environ.get("PEERS", "") == "all"
    return [engine for engine in ENGINES_BY_ORDER if engine.is_default or wants_all]


def python_of(engine: Engine) -> Path:
    """The interpreter that runs an engine, its environment made when there is none yet.

    Raises:
        PeerMissingError: it cannot be installed.
    """
    if engine.requirement is None:
        return Path(sys.executable)
    folder = BENCH / engine.requirement.partition("==")[0]
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if stamp.exists() and stamp.read_text() == engine.requirement:
        return python
    print(f"installing {engine.requirement} into {folder.relative_to(ROOT)}", file=sys.stderr)
    _call([_base_python(), "-m", "venv", folder])
    _call([python, "-m", "pip", "-q", "--disable-pip-version-check", "install", engine.requirement])
    stamp.write_text(engine.requirement)
    return python


def _base_python() -> Path:
    found = sorted((Path.home() / ".pyenv" / "versions").glob(f"{PEER_PYTHON}*/bin/python"))
    return found[-1] if found else Path(sys.executable)


def _call(command: list[str | Path]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissingError(str(error)) from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise PeerMissingError((errors or ["no message"])[-1][:200])
