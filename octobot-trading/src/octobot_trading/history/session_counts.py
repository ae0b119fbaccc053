# SPDX-License-Identifier: Apache-2.0
"""What a recorded session held and how its books fared when they were replayed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """The lines of a session's files: ``lines == used + sum of other + len(unusable)``. Blank ones do not count."""

    files: tuple[str, ...]
    exchange_name: str
    lines: int
    #: Messages that market data were taken from.
    used: int
    #: Kinds of lines that hold none that is kept, and how many of each.
    other: tuple[tuple[str, int], ...]
    #: Lines that could not be used: file, row and what is wrong, as a sentence.
    unusable: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """The report, one line each."""
        kinds = "".join(f", {count:,} {name}" for name, count in self.other)
        told = [f"{self.lines:,} lines: {self.used:,} used{kinds}, {len(self.unusable):,} unusable"]
        return [*told, *self.unusable[:_SHOWN], *self.remarks]


#: So many unusable lines are shown.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class BookCounts:
    """A replay of one market's messages: ``messages == snapshots + deltas``."""

    messages: int
    snapshots: int
    #: Deltas that were not applied: contained in a snapshot, or without one to apply them to.
    not_applied: int
    #: Updates that do not follow the one before them.
    breaks: int
    #: Messages after which the best bid was not below the best ask.
    crossed: int
    checksums_verified: int = 0
    checksums_failed: int = 0

    @property
    def deltas(self) -> int:
        """Messages that were no snapshots."""
        return self.messages - self.snapshots

    def sentence(self) -> str:
        """The counts in one line."""
        return (
            f"{self.snapshots:,} snapshots and {self.deltas:,} deltas ({self.not_applied:,} not applied),"
            f" {self.breaks:,} sequence breaks, {self.crossed:,} crossed,"
            f" {self.checksums_verified:,} checksums verified, {self.checksums_failed:,} failed"
        )
