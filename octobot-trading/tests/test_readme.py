# SPDX-License-Identifier: Apache-2.0
"""The samples of the README do what it says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from octobot_trading.history import CandleSeries, series_from_arrays
from octobot_trading.personal_data.orders.order_fields import check_fields

_README = Path(__file__).parents[1] / "README.md"
_FIVE_MINUTES = 300.0


def _recorded(hours: int = 12) -> CandleSeries:
    """From 2023 on, 200 USDT up every hour: the tenth hour is the first to close above 20,000."""
    count = 12 * hours
    times = 1_672_531_200.0 + _FIVE_MINUTES * np.arange(count)
    close = 18_000.0 + 200.0 * (1 + np.arange(count) // 12)
    opened = np.concatenate([[18_000.0], close[:-1]])
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    return series_from_arrays(times, opened, high, low, close, np.ones(count), symbol="BTC/USDT", time_frame="5m")


def test_the_samples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    series = _recorded()
    rows = zip(*(column.tolist() for column in series.columns()), strict=True)
    text = "time,open,high,low,close,volume\n" + "".join(
        f"{int(row[0])},{','.join(map(str, row[1:]))}\n" for row in rows
    )
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)
    name = re.search(r'read_candles\("(.*?)\.xz"\)', blocks[0])
    assert name is not None
    Path(name[1]).write_text(text, encoding="utf-8")
    names: dict[str, object] = {}
    exec(blocks[0].replace(".csv.xz", ".csv"), names)
    assert capsys.readouterr().out == "BTC/USDT 144 0 candles missing\n"
    assert Path("candles.sqlite").exists()
    exec(blocks[1], names)
    shown = [line.partition("# ")[2] for line in blocks[1].splitlines() if "print(" in line]
    assert capsys.readouterr().out.splitlines() == shown
    exec(blocks[2], names)
    told = capsys.readouterr().out
    assert told.count("Fill(") == 1
    assert "quantity=Decimal('0.01'), price=Decimal('20200.0')" in told
    exec(blocks[3], names)
    check_fields(names["entry"])  # type: ignore[arg-type]
    exec(blocks[4], names)
    assert capsys.readouterr().out == "99.99 100.01 100.01 None\n"
    exec(blocks[5], names)
    shown = [line.partition("# ")[2] for line in blocks[5].splitlines() if "print(" in line and "# " in line]
    silent = [f"{kind} nothing was heard for too long 61.0" for kind in ("OrderBook", "MarkPrice")]
    assert capsys.readouterr().out.splitlines() == [*shown, *silent]
