# SPDX-License-Identifier: Apache-2.0
"""The matrix in plain Python: oracle of the property tests, baseline of the benchmark."""

from __future__ import annotations

import calendar
import math
from datetime import UTC, datetime

from octobot_evaluators.errors import UnsetTentacleEvaluation


def month_seconds(time):
    day = datetime.fromtimestamp(math.floor(time), UTC)
    return calendar.monthrange(day.year, day.month)[1] * 86400.0


def is_unset(value):
    if value is None or value == "0":
        return True
    return isinstance(value, float) and math.isnan(value)


class MatrixNode:
    def __init__(self, key, seconds):
        self.key = key
        self.seconds = seconds
        self.children = {}
        self.attached = True
        self.node_value = None
        self.node_value_time = None
        self.node_type = None
        self.node_description = None
        self.node_metadata = None
        self.fresh_until = math.inf

    def write(self, value, value_time, value_type, description=None, metadata=None, fresh_until=math.inf):
        self.node_value = value
        self.node_value_time = value_time
        self.node_type = value_type
        self.node_description = description
        self.node_metadata = metadata
        self.fresh_until = fresh_until

    def invalidate(self):
        self.node_value = None
        self.node_value_time = None
        self.fresh_until = math.inf

    def is_valid(self, now, allowed_delta=0.0):
        if self.node_value_time is None or now >= self.fresh_until:
            return False
        seconds = month_seconds(self.node_value_time) if self.seconds is None else self.seconds
        return now < self.node_value_time + seconds + allowed_delta

    def is_set(self, now=-math.inf):
        return now < self.fresh_until and not is_unset(self.node_value)

    def detach(self):
        self.attached = False
        for child in self.children.values():
            child.detach()


class MatrixCore:
    def __init__(self, durations):
        self.durations = durations
        self.root = MatrixNode("", math.inf)

    def node(self, path):
        current = self.root
        for key in path:
            child = current.children.get(key)
            if child is None:
                child = current.children[key] = MatrixNode(key, self.durations.get(key, math.inf))
            current = child
        return current

    def write(self, path, value, value_time, value_type, description=None, metadata=None):
        self.node(path).write(value, value_time, value_type, description, metadata)

    def find(self, path):
        current = self.root
        for key in path:
            current = current.children.get(key)
            if current is None:
                return None
        return current

    def written(self, node=None, path=()):
        for key, child in (self.root if node is None else node).children.items():
            if child.node_value_time is not None:
                yield (*path, key), child
            yield from self.written(child, (*path, key))

    def snapshot(self):
        return {
            path: (node.node_value, node.node_value_time, node.node_type, node.node_description, node.node_metadata)
            for path, node in self.written()
        }

    def delete(self, path):
        parent = self.find(path[:-1])
        if parent is None:
            return None
        removed = parent.children.pop(path[-1], None)
        if removed is not None:
            removed.detach()
        return removed

    def entries(self, exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
        start = self.find([exchange_name] if exchange_name is not None else [])
        if start is None:
            return ()
        if tentacle_type is None:
            kinds = list(start.children.values())
        else:
            kinds = [start.children[tentacle_type]] if tentacle_type in start.children else []
        found = []
        for kind in kinds:
            for name, evaluator in kind.children.items():
                node = evaluator
                for part in (cryptocurrency, symbol, time_frame):
                    if part is not None and node is not None:
                        node = node.children.get(part)
                if node is not None:
                    found.append((name, node))
        return tuple(found)

    def evaluations(
        self,
        now,
        exchange_name=None,
        tentacle_type=None,
        cryptocurrency=None,
        symbol=None,
        time_frame=None,
        allow_missing=True,
        allowed_values=None,
    ):
        found = {}
        for name, node in self.entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
            if node.is_set(now) or (allowed_values is not None and node.node_value in allowed_values):
                found[name] = node
            elif not allow_missing:
                raise UnsetTentacleEvaluation(name)
        return found

    def known_notes(self, now, allowed_delta, exchange_name, kinds, cryptocurrency, symbol):
        found = []
        for kind in kinds:
            for place in ((None, None), (cryptocurrency, None), (cryptocurrency, symbol)):
                for name, node in self.entries(exchange_name, kind, *place, None):
                    frames = [(key, child) for key, child in node.children.items() if key in self.durations]
                    for time_frame, one in [(None, node), *frames]:
                        if one.node_value_time is not None:
                            found.append(
                                (
                                    name, kind, time_frame, one.node_value, one.node_value_time,
                                    one.is_valid(now, allowed_delta), one.node_description,
                                )
                            )  # fmt: skip
        return tuple(found)

    def valid_notes(self, now, allowed_delta, exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
        return {
            name: node.node_value
            for name, node in self.entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame)
            if node.is_set() and node.is_valid(now, allowed_delta)
        }
