# SPDX-License-Identifier: Apache-2.0
"""The note of an evaluator, and what evaluation_completed does with it."""

from __future__ import annotations

import inspect
import math

import pytest
from evaluator_world import HOUR, MATRIX_ID, CloseEvaluator
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators import AbstractEvaluator, TAEvaluator
from octobot_evaluators.evaluators.channel import get_chan
from octobot_evaluators.matrix import delete_tentacle_node, get_matrix, get_tentacle_node

PATH = ["binance", "TA", "CloseEvaluator", "Bitcoin", "BTC/USDT", "1h"]
PLACE = ("Bitcoin", "BTC/USDT", "1h")


def test_a_note_is_pending_first_and_after_a_reset():
    evaluator = CloseEvaluator(None)
    assert evaluator.eval_note is START_PENDING_EVAL_NOTE
    evaluator.eval_note = 0.5
    evaluator.reset()
    assert evaluator.eval_note is START_PENDING_EVAL_NOTE


def test_set_eval_note_adds_and_starts_from_zero():
    evaluator = CloseEvaluator(None)
    evaluator.set_eval_note(0.25)
    assert evaluator.eval_note == 0.25
    evaluator.set_eval_note(0.5)
    assert evaluator.eval_note == 0.75
    evaluator.eval_note = math.nan
    evaluator.set_eval_note(-0.5)
    assert evaluator.eval_note == -0.5


@given(st.lists(st.floats(-3, 3), max_size=20))
def test_set_eval_note_stays_in_range(notes):
    evaluator, expected = CloseEvaluator(None), 0.0
    for note in notes:
        evaluator.set_eval_note(note)
        expected = max(-1, min(1, expected + note))
        assert evaluator.eval_note == expected


def test_a_note_that_is_no_number_does_not_become_a_signal():
    evaluator = CloseEvaluator(None)
    evaluator.set_eval_note(math.nan)
    assert math.isnan(evaluator.eval_note)


def test_the_signature_is_the_promised_one():
    assert list(inspect.signature(AbstractEvaluator.evaluation_completed).parameters) == [
        "self",
        "cryptocurrency",
        "symbol",
        "time_frame",
        "eval_note",
        "eval_time",
        "eval_note_description",
        "eval_note_metadata",
        "notify",
        "origin_consumer",
        "cache_client",
        "cache_if_available",
    ]


async def test_the_payload_has_the_promised_keys(world):
    (evaluator,) = await world.start(CloseEvaluator)
    heard = await world.listen()
    metadata = {"why": 1}
    await evaluator.evaluation_completed(
        *PLACE, -0.5, eval_time=7.0, eval_note_description="words", eval_note_metadata=metadata
    )
    await world.settle()
    assert heard == [
        {
            "matrix_id": MATRIX_ID,
            "evaluator_name": "CloseEvaluator",
            "evaluator_type": "TA",
            "eval_note": -0.5,
            "eval_note_type": float,
            "eval_note_description": "words",
            "eval_note_metadata": metadata,
            "exchange_name": "binance",
            "cryptocurrency": "Bitcoin",
            "symbol": "BTC/USDT",
            "time_frame": "1h",
        }
    ]
    node = get_tentacle_node(MATRIX_ID, PATH)
    assert (node.node_value, node.node_value_time, node.node_type) == (-0.5, 7.0, float)
    assert (node.node_description, node.node_metadata) == ("words", metadata)
    assert evaluator.eval_note is START_PENDING_EVAL_NOTE, "a note that is passed on is not kept"


async def test_the_own_note_is_sent_as_it_is_and_kept(world):
    (evaluator,) = await world.start(CloseEvaluator)
    heard = await world.listen()
    await evaluator.evaluation_completed(*PLACE)
    evaluator.eval_note = 0.25
    await evaluator.evaluation_completed(*PLACE)
    await evaluator.evaluation_completed(*PLACE)
    await world.settle()
    assert [payload["eval_note"] for payload in heard] == [START_PENDING_EVAL_NOTE, 0.25, 0.25]


