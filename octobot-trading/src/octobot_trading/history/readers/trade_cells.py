# SPDX-License-Identifier: Apache-2.0
"""Sides and ids of trades as text, into columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from octobot_commons.errors import DataError
from octobot_trading.history.kinds import BUY, NO_ID, SELL, UNKNOWN_SIDE

IntArray = NDArray[np.int64]

#: What the taker did. Of a buyer who was the maker, the taker sold.
_SIDES = {"buy": BUY, "b": BUY, "sell": SELL, "s": SELL, "any": UNKNOWN_SIDE, "unknown": UNKNOWN_SIDE, "": UNKNOWN_SIDE}
_BUYER_WAS_MAKER = {"1": SELL, "true": SELL, "0": BUY, "false": BUY}
_ID = re.compile(r"[0-9]{1,19}")
_LARGEST_ID = 2**63
IDS_LEFT_OUT = "the trades' ids are no whole numbers and are left out"


def parse_sides(cells: Sequence[str], rows: IntArray, file: str, maker: bool = False) -> IntArray:
    """1 for a taker who bought, -1 for one who sold, 0 for unknown; ``maker``: the cells tell if the maker bought.

    Raises:
        DataError: a cell is no side.
    """
    known = _BUYER_WAS_MAKER if maker else _SIDES
    try:
        return np.array([known[cell.strip().lower()] for cell in cells], dtype=np.int64)
    except KeyError:
        index = next(index for index, cell in enumerate(cells) if cell.strip().lower() not in known)
        told = ", ".join(filter(None, known))
        raise DataError(
            f"{cells[index][:40]!r} is no side", file=file, row=int(rows[index]), remedy=f"a side is one of {told}"
        ) from None


def parse_ids(cells: Sequence[str]) -> tuple[IntArray, tuple[str, ...]]:
    """The ids, -1 for an empty one; all -1, and a remark that says so, where one is no whole number below 2**63."""
    texts = [cell.strip() for cell in cells]
    if all(not text or (_ID.fullmatch(text) and int(text) < _LARGEST_ID) for text in texts):
        return np.array([int(text) if text else NO_ID for text in texts], dtype=np.int64), ()
    return np.full(len(texts), NO_ID, dtype=np.int64), (IDS_LEFT_OUT,)
