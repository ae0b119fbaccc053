# SPDX-License-Identifier: Apache-2.0
"""Every error that ccxt can raise: what of a request that changes something counts as not done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from octobot_commons.errors import EnvironmentFault
from octobot_trading.errors import (
    DuplicateOrder,
    InsufficientFunds,
    InvalidOrder,
    MarketClosed,
    OrderNotOpen,
    OrderRefused,
    OutcomeUnknown,
    TemporaryFault,
    UnknownSymbol,
    WouldTake,
)
from octobot_trading.exchanges.ccxt.errors import error_of_order, error_of_reading

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed")


def all_errors() -> list[type[Exception]]:
    found, waiting = [], [ccxt.BaseError]
    while waiting:
        error = waiting.pop()
        found.append(error)
        waiting += error.__subclasses__()
    return sorted({one for one in found if one.__module__.startswith("ccxt")}, key=lambda one: one.__name__)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("InsufficientFunds", InsufficientFunds),
        ("OrderImmediatelyFillable", WouldTake),
        ("DuplicateOrderId", DuplicateOrder),
        ("OrderNotFound", OrderNotOpen),
        ("BadSymbol", UnknownSymbol),
        ("MarketClosed", MarketClosed),
        ("InvalidOrder", InvalidOrder),
        ("BadRequest", InvalidOrder),
        ("NotSupported", InvalidOrder),
        ("PermissionDenied", InvalidOrder),
        ("RateLimitExceeded", TemporaryFault),
        ("InvalidNonce", TemporaryFault),
        ("RequestTimeout", OutcomeUnknown),
        ("NetworkError", OutcomeUnknown),
        ("ExchangeNotAvailable", OutcomeUnknown),
        ("OnMaintenance", OutcomeUnknown),
        ("BadResponse", OutcomeUnknown),
        ("NullResponse", OutcomeUnknown),
        ("CancelPending", OutcomeUnknown),
        ("ExchangeError", OutcomeUnknown),
    ],
)
def test_of_orders(name: str, expected: type[Exception]) -> None:
    assert type(error_of_order(getattr(ccxt, name)("the exchange says so"))) is expected


@pytest.mark.parametrize("error", all_errors(), ids=lambda one: one.__name__)
def test_what_may_have_been_done_is_never_refused(error: type[Exception]) -> None:
    ours = error_of_order(error("x " * 1000))
    if issubclass(error, ccxt.OperationFailed):
        assert not isinstance(ours, OrderRefused)
    assert len(str(ours)) < 500
    assert type(ours).__name__
    assert isinstance(ours, (OrderRefused, OutcomeUnknown, TemporaryFault))


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionResetError("x"), KeyError("y"), asyncio.IncompleteReadError(b"", 1)]
)
def test_what_is_not_of_ccxt_is_unknown(error: Any) -> None:
    assert type(error_of_order(error)) is OutcomeUnknown
    assert type(error_of_reading(error)) is TemporaryFault


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BadSymbol", UnknownSymbol),
        ("OrderNotFound", OrderNotOpen),
        ("AuthenticationError", EnvironmentFault),
        ("RequestTimeout", TemporaryFault),
        ("OnMaintenance", TemporaryFault),
        ("BadResponse", TemporaryFault),
        ("RateLimitExceeded", TemporaryFault),
        ("ExchangeError", EnvironmentFault),
    ],
)
def test_of_what_changes_nothing(name: str, expected: type[Exception]) -> None:
    assert type(error_of_reading(getattr(ccxt, name)("x"))) is expected
