# SPDX-License-Identifier: Apache-2.0
# Binary heaps of orders in Python lists, the nearest price first; each order knows its index, so that any can be
# removed in O(log n). `sign` is 1 where the lowest price is the nearest, -1 where the highest is.

cdef inline int _append(list orders, RestingOrder order, int place) except -1:
    order.place = place
    order.index = len(orders)
    orders.append(order)
    return 0


cdef inline int _swap_out(list orders, Py_ssize_t index) except -1:
    cdef RestingOrder last = <RestingOrder>orders.pop()
    if index < len(orders):
        orders[index] = last
        last.index = index
    return 0


cdef int _push(list heap, RestingOrder order, int place, double sign) except -1:
    _append(heap, order, place)
    _sift_up(heap, order, sign)
    return 0


cdef int _sift_up(list heap, RestingOrder order, double sign) except -1:
    cdef Py_ssize_t index = order.index
    cdef Py_ssize_t parent
    cdef RestingOrder other
    while index > 0:
        parent = (index - 1) >> 1
        other = <RestingOrder>heap[parent]
        if sign * other.price <= sign * order.price:
            break
        heap[index] = other
        other.index = index
        index = parent
    heap[index] = order
    order.index = index
    return 0


cdef int _sift_down(list heap, RestingOrder order, double sign) except -1:
    cdef Py_ssize_t index = order.index
    cdef Py_ssize_t count = len(heap)
    cdef Py_ssize_t child
    cdef RestingOrder other
    while True:
        child = 2 * index + 1
        if child >= count:
            break
        if child + 1 < count and (sign * (<RestingOrder>heap[child + 1]).price
                                  < sign * (<RestingOrder>heap[child]).price):
            child += 1
        other = <RestingOrder>heap[child]
        if sign * other.price >= sign * order.price:
            break
        heap[index] = other
        other.index = index
        index = child
    heap[index] = order
    order.index = index
    return 0


cdef int _delete(list heap, Py_ssize_t index, double sign) except -1:
    cdef RestingOrder last = <RestingOrder>heap.pop()
    if index < len(heap):
        heap[index] = last
        last.index = index
        _sift_up(heap, last, sign)
        _sift_down(heap, last, sign)
    return 0


cdef int _collect(list heap, Py_ssize_t index, double price, double sign, list found) except -1:
    """Every order that `price` reaches. Looks at no more than twice as many and one."""
    cdef RestingOrder order
    if index >= len(heap):
        return 0
    order = <RestingOrder>heap[index]
    if sign * order.price <= sign * price:
        found.append(order)
        _collect(heap, 2 * index + 1, price, sign, found)
        _collect(heap, 2 * index + 2, price, sign, found)
    return 0
