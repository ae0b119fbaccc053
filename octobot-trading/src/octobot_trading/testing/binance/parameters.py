# SPDX-License-Identifier: Apache-2.0
"""What a request asks for, as Binance reads it: errors have its codes and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from urllib.parse import parse_qsl

_NUMBER = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_INTEGER = r"^[0-9]{1,20}$"


class Refusal(Exception):  # noqa: N818 - what the exchange answers, not a failure of ours
    """An error as Binance tells it."""

    def __init__(self, code: int, message: str, status: int = 400, data: object = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        #: What comes beside code and message.
        self.data = data

    @property
    def body(self) -> dict[str, object]:
        """What the client is answered."""
        told: dict[str, object] = {"code": self.code, "msg": self.message}
        return told if self.data is None else told | {"data": self.data}


class Parameters:
    """Names and texts; an empty text counts as none."""

    def __init__(self, values: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        self.values = dict(values)

    @classmethod
    def of_text(cls, query: str, body: str) -> Parameters:
        """Those of the query and of a form; the query's come first."""
        return cls(dict(parse_qsl(body)) | dict(parse_qsl(query)))

    def __contains__(self, name: str) -> bool:
        return bool(self.values.get(name))

    def text(self, name: str) -> str:
        """A parameter that has to be there."""
        return self.values.get(name) or _missing(name)

    def optional(self, name: str, default: str = "") -> str:
        """A parameter that may be missing."""
        return self.values.get(name) or default

    def decimal(self, name: str) -> Decimal:
        """An amount that has to be there."""
        return Decimal(self._matching(name, _NUMBER))

    def optional_decimal(self, name: str) -> Decimal | None:
        """An amount that may be missing."""
        return self.decimal(name) if name in self else None

    def integer(self, name: str) -> int | None:
        """A whole number that may be missing."""
        return int(self._matching(name, _INTEGER)) if name in self else None

    def _matching(self, name: str, pattern: str) -> str:
        text = self.text(name)
        if re.match(pattern, text) is None:
            raise Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{pattern}'.")
        return text


def _missing(name: str) -> str:
    raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")
