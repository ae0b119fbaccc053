# SPDX-License-Identifier: Apache-2.0
# The fields of MatrixNode, for the compiled modules of this package.
from libc.math cimport floor


cdef class MatrixNode:
    cdef public object node_value
    cdef public object node_value_time
    cdef public object node_type
    cdef public object node_description
    cdef public object node_metadata
    cdef public double fresh_until
    cdef readonly object key
    cdef readonly dict children
    cdef readonly bint attached
    # Length of the node's time frame: infinite without one, negative for a calendar month.
    cdef double seconds

    cpdef write(self, value, value_time, value_type, description=*, metadata=*, double fresh_until=*)
    cdef bint _valid(self, double now, double allowed_delta) except -1
    cdef void _detach(self)


cdef inline double _month_seconds(double time) noexcept:
    """The length of the UTC calendar month that `time` falls in (days to civil date, on years from March)."""
    cdef long long days = <long long>floor(time / 86400.0) + 719468
    cdef long long era = (days if days >= 0 else days - 146096) // 146097
    cdef long long day_of_era = days - era * 146097
    cdef long long year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    cdef long long day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    cdef int month = <int>((5 * day_of_year + 2) // 153)
    cdef long long year
    if month != 11:
        # Months counted from March: 30 days for April, June, September and November.
        return 86400.0 * (30 if month in (1, 3, 6, 8) else 31)
    year = year_of_era + era * 400 + 1
    return 86400.0 * (29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28)
