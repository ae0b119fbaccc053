# SPDX-License-Identifier: Apache-2.0
"""Runs the other engines in environments of their own, and keeps what they said.

python octobot/tests/differential/peers.py    makes the recorded results anew
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[2]
sys.path[:0] = [str(FOLDER), str(ROOT / ".ci")]

from bench_peers import PeerMissingError, python_with  # noqa: E402
from cases import CASH, FEE, QUICK, Case, Decision  # noqa: E402

from octobot_commons.time_frame_manager import get_seconds  # noqa: E402
from octobot_trading.history import CandleSeries  # noqa: E402

__all__ = ["ENGINES", "Engine", "PeerMissingError", "recorded_file", "run_peer"]


@dataclass(frozen=True)
class Engine:
    """One that is compared with."""

    name: str
    requirement: str
    script: str


ENGINES = (
    Engine("backtesting.py", "backtesting==0.6.6", "backtesting_py.py"),
    Engine("basana", "basana==1.11", "basana_orders.py"),
)


def run_peer(engine: Engine, series: CandleSeries, decisions: list[Decision]) -> dict[str, Any]:
    """What an engine makes of the decisions.

    Raises:
        PeerMissingError: it cannot be installed.
    """
    python = python_with(engine.requirement)
    with tempfile.TemporaryDirectory() as folder:
        candles, orders = Path(folder, "candles.csv"), Path(folder, "decisions.json")
        rows = zip(*(column.tolist() for column in series.columns()), strict=True)
        lines = [f"{round(row[0] * 1000)},{','.join(repr(value) for value in row[1:])}" for row in rows]
        candles.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
        orders.write_text(json.dumps([(one.row, one.side, one.quantity) for one in decisions]))
        command = [python, FOLDER / "engines" / engine.script, candles, orders, str(CASH), FEE]
        if engine.name == "basana":
            command.append(str(get_seconds(series.time_frame)))
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def recorded_file(case: Case) -> Path:
    """Where the answers of all engines to a case are kept."""
    return FOLDER / "recorded" / f"{case.name}.json"


def main() -> None:
    """Record the cases that are compared without the other engines."""
    for case in QUICK:
        series = case.series()
        if series is None:
            print(f"{case.name}: the candles are not at hand")
            continue
        decisions = case.decisions(series)
        answers = {engine.name: run_peer(engine, series, decisions) for engine in ENGINES}
        recorded_file(case).write_text(json.dumps(answers) + "\n")
        print(f"{case.name}: {len(series)} candles, {len(decisions)} orders")


if __name__ == "__main__":
    main()
