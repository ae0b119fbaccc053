# SPDX-License-Identifier: Apache-2.0
# One side of a book. A level's key is the price of a bid and the negated price of an ask, so that on both sides the best
# level has the largest key and lies at the end of the array, where most changes happen and little has to move.
#
# With a tick size, levels of whole ticks inside a window around the best lie in slots by their tick; two tiers of
# bits say which slots are taken. Everything else (outside the window, or no whole tick) stays in the sorted array.
# A price is in exactly one of the two, and a slot's price is computed so that it equals the price received.

cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    static int book_high_bit(unsigned long long word) { unsigned long i; _BitScanReverse64(&i, word); return (int)i; }
    #else
    static int book_high_bit(unsigned long long word) { return 63 - __builtin_clzll(word); }
    #endif
    """
    int book_high_bit(uint64_t word) noexcept nogil

cdef struct Level:
    double key
    double size

cdef struct Grid:
    Py_ssize_t slots    # of each side's window; 0 where there is no tick size
    double tick
    double per_unit     # ticks in a price of 1
    bint divides        # per_unit is a whole number: tick / per_unit is the double nearest to the decimal price

cdef struct Side:
    double sign
    Level *levels
    Py_ssize_t count
    Py_ssize_t room
    double *slots
    uint64_t *words
    uint64_t *summary
    Py_ssize_t held     # levels in slots
    Py_ssize_t top      # the best taken slot, -1 for none
    int64_t base        # the tick of slot 0
    Py_ssize_t changes  # since the window was placed

cdef struct Cursor:
    Py_ssize_t row
    Py_ssize_t slot

cdef double LARGEST_TICK = 4503599627370496.0


cdef inline double tick_key(const Grid *grid, int64_t tick) noexcept nogil:
    return <double>tick / grid.per_unit if grid.divides else <double>tick * grid.tick


cdef inline bint whole_tick(const Grid *grid, double key, int64_t *tick) noexcept nogil:
    # Also the nearest tick where it is not a whole one.
    cdef double scaled = key * grid.per_unit
    if not -LARGEST_TICK < scaled < LARGEST_TICK:
        tick[0] = 0
        return False
    tick[0] = <int64_t>(scaled + 0.5 if scaled >= 0 else scaled - 0.5)
    return tick_key(grid, tick[0]) == key


cdef int side_open(Side *side, double sign, const Grid *grid) except -1:
    cdef Py_ssize_t words = grid.slots >> 6
    side.sign = sign
    side.top = -1
    if grid.slots:
        side.slots = <double *>calloc(grid.slots, sizeof(double))
        side.words = <uint64_t *>calloc(words, sizeof(uint64_t))
        side.summary = <uint64_t *>calloc((words + 63) >> 6, sizeof(uint64_t))
        if side.slots == NULL or side.words == NULL or side.summary == NULL:
            raise MemoryError()
    return 0


cdef void side_close(Side *side) noexcept:
    free(side.levels)
    free(side.slots)
    free(side.words)
    free(side.summary)


cdef int side_reserve(Side *side, Py_ssize_t rows) except -1:
    # Room for every level in the sorted array, whatever the window does.
    cdef Py_ssize_t wanted = side.count + side.held + rows
    cdef Level *levels
    if wanted > side.room:
        wanted = max(wanted + (wanted >> 1), <Py_ssize_t>64)
        levels = <Level *>realloc(side.levels, wanted * sizeof(Level))
        if levels == NULL:
            raise MemoryError()
        side.levels = levels
        side.room = wanted
    return 0


cdef inline Py_ssize_t lower_bound(const Level *levels, Py_ssize_t count, double key) noexcept nogil:
    # The first row whose key is not below; without branches on the keys, which no processor could foresee.
    cdef const Level *first = levels
    cdef Py_ssize_t half
    while count > 1:
        half = count >> 1
        first += half & -<Py_ssize_t>(first[half - 1].key < key)
        count -= half
    return (first - levels) + (count == 1 and first[0].key < key)


cdef inline void sorted_set(Side *side, double key, double size) noexcept nogil:
    cdef Py_ssize_t row = lower_bound(side.levels, side.count, key)
    cdef Level *level = side.levels + row
    if row < side.count and level.key == key:
        if size > 0:
            level.size = size
        else:
            side.count -= 1
            memmove(level, level + 1, (side.count - row) * sizeof(Level))
    elif size > 0:
        memmove(level + 1, level, (side.count - row) * sizeof(Level))
        level.key = key
        level.size = size
        side.count += 1


cdef inline Py_ssize_t slot_below(const Side *side, Py_ssize_t slot) noexcept nogil:
    # The next taken slot below, -1 for none.
    cdef Py_ssize_t word
    cdef uint64_t bits
    slot -= 1
    if slot < 0:
        return -1
    word = slot >> 6
    bits = side.words[word] & (~<uint64_t>0 >> (63 - (slot & 63)))
    if bits:
        return (word << 6) + book_high_bit(bits)
    word -= 1
    if word < 0:
        return -1
    bits = side.summary[word >> 6] & (~<uint64_t>0 >> (63 - (word & 63)))
    word >>= 6
    while not bits:
        word -= 1
        if word < 0:
            return -1
        bits = side.summary[word]
    word = (word << 6) + book_high_bit(bits)
    return (word << 6) + book_high_bit(side.words[word])


cdef inline void slot_set(Side *side, Py_ssize_t slot, double size) noexcept nogil:
    cdef bint taken = side.slots[slot] > 0
    cdef Py_ssize_t word = slot >> 6
    side.slots[slot] = size
    if taken == (size > 0):
        return
    if taken:
        side.held -= 1
        side.words[word] &= ~(<uint64_t>1 << (slot & 63))
        if not side.words[word]:
            side.summary[word >> 6] &= ~(<uint64_t>1 << (word & 63))
        if slot == side.top:
            side.top = slot_below(side, slot)
    else:
        side.held += 1
        side.words[word] |= <uint64_t>1 << (slot & 63)
        side.summary[word >> 6] |= <uint64_t>1 << (word & 63)
        if slot > side.top:
            side.top = slot


cdef inline void side_set(Side *side, const Grid *grid, double key, double size) noexcept nogil:
    cdef int64_t tick
    if grid.slots and whole_tick(grid, key, &tick):
        tick -= side.base
        if 0 <= tick < grid.slots:
            slot_set(side, <Py_ssize_t>tick, size)
            return
    sorted_set(side, key, size)


cdef inline Cursor side_start(const Side *side) noexcept nogil:
    cdef Cursor cursor
    cursor.row = side.count - 1
    cursor.slot = side.top
    return cursor


cdef inline bint side_next(const Side *side, const Grid *grid, Cursor *cursor, Level *level) noexcept nogil:
    # Levels from the best on; False after the last.
    cdef double key
    if cursor.slot >= 0:
        key = tick_key(grid, side.base + cursor.slot)
        if cursor.row < 0 or side.levels[cursor.row].key < key:
            level.key = key
            level.size = side.slots[cursor.slot]
            cursor.slot = slot_below(side, cursor.slot)
            return True
    if cursor.row < 0:
        return False
    level[0] = side.levels[cursor.row]
    cursor.row -= 1
    return True


cdef inline bint side_best(const Side *side, const Grid *grid, Level *level) noexcept nogil:
    cdef Cursor cursor = side_start(side)
    return side_next(side, grid, &cursor, level)


cdef void side_clear(Side *side) noexcept nogil:
    # Sixty-four slots at a time.
    cdef Py_ssize_t slot = side.top, word
    while slot >= 0:
        word = slot >> 6
        memset(side.slots + (word << 6), 0, 64 * sizeof(double))
        side.words[word] = 0
        slot = slot_below(side, word << 6)
        side.summary[word >> 6] &= ~(<uint64_t>1 << (word & 63))
    side.top = -1
    side.held = 0
    side.count = 0


cdef void side_fill(Side *side, const Grid *grid, const Level *rows, Py_ssize_t count) noexcept nogil:
    # Rows from the worst on, each key once; the window comes to lie with the best at three quarters of it.
    cdef Py_ssize_t row
    cdef int64_t tick
    side_clear(side)
    side.changes = 0
    if not count:
        return
    if not grid.slots:
        memcpy(side.levels, rows, count * sizeof(Level))
        side.count = count
        return
    whole_tick(grid, rows[count - 1].key, &tick)
    side.base = tick - 3 * (grid.slots >> 2)
    for row in range(count):
        if whole_tick(grid, rows[row].key, &tick) and 0 <= tick - side.base < grid.slots:
            slot_set(side, <Py_ssize_t>(tick - side.base), rows[row].size)
        else:
            side.levels[side.count] = rows[row]
            side.count += 1


cdef void side_settle(Side *side, const Grid *grid, Py_ssize_t changes) noexcept nogil:
    # Moves the window after the best. Not before as many changes as there are levels to move: a best price that
    # jumps to and fro must not cost a move each time.
    cdef Py_ssize_t total = side.count + side.held
    cdef int64_t tick
    cdef Level level
    cdef Level *rows
    cdef Cursor cursor = side_start(side)
    side.changes += changes
    if side.changes < total or not side_next(side, grid, &cursor, &level):
        return
    whole_tick(grid, level.key, &tick)
    tick -= side.base
    if grid.slots >> 2 <= tick < grid.slots:
        return
    rows = <Level *>malloc(total * sizeof(Level))
    if rows == NULL:
        return
    cursor = side_start(side)
    changes = total
    while side_next(side, grid, &cursor, &level):
        changes -= 1
        rows[changes] = level
    side_fill(side, grid, rows, total)
    free(rows)
