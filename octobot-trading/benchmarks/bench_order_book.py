# SPDX-License-Identifier: Apache-2.0
"""The compiled order book beside its twin, usual structures and, with PEERS=all, other programs' books.

All replay the same recorded sessions and must end with the same best prices and the same twenty levels a side. Each
operation is measured in turn for all of them; medians of interleaved repetitions.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from peer_runs import BOOKS, Rows, peer_rows
from sessions import sessions
from side_by_side import Goal, Rate, measured, print_blocks
from sortedcontainers import SortedDict

import book_rows  # isort: skip - found on the path that peer_runs extends

from octobot_trading.exchange_data.order_book._book import Book

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "reference"))
from order_book import BookReference

WINDOW, SORTED = "Book, slots by tick", "Book, sorted arrays"
PREDECESSOR = "OctoBot 2.1.1"


class Ours:
    """The book, with the names that the rows call; prebuilt is float64 arrays."""

    def __init__(self, session: dict[str, Any], tick: float | None = None) -> None:
        book = self.book = Book(session["tick"] if tick is None else tick)
        self.replace, self.update = book.replace, book.update

    def prepared(self, bids: Any, asks: Any) -> Any:
        return tuple(np.array(side, dtype=np.float64).reshape(-1, 2) for side in (bids, asks))

    def replace_prepared(self, whole: Any) -> None:
        self.replace(*whole)

    def update_prepared(self, delta: Any) -> None:
        self.update(*delta)

    def best(self) -> Any:
        return self.book.best_bid, self.book.best_ask

    def top(self, count: int) -> Any:
        return self.book.levels("bids", count), self.book.levels("asks", count)

    def volume_to(self, price: float) -> float:
        return self.book.volume_to("asks", price)

    def price_for(self, volume: float) -> Any:
        return self.book.average_price("asks", volume)


class Twin(BookReference):
    """A dict for each side, sorted when asked."""

    def __init__(self, session: dict[str, Any]) -> None:
        super().__init__()

    def best(self) -> Any:
        return max(self.sides["bids"]), min(self.sides["asks"])

    def top(self, count: int) -> Any:
        return self.levels("bids", count), self.levels("asks", count)

    def volume_to(self, price: float) -> float:  # type: ignore[override]
        return super().volume_to("asks", price)

    def price_for(self, volume: float) -> Any:
        return self.take("asks", volume)


class Sorted:
    """A sorted dict for each side, its rows unchecked."""

    def __init__(self, session: dict[str, Any]) -> None:
        self.sides = (SortedDict(), SortedDict())

    def replace(self, bids: Any, asks: Any) -> None:
        for side, rows in zip(self.sides, (bids, asks), strict=True):
            side.clear()
            side.update(rows)

    def update(self, bids: Any, asks: Any) -> None:
        for side, rows in zip(self.sides, (bids, asks), strict=True):
            for price, size in rows:
                if size:
                    side[price] = size
                else:
                    side.pop(price, None)

    def best(self) -> Any:
        return self.sides[0].peekitem(-1)[0], self.sides[1].peekitem(0)[0]

    def top(self, count: int) -> Any:
        bids, asks = self.sides
        return list(bids.items())[: -count - 1 : -1], list(asks.items())[:count]


def check_ends(subjects: dict[str, Rows], names: list[str]) -> None:
    """All books that replayed a session hold the same."""
    for name in names:
        ends = {who: json.loads(json.dumps(rows[name]())) for who, rows in subjects.items() if name in rows}
        for who, state in ends.items():
            if state != ends[WINDOW]:
                raise SystemExit(f"{name}: {who} says {state}, not {ends[WINDOW]}")
        bid, ask = ends[WINDOW][0]
        print(f"{name}: bid {bid:,}, ask {ask:,}, {book_rows.DEPTH} levels a side, the same in {len(ends)} books")


def goals(titles: list[str]) -> dict[str, list[Goal | Rate]]:
    found: dict[str, list[Goal | Rate]] = {}
    for title in titles:
        found[book_rows.updates(title, "lists")] = [Rate(SORTED, 5e6), Rate(WINDOW, 5e6)]
        found[book_rows.updates(title, "prebuilt")] = [Rate(SORTED, 7e6), Rate(WINDOW, 20e6)]
    found[book_rows.snapshot("lists")] = [Goal(who, PREDECESSOR, 50.0) for who in (WINDOW, SORTED)]
    return found


def main() -> None:
    recorded = sessions()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sessions.json"
        path.write_text(json.dumps([session.as_dict() for session in recorded]))
        loaded = book_rows.load(str(path))
        subjects = {
            WINDOW: book_rows.rows(Ours, loaded),
            SORTED: book_rows.rows(lambda session: Ours(session, 0.0), loaded),
            "plain twin, dicts": book_rows.rows(Twin, loaded),
            "sortedcontainers": book_rows.rows(Sorted, loaded),
        }
        names, ends = book_rows.names(loaded), [book_rows.end(session["name"]) for session in loaded]
        peers, remarks = peer_rows(BOOKS, [*ends, *names], str(path))
    check_ends(subjects | peers, ends)
    times = measured(subjects | peers, names)
    print_blocks(times, WINDOW, goals([session["name"] for session in loaded]))
    print("\n".join(remarks))


if __name__ == "__main__":
    main()
