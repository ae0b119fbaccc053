# SPDX-License-Identifier: Apache-2.0
"""The live engine does what its plain-Python twin does, in the same order, whatever happens."""

import pytest
from async_channel_live_machine import LiveMachine
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test


def test_live_engine():
    run_state_machine_as_test(LiveMachine, settings=settings(max_examples=200, stateful_step_count=20))


@pytest.mark.long
def test_live_engine_at_length():
    run_state_machine_as_test(LiveMachine, settings=settings(max_examples=1500, stateful_step_count=30))
