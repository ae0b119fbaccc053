# SPDX-License-Identifier: Apache-2.0
"""The data inside the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot.report import encoding
from octobot.report.display import bucket_seconds, candle_of_fill, display_candles, display_curves, shown_time
from octobot.report.equity import compute_curves, is_buy
from octobot.report.jsonable import to_jsonable
from octobot.report.summary import Summary

if TYPE_CHECKING:
    from octobot.backtesting.result import BacktestResult
    from octobot_trading.history import CandleSeries
    from octobot_trading.personal_data.trades.fill import Fill

_EQUITY_DIGITS = 7
_DRAWDOWN_DECIMALS = 2
# Most gaps that the page lists by series; it says how many more there are.
MOST_GAPS = 500
ORDER_COLUMNS = (
    "creation_time",
    "symbol",
    "side",
    "type",
    "quantity",
    "price",
    "stop_price",
    "status",
    "filled_quantity",
    "average_price",
    "fees",
    "closing_time",
    "reason",
    "tag",
    "order_id",
)


def build_payload(result: BacktestResult, summary: Summary) -> dict[str, Any]:
    """Everything the page shows, JSON-safe."""
    seconds = bucket_seconds(result.candles)
    figures = summary.to_dict()
    # The page joins them with the fills that closed them.
    figures.pop("closed_trades")
    # Their sum is in the figures and their times are in the curves.
    figures.pop("payments")
    candles = {symbol: series for symbol, series in result.candles.items() if len(series.close)}
    return {
        "summary": figures,
        "resampled_seconds": seconds,
        "series": [_series(series, seconds) for series in candles.values()],
        "curves": _curves(result, candles, seconds),
        "fills": _fills(result, summary, candles, seconds),
        "orders": _orders(result.orders),
        "settings": to_jsonable(result.settings),
        "inputs": to_jsonable(result.inputs),
        "timings": to_jsonable(result.timings),
    }


def payload_text(payload: Mapping[str, Any]) -> str:
    """Compact JSON that no HTML parser can take for markup, wherever in a page it stands."""
    text = json.dumps(payload, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _series(series: CandleSeries, seconds: float | None) -> dict[str, Any]:
    shown = display_candles(series, seconds)
    gaps = [[gap.start_time, gap.end_time, gap.missing] for gap in series.quality.gaps[:MOST_GAPS]]
    return {
        "symbol": series.symbol,
        "time_frame": str(series.time_frame.value),
        "times": encoding.encode_times(shown.times),
        "candles": encoding.encode_candles(shown.open, shown.high, shown.low, shown.close),
        "volume": encoding.encode_volume(shown.volume),
        "gaps": to_jsonable(gaps),
    }


def _curves(
    result: BacktestResult, candles: Mapping[str, CandleSeries], seconds: float | None
) -> dict[str, Any] | None:
    if not candles:
        return None
    times, equity, held, drawdown = display_curves(candles, compute_curves(result), seconds)
    decimals = encoding.significant_decimals(float(abs(equity).max()), _EQUITY_DIGITS)
    return {
        "times": encoding.encode_times(times),
        "equity": encoding.encode_curve(equity, decimals),
        "buy_and_hold": None if held is None else encoding.encode_curve(held, decimals),
        "drawdown": encoding.encode_curve(drawdown, _DRAWDOWN_DECIMALS),
    }


def _fills(
    result: BacktestResult, summary: Summary, candles: Mapping[str, CandleSeries], seconds: float | None
) -> list[list[Any]]:
    """[time, time on the chart or None, symbol, "buy" or "sell", quantity, price, cost, fee, fee asset,
    profit or None, profit in percent or None]"""
    closed = {trade.fill_id: trade for trade in summary.closed_trades}
    rows = []
    for fill in sorted(result.fills, key=lambda one: one.time):
        buys = is_buy(fill)
        trade = closed.get(str(fill.fill_id))
        rows.append(
            [
                fill.time,
                _time_on_chart(fill, candles.get(fill.symbol), seconds),
                fill.symbol,
                "buy" if buys else "sell",
                *(_amount(value) for value in (fill.quantity, fill.price, fill.cost, fill.fee)),
                fill.fee_asset,
                None if trade is None else _amount(trade.profit),
                None if trade is None or trade.profit_percent is None else round(trade.profit_percent, 4),
            ]
        )
    return rows


def _time_on_chart(fill: Fill, series: CandleSeries | None, seconds: float | None) -> float | None:
    if series is None:
        return None
    position = candle_of_fill(series, fill.time, float(fill.price))
    return shown_time(float(series.open_times[position]), seconds)


def _orders(orders: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [name for name in ORDER_COLUMNS if any(order.get(name) is not None for order in orders)]
    return {"columns": columns, "rows": [[_cell(order.get(name)) for name in columns] for order in orders]}


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _amount(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_cell(item)} {name}" for name, item in value.items())
    plain = to_jsonable(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list) else plain


def _amount(amount: Decimal) -> str:
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
