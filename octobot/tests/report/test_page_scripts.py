# SPDX-License-Identifier: Apache-2.0
"""The page reads back what Python wrote. Needs Node, which knows the language of the scripts; no browser."""

import json
import shutil
import subprocess
from importlib import resources

import numpy as np
import pytest

from octobot.report import encoding
from octobot.report.html import _page_script

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")


def in_node(code, value=None, *, scripts=("data.js", "format.js")):
    folder = resources.files("octobot.report").joinpath("static", "js")
    source = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in scripts)
    source += f"\nconst input = {json.dumps(value)};\nconsole.log(JSON.stringify({code}));"
    done = subprocess.run(
        [NODE, "-"], input=source, capture_output=True, text=True, check=True, timeout=30, encoding="utf-8"
    )
    return json.loads(done.stdout)


def test_scripts_parse(tmp_path):
    script = tmp_path / "page.js"
    script.write_text(_page_script(), encoding="utf-8")
    subprocess.run([NODE, "--check", str(script)], check=True, timeout=30)


def test_series_come_back():
    generator = np.random.default_rng(3)
    times = 1e9 + np.cumsum(generator.choice([60.0, 60.0, 60.0, 600.0], 500))
    close = np.round(20 + np.cumsum(generator.normal(0, 0.1, 500)), 2)
    open_ = np.concatenate((close[:1], close[:-1]))
    high, low = np.round(np.maximum(open_, close) + 0.07, 2), np.round(np.minimum(open_, close) - 0.03, 2)
    curve = np.round(close * 10, 1)
    value = {
        "times": encoding.encode_times(times),
        "candles": encoding.encode_candles(open_, high, low, close),
        "curve": encoding.encode_curve(curve, 1),
    }
    code = "{times: decodeTimes(input.times), candles: decodeCandles(input), curve: decodeCurve(input.curve)}"
    decoded = in_node(code, value)
    assert decoded["times"] == times.tolist()
    assert decoded["curve"] == curve.tolist()
    columns = zip(times, open_, high, low, close, strict=True)
    assert [tuple(candle.values()) for candle in decoded["candles"]] == [tuple(map(float, row)) for row in columns]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("money('-1234.5')", "\N{MINUS SIGN}1,234.50"),
        ("money('2', true)", "+2.00"),
        ("money(0.00012345678)", "0.000123457"),
        ("money(null)", "\N{EN DASH}"),
        ("percent(-0.0)", "0.00 %"),
        ("percent(-0.001)", "0.00 %"),
        ("percent(12.345, true, 1)", "+12.3 %"),
        ("amount('1234567.00012')", "1,234,567.00012"),
        ("amount('-0.5')", "\N{MINUS SIGN}0.5"),
        ("moment(1704067200)", "2024-01-01 00:00"),
        ("duration(90061)", "1 d 1 h"),
        ("plural(1, 'gap')", "1 gap"),
        ("positionOf([1, 3, 5], 4)", 2),
    ],
)
def test_text_of_figures(code, text):
    assert in_node(code) == text
