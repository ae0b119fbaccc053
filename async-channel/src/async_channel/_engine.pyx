# SPDX-License-Identifier: Apache-2.0
# cython: language_level=3, boundscheck=False, wraparound=False
"""The compiled engine: one module, since each would bring thirty kilobytes of its own. The fields are in _engine.pxd."""

import asyncio
from asyncio import CancelledError, QueueEmpty, QueueFull, _get_running_loop, tasks
from contextvars import copy_context

from async_channel.errors import ConflationKeyError, DispatcherError, QueueOverflowError, WrongLoopError
from async_channel.overflow import Overflow
from async_channel.resume import as_coroutine

from cpython.dict cimport PyDict_DelItem, PyDict_SetItem
from cpython.object cimport PyObject, PyObject_Call, PyObject_GenericSetAttr
from cpython.ref cimport Py_XDECREF
from cpython.time cimport PyTime_AsSecondsDouble, PyTime_PerfCounterRaw
from libc.stdint cimport int64_t, uint64_t

cdef extern from "Python.h":
    ctypedef enum PySendResult:
        PYGEN_RETURN
        PYGEN_ERROR
        PYGEN_NEXT
    ctypedef struct PyTupleObject:
        PyObject **ob_item
    PySendResult PyIter_Send(object iterator, object value, PyObject **result) except PYGEN_ERROR
    bint PyCoro_CheckExact(object candidate)
    object PyObject_Vectorcall(object callable, PyObject **arguments, size_t count, object names)
    int PyContext_Enter(object context) except -1
    int PyContext_Exit(object context) except -1
    unsigned long PyThread_get_thread_ident()

cdef tuple NO_ARGUMENTS = ()
cdef int BLOCK = Overflow.BLOCK.kind
cdef int ERROR = Overflow.ERROR.kind
cdef int CONFLATE = Overflow.CONFLATE

include "_mailbox.pxi"
include "_core.pxi"
include "_routes.pxi"
include "_live.pxi"
