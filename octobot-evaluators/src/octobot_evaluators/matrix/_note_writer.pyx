# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False
"""What happens to every note: written to its node, told to the cycles it belongs to, sent to who listens."""

from octobot_evaluators.matrix._cycle cimport Cycle
from octobot_evaluators.matrix._matrix cimport MatrixNode


cdef class NoteWriter:
    """See `_note_writer.pyi`."""

    cdef readonly MatrixNode node
    cdef readonly list links
    cdef object _note_type, _inputs, _place, _topic
    cdef dict _blank_payload

    def __init__(self, MatrixNode node not None, note_type, list links not None, inputs, place,
                 dict blank_payload not None):
        self.node = node
        self.links = links
        self._note_type = note_type
        self._inputs = inputs
        self._place = place
        self._blank_payload = blank_payload

    def write(self, note, eval_time, description, metadata, double fresh_until, bint notify, origin_consumer=None):
        cdef double time = eval_time
        cdef double inputs_fresh_until
        cdef dict payload = None
        cdef tuple link
        if not self.node.attached:
            self.node = self.new_node()
        if self._inputs is not None:
            cycle = self._inputs.get(self._place)
            if cycle is not None:
                inputs_fresh_until = (<Cycle?>cycle).fresh_until(time)
                fresh_until = min(fresh_until, inputs_fresh_until)
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
