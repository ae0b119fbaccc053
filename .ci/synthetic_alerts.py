# SPDX-License-Identifier: Apache-2.0
"""Write the alerts that the profile tradingview_trading brings along: a made-up service whose alerts follow two daily
averages of the shipped candles. They show that the profile runs, nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from octobot.shipped import BTC_USDT_1H
from octobot_commons.enums import TimeFrames
from octobot_tentacles.indicators import sma
from octobot_trading.history import read_candles, resample

FILE = Path(__file__).parents[1] / (
    "octobot-tentacles/src/octobot_tentacles/profiles/tradingview_trading/synthetic_alerts.jsonl"
)
SHORT, LONG = 10, 50


def main() -> None:
    """Buy with a stop when the short average crosses above the long one, sell when it crosses below."""
    (hours,) = read_candles(BTC_USDT_1H, symbol="BTC/USDT")
    days = resample(hours, TimeFrames.ONE_DAY)
    is_above = sma(days.close, SHORT) > sma(days.close, LONG)
    lines = []
    for index in range(LONG, len(days)):
        if is_above[index] == is_above[index - 1]:
            continue
        text = "EXCHANGE=binance;SYMBOL=BTCUSDT;" + (
            "SIGNAL=BUY;VOLUME=90a%;STOP_PRICE=-15e%" if is_above[index] else "SIGNAL=SELL;VOLUME=100a%"
        )
        event = {"feed": "TradingViewServiceFeed", "time": float(days.close_times[index]), "data": {"text": text}}
        lines.append(json.dumps(event))
    FILE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
