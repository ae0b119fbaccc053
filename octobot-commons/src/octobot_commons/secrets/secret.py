# SPDX-License-Identifier: Apache-2.0
"""A text that shows itself to nobody."""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

from octobot_commons.secrets.redaction import remember

SHOWN: Final = "***"


class Secret:
    """A key, a password, a token. Only ``reveal`` gives it; from then on it is taken out of whatever is logged.

    It is no text: what would show one fails or shows asterisks, and it cannot be pickled.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not isinstance(value, str) or not value:
            raise ValueError("a secret is a text of at least one character")
        self._value = value
        remember(value)

    def reveal(self) -> str:
        """The text, for whom it is meant."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({SHOWN})"

    def __str__(self) -> str:
        return SHOWN

    def __format__(self, spec: str) -> str:
        return SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written anywhere but into the file of keys")
