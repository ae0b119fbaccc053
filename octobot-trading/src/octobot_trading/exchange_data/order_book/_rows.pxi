# SPDX-License-Identifier: Apache-2.0
# Rows of [price, size] from Python objects, checked, as levels. Nothing here touches a book.

cdef double[23] POWERS
for _power in range(23):
    POWERS[_power] = float(f"1e{_power}")


cdef inline double read_text(str text) except? -1.0:
    # Plain decimals of up to 2**53 over a power of ten that is exact: one division rounds correctly (W. Clinger, "How
    # to read floating point numbers accurately", 1990). Everything else is left to Python.
    cdef const unsigned char *data
    cdef Py_ssize_t position, length = PyUnicode_GET_LENGTH(text), decimals = -1
    cdef uint64_t digits = 0
    cdef unsigned char character
    if 0 < length < 20 and PyUnicode_KIND(text) == 1:
        data = <const unsigned char *>PyUnicode_DATA(text)
        for position in range(length):
            character = data[position] - 48
            if character < 10:
                digits = digits * 10 + character
            elif character == 254 and decimals < 0:
                decimals = length - 1 - position
            else:
                break
        else:
            if digits <= <uint64_t>1 << 53 and length > 1 + (decimals >= 0):
                return <double>digits / POWERS[decimals] if decimals > 0 else <double>digits
    return float(text)


cdef inline double read_number(object value) except? -1.0:
    if PyFloat_CheckExact(value):
        return PyFloat_AS_DOUBLE(value)
    if PyUnicode_CheckExact(value):
        return read_text(<str>value)
    return float(value)


cdef inline object read_cell(object row, Py_ssize_t column):
    if PyList_CheckExact(row) and column < PyList_GET_SIZE(row):
        return <object>PyList_GET_ITEM(row, column)
    if PyTuple_CheckExact(row) and column < PyTuple_GET_SIZE(row):
        return <object>PyTuple_GET_ITEM(row, column)
    if PyUnicode_CheckExact(row):
        raise TypeError("a text")
    return PySequence_GetItem(row, column)


cdef inline bint usable(double price, double size) noexcept nogil:
    return 0 < price < INFINITY and 0 <= size < INFINITY


cdef object refusal(str side, Py_ssize_t row, double price, double size):
    if not 0 < price < INFINITY:
        return InvalidLevelError(f"a price is finite and above 0, not {price!r}", field=side, row=row)
    return InvalidLevelError(f"a size is finite and not below 0, not {size!r}", field=side, row=row)


cdef int read_list(list rows, str side, double sign, Level *levels, Py_ssize_t count) except -1:
    cdef Py_ssize_t index = 0
    cdef double price, size
    cdef object row
    try:
        for index in range(count):
            if index >= PyList_GET_SIZE(rows):
                raise LookupError("the list became shorter")
            row = <object>PyList_GET_ITEM(rows, index)
            price = read_number(read_cell(row, 0))
            size = read_number(read_cell(row, 1))
            if not usable(price, size):
                raise refusal(side, index, price, size)
            levels[index].key = sign * price
            levels[index].size = size
    except InvalidLevelError:
        raise
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise InvalidLevelError(f"it is no row of [price, size]: {error}", field=side, row=index) from error
    return 0


cdef int read_table(const char *cell, Py_ssize_t rows, Py_ssize_t step, Py_ssize_t across, str side, double sign,
                    Level *levels) except -1:
    cdef Py_ssize_t row
    cdef double price, size
    for row in range(rows):
        price = (<const double *>cell)[0]
        size = (<const double *>(cell + across))[0]
        if not usable(price, size):
            raise refusal(side, row, price, size)
        levels[row].key = sign * price
        levels[row].size = size
        cell += step
    return 0


cdef inline bint is_array_table(numpy.ndarray array) noexcept:
    return (PyArray_NDIM(array) == 2 and PyArray_DIM(array, 1) >= 2 and PyArray_TYPE(array) == NPY_DOUBLE
            and PyArray_ISBEHAVED_RO(array))


cdef bint is_table(const Py_buffer *view):
    cdef bytes form = view.format if view.format != NULL else b"B"
    return view.ndim == 2 and view.shape[1] >= 2 and form in (b"d", b"@d", b"=d", NATIVE_DOUBLE)


cdef void merge_sort(Level *rows, Level *spare, Py_ssize_t count) noexcept nogil:
    # By key, rows of one key in their order. The result is in rows.
    cdef Py_ssize_t width = 1, first, left, right, middle, end, target
    while width < count:
        first = 0
        while first < count:
            left, middle, end = first, min(first + width, count), min(first + 2 * width, count)
            right = middle
            for target in range(first, end):
                if left < middle and (right >= end or rows[left].key <= rows[right].key):
                    spare[target] = rows[left]
                    left += 1
                else:
                    spare[target] = rows[right]
                    right += 1
            first = end
        memcpy(rows, spare, count * sizeof(Level))
        width *= 2


cdef Py_ssize_t put_in_order(Level *rows, Py_ssize_t count, Level *spare) noexcept nogil:
    # From the worst on, the last row of each price, none of size 0; how many these are.
    cdef Py_ssize_t row, kept = 0
    cdef bint rising = True, falling = True
    cdef Level level
    for row in range(1, count):
        rising = rising and rows[row - 1].key < rows[row].key
        falling = falling and rows[row - 1].key > rows[row].key
    if falling:
        for row in range(count >> 1):
            level = rows[row]
            rows[row] = rows[count - 1 - row]
            rows[count - 1 - row] = level
    elif not rising:
        merge_sort(rows, spare, count)
    for row in range(count):
        if rows[row].size > 0 and (row + 1 == count or rows[row + 1].key != rows[row].key):
            rows[kept] = rows[row]
            kept += 1
    return kept
