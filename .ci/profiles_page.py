# SPDX-License-Identifier: Apache-2.0
"""Write octobot/docs/profiles.md: what each profile that is shipped makes of the shipped candles.

Every figure but the speed is the same on every machine; ``--check`` compares them with the page instead of writing it.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from os import environ
from pathlib import Path
from typing import NamedTuple

from octobot.backtesting import BacktestRequest, run_backtest
from octobot.report import Summary, compute_summary
from octobot.report import formatting as fmt
from octobot_commons.configuration import installed_profiles, load_profile
from octobot_trading.enums import FillRule

PAGE = Path(__file__).parents[1] / "octobot/docs/profiles.md"
_SPEED = re.compile(r" [\d,]+ \|$", re.MULTILINE)
_HEAD = """\
# Profiles

What comes with OctoBot, and what each of them makes of the candles that come with it: hourly BTC/USDT of Binance, from
2017-08-17 to 2024-04-21, fees of 0.1 %. `make profiles` runs them all and writes this page.

```
octobot backtest --profile {example}
```

These are tests of the machinery, not advice: settings are defaults that nobody has fitted, and seven years in which
holding bitcoin was hard to beat. The **band** is what the same run earns when candles that do not say in which order
they reached their prices are read in the worst, an even and the best way for its orders; where it is wide, hourly
candles are too coarse for the profile. *Candles/s* counts the candles of every symbol, exchange and time frame, with
the three accounts of the band, on the two shared cores that wrote this page.

| profile | trades | closed with profit | result | band | deepest fall | buy and hold | candles/s |
|---|---:|---:|---:|---:|---:|---:|---:|
"""


class Line(NamedTuple):
    """One profile's run."""

    profile_id: str
    description: str
    summary: Summary
    candles_per_second: float


def run(profile_id: str, folder: Path) -> Line:
    """Backtest a profile with all fill rules."""
    result = asyncio.run(run_backtest(BacktestRequest(str(folder), fill_rules=tuple(FillRule))))
    description = load_profile(folder).description
    return Line(profile_id, description, compute_summary(result), result.timings["candles_per_second"])


def page(lines: list[Line]) -> str:
    """The whole page."""
    rows = "".join(f"| {' | '.join(_cells(line))} |\n" for line in lines)
    details = "".join(_details(line) for line in lines)
    return f"{_HEAD.format(example=lines[0].profile_id)}{rows}{details}"


def _cells(line: Line) -> Iterator[str]:
    performance, trades, band = line.summary.performance, line.summary.trades, line.summary.band
    assert band is not None
    lowest, highest = (fmt.percent(one, sign=True) for one in (band.lowest_profit_percent, band.highest_profit_percent))
    yield f"[{line.profile_id}](#{line.profile_id})"
    yield f"{trades.fills:,}"
    yield fmt.percent(trades.win_rate_percent)
    yield fmt.percent(performance.profit_percent, sign=True)
    yield lowest if lowest == highest else f"{lowest} to {highest}"
    yield fmt.percent(line.summary.risk.max_drawdown_percent)
    yield fmt.percent(performance.buy_and_hold_percent, sign=True)
    yield f"{line.candles_per_second:,.0f}"


def _details(line: Line) -> str:
    remarks = "".join(f"- {remark}\n" for remark in line.summary.remarks)
    return f"\n## {line.profile_id}\n\n{line.description}\n" + (f"\n{remarks}" if remarks else "")


def main() -> int:
    """Write the page, or with --check compare it."""
    with tempfile.TemporaryDirectory() as home:
        # What its user has imported or recorded is no part of this page.
        environ["OCTOBOT_HOME"] = home
        lines = []
        for profile_id, folder in installed_profiles().items():
            lines.append(run(profile_id, folder))
            print(f"{profile_id}: {lines[-1].summary.trades.fills:,} trades", file=sys.stderr)
    text = page(lines)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text)
        return 0
    if _SPEED.sub(" |", text) == _SPEED.sub(" |", PAGE.read_text()):
        return 0
    print(f"{PAGE.name} is not what the profiles make now: run make profiles", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
