# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""The fast way through a table of plain cells, in C: all of it or nothing.

A number of digits and at most one point whose digits make an integer up to 2**53 is that integer divided by an exact power
of ten, and so correctly rounded. All others (signs, exponents, more digits) are left to Python's own conversion.
"""
from libc.stdint cimport int64_t, uint64_t

from numpy import empty

cdef extern from "Python.h":
    double PyOS_string_to_double(const char *text, char **end, void *overflow) except? -1.0

cdef enum:
    MOST_CELLS = 256
    MOST_DIGITS = 19
    MOST_DECIMALS = 22

cdef uint64_t LARGEST_EXACT = 1ULL << 53
cdef double POWERS[MOST_DECIMALS + 1]
cdef int64_t DAYS_BEFORE_MONTH[12]
POWERS[:] = [10.0 ** exponent for exponent in range(MOST_DECIMALS + 1)]
DAYS_BEFORE_MONTH[:] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]


def parse(bytes text not None, int cells, tuple places not None, bint numeric_times, Py_ssize_t start=0):
    """A row of numbers for each place, times in seconds unless numeric; None if there is anything unusual.

    Usual is that every line from ``start`` on has so many ``cells``, none of them quoted or empty, the first place
    holding the time: a number, or ``YYYY-MM-DD[ HH:MM[:SS]]``.
    """
    cdef int targets[MOST_CELLS]
    cdef int index
    if not 0 < cells <= MOST_CELLS or len(set(places)) != len(places) or start < 0:
        return None
    for index in range(cells):
        targets[index] = places.index(index) if index in places else -1
    # Each cell takes a sign and what ends it, so that a file of empty lines asks for no memory.
    columns = empty((len(places), min(text.count(b"\n", start), max(len(text) - start, 0) // (2 * cells)) + 1))
    cdef double[:, ::1] out = columns
    cdef const char *place = <const char *>text + min(start, len(text))
    cdef const char *end = <const char *>text + len(text)
    while end > place and ((end - 1)[0] == c"\n" or (end - 1)[0] == c"\r"):
        end -= 1
    cdef Py_ssize_t line = 0
    while place < end:
        for index in range(cells):
            place = read_cell(place, end, targets[index], numeric_times, out, line)
            if place == NULL:
                return None
            place = past_separator(place, end, index == cells - 1)
            if place == NULL:
                return None
        line += 1
    return columns[:, :line]


cdef inline const char *read_cell(
    const char *place, const char *end, int target, bint numeric_times, double[:, ::1] out, Py_ssize_t line
):
    """The end of the cell; NULL for one that is not plain."""
    cdef const char *stop
    if target > 0 or (target == 0 and numeric_times):
        return read_number(place, end, &out[target, line])
    stop = cell_end(place, end)
    if stop == place or (target == 0 and not read_time(place, stop, &out[0, line])):
        return NULL
    return stop


cdef inline const char *past_separator(const char *place, const char *end, bint is_last) noexcept:
    """What follows the comma, or the end of the line; NULL where there is another sign."""
    if not is_last:
        if place < end and place[0] == c",":
            return place + 1
        return NULL
    if place == end:
        return end
    if place[0] == c"\r" and place + 1 < end:
        place += 1
    if place[0] == c"\n":
        return place + 1
    return NULL


cdef inline const char *cell_end(const char *place, const char *end) noexcept:
    """The first separator, or the cell's beginning where it holds a quote."""
    cdef const char *start = place
    while place < end and place[0] != c"," and place[0] != c"\n" and place[0] != c"\r":
        if place[0] == c'"':
            return start
        place += 1
    return place


cdef inline bint is_digit(char sign) noexcept:
    return c"0" <= sign <= c"9"


cdef inline bint ends_cell(const char *place, const char *end) noexcept:
    return place == end or place[0] == c"," or place[0] == c"\n" or place[0] == c"\r"


cdef inline const char *read_number(const char *place, const char *end, double *value):
    cdef const char *start = place
    cdef const char *point
    cdef uint64_t digits = 0
    cdef Py_ssize_t count, decimals = 0
    while place < end and is_digit(place[0]):
        digits = digits * 10 + <uint64_t>(place[0] - c"0")
        place += 1
    count = place - start
    if place < end and place[0] == c".":
        place += 1
        point = place
        while place < end and is_digit(place[0]):
            digits = digits * 10 + <uint64_t>(place[0] - c"0")
            place += 1
        decimals = place - point
        count += decimals
    # So few digits have not overflowed.
    if 0 < count <= MOST_DIGITS and digits <= LARGEST_EXACT and ends_cell(place, end):
        value[0] = <double>digits / POWERS[decimals]
        return place
    return convert(start, end, value)


cdef const char *convert(const char *start, const char *end, double *value):
    """What Python makes of the cell; bytes end in a NUL, so it cannot read on beyond them."""
    cdef const char *stop = cell_end(start, end)
    cdef const char *place = start
    cdef char *read = NULL
    while place < stop:
        if not (is_digit(place[0]) or place[0] in (c"+", c"-", c".", c"e", c"E")):
            return NULL
        place += 1
    if stop == start:
        return NULL
    try:
        value[0] = PyOS_string_to_double(start, &read, NULL)
    except ValueError:
        return NULL
    if <const char *>read == stop:
        return stop
    return NULL


cdef inline int64_t number_of(const char *place, int count) noexcept:
    """A number of so many digits, -1 if one of them is none."""
    cdef int64_t number = 0
    cdef int index
    for index in range(count):
        if not is_digit(place[index]):
            return -1
        number = number * 10 + (place[index] - c"0")
    return number


cdef bint read_time(const char *place, const char *stop, double *value) noexcept:
    """Unix seconds of YYYY-MM-DD[ HH:MM[:SS]], UTC."""
    cdef Py_ssize_t width = stop - place
    cdef int64_t year, month, day, hour = 0, minute = 0, second = 0, days
    cdef bint is_leap
    if width not in (10, 16, 19) or place[4] != c"-" or place[7] != c"-":
        return False
    year, month, day = number_of(place, 4), number_of(place + 5, 2), number_of(place + 8, 2)
    if width > 10:
        if place[10] != c" " or place[13] != c":" or (width == 19 and place[16] != c":"):
            return False
        hour, minute = number_of(place + 11, 2), number_of(place + 14, 2)
        second = number_of(place + 17, 2) if width == 19 else 0
    if not (year >= 1 and 1 <= month <= 12 and 0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return False
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= days_of_month(month, is_leap):
        return False
    days = 365 * (year - 1) + (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400
    days += DAYS_BEFORE_MONTH[month - 1] + (is_leap and month > 2) + day - 1
    # 719162 days lie between 0001-01-01 and 1970-01-01.
    value[0] = <double>(((days - 719162) * 24 + hour) * 3600 + minute * 60 + second)
    return True


cdef inline int64_t days_of_month(int64_t month, bint is_leap) noexcept:
    if month == 2:
        return 29 if is_leap else 28
    return 30 if month in (4, 6, 9, 11) else 31
