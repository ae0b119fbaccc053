# SPDX-License-Identifier: Apache-2.0
"""From a finished run to what one shows of it.

valuation   what an asset is worth in the reference market, at any close
equity      equity, buy and hold, drawdown over time
trades      profit of each closed trade
ratios      Sharpe, Sortino, annual and monthly returns
metrics     ``compute_summary``, which puts these together into a ``summary.Summary``
terminal    the summary as text
html        the summary, the curves and the trades as one page (``payload`` is the data in it, ``static/`` the page)
"""

from octobot.report.equity import Curves, compute_curves
from octobot.report.html import write_report
from octobot.report.jsonable import to_jsonable
from octobot.report.metrics import compute_summary
from octobot.report.summary import Summary
from octobot.report.terminal import format_summary

__all__ = [
    "Curves",
    "Summary",
    "compute_curves",
    "compute_summary",
    "format_summary",
    "to_jsonable",
    "write_report",
]
