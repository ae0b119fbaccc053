# SPDX-License-Identifier: Apache-2.0
"""The engines that are compared, and the interpreter of each."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / ".bench"
ENGINES = Path(__file__).parent / "engines"

sys.path.append(str(ROOT / ".ci"))
try:
    from bench_peers import PeerMissingError, python_with
except ModuleNotFoundError:  # in an sdist, which lacks the repository's own tools

    class PeerMissingError(Exception):
        pass

    def python_with(requirement: str) -> Path:
        raise PeerMissingError(f"only a clone of the repository installs {requirement}")


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
    return python_with(engine.requirement)
