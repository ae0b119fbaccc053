# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False
"""What happens to every note: written to its node, told to the cycles it belongs to, sent to who listens."""

from libc.math cimport INFINITY

from octobot_evaluators.matrix._cycle cimport Cycle
from octobot_evaluators.matrix._matrix cimport MatrixNode
from octobot_evaluators.matrix._note cimport Note


cdef class Inputs:
    """See `_note_writer.pyi`."""

    cdef readonly object clock
    cdef object _matrix
    cdef dict _cycles
    cdef tuple _place, _kinds
    cdef list _others
    cdef unsigned long long _version
    cdef double _allowed_delta

    def __init__(self, matrix, dict cycles not None, tuple place not None, tuple kinds not None):
        self.clock = matrix.clock
        self._matrix = matrix
        self._allowed_delta = matrix.allowed_delta
        self._cycles = cycles
        self._place = place
        self._kinds = kinds
        self._others = []
        self._version = 0

    cpdef double fresh_until(self, double now) except? -1.0:
        cdef double earliest = INFINITY
        cdef double until
        cdef Note note
        cdef tuple entry
        cycle = self._cycles.get(self._place)
        if cycle is not None:
            earliest = (<Cycle?>cycle).fresh_until()
        if self._kinds:
            if self._version != self._matrix.version:
                self._version = self._matrix.version
                self._others = self._matrix.about(self._place[0], self._kinds, self._place[1], self._place[2])
            for entry in self._others:
                note = (<MatrixNode>entry[3]).note
                if note is not None and note._is_set():
                    until = note._valid_until(self._allowed_delta)
                    if now < until < earliest:
                        earliest = until
        return earliest


cdef class NoteWriter:
    """See `_note_writer.pyi`."""

    cdef readonly MatrixNode node
    cdef readonly list links
    cdef readonly Py_ssize_t withheld
    cdef Inputs _inputs
    cdef object _note_type, _topic
    cdef dict _blank_payload

    def __init__(self, MatrixNode node not None, note_type, list links not None, Inputs inputs,
                 dict blank_payload not None):
        self.node = node
        self.links = links
        self._note_type = note_type
        self._inputs = inputs
        self._blank_payload = blank_payload

    def write(self, note, eval_time, description, metadata, double fresh_until, bint notify, origin_consumer=None):
        cdef double time = eval_time
        cdef double now
        cdef dict payload = None
        cdef tuple link
        if not self.node.attached:
            self.node = self.new_node()
        if self._inputs is not None:
            now = self._inputs.clock.time
            fresh_until = min(fresh_until, self._inputs.fresh_until(now))
            if fresh_until <= now:
                notify = False
                self.withheld += 1
        self.node.write(note, eval_time, self._note_type, description, metadata, fresh_until)
        for link in self.links:
            if (<Cycle?>link[0]).evaluated(link[1], time, notify):
                if payload is None:
                    payload = self._payload(note, description, metadata)
                link[2].deliver(payload)
        if not notify:
            return None
        if self._topic is None:
            self._topic = self.open_topic()
        if not self._topic:
            return None
        if payload is None:
            payload = self._payload(note, description, metadata)
        if origin_consumer is None:
            queues = self._topic.deliver(payload)
        else:
            queues = [consumer.queue for consumer in self._topic.consumers if consumer is not origin_consumer]
        return None if queues is None else (payload, queues)

    def new_node(self):
        raise NotImplementedError

    def open_topic(self):
        raise NotImplementedError

    cdef dict _payload(self, note, description, metadata):
        cdef dict payload = self._blank_payload.copy()
        payload["eval_note"] = note
        payload["eval_note_description"] = description
        payload["eval_note_metadata"] = metadata
        return payload
