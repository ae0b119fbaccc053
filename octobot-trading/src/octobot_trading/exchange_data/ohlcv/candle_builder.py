# SPDX-License-Identifier: Apache-2.0
"""Candles from trades, and longer candles from shorter ones, one by one as they arrive.

The rules, which ``CandlesManager`` shares where candles arrive live:

- **Buckets** are those of ``time_frame_manager``: aligned on the epoch, weeks on Monday, months on the calendar, UTC. A
  trade at the very end of a bucket belongs to the next one. A longer candle is the sum of the shorter ones.
- **A candle closes** when something later than it arrives, when ``close_until`` tells that its time is over, or when
  the last shorter candle that it consists of closes. What closed is told in the order of close times, the shortest
  first.
- **Gaps**: where nothing was traded there is no candle; ``counts`` tells how many are missing. ``fill_limit`` asks for
  flat ones (the last close, volume 0), at most so many in a row, so that one wrong time cannot make millions of them;
  longer candles are made of the filled ones too.
- **First and last**: a candle that opened before ``start_time`` (by default the time of the first trade or candle) is
  in construction but never told of as closed, as its beginning was not seen; likewise what was open when
  ``interrupted`` tells that nothing was received for a while. The last one stays in construction.
- **Late**: what is older than the shortest candle in construction (of 3m and 5m, than either), or than what has closed,
  is counted and left out; what was told of cannot be taken back.
- **Time going backwards** within the shortest candle in construction is no fault: the earliest trade opens, the latest
  closes (of several at one time the first to arrive opens, the last closes); ``reordered`` counts them.
- **Duplicates**: a trade whose id was seen since the shortest candle in construction opened is counted and left out; an
  older one is late anyway. A closed candle that comes again is a duplicate if it is equal, else a conflict: both are
  counted and left out.
- **Updates in place** (``add_candle(…, closed=False)``), as from exchanges that never say that a candle closed: one
  with the same open time replaces the one before, one with a later open time closes it.
- **What is no number** (NaN, infinity, a price or amount that is not above zero, a time outside 1970 to 2200) is
  refused and changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError
from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds, parse_time_frame, sort_time_frames
from octobot_trading.exchange_data.ohlcv.candle_check import check_candle
from octobot_trading.exchange_data.ohlcv.candle_frame import Candle, CandleFrame, Closed, FrameCounts, consists_of
from octobot_trading.util import LATEST_TIME

_NOTHING: tuple[Closed, ...] = ()


class CandleBuilder:
    """Builds the candles of ``time_frames`` from trades or, with ``source``, from candles of that time frame.

    A trade costs the same however many came before and whatever the time frames, as long as each consists of whole
    candles of the shortest; otherwise (3m and 5m) it is added to those that do not.

    Raises:
        DataError: no time frame, or one that does not consist of whole source candles.
        TimeFrameError: an unknown time frame.
    """

    def __init__(
        self,
        time_frames: Iterable[TimeFrames | str],
        *,
        source: TimeFrames | str | None = None,
        start_time: float | None = None,
        fill_limit: int = 0,
    ) -> None:
        frames = sort_time_frames({parse_time_frame(one) for one in time_frames})
        if not frames:
            raise DataError("there is no time frame to build", remedy="name one, like 1m")
        self.source = None if source is None else parse_time_frame(source)
        self.start_time = start_time
        #: What was left out, and why; see the rules above.
        self.late = self.duplicates = self.conflicts = self.reordered = 0
        self._asked = frozenset(frames)
        self._frames = _tree(frames, self.source, fill_limit)
        self._by_name = {frame.time_frame: frame for frame in self._frames if frame.time_frame in self._asked}
        self._roots = [frame for frame in self._frames if frame.parent is None]
        # Trades are taken from floor on; at ceiling something closes.
        self._floor = self._ceiling = -math.inf
        self._newest = 0.0
        self._ids: set[int | str] = set()
        self._last_candle: Candle | None = None

    @property
    def counts(self) -> Mapping[TimeFrames, FrameCounts]:
        """Per time frame, how many candles closed, were incomplete, missing or filled."""
        return MappingProxyType({name: frame.counts for name, frame in self._by_name.items()})

    def add_trade(
        self, time: float, price: float, amount: float, trade_id: int | str | None = None
    ) -> Sequence[Closed]:
        """A trade at a time in Unix seconds; returns (time frame, candle) of what closed before it.

        Raises:
            DataError: it is no trade, or this builder is fed with candles; nothing was changed.
        """
        if not (0.0 <= time < LATEST_TIME and 0.0 < price < math.inf and 0.0 < amount < math.inf):
            raise DataError(f"a trade of {amount!r} for {price!r} at {time!r} is not possible", remedy="leave it out")
        if self.source is not None:
            raise DataError(f"this builder is fed with {self.source.value} candles", remedy="make one without source")
        if time < self._floor:
            self.late += 1
            return _NOTHING
        if trade_id is not None and trade_id in self._ids:
            self.duplicates += 1
            return _NOTHING
        closed = self._open_at(time) if time >= self._ceiling else _NOTHING
        if trade_id is not None:
            self._ids.add(trade_id)
        if time < self._newest:
            self.reordered += 1
        else:
            self._newest = time
        for root in self._roots:
            root.add_trade(time, price, amount)
        return closed

    def add_candle(self, candle: Sequence[float], closed: bool = True) -> Sequence[Closed]:
        """A candle of the ``source`` time frame, closed or an update of one in construction; returns what closed.

        What closed includes the candle itself where its own time frame was asked for.

        Raises:
            DataError: it is no candle of that time frame, or this builder is fed with trades; nothing was changed.
        """
        if self.source is None:
            raise DataError("this builder is fed with trades", remedy="make one with source, like source='1m'")
        row = check_candle(candle, self.source)
        time = row[0]
        if time < self._floor:
            self._count_old(row)
            return _NOTHING
        told: list[Closed] = []
        (root,) = self._roots
        if root.candle is None or time >= root.end:
            told.extend(self._open_at(time))
        root.candle = row
        if closed:
            self._last_candle = row
            root.close(told, self._start())
            told.extend(self.close_until(root.end))
        return self._in_order(told)

    def close_until(self, time: float) -> Sequence[Closed]:
        """Close what ends at ``time`` or before; nothing older than that is taken afterwards. Returns what closed."""
        told: list[Closed] = []
        start_time = self._start()
        for frame in self._frames:
            if frame.candle is not None and frame.end <= time:
                if frame.parent is None and self.source is not None:
                    self._last_candle = frame.candle
                frame.close(told, start_time)
            if frame.candle is None:
                frame.fill_until(bucket_start(time, frame.time_frame), told, start_time)
        floor = max(bucket_start(time, root.time_frame) for root in self._roots)
        if floor > self._floor:
            self._floor = floor
            self._ids.clear()
        self._ceiling = min(-math.inf if root.candle is None else root.end for root in self._roots)
        return self._in_order(told)

    def interrupted(self, until: float) -> None:
        """Nothing was received for a while, up to ``until``: what opened before that is incomplete."""
        self.start_time = until if self.start_time is None else max(self.start_time, until)

    def kline(self, time_frame: TimeFrames | str) -> Candle | None:
        """The candle in construction, fresh; None where there is none.

        Raises:
            KeyError: the time frame is not built.
        """
        return self._by_name[parse_time_frame(time_frame)].kline()

    def _open_at(self, time: float) -> Sequence[Closed]:
        """Close what is over at ``time`` and open the candles that cover it."""
        if self.start_time is None:
            self.start_time = time
        told = list(self.close_until(time))
        for root in self._roots:
            if root.candle is None:
                root.open_at(time, told, self.start_time)
        self._ceiling = min(root.end for root in self._roots)
        return told

    def _in_order(self, told: list[Closed]) -> Sequence[Closed]:
        asked = [one for one in told if one[0] in self._asked]
        if len(asked) > 1:
            asked.sort(key=lambda one: (bucket_end(one[1][0], one[0]), get_seconds(one[0])))
        return asked

    def _start(self) -> float:
        return -math.inf if self.start_time is None else self.start_time

    def _count_old(self, row: Candle) -> None:
        last = self._last_candle
        if last is None or row[0] != last[0]:
            self.late += 1
        elif row == last:
            self.duplicates += 1
        else:
            self.conflicts += 1


def _tree(frames: list[TimeFrames], source: TimeFrames | None, fill_limit: int) -> list[CandleFrame]:
    """Each time frame below the longest shorter one that it consists of, shortest first."""
    made: list[CandleFrame] = []
    if source is not None and source not in frames:
        frames = [source, *frames]
    for frame in frames:
        parents = [one for one in made if consists_of(frame, one.time_frame)]
        if source is not None and frame is not source and not parents:
            raise DataError(
                f"candles of {frame.value} do not consist of whole candles of {source.value}",
                remedy="choose a longer time frame that is a multiple of the source's",
            )
        made.append(CandleFrame(frame, parents[-1] if parents else None, fill_limit))
    return made
