# SPDX-License-Identifier: Apache-2.0
# cython: boundscheck=False, wraparound=False, cdivision=True
"""What a replay does at every candle, without waiting for anyone. Its shells are feeds.py and replay.py."""

from libc.math cimport INFINITY

from octobot_trading.exchange_data.ohlcv._candle_ring cimport CandleRing
from octobot_trading.exchanges.simulated._matching cimport MatchingBook

cdef int OPENS = -1


cdef class FrameCore:
    """See `_replay_core.pyi`."""

    cdef readonly CandleRing ring
    cdef const double[::1] _times, _open, _high, _low, _close, _volume
    cdef object _ohlcv, _kline
    cdef dict _head

    def __init__(self, CandleRing ring not None, columns, ohlcv, kline, dict head not None):
        self.ring = ring
        self._ohlcv = ohlcv
        self._kline = kline
        self._head = head
        self.load(columns)

    def __len__(self):
        return self._times.shape[0]

    def load(self, columns):
        self._times, self._open, self._high, self._low, self._close, self._volume = columns

    def keep(self, Py_ssize_t first, Py_ssize_t end):
        cdef Py_ssize_t row
        if not 0 <= first <= end <= self._times.shape[0]:
            raise IndexError(f"rows {first} to {end} of {self._times.shape[0]}")
        for row in range(first, end):
            self._keep(row)

    cdef int _keep(self, Py_ssize_t row) except -1:
        self.ring.append(self._times[row], self._open[row], self._high[row], self._low[row], self._close[row],
                         self._volume[row])
        return 0

    cdef int _publish_closed(self) except -1:
        cdef dict payload
        if self._ohlcv:
            payload = self._head.copy()
            payload["candle"] = self.ring.candle()
            self._ohlcv.send_nowait(payload)
        return 0

    cdef int _publish_last_state(self) except -1:
        """The candle that has just closed, once more as the one in construction that it was until now."""
        cdef dict payload
        if self._kline:
            payload = self._head.copy()
            payload["kline"] = self.ring.candle()
            self._kline.send_nowait(payload)
        return 0

    cdef int _publish_construction(self) except -1:
        cdef dict payload
        if self.ring.has_construction and self._kline:
            payload = self._head.copy()
            payload["kline"] = self.ring.construction()
            self._kline.send_nowait(payload)
        return 0


