# SPDX-License-Identifier: Apache-2.0
# What one order meets between two moments of a candle of which only open, high, low and close are known.

cdef inline double _position(double time, double open_time, double close_time):
    """A time inside the candle, as a position from 0 to 3."""
    if time <= open_time or not close_time - open_time < INFINITY:
        return 0.0
    return 3.0 * min(1.0, (time - open_time) / (close_time - open_time))


cdef inline tuple _match(RestingOrder order, Reached* reached, int rule, bint from_open):
    """See `Match` in `_matching.pyi`."""
    cdef double rank = reached.position
    if rule != R_NEUTRAL:
        # Of orders that exclude each other, a pessimist lets those come first that lose.
        rank = 1.0 if _is_adverse(order.kind) == (rule == R_OPTIMISTIC) else 0.0
    return (rank, order.seq, order.key, reached.price, reached.at_own_price, reached.is_taker, reached.position,
            from_open)


cdef inline int _trail(RestingOrder order, double best) except -1:
    """Let a trailing stop follow the best price seen."""
    cdef double distance = order.distance * best if order.is_relative else order.distance
    if order.kind == K_SELL_TRAIL:
        if isnan(order.price) or best - distance > order.price:
            order.price = best - distance
    elif isnan(order.price) or best + distance < order.price:
        order.price = best + distance
    return 0


cdef inline bint _stays_behind(RestingOrder order, double high, double low) except -1:
    """Let a trailing stop follow a candle that triggers it in no order of its prices; False where one might."""
    cdef double stop = order.price
    if isnan(stop) or order.end_time < INFINITY:
        return False
    if order.kind == K_SELL_TRAIL:
        _trail(order, high)
        if low > order.price:
            return True
    else:
        _trail(order, low)
        if high < order.price:
            return True
    order.price = stop
    return False


cdef Reached _meets(RestingOrder order, Candle* candle, Path* path, int rule):
    if _is_trailing(order.kind):
        return _trail_along(order, candle, path) if rule == R_NEUTRAL else _trail_within(order, path, rule)
    if rule == R_NEUTRAL:
        return _meet_along(order, candle, path)
    return _meet_within(order, path, rule)


cdef Reached _meet_within(RestingOrder order, Path* path, int rule):
    """Without an order of prices: whatever costs the order's owner may have happened, what helps must have."""
    cdef Reached reached
    cdef bint needs_proof = _is_adverse(order.kind) == (rule == R_OPTIMISTIC)
    cdef double extreme
    if _rises(order.kind):
        extreme = path.sure_high if needs_proof else path.high
    else:
        extreme = path.sure_low if needs_proof else path.low
    reached.is_reached = _reaches(order.kind, order.price, extreme)
    if reached.is_reached and _is_limit(order.kind) and rule == R_PESSIMISTIC:
        # Trades at its limit may all have gone to others in the queue; trades beyond it cannot.
        reached.is_reached = extreme != order.price
    reached.price, reached.at_own_price = order.price, True
    reached.is_taker = not _is_limit(order.kind)
    reached.position = path.position
    return reached


cdef inline bint _low_first(Candle* candle):
    """Whether the neutral path goes to the low first: the extreme nearer to the open comes first."""
    cdef double up = candle.high - candle.open
    cdef double down = candle.open - candle.low
    return down < up or (down == up and candle.close >= candle.open)


cdef inline double _corner(Candle* candle, int number):
    """The neutral path's corners: open, one extreme, the other one, close."""
    if number == 0:
        return candle.open
    if number == 3:
        return candle.close
    return candle.low if _low_first(candle) == (number == 1) else candle.high


cdef Reached _meet_along(RestingOrder order, Candle* candle, Path* path):
    cdef Reached reached
    cdef int segment = <int>path.position
    cdef double target, start, whole
    reached.is_reached = False
    reached.price, reached.at_own_price, reached.is_taker = order.price, True, not _is_limit(order.kind)
    while segment < 3:
        target = _corner(candle, segment + 1)
        if _reaches(order.kind, order.price, target):
            start = _corner(candle, segment)
            whole = fabs(target - start)
            reached.position = segment + (fabs(order.price - start) / whole if whole else 0.0)
            reached.position = max(reached.position, path.position)
            reached.is_reached = reached.position <= path.end
            return reached
        segment += 1
    return reached


cdef Reached _trail_within(RestingOrder order, Path* path, int rule):
    """A trailing stop between what may and what must have happened.

    Worst: at the stop as it is when the price may fall to it at once, else at the lowest price that may have come after
    a rise by the distance; not triggered, it has followed all that may have been. Best: only when it cannot have been
    avoided, and then from the best price of the candle; not triggered, it has followed what certainly was.
    """
    cdef Reached reached
    cdef bint sells = order.kind == K_SELL_TRAIL
    cdef double stop
    cdef double best = path.high if sells else path.low
    cdef double worst = path.low if sells else path.high
    cdef double sure_worst = path.sure_low if sells else path.sure_high
    cdef double raised
    _trail(order, path.price)
    stop = order.price
    _trail(order, best)
    raised = order.price
    reached.is_taker, reached.at_own_price, reached.position = True, False, path.position
    if rule == R_PESSIMISTIC:
        if worst <= stop if sells else worst >= stop:
            reached.is_reached, reached.price = True, stop
        else:
            reached.is_reached = worst <= raised if sells else worst >= raised
            reached.price = worst
        return reached
    # Unavoidable: the price passes the stop as it was, or ends beyond the stop that it certainly left.
    order.price = stop
    _trail(order, path.sure_high if sells else path.sure_low)
    reached.price = raised
    reached.is_reached = (sure_worst <= stop or path.close <= order.price if sells
                          else sure_worst >= stop or path.close >= order.price)
    return reached


cdef Reached _trail_along(RestingOrder order, Candle* candle, Path* path):
    cdef Reached reached
    cdef int segment = <int>path.position
    cdef double target, start, whole
    reached.is_reached, reached.is_taker, reached.at_own_price = False, True, False
    _trail(order, path.price)
    while segment < 3:
        target = _corner(candle, segment + 1)
        if _reaches(order.kind, order.price, target):
            start = _corner(candle, segment)
            whole = fabs(target - start)
            reached.price = order.price
            reached.position = max(segment + (fabs(order.price - start) / whole if whole else 0.0), path.position)
            reached.is_reached = reached.position <= path.end
            return reached
        _trail(order, target)
        segment += 1
    return reached
