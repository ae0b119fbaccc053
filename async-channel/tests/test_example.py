# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
EXAMPLE, TYPED = (PACKAGE / "examples" / name for name in ("ticker.py", "typed.py"))


def test_the_example_runs_without_a_warning():
    done = subprocess.run([sys.executable, "-X", "dev", "-W", "error", EXAMPLE], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    by_symbol = {symbol: [line for line in lines if line.startswith(symbol)] for symbol in ("BTC", "ETH")}
    assert by_symbol["ETH"] == ["ETH/USDT 3000", "ETH/USDT 3030", "ETH/USDT 3090"]
    assert by_symbol["BTC"] == ["BTC/USDT 60000", "BTC/USDT 60600", "BTC/USDT 61800", "BTC/USDT is above 61000!"]


def test_typed_messages():
    done = subprocess.run([sys.executable, "-X", "dev", "-W", "error", TYPED], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Ticker(symbol='BTC/USDT', price=61800)",
        "Ticker(symbol='ETH/USDT', price=3090)",
        "4 older ones were replaced",
    ]


@pytest.mark.parametrize("example", [EXAMPLE, TYPED], ids=lambda path: path.stem)
def test_the_readme_shows_the_examples_as_they_are(example):
    code = example.read_text(encoding="utf-8").split('"""', 2)[2].strip()
    assert code in (PACKAGE / "README.md").read_text(encoding="utf-8")
