# SPDX-License-Identifier: Apache-2.0
"""A small ladder between 90 and 111 on a simulated exchange."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from octobot_tentacles.trading_modes.staggered import StaggeredOrdersTradingMode
from octobot_trading.exchanges.fees import FeeModel

ENTRY = {
    "pair": "BTC/USDT",
    "mode": "flat",
    "spread_percent": 4,
    "increment_percent": 2,
    "lower_bound": 90,
    "upper_bound": 111,
}


@pytest.fixture
def make_ladder(make_mode_desk: Any) -> Any:
    """``await make_ladder(portfolio, desk={…}, **settings of the pair)``: without fees unless it is said."""

    async def make(portfolio: dict[str, str] | None = None, desk: dict[str, Any] | None = None, **settings: Any) -> Any:
        make_desk = partial(make_mode_desk, StaggeredOrdersTradingMode, portfolio or {"USDT": "500", "BTC": "5"})
        return await make_desk(**{"fee_model": FeeModel(), **(desk or {})}, pair_settings=[{**ENTRY, **settings}])

    return make


@pytest.fixture
def make_contract_ladder(make_futures_desk: Any) -> Any:
    """``make_ladder`` on a linear contract, with 1,000 USDT of margin and fees of 0.1 %."""

    async def make(portfolio: dict[str, str] | None = None, desk: dict[str, Any] | None = None, **settings: Any) -> Any:
        make_desk = partial(make_futures_desk, StaggeredOrdersTradingMode, portfolio or {"USDT": "1000"})
        return await make_desk(**(desk or {}), pair_settings=[{**ENTRY, "pair": "BTC/USDT:USDT", **settings}])

    return make
