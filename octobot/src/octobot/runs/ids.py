# SPDX-License-Identifier: Apache-2.0
"""The names of runs: nine letters and digits that sort by the time at which runs began."""

from __future__ import annotations

from octobot_commons.errors import DataError

#: Crockford's: without i, l, o and u, which are taken for others.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 9


def run_name(number: int) -> str:
    """The name of a run; ``number`` is about the milliseconds since 1970."""
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


def run_number(name: str) -> int:
    """The number that a name stands for, capital letters or not.

    Raises:
        DataError: it is no name of a run.
    """
    number = 0
    for digit in name.casefold():
        value = _DIGITS.find(digit)
        if value < 0:
            break
        number = number * len(_DIGITS) + value
    else:
        if len(name) == _LENGTH:
            return number
    raise DataError(f"{name!r} is no run", field="ID", remedy="`octobot runs list` shows the ids")
