# SPDX-License-Identifier: Apache-2.0
"""What an exchange answered to one request of ccxt.

ccxt keeps the last answer of an exchange only, which with several requests at a time may be that of another one. Its
hook for responses runs in the task of the request, so an answer is kept by task.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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
