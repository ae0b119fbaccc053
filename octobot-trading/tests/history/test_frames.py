# SPDX-License-Identifier: Apache-2.0
"""Series as tables of pandas, polars and Arrow: same numbers, same memory, times in UTC."""

from __future__ import annotations

import datetime as dt
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import EnvironmentFault
from octobot_trading.history import TradeSeries, frames, records_from_arrays


@pytest.fixture
def trades():
    """Two trades, one between two milliseconds."""
    columns = ([1.5e9, 1.5e9 + 0.000125], [1.5, 2.5], [3.0, 4.0], [1, -1], [7, 8])
    return records_from_arrays(TradeSeries, *columns, symbol="BTC/USDT")


SECOND = dt.datetime(2017, 7, 14, 2, 40, 0, 125, tzinfo=dt.UTC)


def test_pandas(make_series, trades):
    pytest.importorskip("pandas")
    series = make_series([0, 1, 5])
    frame = series.to_pandas()
    assert list(frame.columns) == ["open_time", "open", "high", "low", "close", "volume"]
    assert str(frame["open_time"].dtype) == "datetime64[ns, UTC]"
    assert frame["open_time"].iloc[2].timestamp() == series.open_times[2]
    assert np.shares_memory(frame["close"].to_numpy(), series.close)
    assert frame.attrs["symbol"] == "BTC/USDT"
    frame = trades.to_pandas()
    assert frame["time"].iloc[1].to_pydatetime() == SECOND
    assert frame["side"].tolist() == [1, -1]
    assert frame["id"].dtype == np.int64


def test_polars(make_series, trades):
    pytest.importorskip("polars")
    series = make_series([0, 1, 5])
    frame = series.to_polars()
    assert frame.columns == ["open_time", "open", "high", "low", "close", "volume"]
    assert str(frame.schema["open_time"]) == "Datetime(time_unit='ns', time_zone='UTC')"
    assert frame["open_time"][2].timestamp() == series.open_times[2]
    assert np.shares_memory(frame["close"].to_numpy(), series.close)
    frame = trades.to_polars()
    assert frame["time"][1] == SECOND
    assert frame["id"].to_list() == [7, 8]


def test_arrow(make_series, trades):
    pytest.importorskip("pyarrow")
    series = make_series([0, 1, 5])
    table = series.to_arrow()
    assert str(table.schema.field("open_time").type) == "timestamp[ns, tz=UTC]"
    assert np.shares_memory(table["close"].chunk(0).to_numpy(), series.close)
    assert table.schema.metadata[b"time_frame"] == b"1m"
    table = trades.to_arrow()
    assert table["time"].cast("int64").to_pylist() == [1_500_000_000 * 10**9, 1_500_000_000 * 10**9 + 125_000]
    assert table.schema.metadata[b"time_frame"] == b""


@given(st.lists(st.floats(1e7, 7e9), min_size=1))
def test_times_survive_nanoseconds(times):
    column = np.array(times)
    assert (frames.seconds_of(frames.nanoseconds_of(column)) == column).all()


@given(st.integers(0, 7_000_000_000), st.integers(0, 999))
def test_milliseconds_are_exact(seconds, milliseconds):
    column = np.array([(seconds * 1000 + milliseconds) / 1000])
    assert frames.nanoseconds_of(column).tolist() == [seconds * 10**9 + milliseconds * 10**6]


@pytest.mark.parametrize("name", ["pandas", "polars", "pyarrow"])
def test_a_missing_library_is_named_with_its_remedy(make_series, monkeypatch, name):
    class Missing:
        def find_spec(self, wanted, *_):
            if wanted.partition(".")[0] == name:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    series = make_series([0])
    convert = {"pandas": series.to_pandas, "polars": series.to_polars, "pyarrow": series.to_arrow}[name]
    with pytest.raises(EnvironmentFault, match=f"{name} is not installed.*pip install {name}"):
        convert()
