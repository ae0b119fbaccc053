# SPDX-License-Identifier: Apache-2.0
"""The life of an order: which event leads from which status to which.

::

    PENDING ──ACCEPT──▶ OPEN ──TRIGGER──▶ TRIGGERED ──FILL_PARTLY──▶ PARTIALLY_FILLED ──FILL──▶ FILLED
       │                  ├──ASK_EDIT───▶ PENDING_EDIT ──EDIT, REFUSE_EDIT──▶ back
       └──REJECT──▶       ├──ASK_CANCEL─▶ PENDING_CANCEL ──REFUSE_CANCEL──▶ back
        REJECTED          └──CANCEL, EXPIRE, REJECT──▶ CANCELED, EXPIRED, REJECTED

An order whose request got no answer stays PENDING: a time-out means unknown. It may turn out to have been filled, so
every event that can happen to an open order can happen to a pending one. The same holds while an edit or a cancel is
under way.
"""

from __future__ import annotations

from typing import Final

from octobot_trading.enums import OrderEvent, OrderStatus
from octobot_trading.errors import InvalidOrderTransitionError

_S = OrderStatus
_E = OrderEvent

#: Statuses that an order does not leave.
ENDED: Final = frozenset({_S.FILLED, _S.CANCELED, _S.EXPIRED, _S.REJECTED})
#: Statuses between a question and its answer.
ASKED: Final = frozenset({_S.PENDING_EDIT, _S.PENDING_CANCEL})

_ENDS: Final = {
    _E.FILL: _S.FILLED,
    _E.CANCEL: _S.CANCELED,
    _E.EXPIRE: _S.EXPIRED,
    _E.REJECT: _S.REJECTED,
}
_LIVE: Final = {**_ENDS, _E.ASK_EDIT: _S.PENDING_EDIT, _E.ASK_CANCEL: _S.PENDING_CANCEL}

TRANSITIONS: Final[dict[OrderStatus, dict[OrderEvent, OrderStatus]]] = {
    _S.PENDING: {**_ENDS, _E.ACCEPT: _S.OPEN, _E.TRIGGER: _S.TRIGGERED, _E.FILL_PARTLY: _S.PARTIALLY_FILLED},
    _S.OPEN: {**_LIVE, _E.TRIGGER: _S.TRIGGERED, _E.FILL_PARTLY: _S.PARTIALLY_FILLED},
    _S.TRIGGERED: {**_LIVE, _E.FILL_PARTLY: _S.PARTIALLY_FILLED},
    _S.PARTIALLY_FILLED: {**_LIVE, _E.FILL_PARTLY: _S.PARTIALLY_FILLED},
    # Where these lead back to is what the order was before, which it knows itself.
    _S.PENDING_EDIT: {**_ENDS, _E.ASK_CANCEL: _S.PENDING_CANCEL},
    _S.PENDING_CANCEL: dict(_ENDS),
    **{status: {} for status in ENDED},
}
#: What answers a question: leads back to the status that the order had before, or got meanwhile.
ANSWERS: Final = {
    _S.PENDING_EDIT: frozenset({_E.EDIT, _E.REFUSE_EDIT}),
    _S.PENDING_CANCEL: frozenset({_E.REFUSE_CANCEL}),
}
#: What may happen to an order while a question is under way, without answering it, if it could have before.
MEANWHILE: Final = frozenset({_E.TRIGGER, _E.FILL_PARTLY})


class OrderState:
    """The status of one order, and the one that it goes back to when a question is answered."""

    __slots__ = ("_before", "status")

    def __init__(self) -> None:
        self.status = OrderStatus.PENDING
        self._before = OrderStatus.PENDING

    @property
    def is_open(self) -> bool:
        """Whether it can still fill."""
        return self.status not in ENDED

    def apply(self, event: OrderEvent) -> None:
        """Let something happen.

        Raises:
            InvalidOrderTransitionError: it cannot happen to an order of this status.
        """
        status = self.status
        if status in ASKED:
            if event in ANSWERS[status]:
                self.status = self._before
                return
            if event in MEANWHILE and event in TRANSITIONS[self._before]:
                self._before = TRANSITIONS[self._before][event]
                return
        following = TRANSITIONS[status].get(event)
        if following is None:
            raise InvalidOrderTransitionError(f"{event} cannot happen to an order that is {status}")
        if following in ASKED and status not in ASKED:
            self._before = status
        self.status = following
