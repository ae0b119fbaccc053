# SPDX-License-Identifier: Apache-2.0
"""Recorded trades and candles through the candle builder, against the longer candles that exchanges recorded."""

from __future__ import annotations

import math

import numpy as np
import pytest

from octobot_commons.time_frame_manager import bucket_start
from octobot_trading.exchange_data.ohlcv.candle_builder import CandleBuilder
from octobot_trading.exchange_data.ohlcv.candle_frame import consists_of
from octobot_trading.history import CandleSeries, CandleStore, TradeSeries, read_candles, read_market_data
from octobot_trading.history.validation import format_time


def rows_of(series: CandleSeries) -> list[list[float]]:
    """Its candles as lists."""
    return np.stack(series.columns(), axis=1).tolist()


def from_candles(series: CandleSeries, *time_frames: str) -> dict[str, list[list[float]]]:
    """The longer candles that closed."""
    builder = CandleBuilder(time_frames, source=series.time_frame)
    told: dict[str, list[list[float]]] = {frame: [] for frame in time_frames}
    for row in rows_of(series):
        for frame, candle in builder.add_candle(row):
            told[frame].append(candle)
    return told


def differences(built: list[list[float]], recorded: list[list[float]]) -> dict[str, list[str]]:
    """Per column the times at which both have a candle but not the same; volumes may differ by 1e-9."""
    mine, others = ({row[0]: row[1:] for row in rows} for rows in (built, recorded))
    both = sorted(mine.keys() & others.keys())
    assert len(both) > 10
    found: dict[str, list[str]] = {}
    for place, name in enumerate(("open", "high", "low", "close", "volume")):
        tolerance = 1e-9 if name == "volume" else 0.0
        differ = [
            format_time(time)
            for time in both
            if not math.isclose(mine[time][place], others[time][place], rel_tol=tolerance)
        ]
        if differ:
            found[name] = differ
    return found


def test_trades_give_their_candles_exactly(recorded, recorded_trades):
    (trades,) = read_market_data(recorded_trades("freqtrade/XRP_ETH-trades.json.gz"))
    assert isinstance(trades, TradeSeries)
    builder = CandleBuilder(["1m", "5m"], start_time=bucket_start(float(trades.times[0]), "5m"))
    told: dict[str, list[list[float]]] = {"1m": [], "5m": []}
    for trade in zip(
        *(column.tolist() for column in (trades.times, trades.price, trades.amount, trades.ids)), strict=True
    ):
        for frame, candle in builder.add_trade(*trade):
            told[frame].append(candle)
    for frame, candles in told.items():
        (series,) = read_candles(recorded(f"freqtrade/XRP_ETH-{frame}.csv.xz"))
        kline = builder.kline(frame)
        assert [*candles, kline] == rows_of(series)
        assert builder.counts[frame].missing == series.quality.missing
        assert builder.counts[frame].closed == len(series) - 1
    assert (builder.late, builder.duplicates, builder.reordered) == (0, 0, 0)


@pytest.mark.parametrize("time_frame", ["15m", "1h"])
def test_a_year_of_5m_gives_the_recorded_longer_candles(recorded, time_frame):
    (five_minutes,) = read_candles(recorded("binance-spot/BTC_USDT-5m_2023.csv.xz"))
    (longer,) = read_candles(recorded(f"binance-spot/BTC_USDT-{time_frame}_2023.csv.xz"))
    built = from_candles(five_minutes, time_frame)[time_frame]
    assert differences(built, rows_of(longer)) == {}
    same_span = longer.slice(end_time=five_minutes.close_times[-1])
    assert [row[0] for row in built] == same_span.open_times.tolist()


def test_3m_gives_the_recorded_15m(recorded):
    (shorter,) = read_candles(recorded("binance-usdm/BTC_USDT-3m_2025-03.csv.xz"))
    (longer,) = read_candles(recorded("binance-usdm/BTC_USDT-15m_2025-03.csv.xz"))
    built = from_candles(shorter, "15m")["15m"]
    assert differences(built, rows_of(longer)) == {}
    span = longer.slice(start_time=shorter.open_times[0], end_time=shorter.close_times[-1])
    assert [row[0] for row in built] == span.open_times[: len(built)].tolist()
    assert len(built) > 3000


def test_the_candle_that_was_recorded_while_forming(recorded):
    """USD-M 15m of 2023-11-10 15:00 was frozen early; another volume differs with it."""
    (five_minutes,) = read_candles(recorded("binance-usdm/BTC_USDT-5m_2023-2024.csv.xz"))
    (quarters,) = read_candles(recorded("binance-usdm/BTC_USDT-15m_2023-2024.csv.xz"))
    frozen, later = "2023-11-10 15:00:00", "2023-11-10 16:30:00"
    assert differences(from_candles(five_minutes, "15m")["15m"], rows_of(quarters)) == {
        "high": [frozen],
        "close": [frozen],
        "volume": [frozen, later],
    }


@pytest.mark.parametrize(
    ("name", "pairs"), [("binance_ETH-BTC_15tf_2020.data.xz", 53), ("binance_BTC-USDT_14tf_2018.data.xz", 40)]
)
def test_octobot_time_frames_agree(recorded, name, pairs):
    """Every pair of time frames that have more than ten candles in common: no candle differs."""
    found = {series.time_frame: series for series in read_candles(recorded(f"octobot/{name}"))}
    compared = 0
    for shorter, series in found.items():
        longer = [frame for frame in found if consists_of(frame, shorter)]
        built = from_candles(series, *longer) if longer else {}
        for frame, candles in built.items():
            others = rows_of(found[frame])
            if len({row[0] for row in candles} & {row[0] for row in others}) > 10:
                assert differences(candles, others) == {}, (shorter, frame)
                compared += 1
    assert compared == pairs


@pytest.mark.parametrize("name", ["4symbols_4h_2024", "BTC-USDT_14tf_2018", "ETH-BTC_15tf_2020"])
def test_octobot_files_import(recorded, tmp_path, name):
    found = read_candles(recorded(f"octobot/binance_{name}.data.xz"))
    with CandleStore(tmp_path / "store") as store:
        for series in found:
            assert store.import_series(series).added == len(series)
        for series in found:
            assert store.load(series.exchange_name, series.symbol, series.time_frame).same_candles(series)
