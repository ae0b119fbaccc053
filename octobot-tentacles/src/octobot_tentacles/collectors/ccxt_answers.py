# SPDX-License-Identifier: Apache-2.0
"""What an exchange answered to one request of ccxt, and which of our errors an error of ccxt is.

ccxt keeps the last answer of an exchange only, which with several requests at a time may be that of another one. Its
hook for responses runs in the task of the request, so an answer is kept by task.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError
from octobot_trading.errors import TemporaryFault

#: Answers of 4xx that another attempt may change; ccxt takes every status that it does not know for an absence.
_PASSING = frozenset({408, 418, 425, 429})


class Answer:
    """What came back: ``status`` is None as long as nothing did."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.body = ""

    @property
    def is_refusal(self) -> bool:
        """Whether the same request would be refused again."""
        return self.status is not None and 400 <= self.status < 500 and self.status not in _PASSING

    @property
    def is_json(self) -> bool:
        """Whether the whole body is JSON."""
        try:
            json.loads(self.body)
        except ValueError:
            return False
        return True

    @property
    def retry_after_seconds(self) -> float | None:
        """How long the exchange asks to be left alone."""
        for name, value in self.headers.items():
            if name.lower() == "retry-after" and value.strip().isdigit():
                return float(value)
        return None


_answer: ContextVar[Answer | None] = ContextVar("answer", default=None)


@contextmanager
def kept_answer() -> Iterator[Answer]:
    """The answer to whatever is asked within, by this task or tasks that it starts."""
    token = _answer.set(answer := Answer())
    try:
        yield answer
    finally:
        _answer.reset(token)


def keep_answers(exchange: Any) -> None:
    """Make an exchange of ccxt keep its answers."""
    own_hook = exchange.on_rest_response

    def hook(status: int, reason: str, url: str, method: str, headers: Any, body: str, *request: Any) -> str:
        text: str = own_hook(status, reason, url, method, headers, body, *request)
        if (answer := _answer.get()) is not None:
            answer.status, answer.headers, answer.body = status, headers, text
        return text

    exchange.on_rest_response = hook


def our_error(ccxt: Any, error: Exception, answer: Answer) -> OctoBotError:
    """What an error that came out of ccxt means to a collection."""
    text = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    if isinstance(error, (TypeError, ValueError, KeyError, IndexError, AttributeError)):
        # What ccxt raises where an answer was cut off, which it then takes for data.
        return TemporaryFault(f"it answered what ccxt cannot read: {text}")
    # Not what derives from it: a refused address is no maintenance.
    if type(error) is ccxt.ExchangeNotAvailable and answer.is_refusal:
        return _refused(text, answer.status)
    if isinstance(error, ccxt.NetworkError):
        return TemporaryFault(text, retry_after_seconds=answer.retry_after_seconds)
    if isinstance(error, ccxt.BadResponse):
        return TemporaryFault(text)
    if isinstance(error, (ccxt.BadRequest, ccxt.NotSupported)):
        return DataError(text, remedy="the exchange refuses what was asked for")
    if isinstance(error, ccxt.AuthenticationError):
        return EnvironmentFault(text, remedy="this exchange gives its history to customers only")
    # A connection that was closed within an answer is told as an error of the exchange.
    if type(error.__cause__ or error.__context__).__module__.startswith("aiohttp"):
        return TemporaryFault(text)
    return EnvironmentFault(text, remedy="see what the exchange says about it")


def _refused(text: str, status: int | None) -> EnvironmentFault:
    if status in (403, 451):
        remedy = "it may not serve the country of this address: collect from another exchange, or see --api-url"
        return EnvironmentFault(text, remedy=remedy)
    return EnvironmentFault(text, remedy="see what the exchange says about it; check --api-url if it was given")
