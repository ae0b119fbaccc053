# SPDX-License-Identifier: Apache-2.0
"""The matching book in plain Python: the oracle of its property tests and the baseline of its benchmark.

Where the compiled book reasons with bounds, this one walks every order along every path that a candle allows, corner by
corner, and asks what all of them have in common.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

(MARKET, BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP, BUY_TAKE, SELL_TAKE, BUY_TRAIL, SELL_TRAIL) = range(9)
PESSIMISTIC, NEUTRAL, OPTIMISTIC = range(3)

_RISING = {SELL_LIMIT, BUY_STOP, SELL_TAKE, BUY_TRAIL}
_ADVERSE = {BUY_STOP, SELL_STOP, BUY_TRAIL, SELL_TRAIL}
_LIMITS = {BUY_LIMIT, SELL_LIMIT}
_TRAILING = {BUY_TRAIL, SELL_TRAIL}

Match = tuple[float, int, int, float, bool, bool, float, bool]


@dataclass
class Order:
    key: int
    seq: int
    kind: int
    price: float
    distance: float
    is_relative: bool
    effective_time: float
    end_time: float = math.inf
    was_touched: bool = False
    is_arriving: bool = True

    def reached_by(self, market: float) -> bool:
        return market >= self.price if self.kind in _RISING else market <= self.price

    def trail(self, best: float) -> None:
        """Follow a price."""
        distance = self.distance * best if self.is_relative else self.distance
        stop = best - distance if self.kind == SELL_TRAIL else best + distance
        better = stop > self.price if self.kind == SELL_TRAIL else stop < self.price
        if math.isnan(self.price) or better:
            self.price = stop


@dataclass(frozen=True)
class Candle:
    open: float
    high: float
    low: float
    close: float
    open_time: float = -math.inf
    close_time: float = math.inf

    def neutral_path(self) -> list[float]:
        up, down = self.high - self.open, self.open - self.low
        low_first = down < up or (down == up and self.close >= self.open)
        inner = [self.low, self.high] if low_first else [self.high, self.low]
        return [self.open, *inner, self.close]

    def position(self, time: float) -> float:
        if time <= self.open_time or not self.close_time - self.open_time < math.inf:
            return 0.0
        return 3.0 * min(1.0, (time - self.open_time) / (self.close_time - self.open_time))


@dataclass(frozen=True)
class Start:
    """Where an order begins to be looked at."""

    price: float
    position: float = 0.0
    #: Which extremes are certainly ahead.
    high_ahead: bool = True
    low_ahead: bool = True


def _paths(candle: Candle, start: Start) -> list[list[float]]:
    """Every order of corners that may still come: those ahead for certain in each of them, the others in some."""
    first, high, low, close = start.price, candle.high, candle.low, candle.close
    paths = [[first, high, low, close], [first, low, high, close]]
    if not start.high_ahead:
        paths.append([first, low, close])
    if not start.low_ahead:
        paths.append([first, high, close])
    if not start.high_ahead and not start.low_ahead:
        paths.append([first, close])
    return paths


def _walk(order: Order, path: list[float], through: bool = False) -> float | None:
    """The price at which an order fills on a path, None when it does not; a trailing order follows."""
    if order.kind in _TRAILING:
        order.trail(path[0])
    for target in path[1:]:
        if order.reached_by(target) and not (through and target == order.price):
            return order.price
        if order.kind in _TRAILING:
            order.trail(target)
    return None


class MatchingBookReference:
    """Asks every order at every candle."""

    def __init__(self, rule: int = PESSIMISTIC) -> None:
        self.rule = rule
        self.orders: dict[int, Order] = {}
        self.price = math.nan
        self.is_ambiguous = False
        self.gap_through_stops = 0
        self._seq = 0
        self._candle = Candle(0.0, 0.0, 0.0, 0.0)

    def __len__(self) -> int:
        return len(self.orders)

    def add(
        self,
        key: int,
        kind: int,
        price: float = math.nan,
        distance: float = math.nan,
        is_relative: bool = False,
        effective_time: float = -math.inf,
    ) -> None:
        """Take an order in."""
        self._seq += 1
        self.orders[key] = Order(key, self._seq, kind, price, distance, is_relative, effective_time)

    def remove(self, key: int) -> bool:
        """Take an order out."""
        return self.orders.pop(key, None) is not None

    def set_end(self, key: int, end_time: float) -> None:
        """An order ends by itself."""
        self.orders[key].end_time = end_time

    def stop_price(self, key: int) -> float:
        """The trigger price of an order as it is now."""
        return self.orders[key].price

    def match_open(self, price: float, time: float = math.inf) -> list[Match]:
        """Everything that a price reaches fills at it; limits that waited for it make, all others take."""
        self._see(Candle(price, price, price, price, time, time))
        found = []
        for order in self._seen(lambda order: not order.is_arriving or order.effective_time <= time):
            arrives, order.is_arriving = order.is_arriving, False
            if order.kind in _TRAILING and (math.isnan(order.price) or not order.reached_by(price)):
                order.trail(price)
            elif order.kind == MARKET or order.reached_by(price):
                is_own = order.kind not in _TRAILING and order.kind != MARKET and order.price == price
                is_own = is_own or (order.was_touched and self.rule == PESSIMISTIC)
                self.gap_through_stops += order.kind in _ADVERSE and not arrives and not is_own
                is_taker = arrives or order.kind not in _LIMITS
                found.append((0.0, order.seq, order.key, price, is_own, is_taker, 0.0, True))
        return sorted(found)

    def match_range(
        self, open_price: float, high: float, low: float, close: float, open_time: float = -math.inf,
        close_time: float = math.inf,
    ) -> list[Match]:  # fmt: skip
        """What the candle fills after its open."""
        candle = Candle(open_price, high, low, close, open_time, close_time)
        self._see(candle)
        found = []
        for order in self._seen(lambda order: not order.is_arriving or order.effective_time < close_time):
            if order.is_arriving:
                position = candle.position(order.effective_time)
                price = open_price + (close - open_price) * position / 3
                match = self.activate(order.key, price, position, position == 0)
            elif order.kind == MARKET:
                continue
            elif order.kind not in _TRAILING and order.reached_by(open_price):
                is_taker = order.kind not in _LIMITS
                match = self._match(order, open_price, 0.0, order.price == open_price, is_taker, True)
            else:
                match = self._met(order, Start(open_price), order.kind not in _TRAILING)
                if match is None and order.kind in _LIMITS and order.reached_by(high if order.kind in _RISING else low):
                    order.was_touched = True
            if match is not None:
                found.append(match)
        return sorted(found)

    def activate(self, key: int, price: float, position: float, from_open: bool) -> Match | None:
        """Match an order that comes up inside the last candle."""
        order, candle = self.orders[key], self._candle
        order.is_arriving = False
        if order.kind == MARKET or (not math.isnan(order.price) and order.reached_by(price)):
            return self._match(order, price, position, order.price == price, True, from_open)
        start = Start(price, position, from_open and price >= candle.open, from_open and price <= candle.open)
        return self._met(order, start, False)

    def _met(self, order: Order, start: Start, from_open: bool) -> Match | None:
        stop = order.price
        answers = {}
        for rule in (PESSIMISTIC, OPTIMISTIC, NEUTRAL):
            order.price = stop
            met = self._along(order, start) if rule == NEUTRAL else self._within(order, start, rule)
            answers[rule] = (met, order.price)
        (worst, worst_stop), (best, best_stop) = answers[PESSIMISTIC], answers[OPTIMISTIC]
        if (worst is None) != (best is None) or (worst[0] if worst else worst_stop) != (best[0] if best else best_stop):
            self.is_ambiguous = True
        met, order.price = answers[self.rule]
        if met is None:
            return None
        is_own = order.kind not in _TRAILING
        return self._match(order, met[0], met[1], is_own, order.kind not in _LIMITS, from_open)

    def _within(self, order: Order, start: Start, rule: int) -> tuple[float, float] | None:
        candle = self._candle
        may_end = order.end_time < candle.close_time
        stop = order.price
        prices: list[float | None] = []
        for path in _paths(candle, start):
            order.price = stop
            prices.append(_walk(order, path, through=order.kind in _LIMITS and rule == PESSIMISTIC))
        order.price = stop
        if order.kind in _TRAILING:
            order.trail(start.price)
            prices += self._dips(order, start)
            seen = self._may_have_seen if rule == PESSIMISTIC else self._has_seen
            order.trail(seen(order, start, may_end))
        if may_end:
            prices.append(None)  # it may have ended before anything was reached
        filled = [price for price in prices if price is not None]
        is_certain = len(filled) == len(prices)
        needs_proof = (order.kind in _ADVERSE) == (rule == OPTIMISTIC)
        if not filled or (needs_proof and not is_certain):
            return None
        if order.kind in _TRAILING:
            is_sell = order.kind == SELL_TRAIL
            return (min(filled) if is_sell == (rule == PESSIMISTIC) else max(filled)), start.position
        return filled[0], start.position

    def _may_have_seen(self, order: Order, start: Start, may_end: bool) -> float:
        return self._candle.high if order.kind == SELL_TRAIL else self._candle.low

    def _has_seen(self, order: Order, start: Start, may_end: bool) -> float:
        """The best price that every path shows to a trailing stop."""
        if may_end:
            return start.price
        if order.kind == SELL_TRAIL:
            return min(max(path) for path in _paths(self._candle, start))
        return max(min(path) for path in _paths(self._candle, start))

    def _dips(self, order: Order, start: Start) -> list[float | None]:
        """A path on which a trailing stop has just followed so far that the candle's extreme triggers it, where the
        candle has room for one: it then fills at that extreme."""
        candle, stop = self._candle, order.price
        far = replace(order)
        far.trail(candle.high if order.kind == SELL_TRAIL else candle.low)
        extreme = candle.low if order.kind == SELL_TRAIL else candle.high
        beyond_first = replace(order, price=stop).reached_by(extreme)
        return [extreme] if far.reached_by(extreme) and not beyond_first else []

    def _along(self, order: Order, start: Start) -> tuple[float, float] | None:
        corners, candle = self._candle.neutral_path(), self._candle
        end = candle.position(order.end_time) if order.end_time < candle.close_time else 3.0
        if order.kind in _TRAILING:
            order.trail(start.price)
        for segment in range(int(start.position), 3):
            begin, target = corners[segment], corners[segment + 1]
            if order.reached_by(target):
                part = abs(order.price - begin) / abs(target - begin) if target != begin else 0.0
                position = max(segment + part, start.position)
                return (order.price, position) if position <= end else None
            if order.kind in _TRAILING:
                order.trail(target)
        return None

    def _match(
        self, order: Order, price: float, position: float, is_own: bool, is_taker: bool, from_open: bool
    ) -> Match:
        rank = position if self.rule == NEUTRAL else float((order.kind in _ADVERSE) == (self.rule == OPTIMISTIC))
        return rank, order.seq, order.key, price, is_own, is_taker, position, from_open

    def _see(self, candle: Candle) -> None:
        self._candle, self.price, self.is_ambiguous = candle, candle.close, False

    def _seen(self, is_seen: Callable[[Order], bool]) -> list[Order]:
        return [order for order in self.orders.values() if is_seen(order)]
