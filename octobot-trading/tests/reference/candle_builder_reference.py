# SPDX-License-Identifier: Apache-2.0
"""The candle builder in plain Python, the oracle of its property tests: it keeps all and starts anew each time."""

from __future__ import annotations

from octobot_commons.time_frame_manager import bucket_end, bucket_start, get_seconds

Row = list[float]


class BuilderReference:
    """What is common: candles of all time frames from those of the roots."""

    def __init__(self, time_frames: tuple[str, ...], start_time: float | None, fill_limit: int) -> None:
        self.frames = sorted(time_frames, key=get_seconds)
        self.start_time = start_time
        self.fill_limit = fill_limit
        self.now = float("-inf")
        self.late = self.duplicates = self.conflicts = self.reordered = 0

    def parent(self, frame: str) -> str | None:
        """The longest shorter time frame that divides it."""
        shorter = [one for one in self.frames if get_seconds(one) < get_seconds(frame)]
        return next((one for one in reversed(shorter) if get_seconds(frame) % get_seconds(one) == 0), None)

    @property
    def floor(self) -> float:
        """What is older is late."""
        if self.now == float("-inf"):
            return self.now
        return max(bucket_start(self.now, frame) for frame in self.frames if self.parent(frame) is None)

    def roots_candles(self, frame: str) -> list[Row]:
        """The candles that were really there."""
        raise NotImplementedError

    def candles(self, frame: str) -> list[Row]:
        """All candles, that in construction too."""
        parent = self.parent(frame)
        if parent is not None:
            made: list[Row] = []
            for row in self.candles(parent):
                start = bucket_start(row[0], frame)
                if made and made[-1][0] == start:
                    last = made[-1]
                    made[-1] = [start, last[1], max(last[2], row[2]), min(last[3], row[3]), row[4], last[5] + row[5]]
                else:
                    made.append([start, *row[1:]])
            return made
        real = self.roots_candles(frame)
        made = []
        for index, row in enumerate(real):
            made.append(row)
            following = real[index + 1][0] if index + 1 < len(real) else bucket_start(self.now, frame)
            time = bucket_end(row[0], frame)
            for _ in range(self.fill_limit):
                if time < following:
                    made.append([time, row[4], row[4], row[4], row[4], 0.0])
                    time = bucket_end(time, frame)
        return made

    def over(self, frame: str) -> list[Row]:
        """The candles whose time is over."""
        return [row for row in self.candles(frame) if bucket_end(row[0], frame) <= self.now]

    def closed(self, frame: str) -> list[Row]:
        """Those of them whose beginning was seen."""
        return [row for row in self.over(frame) if row[0] >= self.start_time]

    def kline(self, frame: str) -> Row | None:
        """The candle in construction."""
        rows = self.candles(frame)
        return rows[-1] if rows and bucket_end(rows[-1][0], frame) > self.now else None

    def missing(self, frame: str) -> int:
        """Places without a candle, filled ones among them."""
        rows = self.over(frame)
        if not rows:
            return 0
        places = round((bucket_start(self.now, frame) - rows[0][0]) / get_seconds(frame))
        return places - len(rows) + self.filled(frame)

    def filled(self, frame: str) -> int:
        """Candles that were made up."""
        if self.parent(frame) is not None:
            return 0
        return len(self.candles(frame)) - len(self.roots_candles(frame))

    def close_until(self, time: float) -> None:
        """Time passes."""
        self.now = max(self.now, time)


class TradesReference(BuilderReference):
    """From trades."""

    def __init__(self, time_frames: tuple[str, ...], start_time: float | None, fill_limit: int) -> None:
        super().__init__(time_frames, start_time, fill_limit)
        self.trades: list[tuple[float, float, float, int | None]] = []

    def add_trade(self, time: float, price: float, amount: float, trade_id: int | None) -> None:
        """Keep it unless it is late or a duplicate."""
        if time < self.floor:
            self.late += 1
        elif trade_id is not None and any(one[3] == trade_id and one[0] >= self.floor for one in self.trades):
            self.duplicates += 1
        else:
            self.reordered += any(one[0] > time for one in self.trades)
            self.trades.append((time, price, amount, trade_id))
            self.start_time = time if self.start_time is None else self.start_time
            self.now = max(self.now, time)

    def roots_candles(self, frame: str) -> list[Row]:
        """Grouped by their bucket; sorting is stable, so the first to arrive opens and the last closes."""
        buckets: dict[float, list[tuple[float, float, float, int | None]]] = {}
        for trade in self.trades:
            buckets.setdefault(bucket_start(trade[0], frame), []).append(trade)
        rows = []
        for start in sorted(buckets):
            trades = buckets[start]
            ordered = [price for _, price, _, _ in sorted(trades, key=lambda one: one[0])]
            volume = 0.0
            for trade in trades:
                volume += trade[2]
            rows.append([start, ordered[0], max(ordered), min(ordered), ordered[-1], volume])
        return rows


class CandlesReference(BuilderReference):
    """From candles of the shortest time frame."""

    def __init__(self, time_frames: tuple[str, ...], start_time: float | None, fill_limit: int) -> None:
        super().__init__(time_frames, start_time, fill_limit)
        self.rows: list[Row] = []

    def add_candle(self, row: Row, closed: bool) -> None:
        """Append it, or replace the one in construction."""
        if row[0] < self.floor:
            over = [one for one in self.rows if one[0] < self.floor]
            same = [one for one in over[-1:] if one[0] == row[0]]
            self.late += not same
            self.duplicates += same == [row]
            self.conflicts += bool(same) and same != [row]
            return
        if self.rows and self.rows[-1][0] == row[0]:
            self.rows[-1] = row
        else:
            self.rows.append(row)
        self.start_time = row[0] if self.start_time is None else self.start_time
        self.now = max(self.now, bucket_end(row[0], self.frames[0]) if closed else row[0])

    def roots_candles(self, frame: str) -> list[Row]:
        """As they came."""
        return self.rows
