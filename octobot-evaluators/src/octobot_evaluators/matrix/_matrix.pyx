# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""The tree of notes: nodes found by path, their validity, and the reads that strategies repeat."""

from libc.math cimport INFINITY

from octobot_commons.notes import KnownNote as _KnownNote

from octobot_evaluators.errors import UnsetTentacleEvaluation
from octobot_evaluators.matrix._note cimport Note

cdef double _CALENDAR_MONTH = -1.0
cdef Py_ssize_t _MAX_QUERIES = 4096
cdef object _ABOUT = object()


def known_notes(list entries not None, tuple notes not None, double now, double allowed_delta):
    cdef list found = []
    cdef Note note
    cdef tuple entry
    for entry, note in zip(entries, notes):
        if note is not None:
            found.append(_KnownNote(
                entry[0], entry[1], entry[2], note.value, note.time, note._is_valid(now, allowed_delta),
                note.description,
            ))
    return tuple(found)


cdef class MatrixNode:
    """See `_matrix.pyi`."""

    def __cinit__(self, key, double seconds):
        self.key = key
        self.seconds = seconds
        self.children = {}
        self.attached = True

    @property
    def node_value(self):
        return None if self.note is None else self.note.value

    @property
    def node_value_time(self):
        return None if self.note is None else self.note.time

    @property
    def node_type(self):
        return None if self.note is None else self.note.value_type

    @property
    def node_description(self):
        return None if self.note is None else self.note.description

    @property
    def node_metadata(self):
        return None if self.note is None else self.note.metadata

    cpdef write(self, value, value_time, value_type, description=None, metadata=None, double fresh_until=INFINITY):
        self.note = Note.make(value, value_time, value_type, description, metadata, fresh_until, self.seconds)

    def invalidate(self):
        self.note = None

    def is_valid(self, double now, double allowed_delta=0.0):
        return self.note is not None and self.note._is_valid(now, allowed_delta)

    def is_set(self, double now=-INFINITY):
        return self.note is not None and now < self.note.fresh_until and self.note._is_set()

    cdef void _detach(self):
        cdef MatrixNode child
        self.attached = False
        for child in self.children.values():
            child._detach()

    def __repr__(self):
        return f"MatrixNode({self.key!r}, {self.note!r})"


cdef class MatrixCore:
    """See `_matrix.pyi`."""

    cdef readonly MatrixNode root
    cdef readonly unsigned long long version
    cdef dict _durations
    cdef dict _queries
    cdef dict _slots
    cdef list _nodes

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
        self._slots = None

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
        cdef Note note
        cdef tuple entry
        for entry in self._entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
            node = entry[1]
            note = node.note
            if note is not None and now < note.fresh_until and note._is_set():
                found[entry[0]] = node
            elif allowed_values is not None and (None if note is None else note.value) in allowed_values:
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
        cdef Note note
        cdef tuple entry
        for entry in self._entries(exchange_name, tentacle_type, cryptocurrency, symbol, time_frame):
            note = (<MatrixNode>entry[1]).note
            if note is not None and note._is_set() and note._is_valid(now, allowed_delta):
                found[entry[0]] = note.value
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

    def notes_about(self, exchange_name, kinds, cryptocurrency, symbol):
        cdef tuple entry
        entries = self.about(exchange_name, kinds, cryptocurrency, symbol)
        return entries, tuple([(<MatrixNode>entry[3]).note for entry in entries])

    def notes(self):
        cdef MatrixNode node
        if self._slots is None:
            self._slots, self._nodes = {}, []
            self._place(self.root, ())
        return self._slots, tuple([(<MatrixNode>node).note for node in self._nodes])

    cdef void _place(self, MatrixNode parent, tuple path):
        cdef MatrixNode child
        for child in parent.children.values():
            place = (*path, child.key)
            self._slots[place] = len(self._nodes)
            self._nodes.append(child)
            self._place(child, place)
