# SPDX-License-Identifier: Apache-2.0
"""Takes secrets out of texts that are shown or written.

Two nets: every secret that this process knows, in the forms in which texts carry it, and what stands where secrets
stand (``signature=``, ``X-MBX-APIKEY:``, ``Authorization:``), known or not.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote, quote_plus

REDACTED: Final = "[redacted]"
#: Shorter ones are in too many words to be taken out of them.
_SHORTEST: Final = 6
_PLACES: Final = (
    r"(?i:(?P<place>\b(?:signature|x-mbx-apikey|x-bapi-api-key|kc-api-key|api[-_]?(?:key|secret|sign)|access[-_]key"
    r"|access[-_]sign|secret[-_]?key|client[-_]secret|access[-_]token|refresh[-_]token|listen[-_]?key|passphrase|password)"
    r"[\"']?\s*[:=]\s*[\"']?|\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic)\s+)?))[^\s\"'&,;})\]]+"
)
_known: set[str] = set()
_known_forms: set[str] = set()
_pattern = re.compile(_PLACES)


def remember(secret: str) -> None:
    """Take this text out of everything from now on."""
    global _pattern
    if len(secret) < _SHORTEST or secret in _known:
        return
    _known.add(secret)
    _known_forms.update(_forms(secret))
    # The longest first, as one form may begin with another.
    longest_first = sorted(_known_forms, key=len, reverse=True)
    _pattern = re.compile("|".join([*map(re.escape, longest_first), _PLACES]))


def redact(text: str) -> str:
    """The text without secrets; the same object where there was none."""
    return _pattern.sub(_replacement, text)


class RedactingFormatter(logging.Formatter):
    """What another formatter makes of a record, tracebacks included, without secrets."""

    def __init__(self, formatter: logging.Formatter | None = None) -> None:
        super().__init__()
        self._formatter = formatter or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._formatter.format(record))


def redact_outputs() -> None:
    """Let what the root logger's handlers write, and tracebacks that nobody has caught, go through ``redact``."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter))
    sys.excepthook = _print_exception
    threading.excepthook = lambda hook: _print_exception(hook.exc_type, hook.exc_value, hook.exc_traceback)
    sys.unraisablehook = lambda hook: _print_exception(hook.exc_type, hook.exc_value, hook.exc_traceback)


def redacted_traceback(error: BaseException) -> str:
    """What Python prints of an error, without secrets."""
    return redact("".join(traceback.format_exception(error)))


def _print_exception(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    sys.stderr.write(redact("".join(traceback.format_exception(kind, error, trace))))


def _replacement(found: re.Match[str]) -> str:
    return (found["place"] or "") + REDACTED


def _forms(secret: str) -> Iterator[str]:
    """A secret as texts carry it: as it is, in addresses, in JSON, in base64 wherever it begins, in hex."""
    yield from (
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    )
    raw = secret.encode()
    yield raw.hex()
    for shift in range(3):
        # Only the characters that are made of the secret alone: those before and after depend on its neighbours.
        first = (8 * shift + 5) // 6
        last = 8 * (shift + len(raw)) // 6
        encoded = base64.b64encode(bytes(shift) + raw)[first:last].decode()
        if len(encoded) >= _SHORTEST:
            yield encoded
            yield encoded.translate(_URL_SAFE)


_URL_SAFE: Final[dict[int, Any]] = str.maketrans("+/", "-_")
