# SPDX-License-Identifier: Apache-2.0
"""What a signal may say. Everything is checked before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

import msgspec

from octobot_tentacles.errors import SignalError
from octobot_trading.enums import GroupKind, OrderSide, OrderType

#: Of prices; what lies outside was no price, and arithmetic with it ends nowhere.
_SMALLEST, _LARGEST = Decimal("1e-18"), Decimal("1e18")
_SMALLEST_PERCENT, _LARGEST_PERCENT = Decimal("1e-9"), Decimal(1000)
_REMEDY: Final = "the page of RemoteTradingSignalsTradingMode says what signals look like"

Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class _Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name
    side: OrderSide
    type: OrderType = OrderType.MARKET
    price: Decimal | None = None
    stop_price: Decimal | None = None
    group: Name | None = None
    group_kind: GroupKind = GroupKind.ONE_CANCELS_THE_OTHER
    reduce_only: bool = False


class Chained(_Order, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order that its parent's fill brings up, for ``parent_percent`` of what has filled."""

    parent_percent: Decimal = Decimal(100)


class Create(_Order, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="action", tag="create"):
    """A new order. Its size is one of two: its value in percent of what the account is worth, or a part of what is held
    of the asset that it spends; of the position where it only reduces."""

    symbol: Name
    account_percent: Decimal | None = None
    holdings_percent: Decimal | None = None
    chained: Annotated[tuple[Chained, ...], msgspec.Meta(max_length=20)] = ()


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="action", tag="edit"):
    """Other values for an open order; what is not named stays as it is."""

    id: Name
    price: Decimal | None = None
    stop_price: Decimal | None = None
    account_percent: Decimal | None = None


class Cancel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="action", tag="cancel"):
    """Take an open order back."""

    id: Name


class RemoteSignal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one strategy does at one moment; ``signal`` tells it from its others. Without an exchange it is for any."""

    signal: Name
    strategy: Name
    actions: Annotated[tuple[Create | Edit | Cancel, ...], msgspec.Meta(min_length=1, max_length=50)]
    exchange: Name | None = None

    def creations(self) -> list[Create]:
        return [action for action in self.actions if isinstance(action, Create)]

    def edits(self) -> list[Edit]:
        return [action for action in self.actions if isinstance(action, Edit)]

    def cancels(self) -> list[Cancel]:
        return [action for action in self.actions if isinstance(action, Cancel)]


def parse_signal(data: Any) -> RemoteSignal:
    """The signal that an event holds.

    Raises:
        SignalError: it is none; says which part and why.
    """
    try:
        signal = msgspec.convert(data, RemoteSignal)
    except (msgspec.ValidationError, RecursionError) as error:
        raise SignalError(str(error), remedy=_REMEDY) from error
    for action in signal.actions:
        _check(action)
    named = Counter(_names(signal))
    twice = [name for name, count in named.items() if count > 1]
    if twice:
        raise SignalError(f"the order {twice[0]!r} stands there {named[twice[0]]} times", remedy="name each order once")
    return signal


def _names(signal: RemoteSignal) -> Iterator[str]:
    for action in signal.actions:
        yield action.id
        if isinstance(action, Create):
            yield from (one.id for one in action.chained)


def _check(action: Create | Edit | Cancel) -> None:
    if isinstance(action, Cancel):
        return
    _check_prices(action.id, action.price, action.stop_price)
    if isinstance(action, Edit):
        _check_percents(action.id, account_percent=action.account_percent)
        if action.price is None and action.stop_price is None and action.account_percent is None:
            raise SignalError(f"the edit of {action.id!r} changes nothing", remedy="name what changes")
        return
    _check_percents(action.id, account_percent=action.account_percent, holdings_percent=action.holdings_percent)
    if (action.account_percent is None) is (action.holdings_percent is None):
        raise SignalError(
            f"the size of {action.id!r} is not told", remedy="give either account_percent or holdings_percent"
        )
    for chained in action.chained:
        _check_prices(chained.id, chained.price, chained.stop_price)
        _check_percents(chained.id, parent_percent=chained.parent_percent)


def _check_prices(name: str, *prices: Decimal | None) -> None:
    for price in prices:
        if price is not None and not (price.is_finite() and _SMALLEST <= price <= _LARGEST):
            raise SignalError(f"the order {name!r} has a price of {str(price)[:40]}", remedy="give a positive price")


def _check_percents(name: str, **percents: Decimal | None) -> None:
    for key, percent in percents.items():
        if percent is not None and not (percent.is_finite() and _SMALLEST_PERCENT <= percent <= _LARGEST_PERCENT):
            raise SignalError(
                f"{key} of the order {name!r} is {str(percent)[:40]}", remedy=f"above 0, at most {_LARGEST_PERCENT}"
            )
