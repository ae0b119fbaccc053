# SPDX-License-Identifier: Apache-2.0
"""Requests as the exchange carries them out, whether they come by REST or by its websocket API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.parameters import Parameters, Refusal


class Security(Enum):
    """What a request needs."""

    NONE = auto()
    KEY = auto()
    SIGNED = auto()
    """The key, and a signature."""
    TRADING = auto()
    """Signed, with a key that may trade."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    parameters: Parameters
    _account: TradingAccount | None = None

    @property
    def account(self) -> TradingAccount:
        """Whose key came with it."""
        assert self._account is not None, "an operation without security asks for its account"
        return self._account


Handler: TypeAlias = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What is done, and who may have it done."""

    handler: Handler
    security: Security = Security.NONE
    #: Whether it counts as a new order.
    is_order: bool = False


#: By method and path: ``POST /api/v3/order``.
Operations: TypeAlias = Mapping[str, Operation]


def account_of(accounts: Mapping[str, TradingAccount], key: str, security: Security) -> TradingAccount | None:
    """Whose a key is, if it may do what needs this security."""
    if security is Security.NONE:
        return None
    if not key:
        raise Refusal(-2014, "API-key format invalid.", 401)
    account = accounts.get(key)
    if account is None or not account.key.can_read or (security is Security.TRADING and not account.key.can_trade):
        raise Refusal(-2015, "Invalid API-key, IP, or permissions for action.", 401)
    return account
