# SPDX-License-Identifier: Apache-2.0
"""Records whose price leaves the others at once, as recording errors do and markets that trade all day do not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from octobot_trading.history.candle_series import CandleSeries
from octobot_trading.history.records import RecordSeries
from octobot_trading.util import FloatArray

#: A jump is one by this many times the size that one in a hundred exceeds, and by this much at least.
_TIMES_USUAL, _LEAST = 10.0, 0.02
_USUAL, _USUAL_OF_FEW, _FEW = 0.99, 0.9, 200
_OPEN_AND_CLOSE = (("open", "close"), ("price", "price"), ("last", "last"))


def price_jumps(series: CandleSeries | RecordSeries) -> tuple[NDArray[np.int64], FloatArray]:
    """The indices of records that open far from where the one before closed, and by what part (0.3 is 30 % up).

    Trades and tickers are compared by their price. Records with a gap between them are left out, as are kinds without
    a price. What is usual is taken from the series itself, so that shares, which open elsewhere every morning, are not
    reported for it. Either of the two records may be the wrong one.
    """
    places = _places(series.kind.names)
    if places is None or len(series) < 3:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    columns = series.columns() if isinstance(series, CandleSeries) else series.columns
    opens, closes = (columns[place] for place in places)
    jumps = np.log(opens[1:] / closes[:-1])
    ends = np.array([gap.end_time for gap in series.quality.gaps])
    jumps[np.isin(columns[0][1:], ends)] = 0.0
    sizes = np.abs(jumps)
    usual = float(np.quantile(sizes, _USUAL_OF_FEW if len(sizes) < _FEW else _USUAL))
    (found,) = np.nonzero(sizes > max(_LEAST, _TIMES_USUAL * usual))
    return found + 1, np.expm1(jumps[found])


def _places(names: tuple[str, ...]) -> tuple[int, int] | None:
    for opens, closes in _OPEN_AND_CLOSE:
        if opens in names and closes in names:
            return names.index(opens), names.index(closes)
    return None
