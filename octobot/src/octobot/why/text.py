# SPDX-License-Identifier: Apache-2.0
"""The chain of an order as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from octobot.report.formatting import moment
from octobot_commons.notes import KnownNote

if TYPE_CHECKING:
    from octobot.why.absence import Absence
    from octobot.why.chain import OrderChain

_LABEL_WIDTH = 12
_CANDLE = ("open", "high", "low", "close", "volume")


def chain_lines(chain: OrderChain) -> list[str]:
    """From candles to fills, a labelled block for each link."""
    return _labelled(_blocks(chain))


def absence_lines(absence: Absence) -> list[str]:
    """From candles to what the mode said, a labelled block for each link."""
    return _labelled(_absence_blocks(absence))


def _labelled(blocks: Iterable[tuple[str, list[str]]]) -> list[str]:
    return [
        f"{'' if number else label:<{_LABEL_WIDTH}}{line}".rstrip()
        for label, block in blocks
        for number, line in enumerate(block)
    ]


def _absence_blocks(absence: Absence) -> Iterator[tuple[str, list[str]]]:
    yield "Asked for", [f"{absence.symbol} at {moment(absence.time)} UTC"]
    yield "Candles", [_candle(frame, candle) for frame, candle in absence.candles.items()] or ["none had closed"]
    yield "Notes", [_last_note(name, note) for name, notes in absence.notes.items() for note in notes] or ["none"]
    if absence.woken_time is None:
        yield "Mode", ["no strategy had woken it yet"]
        return
    orders = [f"it made order {order_id}: see `octobot why {order_id}`" for order_id in absence.order_ids]
    yield "Mode", [f"last woken at {moment(absence.woken_time)} UTC", *absence.said, *orders]


def _last_note(name: str, note: dict[str, Any]) -> str:
    known = KnownNote(name, "", note["time_frame"], note["note"], note["time"], True)
    return _note(known)


def _blocks(chain: OrderChain) -> Iterator[tuple[str, list[str]]]:
    decision = chain.decision
    if decision is None:
        yield "Decision", ["none was kept with this order"]
    else:
        yield from decision_blocks(decision)
    for parent in chain.parents:
        yield "Parent", [f"{_order(parent)}; its fill brought up the next"]
    yield "Order", [_order(chain.order), *_ended(chain.order)]
    if chain.order["cause"]:
        yield "", [f"the mode's own words: {_pairs(chain.order['cause'])}"]
    yield "Fills", [_fill(fill.to_dict()) for fill in chain.fills] or ["none"]


def decision_blocks(decision: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What was known, and what was made of it."""
    yield "Candles", [_candle(frame, candle) for frame, candle in decision["candles"].items()] or ["none had closed"]
    notes: list[str] = []
    strategies: list[str] = []
    for note in (KnownNote(*values) for values in decision["notes"]):
        (strategies if note.evaluator_type == "STRATEGIES" else notes).append(_note(note))
    yield "Notes", notes or ["none"]
    yield "Strategies", strategies or ["none"]
    by = f", woken by {decision['trigger']}" if decision["trigger"] else ""
    mode = f"{decision['trading_mode']} at {moment(decision['time'])} UTC, price {decision['price']}{by}"
    rule = [decision["rule"]] if decision["rule"] else []
    yield "Mode", [mode, f"final note {decision['final_note']}: {decision['state']}", *rule]


def _candle(time_frame: str, candle: list[float]) -> str:
    numbers = ", ".join(f"{name} {value:g}" for name, value in zip(_CANDLE, candle[1:], strict=True))
    return f"{time_frame:<4} {moment(candle[0])}  {numbers}"


def _note(note: KnownNote) -> str:
    about = f"{note.evaluator} {note.time_frame or ''}".rstrip()
    stale = "" if note.is_valid else "  (did not count any more)"
    description = f"  {note.description}" if note.description is not None else ""
    value = f"{note.note:+.6g}" if isinstance(note.note, float) else str(note.note)
    return f"{about:<40} {value:>12}  of {moment(note.time)}{stale}{description}"


def _order(order: dict[str, Any]) -> str:
    named = {"at": order["price"], "stop": order["stop_price"]}
    prices = [f"{name} {price}" for name, price in named.items() if price is not None]
    created = moment(order["creation_time"])
    what = f"{order['type'].replace('_', ' ')} {order['side']} of {order['quantity']} {order['symbol']}"
    return " ".join([f"{order['order_id']}: {created}", what, *prices])


def _ended(order: dict[str, Any]) -> list[str]:
    if order["closing_time"] is None:
        return [f"{order['status']}, {order['filled_quantity']} filled"]
    why = f": {order['reason']}" if order["reason"] else ""
    return [f"{order['status']} at {moment(order['closing_time'])}{why}"]


def _fill(fill: dict[str, Any]) -> str:
    fee = f"fee {fill['fee']} {fill['fee_asset']}"
    return f"{moment(fill['time'])}  {fill['quantity']} at {fill['price']}, {fee}, {fill['taker_or_maker']}"


def _pairs(cause: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in cause.items())
