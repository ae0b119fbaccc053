# SPDX-License-Identifier: Apache-2.0
"""A small grid on a simulated exchange."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from octobot_tentacles.trading_modes.grid import GridTradingMode
from octobot_trading.exchanges.fees import FeeModel

ENTRY = {
    "pair": "BTC/USDT",
    "flat_spread": 4,
    "flat_increment": 2,
    "buy_orders_count": 3,
    "sell_orders_count": 3,
}
NO_FEES = FeeModel()


@pytest.fixture
def make_grid(make_mode_desk: Any) -> Any:
    """``await make_grid(portfolio, fee_model=…, **settings of the pair)``: three buys and three sells, 2 apart, on 300
    USDT and 3 BTC at a price of 100; nothing is taken for fees unless it is said."""

    async def make(portfolio: dict[str, str] | None = None, desk: dict[str, Any] | None = None, **settings: Any) -> Any:
        make_desk = partial(make_mode_desk, GridTradingMode, portfolio or {"USDT": "300", "BTC": "3"})
        return await make_desk(**{"fee_model": NO_FEES, **(desk or {})}, pair_settings=[{**ENTRY, **settings}])

    return make


@pytest.fixture
def make_contract_grid(make_futures_desk: Any) -> Any:
    """``make_grid`` on a linear contract, with 1,000 USDT of margin and fees of 0.1 %."""

    async def make(portfolio: dict[str, str] | None = None, desk: dict[str, Any] | None = None, **settings: Any) -> Any:
        make_desk = partial(make_futures_desk, GridTradingMode, portfolio or {"USDT": "1000"})
        pair = {**ENTRY, "pair": "BTC/USDT:USDT", **settings}
        return await make_desk(**(desk or {}), pair_settings=[pair])

    return make
