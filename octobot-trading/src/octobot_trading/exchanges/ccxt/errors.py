# SPDX-License-Identifier: Apache-2.0
"""Which of our errors an error of ccxt is: refused, gone for now, or unknown whether it was done.

A request that changes something and gets no clear answer may have been carried out. So of such a request only what the
exchange itself has said counts as refused; all that could have happened on the way is ``OutcomeUnknown``.
"""

from __future__ import annotations

from typing import Final

from octobot_commons.errors import DataError, EnvironmentFault, OctoBotError
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
from octobot_trading.exchanges.ccxt.answers import Answer

_LONGEST: Final = 300
#: By name, most derived first, as ccxt is not imported here.
_REFUSALS: Final[tuple[tuple[str, type[OrderRefused], str], ...]] = (
    ("InsufficientFunds", InsufficientFunds, "funds"),
    ("OrderImmediatelyFillable", WouldTake, "post_only"),
    ("DuplicateOrderId", DuplicateOrder, "client_order_id"),
    ("OrderNotFound", OrderNotOpen, "order_id"),
    ("BadSymbol", UnknownSymbol, "symbol"),
    ("MarketClosed", MarketClosed, "market"),
    ("ContractUnavailable", MarketClosed, "market"),
    ("InvalidOrder", InvalidOrder, "exchange"),
    ("ArgumentsRequired", InvalidOrder, "exchange"),
    ("BadRequest", InvalidOrder, "exchange"),
    ("OperationRejected", InvalidOrder, "exchange"),
    ("NotSupported", InvalidOrder, "exchange"),
)
#: Of an exchange that has not even looked at the request.
_NOT_TAKEN: Final = ("RateLimitExceeded", "DDoSProtection", "InvalidNonce")
_ADDRESS_REMEDY: Final = "it may not serve the country of this address; where the address was changed, check that"
_UNKNOWN_REMEDY: Final = "see what the exchange says about it, and check its address where that was changed"
_KEY_REMEDY: Final = "check the API key, what it is allowed to do, and the addresses that it may be used from"


def error_of_reading(error: Exception, answer: Answer | None = None) -> OctoBotError:
    """Of a request that changes nothing, which may be repeated; ``answer`` is what came back, where that was kept."""
    names, text = _names(error), _text(error)
    if "BadSymbol" in names:
        return UnknownSymbol(text, rule="symbol")
    if "OrderNotFound" in names:
        return OrderNotOpen(text, rule="order_id")
    if "AuthenticationError" in names:
        return EnvironmentFault(text, remedy=_KEY_REMEDY)
    # Not what derives from it: a refused address is no maintenance.
    if type(error).__name__ == "ExchangeNotAvailable" and answer is not None and answer.is_refusal:
        remedy = _ADDRESS_REMEDY if answer.status in (403, 451) else _UNKNOWN_REMEDY
        return EnvironmentFault(text, remedy=remedy)
    if "OperationFailed" in names:
        return TemporaryFault(text, retry_after_seconds=None if answer is None else answer.retry_after_seconds)
    if "BaseError" not in names:
        # What ccxt raises where an answer was cut off, which it then takes for data.
        return TemporaryFault(f"it answered what ccxt cannot read: {text}")
    if "BadRequest" in names or "NotSupported" in names:
        return DataError(text, remedy="the exchange refuses what was asked for")
    # A connection that was closed within an answer is told as an error of the exchange.
    if type(error.__cause__ or error.__context__).__module__.startswith("aiohttp"):
        return TemporaryFault(text)
    return EnvironmentFault(text, remedy=_UNKNOWN_REMEDY)


def error_of_order(error: Exception, answer: Answer | None = None) -> OctoBotError:
    """Of a request that creates, changes or cancels an order."""
    names, text = _names(error), _text(error)
    for name, refusal, rule in _REFUSALS:
        if name in names:
            return refusal(text, rule=rule)
    if "AuthenticationError" in names:
        return InvalidOrder(text, rule="api_key", remedy=_KEY_REMEDY)
    if any(name in names for name in _NOT_TAKEN):
        return TemporaryFault(text, retry_after_seconds=None if answer is None else answer.retry_after_seconds)
    return OutcomeUnknown(text)


def _names(error: Exception) -> set[str]:
    return {each.__name__ for each in type(error).__mro__}


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:_LONGEST]}"
