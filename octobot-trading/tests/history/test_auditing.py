# SPDX-License-Identifier: Apache-2.0
"""What a check finds, and that it finds nothing where nothing is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from octobot_trading.history import (
    CandleStore,
    FundingSeries,
    audit_all,
    audit_store,
    read_candles,
    records_from_arrays,
    resample,
    series_from_arrays,
)
from octobot_trading.history.agreement import compare


@pytest.fixture
def path(tmp_path):
    return tmp_path / "candles.sqlite"


@pytest.fixture
def walk():
    """Minutes of a price that wanders, beginning at midnight; a mapping of {index: factor} moves closes."""

    def make(count=3000, moved=None, **names):
        rng = np.random.default_rng(5)
        close = 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, count)))
        opens = np.append(100.0, close[:-1])
        for place, factor in (moved or {}).items():
            close[place] *= factor
        high, low = np.maximum(opens, close), np.minimum(opens, close)
        times = 1_700_006_400.0 + 60.0 * np.arange(count)
        names = {"symbol": "BTC/USDT", "time_frame": "1m", **names}
        return series_from_arrays(times, opens, high, low, close, rng.uniform(1, 9, count), **names)

    return make


def findings(path):
    with CandleStore(path) as store:
        return [(one.is_fault, one.check, one.time_frame) for one in audit_store(store)]


def test_a_sound_store(path, walk):
    with CandleStore(path) as store:
        store.import_series(walk())
        store.import_derived([resample(walk(), frame) for frame in ("5m", "1h")])
        store.records.import_series(records_from_arrays(FundingSeries, [0.0, 28800.0], [0, 0], symbol="BTC/USDT"))
    before = path.read_bytes()
    assert findings(path) == []
    assert path.read_bytes() == before, "a check never writes"


def test_gaps_are_all_listed(make_series):
    (found,) = audit_all([make_series([0, 1, 5, 6, 9])])
    assert not found.is_fault
    assert (found.check, found.count) == ("gaps", 5)
    assert [one["missing"] for one in found.examples] == [3, 2]


def test_a_sudden_jump_is_remarked_and_not_beside_a_gap(walk):
    assert list(audit_all([walk()])) == []
    series = walk(moved={1000: 0.7})
    (found,) = audit_all([series])
    assert (found.is_fault, found.check) == (False, "jumps")
    assert found.examples == ({"time": series.open_times[1001], "jump": pytest.approx(1 / 0.7 - 1)},)
    parts = [np.delete(column, 1001) for column in series.columns()]
    gap = series_from_arrays(*parts, symbol="BTC/USDT", time_frame="1m")
    assert [one.check for one in audit_all([gap])] == ["gaps"]


def test_longer_candles_that_disagree(path, walk):
    longer = resample(walk(), "1h")
    close = longer.close.copy()
    close[[3, 7]] = longer.low[[3, 7]]
    wrong = replace(longer, close=close, quality=replace(longer.quality, derived_from=None))
    with CandleStore(path) as store:
        store.import_series(walk())
        store.import_series(wrong)
        (found,) = audit_store(store)
    assert (found.is_fault, found.check, found.time_frame, found.count) == (True, "disagreement", "1h", 2)
    assert found.examples[0] == {
        "open_time": longer.open_times[3],
        "column": "close",
        "recorded": longer.low[3],
        "derived": longer.close[3],
    }


def test_only_whole_candles_are_compared(walk):
    minutes, hours = walk(), resample(walk(), "1h")
    assert compare(minutes, hours) == (len(hours), [])
    holes = series_from_arrays(
        *(np.delete(column, 70) for column in minutes.columns()), symbol="BTC/USDT", time_frame="1m"
    )
    assert compare(holes, hours) == (len(hours) - 1, []), "the hour that lacks a minute is left out"
    assert compare(minutes.slice(None, minutes.open_times[30]), hours) == (0, [])
    assert compare(minutes, hours.slice(hours.open_times[3], None))[0] == len(hours) - 3


@pytest.mark.parametrize("statement", ["packed = zeroblob(length(packed))", "candles = candles + 1", "checksum = 1"])
def test_a_damaged_day_is_a_fault_and_the_rest_is_still_checked(path, walk, make_series, statement):
    with CandleStore(path) as store:
        store.import_series(walk())
        store.import_series(make_series([0, 5], symbol="ETH/USDT"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE day SET {statement} WHERE rowid = 2")
    with CandleStore(path) as store:
        damage, gap = audit_store(store)
    assert (damage.is_fault, damage.check, damage.symbol) == (True, "damage", "BTC/USDT")
    assert "2023-11-16" in damage.message
    assert (gap.check, gap.symbol) == ("gaps", "ETH/USDT")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE day SET first_time = first_time + 60", "catalogue has other times"),
        ("UPDATE day SET day = day + 10", "of another day"),
        ("DELETE FROM series", "belongs to no series"),
    ],
)
def test_a_catalogue_that_does_not_fit(path, walk, statement, message):
    with CandleStore(path) as store:
        store.import_series(walk())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with CandleStore(path) as store:
        found = list(audit_store(store))
    assert found[0].is_fault
    assert message in found[0].message


def test_every_byte_of_the_numbers_counts(path, walk):
    with CandleStore(path) as store:
        store.import_series(walk(200))
    content = bytearray(path.read_bytes())
    place = bytes(content).find(walk(200).close[100:101].tobytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert findings(path) == [(True, "damage", "1m")]


def test_the_documented_faults_of_recorded_data_are_found(recorded):
    names = [f"binance-usdm/BTC_USDT-{frame}_2023-2024.csv.xz" for frame in ("5m", "15m", "1h")]
    found = list(audit_all(read_candles(recorded(name))[0] for name in names))
    frozen = [one for one in found if one.check == "disagreement" and one.time_frame == "15m"]
    assert [one.examples[0]["open_time"] for one in frozen] == [1699628400.0]  # 2023-11-10 15:00
    (series,) = read_candles(recorded("coinbase/BTC-USD-4h_2016-2025.json.xz"))
    (jumps,) = [one for one in audit_all([series]) if one.check == "jumps"]
    # What opens after 2017-04-15 16:00 and after 2018-04-03 20:00.
    assert [one["time"] for one in jumps.examples] == [1492286400.0, 1522800000.0]
