# SPDX-License-Identifier: Apache-2.0
"""The strategy cycle in plain Python, without any counter: oracle of the property tests, baseline of the benchmark."""

from __future__ import annotations

import math

from matrix_reference import month_seconds


class Cell:
    def __init__(self, seconds, eval_time):
        self.seconds = seconds
        self.eval_time = eval_time
        self.is_awaited = False

    @property
    def expiry_time(self):
        if self.eval_time == -math.inf:
            return -math.inf
        return self.eval_time + (month_seconds(self.eval_time) if self.seconds is None else self.seconds)


class Cycle:
    def __init__(self, allowed_delta=0.0):
        self.allowed_delta = allowed_delta
        self.latest_time = -math.inf
        self.cells = []
        self.is_called = False

    def __len__(self):
        return len(self._present())

    def _present(self):
        return [cell for cell in self.cells if cell is not None]

    def _is_valid(self, cell):
        return cell.expiry_time > self.latest_time + self.allowed_delta

    @property
    def is_complete(self):
        present = self._present()
        return bool(present) and all(self._is_valid(cell) and not cell.is_awaited for cell in present)

    def _advance(self, eval_time):
        if eval_time > self.latest_time + self.allowed_delta:
            self.latest_time = eval_time
            self.is_called = False
            for cell in self._present():
                cell.is_awaited = False

    def add(self, seconds=math.inf, eval_time=-math.inf):
        self.cells.append(Cell(seconds, eval_time))
        self._advance(eval_time)
        return len(self.cells) - 1

    def remove(self, slot):
        self.cells[slot] = None

    def evaluated(self, slot, eval_time, report=True):
        cell = self.cells[slot]
        if cell is None:
            return False
        cell.eval_time = eval_time
        self._advance(eval_time)
        cell.is_awaited = False
        if not report or self.is_called or not self.is_complete:
            return False
        self.is_called = True
        return True

    def invalidate(self, slot):
        cell = self.cells[slot]
        if cell is not None:
            cell.eval_time = -math.inf
            cell.is_awaited = False

    def expect(self, slots):
        for slot in slots:
            if self.cells[slot] is not None:
                self.cells[slot].is_awaited = True
        if any(cell.is_awaited for cell in self._present()):
            self.is_called = False

    def fresh_until(self):
        return min((cell.expiry_time + self.allowed_delta for cell in self._present()), default=math.inf)
