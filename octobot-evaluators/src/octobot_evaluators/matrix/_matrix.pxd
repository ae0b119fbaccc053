# SPDX-License-Identifier: Apache-2.0
# The fields of MatrixNode, for the compiled modules of this package.
from octobot_evaluators.matrix._note cimport Note


cdef class MatrixNode:
    cdef readonly Note note
    cdef readonly object key
    cdef readonly dict children
    cdef readonly bint attached
    # Length of the node's time frame: infinite without one, negative for a calendar month.
    cdef double seconds

    cpdef write(self, value, value_time, value_type, description=*, metadata=*, double fresh_until=*)
    cdef void _detach(self)
