# SPDX-License-Identifier: Apache-2.0
"""The life of an order: only the named steps, whatever is asked meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octobot_trading.enums import OrderEvent, OrderStatus
from octobot_trading.errors import InvalidOrderTransitionError
from octobot_trading.personal_data.orders.order_states import ASKED, ENDED, TRANSITIONS, OrderState

_E, _S = OrderEvent, OrderStatus
_FROM_OPEN = {
    _E.FILL: _S.FILLED,
    _E.CANCEL: _S.CANCELED,
    _E.EXPIRE: _S.EXPIRED,
    _E.REJECT: _S.REJECTED,
}


@given(st.lists(st.sampled_from(OrderEvent), max_size=30))
@example([_E.TRIGGER, _E.ASK_EDIT, _E.ACCEPT, _E.EDIT])
@example([_E.FILL_PARTLY, _E.ASK_CANCEL, _E.TRIGGER, _E.REFUSE_CANCEL])
def test_only_named_steps_happen(events: list[OrderEvent]) -> None:
    state = OrderState()
    rank, before = 0, OrderStatus.PENDING
    ranks = {_S.PENDING: 0, _S.OPEN: 1, _S.TRIGGERED: 2, _S.PARTIALLY_FILLED: 3}
    for event in events:
        was = state.status
        try:
            state.apply(event)
        except InvalidOrderTransitionError:
            assert state.status is was
            continue
        assert was not in ENDED, "what has ended does not change"
        if state.status in ENDED:
            assert _FROM_OPEN[event] is state.status
        elif state.status in ASKED:
            continue
        elif was in ASKED and event in (_E.EDIT, _E.REFUSE_EDIT, _E.REFUSE_CANCEL):
            assert ranks[state.status] >= rank, "a question does not take an order back"
        assert state.is_open is (state.status not in ENDED)
        if state.status in ranks:
            rank, before = ranks[state.status], state.status
    assert before in TRANSITIONS


def test_every_status_and_event_has_its_place() -> None:
    assert set(TRANSITIONS) == set(OrderStatus)
    used = {event for steps in TRANSITIONS.values() for event in steps}
    assert used | {_E.EDIT, _E.REFUSE_EDIT, _E.REFUSE_CANCEL} == set(OrderEvent)


@pytest.mark.parametrize("end", [_E.FILL, _E.CANCEL, _E.EXPIRE, _E.REJECT])
@pytest.mark.parametrize("question", [_E.ASK_EDIT, _E.ASK_CANCEL])
def test_an_order_may_end_while_a_question_is_under_way(question: OrderEvent, end: OrderEvent) -> None:
    state = OrderState()
    for event in (_E.ACCEPT, question, _E.FILL_PARTLY, end):
        state.apply(event)
    assert state.status is _FROM_OPEN[end]


def test_an_answer_leads_back_to_what_the_order_has_become() -> None:
    state = OrderState()
    for event in (_E.ACCEPT, _E.ASK_CANCEL, _E.TRIGGER, _E.FILL_PARTLY, _E.REFUSE_CANCEL):
        state.apply(event)
    assert state.status is OrderStatus.PARTIALLY_FILLED


def test_an_order_without_an_answer_may_have_filled() -> None:
    state = OrderState()
    state.apply(_E.FILL)
    assert state.status is OrderStatus.FILLED