cdef class SymbolCore:
    """See `_replay_core.pyi`."""

    cdef readonly str symbol
    cdef list _frames
    cdef FrameCore _base
    # One for each account that trades in this market, and its exchange.
    cdef list _books, _exchanges
    cdef object _symbol_data, _ticker
    cdef dict _head
    cdef bint _matches

    def __init__(self, str symbol not None, list frames not None, list books not None, list exchanges not None,
                 symbol_data, ticker, dict head not None, bint matches=True):
        cdef FrameCore frame
        cdef MatchingBook book
        for frame in frames:
            assert frame is not None
        for book in books:
            assert book is not None
        assert len(books) == len(exchanges)
        self.symbol = symbol
        self._frames = frames
        self._base = frames[0]
        self._books = books
        self._exchanges = exchanges
        self._matches = matches
        self._symbol_data = symbol_data
        self._ticker = ticker
        self._head = head

    def construct(self, Py_ssize_t first, Py_ssize_t end):
        cdef Py_ssize_t row
        if not 0 <= first <= end <= len(self._base):
            raise IndexError(f"rows {first} to {end} of {len(self._base)}")
        for row in range(first, end):
            self._construct(row)
        if end:
            self._follow(self._base._close[end - 1])

    cdef int _follow(self, double price) except -1:
        cdef MatchingBook book
        self._symbol_data.price = price
        for book in self._books:
            book.price = price
        return 0

    cdef bint _open(self, Py_ssize_t row) except -1:
        """The base candle of this row opens, and accounts with something that this may concern trade; whether one has.

        Everybody knows the price then, whoever trades: what an account sees must not depend on the orders of another.
        """
        cdef MatchingBook book
        cdef Py_ssize_t index
        cdef double price
        cdef bint is_asked = False
        if self._matches:
            price = self._base._open[row]
            self._follow(price)
            for index in range(len(self._books)):
                book = <MatchingBook>self._books[index]
                if book._by_key or book.must_ask or book.follows_volume:
                    self._exchanges[index].open_candle(self.symbol, price)
                    is_asked = True
        return is_asked

    cdef int _construct(self, Py_ssize_t row) except -1:
        """Add a base candle to the longer ones that it is part of."""
        cdef FrameCore base = self._base
        cdef FrameCore higher
        cdef Py_ssize_t index
        for index in range(1, len(self._frames)):
            higher = <FrameCore>self._frames[index]
            higher.ring.merge_construction(base._times[row], base._open[row], base._high[row], base._low[row],
                                           base._close[row], base._volume[row])
        return 0

    cdef int _close(self, Py_ssize_t frame_number, Py_ssize_t row) except -1:
        cdef FrameCore frame = <FrameCore>self._frames[frame_number]
        frame._keep(row)
        if frame_number:
            return 0
        self._follow(frame._close[row])
        if self._matches:
            self._match(frame, row)
        self._construct(row)
        return 0

    cdef int _match(self, FrameCore frame, Py_ssize_t row) except -1:
        cdef MatchingBook book
        cdef Py_ssize_t index
        for index in range(len(self._books)):
            book = <MatchingBook>self._books[index]
            if book._is_reached(frame._high[row], frame._low[row]):
                self._exchanges[index].close_candle(self.symbol, frame._times[row], frame._open[row], frame._high[row],
                                                    frame._low[row], frame._close[row], frame._volume[row])
        return 0

    cdef int _publish(self, Py_ssize_t frame_number, Py_ssize_t row, double now) except -1:
        cdef Py_ssize_t index
        cdef dict payload
        if not frame_number:
            self._base._publish_last_state()
        (<FrameCore>self._frames[frame_number])._publish_closed()
        if frame_number:
            return 0
        for index in range(1, len(self._frames)):
            (<FrameCore>self._frames[index])._publish_construction()
        if self._ticker:
            close = self._base._close[row]
            payload = self._head.copy()
            payload["ticker"] = {"symbol": self.symbol, "last": close, "close": close, "timestamp": now}
            self._ticker.send_nowait(payload)
        return 0


cdef class ReplayCore:
    """See `_replay_core.pyi`."""

    cdef list _symbols
    cdef object _advance_to
    cdef const double[::1] _time
    cdef const short[::1] _symbol, _frame
    cdef const int[::1] _row
    cdef Py_ssize_t _position, _end
    cdef readonly double now
    cdef readonly Py_ssize_t candles

    def __init__(self, list symbols not None, advance_to):
        cdef SymbolCore symbol
        for symbol in symbols:
            assert symbol is not None
        self._symbols = symbols
        self._advance_to = advance_to
        self.now = -INFINITY

    def load(self, events):
        self._time, self._symbol, self._frame, self._row = events
        self._position, self._end = 0, self._time.shape[0]

    def stop(self):
        self._end = self._position

    @property
    def next_time(self):
        return self._time[self._position] if self._position < self._end else INFINITY

    def close_candles(self):
        cdef Py_ssize_t first = self._position
        cdef Py_ssize_t position
        if first == self._end:
            return False
        self.now = self._time[first]
        self._advance_to(self.now)
        while self._position < self._end and self._time[self._position] == self.now \
                and self._frame[self._position] != OPENS:
            position = self._position
            (<SymbolCore>self._symbols[self._symbol[position]])._close(self._frame[position], self._row[position])
            self._position += 1
        self.candles += self._position - first
        for position in range(first, self._position):
            (<SymbolCore>self._symbols[self._symbol[position]])._publish(self._frame[position], self._row[position],
                                                                         self.now)
        return True

    def open_next(self):
        cdef Py_ssize_t position
        while self._position < self._end and self._time[self._position] == self.now:
            position = self._position
            self._position += 1
            if (<SymbolCore>self._symbols[self._symbol[position]])._open(self._row[position]):
                return True
        return False
