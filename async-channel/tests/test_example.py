# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
EXAMPLE = PACKAGE / "examples" / "ticker.py"


def test_the_example_runs_without_a_warning():
    done = subprocess.run([sys.executable, "-X", "dev", "-W", "error", EXAMPLE], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    by_symbol = {symbol: [line for line in lines if line.startswith(symbol)] for symbol in ("BTC", "ETH")}
    assert by_symbol["ETH"] == ["ETH/USDT 3000", "ETH/USDT 3030", "ETH/USDT 3090"]
    assert by_symbol["BTC"] == ["BTC/USDT 60000", "BTC/USDT 60600", "BTC/USDT 61800", "BTC/USDT is above 61000!"]


def test_the_readme_shows_the_example_as_it_is():
    code = EXAMPLE.read_text(encoding="utf-8").split('"""', 2)[2].strip()
    assert code in (PACKAGE / "README.md").read_text(encoding="utf-8")