async def test_no_evaluation_time_means_now(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await world.at(101).evaluate_one(evaluator, 101)
    await evaluator.evaluation_completed(*PLACE)
    assert get_tentacle_node(MATRIX_ID, PATH).node_value_time == 101 * HOUR


async def test_what_is_not_told_is_what_the_candle_is_about(world):
    class Terse(CloseEvaluator):
        async def ohlcv_callback(self, *arguments):
            self.eval_note = arguments[5][4]
            await self.evaluation_completed()

    await world.start(Terse)
    await world.at(101).candle("1h", 0.5)
    await world.at(102).candle("1h", 0.25)
    assert get_tentacle_node(MATRIX_ID, ["binance", "TA", "Terse", *PLACE]).node_value == 0.25


async def test_the_origin_is_not_told(world):
    (evaluator,) = await world.start(CloseEvaluator)
    heard = await world.listen()
    origin = get_chan("Matrix", MATRIX_ID).get_consumers()[-1]
    others = await world.listen()
    await evaluator.evaluation_completed(*PLACE, 0.5, origin_consumer=origin)
    await world.settle()
    assert (len(heard), len(others)) == (0, 1)


async def test_a_failure_is_logged_not_raised(world, caplog):
    (evaluator,) = await world.start(CloseEvaluator)
    await evaluator.evaluation_completed("Bitcoin", "BTC/USDT", "7h")
    assert evaluator.failures == 1
    assert "CloseEvaluator failed on Bitcoin BTC/USDT 7h" in caplog.text


async def test_an_evaluator_without_a_matrix_says_so(caplog):
    evaluator = CloseEvaluator(None)
    await evaluator.evaluation_completed(*PLACE)
    assert "has no matrix_id to write to" in caplog.text
    with pytest.raises(EvaluatorDefinitionError, match="no clock"):
        evaluator.save_evaluation_expiration_time(1.0)


async def test_an_evaluator_of_no_kind_says_so(world, caplog):
    evaluator = AbstractEvaluator(None)
    evaluator.matrix_id = MATRIX_ID
    await evaluator.evaluation_completed(*PLACE)
    assert "has no evaluator type" in caplog.text


async def test_a_deleted_node_is_made_again(world):
    (evaluator,) = await world.start(CloseEvaluator)
    await evaluator.evaluation_completed(*PLACE, 0.5)
    delete_tentacle_node(MATRIX_ID, PATH[:3])
    await evaluator.evaluation_completed(*PLACE, 0.75)
    assert get_tentacle_node(MATRIX_ID, PATH).node_value == 0.75


async def test_a_note_lives_until_its_time_to_live_ends(world):
    (evaluator,) = await world.start(CloseEvaluator)
    evaluator.eval_note = 0.5
    evaluator.save_evaluation_expiration_time(600.0)
    await evaluator.evaluation_completed("Bitcoin", "BTC/USDT", "1h")
    node = get_tentacle_node(MATRIX_ID, PATH)
    assert node.is_valid(world.clock.now() + 599)
    assert not node.is_valid(world.clock.now() + 600)
    assert not node.is_set(world.clock.now() + 600)
    world.at(100.1)
    evaluator.ensure_eval_note_is_not_expired()
    assert evaluator.eval_note == 0.5
    world.at(100.2)
    await evaluator.evaluation_completed(*PLACE)
    assert evaluator.eval_note is START_PENDING_EVAL_NOTE
    assert node.node_value is START_PENDING_EVAL_NOTE
    evaluator.save_evaluation_expiration_time(10.0, changed_time=5.0)
    evaluator.eval_note = 1.0
    evaluator.ensure_eval_note_is_not_expired()
    assert evaluator.eval_note is START_PENDING_EVAL_NOTE


async def test_notes_of_other_types_are_passed_on(world):
    class Weighing(CloseEvaluator):
        @staticmethod
        def get_eval_type():
            return dict

    (evaluator,) = await world.start(Weighing)
    evaluator.eval_note = {"price": 2}
    await evaluator.evaluation_completed(*PLACE)
    node = get_tentacle_node(MATRIX_ID, ["binance", "TA", "Weighing", *PLACE])
    assert (node.node_value, node.node_type) == ({"price": 2}, dict)


async def test_evaluators_can_be_tried_without_a_channel(world):
    evaluator = CloseEvaluator(None)
    get_matrix(MATRIX_ID).matrix_id = "no channel"
    evaluator.matrix_id = MATRIX_ID
    evaluator.exchange_name = "binance"
    await evaluator.evaluation_completed(*PLACE, 0.5)
    assert (evaluator.failures, get_tentacle_node(MATRIX_ID, PATH).node_value) == (0, 0.5)


def test_the_class_chain_is_exact():
    names = [klass.__name__ for klass in TAEvaluator.__mro__]
    assert names == ["TAEvaluator", "AbstractEvaluator", "AbstractTentacle", "object"]
