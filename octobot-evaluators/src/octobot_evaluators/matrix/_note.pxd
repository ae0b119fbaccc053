# SPDX-License-Identifier: Apache-2.0
# The fields of Note, for the compiled modules of this package.
from libc.math cimport floor


cdef class Note:
    cdef readonly object value
    cdef readonly object time
    cdef readonly object value_type
    cdef readonly object description
    cdef readonly object metadata
    cdef readonly double fresh_until
    # Length of its time frame: infinite without one, negative for a calendar month.
    cdef double _seconds

    cdef bint _is_set(self) noexcept
    cdef double _valid_until(self, double allowed_delta) except? -1.0
    cdef bint _is_valid(self, double now, double allowed_delta) except -1

    @staticmethod
    cdef Note make(
        object value, object time, object value_type, object description, object metadata, double fresh_until,
        double seconds
    )


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
