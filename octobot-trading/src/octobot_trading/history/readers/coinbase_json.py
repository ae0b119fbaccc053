# SPDX-License-Identifier: Apache-2.0
"""Coinbase's JSON: ``{"candles": [{"start", "low", "high", "open", "close", "volume"}]}``, numbers as text.

Rows are numbered by candles, as one candle may take many lines or share one.
"""

from __future__ import annotations

import json

import numpy as np

from octobot_commons.errors import DataError
from octobot_trading.history.raw_candles import RawCandles
from octobot_trading.history.readers.cells import parse_number
from octobot_trading.history.readers.content import Content

_KEYS = ("start", "open", "high", "low", "close", "volume")
_REMEDY = f"candles need the keys {', '.join(_KEYS)}"


def matches(content: Content) -> bool:
    """JSON starts with a bracket, CSV never does."""
    return content.data.lstrip()[:1] in (b"{", b"[")


def read(content: Content) -> list[RawCandles]:
    """The one series of the file."""
    candles = _load(content)
    values = _numbers(candles, content.name)
    columns = np.array(values, dtype=np.float64).reshape(-1, 6).T
    rows = np.arange(1, columns.shape[1] + 1)
    return [RawCandles(np.ascontiguousarray(columns), rows, ((0, content.name),))]


def _load(content: Content) -> list[object]:
    try:
        loaded = json.loads(content.text(), object_pairs_hook=_each_key_once)
    except json.JSONDecodeError as error:
        remedy = "the file is damaged or incomplete: download it again"
        raise DataError(f"it is no JSON: {error.msg}", file=content.name, row=error.lineno, remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"it is no JSON: {error}", file=content.name, remedy="give a file of candles") from error
    candles = loaded.get("candles") if isinstance(loaded, dict) else loaded
    if not isinstance(candles, list):
        raise DataError("it has no list of candles", file=content.name, field="candles", remedy=_REMEDY)
    return candles


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of a key that is there twice, Python would keep the last one silently."""
    held = dict(pairs)
    if len(held) < len(pairs):
        twice = next(key for index, (key, _) in enumerate(pairs) if key in (name for name, _ in pairs[:index]))
        raise ValueError(f"the key {twice[:40]!r} is there twice in one object")
    return held


def _numbers(candles: list[object], file: str) -> list[list[float]]:
    values = []
    for row, candle in enumerate(candles, 1):
        if not isinstance(candle, dict):
            raise DataError("it is no candle", file=file, row=row, remedy=_REMEDY)
        values.append([_number(candle, key, file, row) for key in _KEYS])
    return values


def _number(candle: dict[str, object], key: str, file: str, row: int) -> float:
    if key not in candle:
        raise DataError(f"{key} is missing", file=file, row=row, field=key, remedy=_REMEDY)
    value = candle[key]
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"a {type(value).__name__} is no number")
        return parse_number(value) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError) as error:
        raise DataError(str(error), file=file, row=row, field=key, remedy=_REMEDY) from error
