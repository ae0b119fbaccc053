# SPDX-License-Identifier: Apache-2.0
"""Keeps everything that one run notes."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterable
from typing import Any

from async_channel import ChannelConsumerPriorityLevels
from octobot.backtesting.plan import Plan
from octobot.backtesting.result import BacktestResult
from octobot.pipeline import Pipeline
from octobot.report.jsonable import to_jsonable
from octobot.verify.records import Cell, Deal, Note, RunRecord, plain
from octobot.verify.watch import WatchedClock, WatchfulHorizon
from octobot_commons.clock import SimulatedClock
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import get_seconds
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators.channel import trigger_technical_evaluators_re_evaluation_with_updated_data
from octobot_evaluators.matrix import Note as MatrixNote
from octobot_evaluators.matrix import get_matrix
from octobot_trading.exchange_channel import get_chan

#: Told of a note before anybody reacts to it.
_FIRST = ChannelConsumerPriorityLevels.HIGH.value - 1
_LAST = ChannelConsumerPriorityLevels.OPTIONAL.value
_KINDS = frozenset(kind.value for kind in EvaluatorMatrixTypes)
_TIME_FRAMES = frozenset(TimeFrames)
_BEGUN = ("order_id", "symbol", "side", "type", "quantity", "price", "stop_price", "cause", "tag", "group_id")
_ENDED = ("status", "filled_quantity", "average_price", "cost", "fees", "reason")

#: Where a note stands in the matrix.
Place = tuple[str, ...]


class Recorder:
    """Observes one run. Notes that were written without telling anyone are found in the matrix after each candle."""

    def __init__(self, plan: Plan, allowed: Iterable[str], asks_again: bool = False) -> None:
        self._plan = plan
        self._allowed = [*allowed, *_own_folders(plan)]
        self._asks_again = asks_again
        self._notes: dict[Place, list[Note]] = {}
        self._places = 0
        self._known: dict[Place, MatrixNote | None] = {}
        self._closes = {(one.symbol, one.time_frame.value): frozenset(one.close_times.tolist()) for one in plan.series}

    def make_horizon(self, now: Callable[[], float], files: Iterable[str]) -> WatchfulHorizon:
        """Keeps what it refuses."""
        self._horizon = WatchfulHorizon(now, files, self._allowed)
        return self._horizon

    async def begin(self, pipeline: Pipeline) -> None:
        """Subscribe to all notes, and to the candles that each step of time ends with."""
        self._pipeline = pipeline
        self._manager = pipeline.exchange_manager
        self._matrix = get_matrix(pipeline.matrix_id)
        if isinstance(self._manager.clock, SimulatedClock):
            self._manager.clock.__class__ = WatchedClock
        await pipeline.matrix_channel.new_consumer(self._on_note, priority_level=_FIRST)
        candles = get_chan("OHLCV", self._manager.id)
        shortest: dict[str, TimeFrames] = {}
        for one in sorted(self._plan.series, key=lambda series: get_seconds(series.time_frame)):
            shortest.setdefault(one.symbol, one.time_frame)
        for symbol, time_frame in shortest.items():
            for callback in (self._ask_again, self._sweep) if self._asks_again else (self._sweep,):
                await candles.new_consumer(callback, symbol=symbol, time_frame=time_frame.value, priority_level=_LAST)

    async def history_is_evaluated(self) -> None:
        """What is noted at the start, of which nobody was told."""
        await self._sweep()

    def record(self, result: BacktestResult | None) -> RunRecord:
        """What came of the run; of one that broke off no orders."""
        return RunRecord(
            [(_cell_of(path), notes) for path, notes in sorted(self._notes.items())],
            [] if result is None else [_order(one) for one in result.orders],
            [] if result is None else [_fill(one.to_dict()) for one in result.fills],
            self._plan.tentacles.trading_mode.get_name(),
            list(self._horizon.refused.values()),
            list(self._horizon.outside.values()),
        )

    async def _on_note(
        self,
        evaluator_name: str,
        evaluator_type: str,
        eval_note: Any,
        eval_note_description: Any,
        eval_note_metadata: Any,
        exchange_name: str | None,
        cryptocurrency: str | None,
        symbol: str | None,
        time_frame: str | None,
        **_: Any,
    ) -> None:
        parts = (exchange_name, evaluator_type, evaluator_name, cryptocurrency, symbol, time_frame)
        path = tuple(part for part in parts if part is not None)
        node = self._matrix.find(path)
        written = None if node is None else node.note
        self._keep(path, written, eval_note, eval_note_description, eval_note_metadata)

    async def _sweep(self, **_: Any) -> None:
        """After everybody has reacted to the candles of a time."""
        for path, note in self._matrix.snapshot().items():
            if note is not self._known.get(path):
                self._keep(path, note, note.value, note.description, note.metadata)

    def _keep(self, path: Place, written: MatrixNote | None, value: Any, description: Any, metadata: Any) -> None:
        self._known[path] = written
        notes = self._notes.setdefault(path, [])
        now = self._horizon.now()
        is_first = not notes or notes[-1].time < now
        closes = self._closes.get((path[-2], path[-1]), ())
        notes.append(
            Note(
                self._places,
                now,
                None if written is None else written.time,
                plain(value),
                plain(description),
                plain(metadata),
                is_first and now in closes,
            )
        )
        self._places += 1

    async def _ask_again(self, cryptocurrency: str, symbol: str, **_: Any) -> None:
        """Who draws random numbers draws the same afterwards."""
        drawn, drawn_by_all = self._manager.random.getstate(), random.getstate()
        await trigger_technical_evaluators_re_evaluation_with_updated_data(
            self._pipeline.matrix_id,
            None,
            None,
            self._manager.exchange_name,
            cryptocurrency,
            symbol,
            self._manager.id,
            self._plan.time_frames,
        )
        self._manager.random.setstate(drawn)
        random.setstate(drawn_by_all)


def _cell_of(path: Place) -> Cell:
    start = 0 if path[0] in _KINDS else 1
    kind, evaluator, *about = path[start:]
    symbol = next((part for part in about if "/" in part), None)
    time_frame = next((part for part in about if part in _TIME_FRAMES), None)
    rest = next((part for part in about if part not in (symbol, time_frame)), None)
    return Cell(evaluator, kind, rest, symbol, time_frame)


def _order(order: dict[str, Any]) -> Deal:
    begun, ended = ({key: to_jsonable(order[key]) for key in keys} for keys in (_BEGUN, _ENDED))
    return Deal(order["symbol"], order["creation_time"], begun, order["closing_time"], ended)


def _fill(fill: dict[str, Any]) -> Deal:
    return Deal(fill["symbol"], fill["time"], to_jsonable(fill))


def _own_folders(plan: Plan) -> list[str]:
    """Where tentacles and profile keep their files: the folder of each one's package, and the profile's."""
    classes = [*plan.tentacles.evaluators, *plan.tentacles.strategies, plan.tentacles.trading_mode]
    folders = [] if plan.profile.path is None else [str(plan.profile.path)]
    for one in classes:
        module = sys.modules[one.__module__]
        if "." in one.__module__ and module.__file__ is not None:
            folders.append(os.path.dirname(module.__file__))
    return folders
