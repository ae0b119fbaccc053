# SPDX-License-Identifier: Apache-2.0
"""The fast way through a table against the careful one, which is plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octobot_commons.errors import DataError
from octobot_trading.history.readers import _plain_table, csv_table
from octobot_trading.history.readers.cells import parse_number, parse_time

LAYOUT = csv_table.TableLayout(3, (0, 2))
DATED = csv_table.TableLayout(2, (0, 1))

decimals = st.decimals(0, 10**17, places=None, allow_nan=False).map(lambda number: f"{number:f}")
digits = st.from_regex(r"[0-9]{1,20}(\.[0-9]{0,12})?", fullmatch=True)
floats = st.floats(allow_nan=False, allow_infinity=False).map(repr)
numbers = st.one_of(digits, decimals, floats, st.sampled_from(["+1", "1e5", ".5", "5.", "9007199254740993", "0"]))
odd = st.one_of(st.text("0123456789.eE+-_x \"'\r\t,\n", max_size=6), st.sampled_from(["", ".", "nan", "1.2.3", "٣"]))


def carefully(body, layout, numeric_times):
    try:
        return csv_table._read_carefully(body, layout, "file", 1, numeric_times)
    except DataError:
        return None


def assert_agrees(body, layout, numeric_times):
    """Whatever the fast way takes, the careful one reads alike."""
    fast = _plain_table.parse(body, layout.cells, layout.places, numeric_times)
    if fast is not None:
        slow = carefully(body, layout, numeric_times)
        assert slow is not None
        assert fast.tolist() == slow.columns.tolist()
        assert slow.rows.tolist() == list(range(1, fast.shape[1] + 1))
    return fast


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_numbers_are_read_fast_and_exactly(rows, ending):
    body = ending.join(",".join(row) for row in rows).encode()
    assert assert_agrees(body, LAYOUT, numeric_times=True) is not None


@given(st.lists(st.tuples(numbers, odd, numbers | odd), min_size=1, max_size=4))
@example([("1", "\r", "1")])
@example([("1", "x", "1\r")])
@example([("", "", ""), ("1", "1", "1")])
def test_odd_cells_are_read_alike_or_left_to_the_careful_way(rows):
    body = "\n".join(",".join(row) for row in rows).encode()
    assert_agrees(body, LAYOUT, numeric_times=True)


@given(st.binary(max_size=60) | st.text("0123456789.,\n", max_size=60).map(str.encode))
@example(b"")
@example(b"\n")
@example(b",,\n,,\n")
def test_any_bytes_are_read_alike(body):
    assert_agrees(body, LAYOUT, numeric_times=True)


@given(st.lists(st.datetimes().map(lambda time: time.replace(microsecond=0)), min_size=1, max_size=5), st.data())
def test_dates_are_read_alike(times, data):
    form = data.draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]))
    # strftime does not fill up the years of antiquity.
    texts = [f"{time.year:04}{time.strftime(form)[time.strftime(form).index('-') :]}" for time in times]
    body = "".join(f"{text},{index}.5\n" for index, text in enumerate(texts)).encode()
    fast = assert_agrees(body, DATED, numeric_times=False)
    assert (fast is None) == ("T" in form)


@pytest.mark.parametrize("text", ["2023-02-30", "2023-13-01", "2023-01-01 24:00", "2023-01-01 23:60:00", "2023/01/01"])
def test_days_that_do_not_exist(text):
    assert _plain_table.parse(f"{text},1\n".encode(), 2, (0, 1), numeric_times=False) is None
    with pytest.raises(ValueError, match="is no time"):
        parse_time(text)


def test_long_tables():
    values = np.random.default_rng(5).uniform(0, 1e5, 120_000).round(6)
    body = "".join(f"{value:.6f},{index},{value}\n" for index, value in enumerate(values.tolist())).encode()
    fast = _plain_table.parse(body, 3, (0, 2), numeric_times=True)
    assert fast is not None
    assert np.array_equal(fast, np.stack((values, values)))


@pytest.mark.parametrize("text", ["", " ", "1 1", "1,5", "--1", "1e", "e5", "0x10", "1_000", "\u0661", "infinit", "."])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match=r"no number|missing"):
        parse_number(text)


@given(st.floats())
def test_every_float_is_a_number(number):
    assert parse_number(repr(number)) == pytest.approx(number, abs=0, rel=0, nan_ok=True)
