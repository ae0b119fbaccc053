# SPDX-License-Identifier: Apache-2.0
"""From files of recorded sessions to series: order books, trades, tickers, funding rates, mark prices.

Books, tickers and mark prices have the times at which they were received, trades and funding rates the venue's own.
Every line is counted: as used, as of a kind that holds no data that are kept, or as unusable. A file of which more
than one line in ten is unusable is refused.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from octobot_commons.errors import DataError, did_you_mean
from octobot_commons.symbols import is_symbol
from octobot_trading.history.kinds import ORDER_BOOK, TRADES
from octobot_trading.history.order_books import OrderBookSeries
from octobot_trading.history.raw_records import RawRecords
from octobot_trading.history.readers.book_archives import ReadyLine
from octobot_trading.history.readers.content import Content
from octobot_trading.history.readers.event_checks import check_event
from octobot_trading.history.readers.recorded_session import LineKind, SessionLine
from octobot_trading.history.readers.venues.events import (
    BookEvent,
    Event,
    Instruments,
    Other,
    Parser,
    TickerEvent,
    TradeEvent,
)
from octobot_trading.history.record_builder import build_records
from octobot_trading.history.records import RecordSeries
from octobot_trading.history.session_checksums import Checksums
from octobot_trading.history.session_columns import MarketColumns
from octobot_trading.history.session_counts import BookCounts, SessionCounts
from octobot_trading.history.session_recordings import SessionFiles, group_files

_UNUSABLE_PART = 0.1
#: Trades that a venue tells when it is subscribed to are older than that; they tell nothing of the clocks.
_HISTORIC_SECONDS = 5.0
#: So little clocks may differ without a remark.
_SKEW_SECONDS = 0.1
#: So many names of markets without a symbol are shown.
_SHOWN = 8


def read_sessions(
    contents: Sequence[Content], *, symbol: str | None = None, exchange_name: str | None = None
) -> list[RecordSeries]:
    """The series in files of sessions; those of one venue are read together by time.

    ``symbol``: of several markets the one to keep; of one its name. ``exchange_name`` likewise.

    Raises:
        DataError: a venue or a symbol cannot be told, there are no market data, or too much of a file is unusable.
    """
    groups = group_files(contents)
    names = [group.venue.exchange_name for group in groups]
    if exchange_name is not None and len(set(names)) > 1:
        groups = [group for group in groups if group.venue.exchange_name == exchange_name]
        if not groups:
            hint = f"they are of {', '.join(dict.fromkeys(names))}"
            raise DataError(f"none of them is of {exchange_name}", remedy=did_you_mean(exchange_name, names, hint))
    return [series for group in groups for series in _Session(group).series(symbol, exchange_name)]


def session_events(group: SessionFiles) -> Iterator[tuple[SessionLine | ReadyLine, list[Event]]]:
    """Each line that is a message and what it tells.

    Raises:
        DataError: a line is unusable; names file and row.
    """
    parser = group.venue.parser()
    for line in group.lines():
        if isinstance(line, ReadyLine):
            yield line, list(line.events)
        elif line.kind is LineKind.UNUSABLE:
            raise DataError(line.text, file=line.file, row=line.row)
        elif line.kind is LineKind.RECEIVED:
            yield line, list(parser(line.message()))


@dataclass(slots=True)
class _Session:
    group: SessionFiles
    instruments: Instruments = field(default_factory=dict)
    markets: dict[str, MarketColumns] = field(default_factory=dict)
    checksums: Checksums = field(init=False)
    lines: int = 0
    used: int = 0
    other: Counter[str] = field(default_factory=Counter)
    unusable: list[str] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.checksums = Checksums(self.group.venue.checksum)

    def series(self, symbol: str | None, exchange_name: str | None) -> list[RecordSeries]:
        self._read()
        counts = self._counts(exchange_name)
        found = [
            self._built(raw, name, ours, counts)
            for name, ours in self._symbols(symbol, counts).items()
            for raw in self.markets[name].raw(", ".join(counts.files))
        ]
        if not found:
            told = "; ".join(counts.sentences())
            remedy = "give the files of the session that hold market data"
            raise DataError(f"no market data: {told}", file=", ".join(counts.files), remedy=remedy)
        return found

    def _read(self) -> None:
        parser = self.group.venue.parser()
        for line in self.group.lines():
            self.lines += line.rows if isinstance(line, ReadyLine) else 1
            if isinstance(line, ReadyLine):
                self._take(line, list(line.events), line.rows)
            elif line.kind is LineKind.UNUSABLE:
                self._refuse(line, line.text)
            elif line.kind is not LineKind.RECEIVED:
                self.other[line.kind.value] += 1
            else:
                try:
                    self._take(line, self._parse(parser, line), 1)
                except DataError as error:
                    self._refuse(line, error.message)
                except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
                    self._refuse(line, f"it is not as this venue writes: {error!r:.200}")

    def _parse(self, parser: Parser, line: SessionLine) -> list[Event]:
        message = line.message()
        if line.url is not None and self.group.venue.instruments_path in line.url:
            self.instruments |= self.group.venue.instruments(message)
        return list(parser(message))

    def _take(self, line: SessionLine | ReadyLine, events: list[Event], rows: int) -> None:
        kept = [event for event in events if not isinstance(event, Other) and not _is_empty(event)]
        if len(kept) > 1:
            # Nothing is kept of a message of which a part cannot be.
            for event in kept:
                check_event(event)
        others = [event.name for event in events if isinstance(event, Other)]
        for event in kept:
            self._market(event.symbol).add(event, line.row)
            if isinstance(event, BookEvent):
                self.checksums.give(event)
            elif isinstance(event, TradeEvent) and line.time - event.time < _HISTORIC_SECONDS:
                self.delays.append(line.time - event.time)
        if kept:
            self.used += rows
        else:
            self.other[others[0] if others else "messages without data"] += rows

    def _market(self, name: str) -> MarketColumns:
        if name not in self.markets:
            self.markets[name] = MarketColumns()
        return self.markets[name]

    def _refuse(self, line: SessionLine, what: str) -> None:
        self.unusable.append(f"{line.file}: row {line.row}: {what}")

    def _counts(self, exchange_name: str | None) -> SessionCounts:
        if len(self.unusable) > _UNUSABLE_PART * self.lines:
            remedy = "the recording is damaged, or it is none of this venue"
            what = f"{len(self.unusable):,} of {self.lines:,} lines are unusable; {self.unusable[0]}"
            raise DataError(what, file=", ".join(self._files()), remedy=remedy)
        remarks = [f"{part} holds no market data" for part in self.group.ignored]
        if untraded := sum(len(market) for market in self.markets.values() if not market.is_traded):
            remarks.append(f"{untraded:,} mark prices and funding rates of markets without other data are left out")
        delay = median(self.delays) if self.delays else 0.0
        if delay < -_SKEW_SECONDS:
            remarks.append(
                f"the recorder's clock was about {-delay:.2g} s behind the venue's; trades have the venue's times,"
                " books and tickers the recorder's"
            )
        return SessionCounts(
            self._files(),
            exchange_name or self.group.venue.exchange_name,
            self.lines,
            self.used,
            tuple(self.other.most_common()),
            tuple(self.unusable),
            tuple(remarks),
        )

    def _files(self) -> tuple[str, ...]:
        return tuple(recording.content.name for recording in self.group.recordings)

    def _symbols(self, asked: str | None, counts: SessionCounts) -> dict[str, str]:
        """From the venue's names of the markets to keep to ours."""
        names = [name for name, market in self.markets.items() if market.is_traded]
        if asked is not None and len(names) == 1:
            return {names[0]: asked}
        ours = {name: self.instruments.get(name) or self._symbol_of_name(name) for name in names}
        unknown = [name for name, told in ours.items() if told is None or not is_symbol(told)]
        if unknown:
            raise DataError(
                f"the symbol of {', '.join(f'{name[:40]!r}' for name in unknown[:_SHOWN])} cannot be told",
                file=", ".join(counts.files),
                field="symbol",
                remedy="give the session's list of instruments too, or the symbol where it holds one market",
            )
        told = {name: symbol for name, symbol in ours.items() if symbol is not None}
        if asked is None:
            return told
        if asked not in told.values():
            hint = f"it holds {', '.join(told.values())}"
            remedy = did_you_mean(asked, list(told.values()), hint)
            raise DataError(f"it holds no {asked}", file=", ".join(counts.files), field="symbol", remedy=remedy)
        return {name: symbol for name, symbol in told.items() if symbol == asked}

    def _symbol_of_name(self, name: str) -> str | None:
        try:
            return self.group.venue.symbol(name)
        except ValueError:  # a day that does not exist
            return None

    def _built(self, raw: RawRecords, name: str, symbol: str, counts: SessionCounts) -> RecordSeries:
        digests = [recording.content.sha256 for recording in self.group.recordings]
        sha256 = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
        built = build_records(raw, sha256=sha256, symbol=symbol, exchange_name=counts.exchange_name)
        remarks = (*built.quality.remarks, *self._remarks(raw, name, symbol))
        quality = replace(built.quality, session=counts, remarks=remarks)
        if isinstance(built, OrderBookSeries):
            replayed = built.replay(built.new_book())
            quality = replace(quality, book=self._with_checksums(replayed, name))
        return replace(built, quality=quality)

    def _with_checksums(self, replayed: BookCounts, name: str) -> BookCounts:
        verified, failed = self.checksums.counts(name)
        return replace(replayed, checksums_verified=verified, checksums_failed=failed)

    def _remarks(self, raw: RawRecords, name: str, symbol: str) -> Iterator[str]:
        market = self.markets[name]
        if raw.kind in (ORDER_BOOK, TRADES) and self.group.venue.contracts(symbol):
            yield "amounts are numbers of contracts, as the venue tells them"
        if raw.kind is TRADES and market.aggregated:
            yield f"{market.aggregated:,} aggregated trades are left out: the session tells the trades themselves too"
        superseded = market.superseded[raw.kind.name]
        if superseded:
            yield f"{superseded:,} {raw.kind.plural} are left out: another one has the same time"


def _is_empty(event: Event) -> bool:
    """A ticker of a market in which there is no price."""
    return isinstance(event, TickerEvent) and all(map(math.isnan, (event.last, event.bid, event.ask)))
