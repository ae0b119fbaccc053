# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""The tree of notes: nodes found by path, their validity, and the reads that strategies repeat."""

from libc.math cimport INFINITY

from octobot_commons import constants as _constants
from octobot_commons.notes import KnownNote as _KnownNote

from octobot_evaluators.errors import UnsetTentacleEvaluation

cdef str _PENDING = _constants.START_PENDING_EVAL_NOTE
cdef double _CALENDAR_MONTH = -1.0
cdef Py_ssize_t _MAX_QUERIES = 4096
cdef object _ABOUT = object()


cpdef double month_seconds(double time) noexcept:
    return _month_seconds(time)


cdef bint _is_unset(object value) noexcept:
    if value is None or value is _PENDING:
        return True
    if isinstance(value, float):
        return <double>value != <double>value
    return isinstance(value, str) and <str>value == _PENDING


cdef class MatrixNode:
    """See `_matrix.pyi`."""

    def __cinit__(self, key, double seconds):
        self.key = key
        self.seconds = seconds
        self.children = {}
        self.attached = True
        self.fresh_until = INFINITY

    cpdef write(self, value, value_time, value_type, description=None, metadata=None, double fresh_until=INFINITY):
        self.node_value = value
        self.node_value_time = value_time
        self.node_type = value_type
        self.node_description = description
        self.node_metadata = metadata
        self.fresh_until = fresh_until

    def invalidate(self):
        self.node_value = None
        self.node_value_time = None
        self.fresh_until = INFINITY

    def is_valid(self, double now, double allowed_delta=0.0):
        return self._valid(now, allowed_delta)

    def is_set(self, double now=-INFINITY):
        return now < self.fresh_until and not _is_unset(self.node_value)

    cdef bint _valid(self, double now, double allowed_delta) except -1:
        cdef double value_time, seconds
        if self.node_value_time is None or now >= self.fresh_until:
            return False
        value_time = self.node_value_time
        seconds = self.seconds if self.seconds >= 0.0 else _month_seconds(value_time)
        return now < value_time + seconds + allowed_delta

    cdef void _detach(self):
        cdef MatrixNode child
        self.attached = False
        for child in self.children.values():
            child._detach()

    def __repr__(self):
        return f"MatrixNode({self.key!r}, value={self.node_value!r}, time={self.node_value_time!r})"


