# SPDX-License-Identifier: Apache-2.0
"""Small runs made by hand: 1,000 USDT, hourly candles from 2024-01-01 00:00 UTC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from octobot.backtesting.result import BacktestResult
from octobot.report.equity import final_holdings
from octobot_commons.enums import TimeFrames
from octobot_trading.enums import OrderSide
from octobot_trading.history import CandleSeries, series_from_arrays
from octobot_trading.personal_data.trades.fill import Fill

START = 1_704_067_200.0
HOUR = 3_600.0


def build_series(
    closes: Sequence[float],
    *,
    symbol: str = "BTC/USDT",
    first_open: float | None = None,
    start: float = START,
    times: Sequence[float] | None = None,
    time_frame: TimeFrames = TimeFrames.ONE_HOUR,
    step: float = HOUR,
    volumes: Sequence[float] | None = None,
) -> CandleSeries:
    """Each candle opens at the close before it; wicks reach one unit beyond the body."""
    close = np.array(closes, dtype=float)
    open_ = np.concatenate(([close[0] if first_open is None else first_open], close[:-1])) if len(close) else close
    return series_from_arrays(
        np.array(times if times is not None else start + step * np.arange(len(close)), dtype=float),
        open_,
        np.maximum(open_, close) * 1.01,
        np.minimum(open_, close) * 0.99,
        close,
        np.array(volumes if volumes is not None else np.full(len(close), 5.0)),
        symbol=symbol,
        time_frame=time_frame,
        exchange_name="binance",
        source="candles.csv",
    )


def build_fill(
    number: int,
    side: str,
    quantity: str,
    price: str,
    time: float,
    *,
    fee: str = "0",
    fee_asset: str | None = None,
    symbol: str = "BTC/USDT",
) -> Fill:
    base, quote = symbol.split("/")
    return Fill(
        fill_id=f"f{number}",
        order_id=f"o{number}",
        symbol=symbol,
        side=OrderSide(side),
        quantity=Decimal(quantity),
        price=Decimal(price),
        cost=Decimal(quantity) * Decimal(price),
        fee=Decimal(fee),
        fee_asset=fee_asset or (base if side == "buy" else quote),
        taker_or_maker="taker",
        time=time,
    )


def build_result(
    *series: CandleSeries,
    fills: Sequence[Fill] = (),
    portfolio: dict[str, str] | None = None,
    reference_market: str = "USDT",
    **changes: Any,
) -> BacktestResult:
    starting = {asset: Decimal(amount) for asset, amount in (portfolio or {"USDT": "1000"}).items()}
    values: dict[str, Any] = {
        "settings": {"profile": "daily_trading"},
        "inputs": [],
        "candles": {one.symbol: one for one in series},
        "starting_portfolio": starting,
        "final_portfolio": final_holdings(starting, fills),
        "reference_market": reference_market,
        "orders": [],
        "fills": list(fills),
        "notes": {},
        "timings": {"run_seconds": 0.5, "load_seconds": 0.1, "candles": 10, "candles_per_second": 20.0},
    }
    return BacktestResult(**{**values, **changes})


@pytest.fixture(scope="session")
def make_series() -> Callable[..., CandleSeries]:
    return build_series


@pytest.fixture(scope="session")
def make_fill() -> Callable[..., Fill]:
    return build_fill


@pytest.fixture(scope="session")
def make_result() -> Callable[..., BacktestResult]:
    return build_result


@pytest.fixture
def round_trip() -> BacktestResult:
    """Buys 1 BTC at 100 (fee 0.01 BTC), sells 0.99 at 120 (fee 1.188 USDT); closes 100, 110, 90, 120, 120."""
    fills = [
        build_fill(1, "buy", "1", "100", START + HOUR, fee="0.01"),
        build_fill(2, "sell", "0.99", "120", START + 4 * HOUR, fee="1.188"),
    ]
    return build_result(build_series([100, 110, 90, 120, 120]), fills=fills)
