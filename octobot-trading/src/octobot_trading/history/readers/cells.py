# SPDX-License-Identifier: Apache-2.0
"""Single cells: numbers and times as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime

#: Without two ways to match the same digits, so that long ones take no longer than their length.
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_INTEGER = re.compile(r"-?\d{1,19}")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_ISO_TIME = re.compile(rf"\d{{4}}-\d\d-\d\d(?:[ T]{_CLOCK}(?::[0-5]\d(?:\.\d{{1,6}})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_COMPACT_TIME = re.compile(rf"\d{{8}} {_CLOCK}")


def parse_number(text: str) -> float:
    """A number; nan and infinity pass, as the checks of candles refuse them by their row. ValueError otherwise."""
    text = text.strip()
    if not text.isascii() or not (_NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text)):
        raise ValueError(f"{text[:40]!r} is no number" if text else "a number is missing")
    return float(text)


def parse_integer(text: str) -> int:
    """A whole number between -(2**63) and 2**63 - 1. ValueError otherwise."""
    text = text.strip()
    if not text.isascii() or not _INTEGER.fullmatch(text) or not -(2**63) <= int(text) < 2**63:
        raise ValueError(f"{text[:40]!r} is no whole number of 64 bits" if text else "a number is missing")
    return int(text)


def parse_time(text: str) -> float:
    """Unix seconds of ``YYYY-MM-DD[ HH:MM[:SS[.ffffff]]]`` or ``YYYYMMDD HH:MM``; UTC unless it says an offset.

    Raises:
        ValueError: text of another form or a day that does not exist.
    """
    text = text.strip()
    if not text.isascii() or not (_ISO_TIME.fullmatch(text) or _COMPACT_TIME.fullmatch(text)):
        raise ValueError(f"{text[:40]!r} is no time" if text else "the time is missing")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time: {error}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
