# SPDX-License-Identifier: Apache-2.0
"""The contract of a protection."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any, ClassVar, NamedTuple

from octobot_trading.personal_data.orders.order_request import OrderRequest

_SHOWN = Context(prec=8)


class Exit(NamedTuple):
    """A fill that has closed something.

    Attributes:
        is_stop: whether a stop loss or a trailing stop did it.
        net_pnl: what came of it, in the currency of the symbol's results; zero where it is not known what was paid.
    """

    time: float
    symbol: str
    order_id: str
    is_stop: bool
    net_pnl: Decimal


class Protection:
    """Looks at what happens to an account, and says whether a new order is to be refused.

    It is told of events as they happen, asks for no time and waits for nothing. Its state is what must survive a
    restart. An order that only reduces risk (see ``exposure.py``) is not asked about, but where ``refuses_exits``.
    """

    #: What a profile and the ``rule`` of a refusal call it.
    name: ClassVar[str]
    refuses_exits: ClassVar[bool] = False
    #: Whether it is to be told of the account's value, and of exits.
    follows_value: ClassVar[bool] = False
    follows_exits: ClassVar[bool] = False

    def reason_to_refuse(self, request: OrderRequest, now: float) -> str | None:
        """Why this order must not be handed in now, with figures and until when; None where it may."""
        raise NotImplementedError(f"{type(self).__name__} refuses nothing: override reason_to_refuse")

    def on_order(self, now: float) -> None:
        """An order is being handed in, whether the exchange takes it or not."""

    def on_exit(self, closed: Exit) -> None:
        """A fill has closed something."""

    def on_value(self, value: Decimal, now: float) -> bool:
        """What the account is worth in the reference market; returns whether that must be remembered at once."""
        return False

    def on_flow(self, before: Decimal, after: Decimal) -> None:
        """A deposit or withdrawal has changed the account's value, which is neither a profit nor a loss."""

    @property
    def compares_values(self) -> bool:
        """Whether it has a value that others are compared with: then it cannot judge while none is known."""
        return False

    def to_state(self) -> dict[str, Any]:
        """What must survive a restart, ready for JSON; amounts are text."""
        return {}

    def from_state(self, state: dict[str, Any]) -> None:
        """Go on from what ``to_state`` has told.

        Raises:
            msgspec.ValidationError: it is none of its states.
        """


def shown(amount: Decimal) -> str:
    """An amount in a sentence: eight digits are enough."""
    return f"{_SHOWN.plus(amount).normalize(_SHOWN):f}"
