# SPDX-License-Identifier: Apache-2.0
"""Which evaluations belong to which strategy's cycle.

Each evaluator registers its cells: the places of the matrix it is going to write. Each strategy watches: for every
symbol it gets one ``Cycle`` of the cells it waits for. An evaluator keeps the list of links of each of its cells, so a
note reaches its cycles without any search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from octobot_evaluators.matrix._cycle import Cycle


class Cell(NamedTuple):
    """A place of the matrix: the path of a value, with None for absent parts."""

    exchange_name: str | None
    evaluator_type: str
    evaluator_name: str
    cryptocurrency: str | None
    symbol: str | None
    time_frame: str | None

    @property
    def path(self) -> list[str]:
        """The parts that are present."""
        return [part for part in self if part is not None]

    @property
    def place(self) -> Place:
        """What the cell is about."""
        return (self.exchange_name, self.cryptocurrency, self.symbol)


Place = tuple[str | None, str | None, str | None]


@dataclass(slots=True, eq=False)
class CycleWatcher:
    """Somebody who waits for full cycles of some evaluator types on some time frames."""

    exchange_name: str | None
    evaluator_types: Container[str]
    cryptocurrencies: Container[str]
    symbols: Container[str]
    time_frames: Container[str]
    #: Called with the payload of the note that completed a cycle.
    deliver: Callable[[dict[str, Any]], None]
    #: Called with a cell whose note was taken back, of these types or those whose notes are passed on at once.
    lost: Callable[[Cell], None] = lambda cell: None
    types_at_once: Container[str] = ()
    cycles: dict[Place, Cycle] = field(default_factory=dict)

    def waits_for(self, cell: Cell) -> bool:
        """Whether the cell belongs to one of this watcher's cycles."""
        return (
            cell.evaluator_type in self.evaluator_types
            and self._is_about(cell)
            and (cell.time_frame is None or cell.time_frame in self.time_frames)
        )

    def concludes_from(self, cell: Cell) -> bool:
        """Whether the cell's notes may be part of its conclusions."""
        return self.waits_for(cell) or (cell.evaluator_type in self.types_at_once and self._is_about(cell))

    def _is_about(self, cell: Cell) -> bool:
        return (
            cell.exchange_name == self.exchange_name
            and (cell.cryptocurrency is None or cell.cryptocurrency in self.cryptocurrencies)
            and (cell.symbol is None or cell.symbol in self.symbols)
        )


#: A cell's slot in the cycle of a watcher. A plain tuple: it is unpacked for every note.
Link = tuple[Cycle, int, CycleWatcher]


class CycleRegistry:
    """The registered cells, who writes them, and the cycles they belong to."""

    def __init__(
        self,
        allowed_delta: float,
        durations: Mapping[str, float | None],
        last_eval_time: Callable[[Cell], float | None],
    ) -> None:
        self._allowed_delta = allowed_delta
        self._durations = durations
        self._last_eval_time = last_eval_time
        self._owners: dict[tuple[str, Place], dict[Cell, Any]] = {}
        self._links: dict[Cell, list[Link]] = {}
        self._watchers: list[CycleWatcher] = []

    def register(self, owner: Any, cells: Iterable[Cell]) -> None:
        """``owner`` is going to write these cells: cycles stay open until it did."""
        for cell in cells:
            owners = self._owners.setdefault((cell.evaluator_type, cell.place), {})
            is_new = cell not in owners
            owners[cell] = owner
            if is_new:
                for watcher in self._watchers:
                    self._link(watcher, cell)

    def unregister(self, owner: Any) -> None:
        """Nobody waits for the cells of ``owner`` any more."""
        for owners in self._owners.values():
            for cell in [cell for cell, its_owner in owners.items() if its_owner is owner]:
                del owners[cell]
                links = self.links(cell)
                for cycle, slot, _ in links:
                    cycle.remove(slot)
                links.clear()

    def watch(self, watcher: CycleWatcher) -> None:
        """Tell ``watcher`` of complete cycles from now on."""
        self._watchers.append(watcher)
        for owners in self._owners.values():
            for cell in owners:
                self._link(watcher, cell)

    def unwatch(self, watcher: CycleWatcher) -> None:
        """Tell ``watcher`` nothing any more."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)
        for links in self._links.values():
            links[:] = [link for link in links if link[2] is not watcher]

    def links(self, cell: Cell) -> list[Link]:
        """The cycles of a cell: always the same list, changed in place when strategies come and go."""
        return self._links.setdefault(cell, [])

    def owners(self, evaluator_type: str, place: Place, time_frames: Iterable[str]) -> list[tuple[Any, Cell]]:
        """Who writes the cells of this type at this place, by time frame in the given order, then as registered."""
        owners = self._owners.get((evaluator_type, place), {})
        return [
            (owner, cell)
            for time_frame in dict.fromkeys(time_frames)
            for cell, owner in owners.items()
            if cell.time_frame == time_frame
        ]

    def lost(self, cell: Cell) -> None:
        """A note was taken back: what was concluded from it does not count any more."""
        for watcher in self._watchers:
            if watcher.concludes_from(cell):
                watcher.lost(cell)

    def expect(self, cells: Iterable[Cell]) -> None:
        """Open the cycles of these cells again until each cell was evaluated once more."""
        slots: dict[Cycle, list[int]] = {}
        for cell in cells:
            for cycle, slot, _ in self.links(cell):
                slots.setdefault(cycle, []).append(slot)
        for cycle, its_slots in slots.items():
            cycle.expect(its_slots)

    def _link(self, watcher: CycleWatcher, cell: Cell) -> None:
        if not watcher.waits_for(cell):
            return
        cycle = watcher.cycles.get(cell.place)
        if cycle is None:
            cycle = watcher.cycles[cell.place] = Cycle(self._allowed_delta)
        eval_time = self._last_eval_time(cell)
        seconds = math.inf if cell.time_frame is None else self._durations.get(cell.time_frame, math.inf)
        slot = cycle.add(seconds, -math.inf if eval_time is None else eval_time)
        self.links(cell).append((cycle, slot, watcher))
