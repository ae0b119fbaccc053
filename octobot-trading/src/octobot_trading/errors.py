# SPDX-License-Identifier: Apache-2.0
"""The errors of this package, below the three bases of ``octobot_commons.errors``.

::

    OctoBotError
    ├── UserInputError
    │   ├── UnknownExchangeError     no exchange is registered under this id
    │   ├── InvalidTransaction       a deposit, fee or transfer whose amount or asset makes no sense
    │   ├── InvalidSetting           a leverage, margin type or position mode that cannot be
    │   ├── UnknownOwner             no part of the account belongs to this owner
    │   └── OrderRefused             an order breaks a rule; nothing was changed
    │       ├── InvalidAmount        an amount that is no number, infinite, zero or negative
    │       ├── InvalidPrice         a price that is no number, infinite, zero or negative
    │       ├── WrongPrecision       an amount or price that is no multiple of the market's step
    │       ├── BelowMinimum         an amount, price or cost below what the market takes
    │       ├── AboveMaximum         an amount, price or cost above what the market takes
    │       ├── MarketClosed         the market takes no orders now
    │       ├── DuplicateOrder       an order of this id was accepted before
    │       ├── InsufficientFunds    the account does not hold what the order needs
    │       ├── UnknownSymbol        the exchange does not trade this symbol
    │       ├── InvalidOrder         its fields do not go together
    │       ├── WouldTake            a post-only order would fill at once
    │       ├── NothingToReduce      a reduce-only order without a position that it could reduce
    │       ├── ProtectionRefused    a protection of the account refuses it, or somebody has stopped trading
    │       ├── NotTaken             a request that was lost on its way to the exchange
    │       └── OrderNotOpen         an edit or cancel of an order that has ended
    ├── EnvironmentFault
    │   ├── InvalidLevelError        a row of an order book update is unusable; the book was not changed
    │   ├── OutcomeUnknown           an exchange may have done what it was asked for, or not
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


class InvalidAmount(OrderRefused):
    """An amount that nobody can trade: no number, infinite, zero or negative."""

    rule = "amount"


class InvalidPrice(OrderRefused):
    """A price that nobody can trade at: no number, infinite, zero or negative."""

    rule = "price"


class WrongPrecision(OrderRefused):
    """An amount or price that is no multiple of the market's step; ``rule`` is amount_step or price_tick."""

    rule = "amount_step"


class BelowMinimum(OrderRefused):
    """Less than the market takes; ``rule`` is min_amount, min_price, min_cost or percent_price."""

    rule = "min_amount"


class AboveMaximum(OrderRefused):
    """More than the market takes; ``rule`` is max_amount, max_price, max_cost or percent_price."""

    rule = "max_amount"


class MarketClosed(OrderRefused):
    """The market takes no orders now."""

    rule = "market_closed"


class DuplicateOrder(OrderRefused):
    """An order of this id was accepted before."""

    rule = "duplicate"


class InsufficientFunds(OrderRefused):
    """The account does not hold what the order needs."""

    rule = "funds"


class UnknownSymbol(OrderRefused):
    """The exchange does not trade this symbol."""

    rule = "symbol"


class InvalidOrder(OrderRefused):
    """The order's fields do not go together; ``rule`` names the field."""

    rule = "fields"


class WouldTake(OrderRefused):
    """A post-only order would have filled at once, as a taker."""

    rule = "post_only"


class NothingToReduce(OrderRefused):
    """There is no position that this reduce-only order could reduce."""

    rule = "reduce_only"


class ProtectionRefused(OrderRefused):
    """A protection of the account refuses the order; ``rule`` is the protection's name. The exchange was not asked."""

    rule = "protection"


class NotTaken(OrderRefused):
    """The request was lost: the exchange knows nothing of the order, and it is too late for it to come."""

    rule = "not_taken"


class OrderNotOpen(OrderRefused):
    """The order to be changed has ended, or is not known."""

    rule = "open"


class InvalidTransaction(UserInputError):  # noqa: N818 - as OrderRefused
    """A deposit, fee, transfer... whose amount, asset or time makes no sense; nothing was recorded."""


class InvalidSetting(UserInputError):  # noqa: N818 - as OrderRefused
    """A setting of an account that cannot be, now or ever; ``field`` names it and nothing was changed."""


class UnknownOwner(UserInputError, KeyError):  # noqa: N818 - as OrderRefused
    """No part of the account belongs to this owner."""

    __str__ = UserInputError.__str__


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


class OutcomeUnknown(EnvironmentFault):
    """A request that changes something got no clear answer: a time-out means unknown, never failed."""

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy or "ask the exchange what became of it before asking again")


class InvalidOrderTransitionError(BugError):
    """An order was moved to a state that cannot follow its own."""


class ReplayError(BugError):
    """Recorded events do not fit together."""
