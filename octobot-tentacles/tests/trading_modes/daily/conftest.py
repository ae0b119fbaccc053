# SPDX-License-Identifier: Apache-2.0
"""DailyTradingMode on a simulated exchange."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from octobot_tentacles.trading_modes.daily import DailyTradingMode


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    """``await make_desk(portfolio, **settings)``."""
    return partial(make_mode_desk, DailyTradingMode)
