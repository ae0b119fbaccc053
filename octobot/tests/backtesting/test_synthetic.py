# SPDX-License-Identifier: Apache-2.0
"""Made-up candles: candles all the same, the same in every run, and never without saying so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from octobot.backtesting import BacktestRequest
from octobot.backtesting.plan import make_plan
from octobot.backtesting.synthetic import SYMBOLS, VENUE_DEVIATION, synthetic_symbol, synthetic_venue
from octobot.runs.candles import describe_candles, find_candles
from octobot_commons.configuration import find_profile, load_profile
from octobot_commons.configuration.json_file import json_text
from octobot_commons.configuration.profile_file import profile_content
from octobot_commons.errors import DataError
from octobot_trading.history import CandleSeries


def check_candles(series: CandleSeries) -> None:
    body_top, body_bottom = np.maximum(series.open, series.close), np.minimum(series.open, series.close)
    assert (series.high >= body_top).all()
    assert (series.low <= body_bottom).all()
    assert (series.low > 0).all()
    assert (series.volume >= 0).all()


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_made_up_symbols_are_candles_that_move_with_the_shipped_ones(symbol: str, hourly: CandleSeries) -> None:
    made = synthetic_symbol(symbol)
    check_candles(made)
    assert made.same_candles(synthetic_symbol(symbol))
    assert (made.open_times == hourly.open_times).all()
    likeness = np.corrcoef(np.diff(np.log(made.close)), np.diff(np.log(hourly.close)))[0, 1]
    assert 0.6 < likeness < 0.99
    assert made.sha256 != hourly.sha256
    assert made.quality.remarks[-1].startswith(f"synthetic: {symbol} on binance was not recorded")


def test_symbols_that_nobody_has_described_are_not_made_up() -> None:
    with pytest.raises(DataError, match=r"no synthetic candles of DOGE/USDT.*octobot data import"):
        synthetic_symbol("DOGE/USDT")


def test_another_venue_wanders_around_the_recorded_price(hourly: CandleSeries) -> None:
    made = synthetic_venue(hourly, "kraken", 0)
    check_candles(made)
    assert made.exchange_name == "kraken"
    away = np.log(made.close / hourly.close)
    assert abs(away.mean()) < VENUE_DEVIATION / 10
    assert away.std() == pytest.approx(VENUE_DEVIATION, rel=0.05)
    assert made.same_candles(synthetic_venue(hourly, "kraken", 0))
    assert not made.same_candles(synthetic_venue(hourly, "kraken", 1))
    assert not made.same_candles(synthetic_venue(hourly, "okx", 0))
    assert "synthetic: BTC/USDT on kraken was not recorded" in made.quality.remarks[-1]


def write_profile(folder: Path, pair: str, backtesting: dict[str, list[str]]) -> str:
    pattern = find_profile("daily_trading")
    content = profile_content(load_profile(pattern))
    content["config"]["crypto-currencies"] = {"Some": {"pairs": [pair]}}
    content["config"]["backtesting"] = backtesting
    folder.mkdir()
    (folder / "profile.json").write_bytes(json_text(content))
    (folder / "tentacles_config.json").write_bytes((pattern / "tentacles_config.json").read_bytes())
    return str(folder)


def test_nothing_is_made_up_unless_the_profile_says_so(tmp_path: Path) -> None:
    silent = write_profile(tmp_path / "silent", "ETH/USDT", {})
    with pytest.raises(DataError, match="there are no candles of ETH/USDT on binance"):
        make_plan(BacktestRequest(silent))
    willing = write_profile(tmp_path / "willing", "ETH/USDT", {"synthetic-symbols": ["ETH/USDT"]})
    plan = make_plan(BacktestRequest(willing))
    assert {series.symbol for series in plan.series} == {"ETH/USDT"}
    assert all("synthetic" in series.quality.remarks[0] for series in plan.series)


def test_recorded_candles_come_first(tmp_path: Path) -> None:
    willing = write_profile(tmp_path / "willing", "BTC/USDT", {"synthetic-symbols": ["BTC/USDT"]})
    assert all(series.quality.remarks == () for series in make_plan(BacktestRequest(willing)).series)


def test_stored_runs_find_their_made_up_candles_again() -> None:
    made = synthetic_symbol("ETH/USDT")
    (found,) = find_candles(describe_candles({"ETH/USDT": made})).values()
    assert found.same_candles(made)
    assert found.quality.remarks == made.quality.remarks
