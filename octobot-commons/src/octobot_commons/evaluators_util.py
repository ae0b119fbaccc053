# SPDX-License-Identifier: Apache-2.0
"""Which notes count."""

from __future__ import annotations

import math

from octobot_commons.constants import START_PENDING_EVAL_NOTE


def check_valid_eval_note(
    eval_note: object,
    eval_type: object = float,
    expected_eval_type: object = None,
    eval_time: float | None = None,
    expiry_delay: float | None = None,
    current_time: float | None = None,
) -> bool:
    """Whether a note can be used.

    False for None, a pending note, a float that is no number, another type than the expected one, and a note that
    expired: ``eval_time + expiry_delay < current_time``, asked only when all three are given.
    """
    if eval_note is None or (isinstance(eval_note, str) and eval_note == START_PENDING_EVAL_NOTE):
        return False
    if isinstance(eval_note, float) and math.isnan(eval_note):
        return False
    if expected_eval_type is not None and eval_type != expected_eval_type:
        return False
    if eval_time is None or expiry_delay is None or current_time is None:
        return True
    return eval_time + expiry_delay >= current_time
