# SPDX-License-Identifier: Apache-2.0
"""The errors of this package, below the three bases of ``octobot_commons.errors``.

::

    OctoBotError
    ├── UserInputError
    │   ├── UnknownExchangeError     no exchange is registered under this id
    │   └── OrderRefused             an order breaks a rule; nothing was changed
    │       ├── InsufficientFunds    the account does not hold what the order needs
    │       ├── UnknownSymbol        the exchange does not trade this symbol
    │       ├── InvalidOrder         its fields do not go together
    │       ├── DuplicateOrder       an order with its client order id was accepted before
    │       ├── WouldTake            a post-only order would fill at once
    │       ├── NothingToReduce      a reduce-only order without a position that it could reduce
    │       └── OrderNotOpen         an edit or cancel of an order that has ended
    ├── EnvironmentFault
    │   ├── InvalidLevelError        a row of an order book update is unusable; the book was not changed
    │   └── TemporaryFault           an exchange did not answer as it should and may do so later
    └── BugError
        ├── InvalidOrderTransitionError   an order was moved to a state that cannot follow its own
        └── ReplayError              recorded events do not fit together
"""

from __future__ import annotations

from octobot_commons.errors import BugError, EnvironmentFault, UserInputError


class UnknownExchangeError(UserInputError, KeyError):
    """No exchange is registered under this id."""

    __str__ = UserInputError.__str__


class OrderRefused(UserInputError):  # noqa: N818 - what an exchange answers, not a failure of ours
    """An order breaks a rule of its market or of the account; nothing was changed. ``rule`` names it."""

    rule = "refused"

    def __init__(self, message: str, *, rule: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        if rule is not None:
            self.rule = rule


class InsufficientFunds(OrderRefused):
    """The account does not hold what the order needs."""

    rule = "funds"


class UnknownSymbol(OrderRefused):
    """The exchange does not trade this symbol."""

    rule = "symbol"


class InvalidOrder(OrderRefused):
    """The order's fields do not go together; ``rule`` names the field."""

    rule = "fields"


class DuplicateOrder(OrderRefused):
    """An order with this client order id was accepted before."""

    rule = "client_order_id"


class WouldTake(OrderRefused):
    """A post-only order would have filled at once, as a taker."""

    rule = "post_only"


class NothingToReduce(OrderRefused):
    """There is no position that this reduce-only order could reduce."""

    rule = "reduce_only"


class OrderNotOpen(OrderRefused):
    """The order to be changed has ended, or is not known."""

    rule = "open"


class InvalidLevelError(EnvironmentFault, ValueError):
    """A row of an order book update is unusable; the book was not changed.

    ``field`` is the side, "bids" or "asks"; ``row`` counts from 0.
    """


class TemporaryFault(EnvironmentFault):
    """An exchange could not be reached, was busy or answered nonsense; the same request may succeed later.

    ``retry_after_seconds`` is how long it asks to be left alone, None where it does not say.
    """

    def __init__(self, message: str, *, retry_after_seconds: float | None = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy or "try again later")
        self.retry_after_seconds = retry_after_seconds


class InvalidOrderTransitionError(BugError):
    """An order was moved to a state that cannot follow its own."""


class ReplayError(BugError):
    """Recorded events do not fit together."""
