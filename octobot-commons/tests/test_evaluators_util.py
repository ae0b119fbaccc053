# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import math

import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_commons.evaluators_util import check_valid_eval_note


@pytest.mark.parametrize("note", [None, START_PENDING_EVAL_NOTE, "".join(["0"]), math.nan])
def test_no_note_is_not_valid(note: object) -> None:
    assert not check_valid_eval_note(note)


@pytest.mark.parametrize("note", [0, 0.0, -1.0, True, False, {"price": 1}, "text"])
def test_any_other_note_is_valid(note: object) -> None:
    assert check_valid_eval_note(note)


def test_the_type_must_be_the_expected_one() -> None:
    assert check_valid_eval_note(0.5, eval_type=float, expected_eval_type=float)
    assert check_valid_eval_note(0.5, expected_eval_type=float)
    assert not check_valid_eval_note(True, eval_type=bool, expected_eval_type=float)
    assert check_valid_eval_note(True, eval_type=bool)


def test_notes_expire_after_their_delay() -> None:
    assert check_valid_eval_note(0.5, eval_time=100, expiry_delay=10, current_time=110)
    assert not check_valid_eval_note(0.5, eval_time=100, expiry_delay=10, current_time=110.1)
    assert check_valid_eval_note(0.5, eval_time=0, expiry_delay=None, current_time=1e9)
    assert check_valid_eval_note(0.5, eval_time=None, expiry_delay=1, current_time=1e9)
    assert check_valid_eval_note(0.5, eval_time=0, expiry_delay=1)
