# SPDX-License-Identifier: Apache-2.0
"""What is known of a run: at its beginning, at its end, and what is read from the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from octobot_trading.personal_data.trades.fill import Fill


class RunKind(StrEnum):
    """Where its orders went."""

    BACKTEST = "backtest"
    PAPER = "paper"
    LIVE = "live"


class RunStatus(StrEnum):
    """How far it is. KILLED is never stored: its process has ended without a word."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known before the first order.

    Attributes:
        name: the profile's.
        started_time: of the clock on the wall, in Unix seconds.
        settings: what the run is made with; JSON values.
        code: as ``code_hashes`` tells it.
        inputs: as in ``BacktestResult``; empty for a live run.
        candles: what has to be found again for a report, as ``describe_candles`` tells it.
    """

    kind: RunKind
    name: str
    started_time: float
    seed: int
    settings: dict[str, Any]
    code: dict[str, Any]
    reference_market: str
    starting_portfolio: dict[str, Decimal]
    inputs: list[dict[str, Any]] = field(default_factory=list)
    candles: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What came of it. ``figures`` is a ``Summary.to_dict()`` without its closed trades."""

    ended_time: float
    final_portfolio: dict[str, Decimal]
    figures: dict[str, Any]
    note_counts: dict[str, int] = field(default_factory=dict)
    timings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunLine:
    """One line of a list of runs; what has not ended has neither figures nor ``ended_time``."""

    id: str
    kind: RunKind
    name: str
    status: RunStatus
    started_time: float
    ended_time: float | None
    symbols: tuple[str, ...]
    orders: int
    fills: int
    figures: dict[str, Any] | None
    settings_sha256: str


@dataclass(frozen=True, slots=True)
class StoredRun:
    """Everything kept of a run. ``causal_records`` has one entry per order, None where there is none."""

    id: str
    status: RunStatus
    error: str | None
    settings_sha256: str
    start: RunStart
    end: RunEnd | None
    orders: list[dict[str, Any]]
    fills: list[Fill]
    causal_records: list[Any]
