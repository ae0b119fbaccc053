# SPDX-License-Identifier: Apache-2.0
"""What is not known yet is not read, and who tries is named."""

from __future__ import annotations

import asyncio
import gc
import linecache
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from octobot_commons.causality import Horizon, check_known, current_horizon, lifted, within
from octobot_commons.errors import LookAheadError
from octobot_commons.tentacles_management import AbstractTentacle

_TIME = 1_600_000_000.0


class _Reader(AbstractTentacle):
    """Reads what it is told to."""

    def read(self, time: float) -> None:
        check_known(time, "candles")  # this very line is named

    def look_into(self, path: Path) -> str:
        return path.read_text()


class _Derived(_Reader):
    @classmethod
    def peek(cls) -> None:
        check_known(_TIME + 1, "candles")


@pytest.fixture
def horizon() -> Horizon:
    return Horizon(lambda: _TIME)


def test_what_is_known_may_be_read_and_what_is_not_may_not(horizon: Horizon) -> None:
    with within(horizon):
        check_known(_TIME, "candles")
        with pytest.raises(LookAheadError, match="known at 2020-09-13 12:26:41, and it is 2020-09-13 12:26:40"):
            check_known(_TIME + 1, "candles")
    check_known(_TIME + 1, "candles")
    assert current_horizon() is None


def test_it_names_tentacle_file_and_line(horizon: Horizon) -> None:
    with within(horizon), pytest.raises(LookAheadError) as caught:
        _Reader().read(_TIME + 1)
    error = caught.value
    assert (error.field, error.file) == ("_Reader", __file__)
    assert error.row is not None
    assert "this very line is named" in linecache.getline(__file__, error.row)
    assert horizon.crossings == [error]


def test_it_names_the_class_that_runs_also_in_class_methods_and_inherited_ones(horizon: Horizon) -> None:
    with within(horizon):
        for peek in (_Derived.peek, lambda: _Derived().read(_TIME + 1)):
            with pytest.raises(LookAheadError) as caught:
                peek()
            assert (caught.value.field, caught.value.file) == ("_Derived", __file__)


def test_it_names_a_trading_mode_by_its_producer(horizon: Horizon) -> None:
    class _Producer(SimpleNamespace):
        def decide(self) -> None:
            check_known(_TIME + 1, "candles")

    with within(horizon), pytest.raises(LookAheadError) as caught:
        _Producer(trading_mode=_Reader()).decide()
    assert caught.value.field == "_Reader"


def test_what_nobody_called_has_no_name(horizon: Horizon) -> None:
    with within(horizon), pytest.raises(LookAheadError) as caught:
        check_known(_TIME + 1, "candles")
    assert (caught.value.field, caught.value.file, caught.value.row) == (None, None, None)


@pytest.mark.parametrize("way", ["path", "link", "hard link", "bytes", "os.open", "sqlite", "uri"])
def test_the_replayed_file_is_closed_whatever_it_is_called(way: str, tmp_path: Path) -> None:
    file, link = tmp_path / "candles.csv", tmp_path / "other.csv"
    file.write_text("1,2\n")
    if way == "link":
        link.symlink_to(file)
    elif way == "hard link":
        os.link(file, link)
    openings = {
        "path": lambda: _Reader().look_into(file),
        "link": lambda: _Reader().look_into(link),
        "hard link": lambda: _Reader().look_into(link),
        "bytes": lambda: open(os.fsencode(file)),  # noqa: SIM115 - it does not get that far
        "os.open": lambda: os.open(file, os.O_RDONLY),
        "sqlite": lambda: sqlite3.connect(file),
        "uri": lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True),
    }
    with within(Horizon(lambda: _TIME, [file])):
        with pytest.raises(LookAheadError, match="which this backtest replays"):
            openings[way]()
        with lifted():
            assert _Reader().look_into(file) == "1,2\n"
    assert _Reader().look_into(file) == "1,2\n"


def test_other_files_stay_open(tmp_path: Path, horizon: Horizon) -> None:
    file = tmp_path / "model.txt"
    file.write_text("weights")
    with within(Horizon(lambda: _TIME, [tmp_path / "candles.csv", "no such file"])):
        assert _Reader().look_into(file) == "weights"
        sqlite3.connect(":memory:").close()
        with open(os.open(file, os.O_RDONLY)) as opened:
            assert opened.read() == "weights"


def test_searching_the_process_is_refused(horizon: Horizon) -> None:
    with within(horizon):
        for search in (gc.get_objects, lambda: gc.get_referrers(horizon)):
            with pytest.raises(LookAheadError, match="which finds what is not known yet"):
                search()
    assert gc.get_objects()


async def test_a_horizon_is_its_contexts_own(horizon: Horizon) -> None:
    async def check() -> None:
        check_known(_TIME + 1, "candles")

    with within(horizon):
        inside = asyncio.create_task(check())
    await check()
    with pytest.raises(LookAheadError):
        await inside


def test_who_is_told_is_told_before_the_error_is_raised(horizon: Horizon) -> None:
    told: list[LookAheadError] = []
    horizon.on_crossing = told.append
    with within(horizon):
        for _ in range(2):
            with pytest.raises(LookAheadError):
                check_known(_TIME + 1, "candles")
    assert told == horizon.crossings
    assert len(told) == 2
    with pytest.raises(LookAheadError) as caught:
        horizon.raise_first()
    assert caught.value is told[0]
    Horizon(lambda: _TIME).raise_first()
