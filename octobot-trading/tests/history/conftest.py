# SPDX-License-Identifier: Apache-2.0
"""Recorded files where they are at hand, and made-up series."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from octobot_trading.history import CandleSeries, series_from_arrays

sys.path[:0] = [str(Path(__file__).parent / "reference"), str(Path(__file__).parent / "fuzzing")]

_PROJECT_PARENTS = 4


def shared_data() -> Path:
    """The folder of recorded data beside the project; it may not exist."""
    parents = Path(__file__).resolve().parents
    return parents[min(_PROJECT_PARENTS, len(parents) - 1)] / "shared" / "data"


def shared_ohlcv() -> Path:
    """The recorded candles in it."""
    return shared_data() / "ohlcv"


@pytest.fixture
def recorded() -> Callable[[str], Path]:
    """Path of a recorded file; skips the test where the recordings are not at hand."""

    def find(name: str) -> Path:
        path = shared_ohlcv() / name
        if not path.exists():
            pytest.skip(f"the recorded candles are not at hand: {path}")
        return path

    return find


@pytest.fixture
def recorded_trades() -> Callable[[str], Path]:
    """Path of a file of recorded trades; skips the test where the recordings are not at hand."""

    def find(name: str) -> Path:
        path = shared_data() / "trades" / name
        if not path.exists():
            pytest.skip(f"the recorded trades are not at hand: {path}")
        return path

    return find


@pytest.fixture
def recorded_books() -> Callable[[str], list[Path]]:
    """Paths of the files of a recorded session; skips the test where the recordings are not at hand."""

    def find(name: str) -> list[Path]:
        folder = shared_data() / "orderbook"
        files = sorted(path for path in folder.glob("*/*") if path.name == name or path.name.startswith(f"{name}."))
        if not files:
            pytest.skip(f"the recorded sessions are not at hand: {folder}")
        return files

    return find


@pytest.fixture(scope="session")
def recordings() -> Path | None:
    """The folder of recorded data; None where it is not at hand."""
    return shared_data() if shared_data().exists() else None


@pytest.fixture
def make_series() -> Callable[..., CandleSeries]:
    """Candles of one minute at the given minutes, prices drawn from a seed."""

    def make(minutes: list[int], seed: int = 0, start: float = 1_700_000_040.0, **names: str) -> CandleSeries:
        times = start + 60.0 * np.array(minutes, dtype=np.float64)
        # The price depends on the minute alone, so that overlapping series agree.
        prices = np.array([np.random.default_rng([seed, minute]).uniform(10, 20, 5) for minute in minutes])
        prices = prices.reshape(-1, 5).round(2)
        opens, close = prices[:, 0], prices[:, 1]
        high, low = prices[:, :4].max(axis=1), prices[:, :4].min(axis=1)
        options = {"symbol": "BTC/USDT", "time_frame": "1m", **names}
        return series_from_arrays(times, opens, high, low, close, prices[:, 4], **options)

    return make
