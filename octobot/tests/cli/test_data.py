# SPDX-License-Identifier: Apache-2.0
"""`octobot data`: what is stored, out of it, checked, derived and deleted."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from octobot.backtesting.data import store_path
from octobot.cli.data import data
from octobot_trading.history import CandleStore, read_market_data


@pytest.fixture
def stored(octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path) -> Callable[..., Any]:
    """The command line with 200 hours of two symbols, and funding rates of one, in its store."""
    funding = tmp_path / "ETH_USDT-8h-funding.csv"
    funding.write_text("timestamp,funding_rate\n0,0.0001\n28800,0.0002\n")
    files = [candles(name=f"{base}_USDT-1h.csv") for base in ("BTC", "ETH")]
    assert octobot("data", "import", *files, funding).code == 0
    return octobot


def test_list_is_an_aligned_table(stored: Callable[..., Any]) -> None:
    header, *lines = stored("data", "list").out.splitlines()
    assert header.split() == ["exchange", "symbol", "kind", "frame", "records", "first", "last", "missing", "source"]
    assert len(lines) == 3
    for name in ("kind", "frame", "first", "source"):
        start = header.index(name)
        assert all(line[start - 1] == " " and line[start] != " " for line in lines)
    assert [len(line.split("200")[0]) for line in (lines[0], lines[1])] == [header.index("records") + 4] * 2


def test_list_as_json_has_the_documented_keys(stored: Callable[..., Any]) -> None:
    one, *others = json.loads(stored("data", "list", "--json").out)
    assert len(others) == 2
    help_page = stored("data", "list", "--help").out
    assert [key for key in one if key not in help_page] == []
    assert one == {
        "exchange": "local",
        "symbol": "BTC/USDT",
        "kind": "candles",
        "time_frame": "1h",
        "records": 200,
        "first_time": 1599998400.0,
        "last_time": 1599998400.0 + 199 * 3600,
        "missing": 0,
        "sources": [one["sources"][0]],
    }


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--symbol", "ETH/USDT"], 2),
        (["--symbol", "ETH/USDT", "--symbol", "BTC/USDT"], 3),
        (["--kind", "funding"], 1),
        (["--time-frame", "1h"], 2),
        (["--exchange", "local", "--kind", "candles", "--symbol", "BTC/USDT"], 1),
        (["--exchange", "binance"], 0),
    ],
)
def test_filters(stored: Callable[..., Any], filters: list[str], count: int) -> None:
    assert len(json.loads(stored("data", "list", "--json", *filters).out)) == count


def test_without_a_store_nothing_is_made(octobot: Callable[..., Any], tmp_path: Path) -> None:
    assert "nothing is stored yet" in octobot("data", "list").out
    assert octobot("data", "list", "--json").out.strip() == "[]"
    assert octobot("data", "check").code == 0
    for command in (
        ["export", "--output", "x"],
        ["delete", "--all"],
        ["resample", "A/B", "--from", "1m", "--to", "1h"],
    ):
        refused = octobot("data", *command)
        assert (refused.code, "octobot data import FILE" in refused.err) == (3, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise elsewhere")
@pytest.mark.parametrize("arguments", [["data", "list"], ["data", "list", "--json"], ["data", "--help"], ["--help"]])
def test_a_closed_pipe_ends_quietly(stored: Callable[..., Any], arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "octobot", *arguments]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "csv.xz", "parquet", "data"])
def test_export_to_a_file_comes_back(stored: Callable[..., Any], tmp_path: Path, ending: str) -> None:
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / f"BTC_USDT.{ending}"
    chosen = ["--symbol", "BTC/USDT", "--start", "2020-09-14", "--end", "2020-09-15"]
    done = stored("data", "export", *chosen, "--output", path)
    assert done.code == 0, done.err
    assert "24 records" in done.out
    (series,) = read_market_data(path)
    with CandleStore(store_path()) as store:
        assert series.same_candles(store.load("local", "BTC/USDT", "1h", 1600041600.0, 1600128000.0))


def test_export_to_a_folder_writes_a_file_for_each_series(stored: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert stored("data", "export", "--output", folder, "--format", "csv.gz").code == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "local_BTC_USDT-1h-candles.csv.gz",
        "local_ETH_USDT-1h-candles.csv.gz",
        "local_ETH_USDT-funding.csv.gz",
    ]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    (folder / names[0]).unlink()
    refused = stored("data", "export", "--output", folder, "--format", "csv.gz")
    assert (refused.code, "exists already" in refused.err) == (2, True)
    assert not (folder / names[0]).exists(), "all or none"
    assert stored("data", "export", "--output", folder, "--format", "csv.gz", "--force").code == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    again = stored("data", "import", *folder.iterdir())
    assert again.code == 0, again.err
    assert "200 candles stored" not in again.out


def test_export_leaves_out_what_is_not_in_the_span(stored: Callable[..., Any], tmp_path: Path) -> None:
    done = stored("data", "export", "--start", "2020-09-14", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert "left out, as nothing of it is in this span: local ETH/USDT funding" in done.out
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_export_says_what_importing_will_need(stored: Callable[..., Any], tmp_path: Path) -> None:
    done = stored("data", "export", "--symbol", "BTC/USDT", "--output", tmp_path / "mine.csv")
    assert "import it with --symbol BTC/USDT" in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["export", "--output", "x.csvv"], 2, "did you mean csv?"),
        (["export", "--output", "x.csv"], 2, "--output: 3 series fit"),
        (["export", "--output", "x.data"], 2, "holds candles only"),
        (["export", "--output", "x.csv", "--format", "data"], 2, "--format"),
        (["export", "--output", "x", "--symbol", "BTC/USD"], 3, "did you mean BTC/USDT?"),
        (["export", "--output", "x", "--symbol", "BTC/USDT", "--kind", "funding"], 3, "all of these filters"),
        (["export", "--output", "x.csv", "--symbol", "BTC/USDT", "--start", "2030-01-01"], 3, "in this span"),
        (["export", "--output", "x", "--kind", "candle"], 2, "--kind"),
        (["export", "--output", "x", "--time-frame", "7m"], 2, "--time-frame"),
        (["delete"], 2, "give --all"),
        (["delete", "--all", "--symbol", "BTC/USDT"], 2, "does not go with filters"),
        (["delete", "--yes", "--exchange", "okx"], 3, "--exchange: no okx is stored (stored: local)"),
        (["resample", "BTC/USDT", "--from", "1m", "--to", "1h"], 3, "--time-frame: no 1m is stored"),
        (["resample", "BTC/USDT", "--from", "1h", "--to", "1h"], 2, "--to: 1h is what --from says"),
        (["resample", "BTC/USDT", "--from", "1h", "--to", "4h,30m"], 3, "do not consist of whole candles of 1h"),
        (["resample", "BTC/USDT", "--from", "1h", "--to", "4x"], 2, "--to"),
        (["check", "x.csv", "--symbol", "BTC/USDT"], 2, "filters choose from the store"),
    ],
)
def test_what_cannot_be_done_names_option_and_remedy(
    stored: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    before = store_path().read_bytes()
    refused = stored("data", *arguments)
    assert (refused.code, message in refused.err) == (code, True), refused.err
    assert store_path().read_bytes() == before
    assert list((tmp_path / "empty").iterdir()) == []


def test_check_of_a_sound_store_and_of_a_damaged_one(stored: Callable[..., Any]) -> None:
    sound = stored("data", "check")
    assert (sound.code, sound.out) == (0, "0 faults, 0 remarks\n")
    with closing(sqlite3.connect(store_path())) as connection, connection:
        connection.execute("UPDATE day SET packed = zeroblob(length(packed)) WHERE rowid = 2")
    before = store_path().read_bytes()
    faulty = stored("data", "check")
    assert faulty.code == 3
    assert "fault   local BTC/USDT candles 1h: the candles of 2020-09-14 are not what was stored" in faulty.out
    (one,) = json.loads(stored("data", "check", "--json").out)
    help_page = stored("data", "check", "--help").out
    assert [key for key in one if key not in help_page] == []
    assert (one["fault"], one["check"], one["symbol"]) == (True, "damage", "BTC/USDT")
    assert store_path().read_bytes() == before
    store_path().write_bytes(b"x" * 4096)
    assert stored("data", "check").code == 3


def test_check_of_files(octobot: Callable[..., Any], candles: Callable[..., Path], tmp_path: Path) -> None:
    gap = octobot("data", "check", candles({5: "-"}, name="nameless.csv"))
    assert (gap.code, "1 gaps, 1 candles missing" in gap.out) == (0, True)
    assert "2020-09-13 15:00:00 to 2020-09-13 16:00:00: 1 missing" in gap.out
    bad = octobot("data", "check", candles({5: "1600009200000,1,1,2,1,1"}))
    assert (bad.code, "row 5" in bad.out) == (3, True)
    missing = octobot("data", "check", tmp_path / "none.csv")
    assert (missing.code, "no such file" in missing.out) == (3, True)
    assert not (tmp_path / "home").exists()


def test_resample_then_check_then_refuse_other_numbers(
    stored: Callable[..., Any], candles: Callable[..., Path]
) -> None:
    done = stored("data", "resample", "BTC/USDT", "--from", "1h", "--to", "4h,1d")
    assert done.out.splitlines() == [
        "local BTC/USDT 4h: 50 candles derived from 1h and stored, 0 there before, 0 incomplete left out",
        "local BTC/USDT 1d: 7 candles derived from 1h and stored, 0 there before, 2 incomplete left out",
    ]
    assert (
        "0 candles derived from 1h and stored, 50 there"
        in stored("data", "resample", "BTC/USDT", "--from", "1h", "--to", "4h").out
    )
    derived = json.loads(stored("data", "list", "--json", "--time-frame", "4h").out)
    assert derived[0]["sources"] == ["derived from 1h"]
    assert stored("data", "check").code == 0
    stored("data", "delete", "--yes", "--symbol", "BTC/USDT", "--time-frame", "1h")
    stored("data", "import", candles({3: "1600002000000,100,105,99,100.5,3"}, name="BTC_USDT-1h.csv"))
    refused = stored("data", "resample", "BTC/USDT", "--from", "1h", "--to", "12h,4h")
    assert (refused.code, "has other numbers than the stored one" in refused.err) == (3, True)
    assert "12h" not in stored("data", "list").out, "all of --to or none"
    check = stored("data", "check")
    assert check.code == 3
    assert "2020-09-13 12:00:00: high is 101, the shorter ones give 105" in check.out


def test_delete_shows_what_will_go_and_asks(stored: Callable[..., Any]) -> None:
    full = store_path().stat().st_size
    before = store_path().read_bytes()
    refused = CliRunner().invoke(data, ["delete", "--symbol", "ETH/USDT"], input="n\n")
    assert refused.exit_code == 1
    assert "Delete 2 series for good?" in refused.output
    assert "BTC/USDT" not in refused.output
    assert store_path().read_bytes() == before
    done = CliRunner().invoke(data, ["delete", "--symbol", "ETH/USDT"], input="y\n")
    assert done.exit_code == 0
    assert "deleted local ETH/USDT candles 1h: 200 records" in done.output
    assert "deleted local ETH/USDT funding: 2 records" in done.output
    assert store_path().stat().st_size < full
    assert [one["symbol"] for one in json.loads(stored("data", "list", "--json").out)] == ["BTC/USDT"]
    assert stored("data", "delete", "--all", "--yes").code == 0
    assert stored("data", "list", "--json").out.strip() == "[]"