cdef class MatrixCore:
    """See `_matrix.pyi`."""

    cdef readonly MatrixNode root
    cdef readonly unsigned long long version
    cdef dict _durations
    cdef dict _queries

    def __init__(self, durations):
        self._durations = {
            key: _CALENDAR_MONTH if seconds is None else float(seconds) for key, seconds in durations.items()
        }
        self._queries = {}
        self.root = MatrixNode("", INFINITY)
        self.version = 0

    def node(self, path):
        cdef MatrixNode current = self.root
        for key in path:
            current = self._child(current, key)
        return current

    cdef MatrixNode _child(self, MatrixNode parent, key):
        child = parent.children.get(key)
        if child is None:
            child = MatrixNode(key, self._durations.get(key, INFINITY))
            parent.children[key] = child
            self._changed()
        return child

    def write(self, path, value, value_time, value_type, description=None, metadata=None):
        cdef MatrixNode current = self.root
        for key in path:
            current = self._child(current, key)
        current.write(value, value_time, value_type, description, metadata)

    def find(self, path):
        cdef MatrixNode current = self.root
        for key in path:
            child = current.children.get(key)
            if child is None:
                return None
            current = child
        return current

    def delete(self, path):
        cdef MatrixNode parent
        cdef MatrixNode removed
        cdef list keys = list(path)
        if not keys:
            raise ValueError("the root of a matrix cannot be deleted")
        last = keys.pop()
        found = self.find(keys)
        if found is None:
            return None
        parent = found
        found = parent.children.pop(last, None)
        if found is None:
            return None
        removed = found
        removed._detach()
        self._changed()
        return removed

    cdef void _changed(self):
        self.version += 1
        self._queries.clear()

    def entries(self, exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
        return tuple(self._entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame))

    cdef list _entries(self, exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
        """(evaluator name, node) pairs, found once per shape of the tree."""
        key = (exchange_name, tentacle_type, cryptocurrency, symbol, time_frame)
        cached = self._queries.get(key)
        if cached is not None:
            return <list>cached
        cdef list entries = []
        cdef MatrixNode evaluator
        cdef list path = [part for part in (cryptocurrency, symbol, time_frame) if part is not None]
        start = self.root if exchange_name is None else self.find((exchange_name,))
        if start is not None:
            for evaluator in self._evaluators(start, tentacle_type):
                node = evaluator
                for part in path:
                    node = (<MatrixNode>node).children.get(part)
                    if node is None:
                        break
                if node is not None:
                    entries.append((evaluator.key, node))
        if len(self._queries) >= _MAX_QUERIES:
            self._queries.clear()
        self._queries[key] = entries
        return entries

    cdef list _evaluators(self, MatrixNode start, tentacle_type):
        cdef MatrixNode kind
        cdef list found = []
        if tentacle_type is None:
            for kind in start.children.values():
                found.extend(kind.children.values())
        else:
            kind = start.children.get(tentacle_type)
            if kind is not None:
                found.extend(kind.children.values())
        return found

    def evaluations(
        self,
        double now,
        exchange_name=None,
        tentacle_type=None,
        cryptocurrency=None,
        symbol=None,
        time_frame=None,
        bint allow_missing=True,
        allowed_values=None,
    ):
        cdef dict found = {}
        cdef MatrixNode node
        cdef tuple entry
        for entry in self._entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
            node = entry[1]
            if now < node.fresh_until and not _is_unset(node.node_value):
                found[entry[0]] = node
            elif allowed_values is not None and node.node_value in allowed_values:
                found[entry[0]] = node
            elif not allow_missing:
                raise UnsetTentacleEvaluation(
                    f"{entry[0]} has no evaluation for {symbol or cryptocurrency or 'any symbol'} {time_frame or ''}"
                )
        return found

    def valid_notes(
        self, double now, double allowed_delta, exchange_name, tentacle_type, cryptocurrency, symbol, time_frame
    ):
        cdef dict found = {}
        cdef MatrixNode node
        cdef tuple entry
        for entry in self._entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
            node = entry[1]
            if not _is_unset(node.node_value) and node._valid(now, allowed_delta):
                found[entry[0]] = node.node_value
        return found

    def about(self, exchange_name, kinds, cryptocurrency, symbol):
        cdef MatrixNode node
        key = (exchange_name, kinds, cryptocurrency, symbol, _ABOUT)
        cached = self._queries.get(key)
        if cached is not None:
            return cached
        cdef list found = []
        for kind in kinds:
            for place in ((None, None), (cryptocurrency, None), (cryptocurrency, symbol)):
                for entry in self._entries(exchange_name, kind, place[0], place[1], None):
                    node = entry[1]
                    found.append((entry[0], kind, None, node))
                    for child in node.children.values():
                        if (<MatrixNode>child).seconds != INFINITY:  # a time frame, which no other part of a path is
                            found.append((entry[0], kind, (<MatrixNode>child).key, child))
        self._queries[key] = found
        return found

    def known_notes(self, double now, double allowed_delta, exchange_name, kinds, cryptocurrency, symbol):
        cdef list found = []
        cdef MatrixNode node
        cdef tuple entry
        for entry in self.about(exchange_name, kinds, cryptocurrency, symbol):
            node = entry[3]
            if node.node_value_time is not None:
                found.append(_KnownNote(
                    entry[0], entry[1], entry[2], node.node_value, node.node_value_time,
                    node._valid(now, allowed_delta), node.node_description,
                ))
        return tuple(found)
