# SPDX-License-Identifier: Apache-2.0
"""Backtests.

    request   what is asked           data      finds the candles
    plan      what will run           run       runs it
    result    what came of it         notes     what evaluators thought

`octobot.report` turns a result into figures and pages.
"""

from octobot.backtesting.request import BacktestRequest
from octobot.backtesting.result import BacktestResult
from octobot.backtesting.run import run_backtest

__all__ = ["BacktestRequest", "BacktestResult", "run_backtest"]
