# SPDX-License-Identifier: Apache-2.0
"""What every order book is asked, over the same recorded sessions. Standard library only.

A book has ``replace(bids, asks)`` and ``update(bids, asks)``, sides being lists of [price, size], ``best()``, bid and
ask, and ``top(count)``, the best levels of bids and asks. Where it has a form of its own for an update,
``prepared(bids, asks)`` makes it, ``replace_prepared`` and ``update_prepared`` take it. ``volume_to(price)`` and
``price_for(volume)`` are of asks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

from measured import timed

#: Level updates of a session that are replayed: enough to wander, few enough for slow books.
ROWS = 60_000
DEPTH = 20
SIZES = (1, 5, 20, 100)
FORMS = ("lists", "prebuilt")
BEST, VOLUME, PRICE = "best bid and ask", "volume of the nearest 100 asks", "average price of a volume 100 asks deep"
Make = Callable[[dict[str, Any]], Any]


def load(path: str) -> list[dict[str, Any]]:
    with open(path) as file:
        return [shortened(session) for session in json.load(file)]


def shortened(session: dict[str, Any]) -> dict[str, Any]:
    kept, rows = [], 0
    for bids, asks in session["deltas"]:
        if rows > ROWS:
            break
        kept.append((bids, asks))
        rows += len(bids) + len(asks)
    return session | {"deltas": kept, "rows": rows}


def end(name: str) -> str:
    return f"{name}: where it ends"


def updates(name: str, form: str) -> str:
    return f"{name}, a level update from {form}"


def snapshot(form: str) -> str:
    return f"1,000 levels a side replaced, from {form}"


def small(size: int) -> str:
    return f"a delta of {size} from lists"


def latency(percent: int) -> str:
    return f"a recorded delta from lists, p{percent}"


def names(sessions: list[dict[str, Any]]) -> list[str]:
    """Of all rows that are measured, in the order of the table."""
    titles = [session["name"] for session in sessions]
    return [
        *(updates(title, form) for title in titles for form in FORMS),
        *map(small, SIZES),
        *map(latency, (50, 99)),
        *map(snapshot, FORMS),
        BEST,
        VOLUME,
        PRICE,
    ]


def rows(make: Make, sessions: list[dict[str, Any]]) -> dict[str, Callable[[], Any]]:
    """What each row of the table measures of the books that ``make(session)`` makes; the first session serves most."""
    found: dict[str, Callable[[], Any]] = {}
    for session in sessions:
        found[end(session["name"])] = partial(ended, make, session)
        found[updates(session["name"], "lists")] = session_of(make(session), session, False)
        if hasattr(make(session), "prepared"):
            found[updates(session["name"], "prebuilt")] = session_of(make(session), session, True)
    first, book = sessions[0], make(sessions[0])
    book.replace(*first["snapshot"])
    for size in SIZES:
        found[small(size)] = deltas_of(book, chunked(first, size))
    for percent in (50, 99):
        found[latency(percent)] = partial(percentile, make(first), first, percent)
    found[snapshot("lists")] = timed(partial(calling, make(first).replace, first["snapshot"]))
    if hasattr(book, "prepared"):
        whole = (book.prepared(*first["snapshot"]),)
        found[snapshot("prebuilt")] = timed(partial(calling, make(first).replace_prepared, whole))
    return found | reads(make(first), first)


def reads(book: Any, session: dict[str, Any]) -> dict[str, Callable[[], float]]:
    book.replace(*session["snapshot"])
    asks = sorted(session["snapshot"][1])[:100]
    found = {BEST: timed(partial(calling, book.best, ()))}
    if hasattr(book, "volume_to"):
        found[VOLUME] = timed(partial(calling, book.volume_to, (asks[-1][0],)))
    if hasattr(book, "price_for"):
        found[PRICE] = timed(partial(calling, book.price_for, (sum(size for _, size in asks) * 0.999,)))
    return found


def ended(make: Make, session: dict[str, Any]) -> Any:
    """Best prices and the best levels after all deltas, of lists and of the book's own form alike."""
    book = make(session)
    book.replace(*session["snapshot"])
    for delta in session["deltas"]:
        book.update(*delta)
    state = state_of(book)
    if hasattr(book, "prepared"):
        book = make(session)
        book.replace_prepared(book.prepared(*session["snapshot"]))
        for delta in session["deltas"]:
            book.update_prepared(book.prepared(*delta))
        if state != state_of(book):
            raise AssertionError("lists and the form of its own end differently")
    return state


def state_of(book: Any) -> Any:
    """Rounded: not every book gives back the very double that it was given."""
    sides = [[[round(float(number), 8) for number in row[:2]] for row in side] for side in book.top(DEPTH)]
    return [[round(float(price), 8) for price in book.best()], sides]


def session_of(book: Any, session: dict[str, Any], prebuilt: bool) -> Callable[[], float]:
    """Seconds per level update of one run over all deltas."""
    prepared: list[Any] = []

    def run() -> float:
        book.replace(*session["snapshot"])
        if prebuilt:
            prepared[:] = prepared or [book.prepared(*delta) for delta in session["deltas"]]
            update = book.update_prepared
            started = perf_counter()
            for delta in prepared:
                update(delta)
        else:
            update = book.update
            started = perf_counter()
            for bids, asks in session["deltas"]:
                update(bids, asks)
        return (perf_counter() - started) / session["rows"]

    return run


def percentile(book: Any, session: dict[str, Any], percent: int) -> float:
    book.replace(*session["snapshot"])
    found = []
    for bids, asks in session["deltas"]:
        started = perf_counter()
        book.update(bids, asks)
        found.append(perf_counter() - started)
    return sorted(found)[len(found) * percent // 100]


def deltas_of(book: Any, deltas: list[Any]) -> Callable[[], float]:
    def prepare(count: int) -> Callable[[], None]:
        chosen = (deltas * (count // len(deltas) + 1))[:count]

        def run() -> None:
            update = book.update
            for bids, asks in chosen:
                update(bids, asks)

        return run

    return timed(prepare)


def calling(function: Any, arguments: Any, count: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(count):
            function(*arguments)

    return run


def chunked(session: dict[str, Any], count: int) -> list[Any]:
    """The same level updates of a session as deltas of ``count`` rows, of one side each."""
    found = []
    for side in (0, 1):
        rows = [row for delta in session["deltas"] for row in delta[side]]
        for first in range(0, len(rows) - count + 1, count):
            part = rows[first : first + count]
            found.append((part, []) if side == 0 else ([], part))
    return found
