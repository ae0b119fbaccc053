# SPDX-License-Identifier: Apache-2.0
"""Every row of the recorded tables of profits, interest and funding, and every leverage bracket."""

from __future__ import annotations

import itertools
import json
import lzma
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.market_limits import ContractTerms
from octobot_trading.personal_data.positions.brackets import MaintenanceBrackets
from octobot_trading.personal_data.positions.contracts import funding_payment
from octobot_trading.personal_data.positions.interest import HourlyInterest, InterestRule, NoInterest, RolloverInterest
from octobot_trading.personal_data.trades.trade_value import Trade

_FOLDER = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "accounting"
_RULES: dict[str, InterestRule] = {"binance": HourlyInterest(), "kraken": RolloverInterest()}
#: The recorded trades lasted ten minutes, at this rate.
_HOURS = Decimal(10) / 60
_RATE = Decimal("0.0005")
_OPEN_FEE = Decimal("0.0025")


def _recorded(name: str) -> Path:
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"the recorded answers are not at hand: {path}")
    return path


def _rows(test: str) -> list[dict[str, Any]]:
    """Several tables of one test stand for all combinations of their rows."""
    content = json.loads(_recorded("freqtrade-profit-interest-funding.json").read_text(), parse_float=Decimal)
    (case,) = [case for case in content["cases"] if case["test"].endswith(f"::{test}")]
    rows = []
    for combination in itertools.product(*(table["rows"] for table in case["tables"])):
        row: dict[str, Any] = {}
        for table, values in zip(case["tables"], combination, strict=True):
            row.update(zip(table["columns"], values, strict=True))
        rows.append(row)
    return rows


def _is_near(value: Decimal, expected: Decimal | float, digits: int) -> bool:
    """Equal to as many decimals as were recorded."""
    return abs(value - Decimal(expected)) <= Decimal(1).scaleb(-digits)


def _trade(row: dict[str, Any], price: Decimal) -> Trade:
    is_margin = row["trading_mode"] == "margin"
    return Trade(
        Decimal(30),
        price,
        row["is_short"],
        Decimal(row["lev"]),
        _RULES[row["exchange"]] if is_margin else NoInterest(),
        _RATE,
    )


def test_interest() -> None:
    rows = _rows("test_interest")
    for row in rows:
        interest = _RULES[row["exchange"]].interest(Decimal(60), Decimal(row["interest_rate"]), Decimal(row["hours"]))
        assert _is_near(interest, row["expected"], 12), row
    assert len(rows) == 8


def test_open_trade_values() -> None:
    rows = _rows("test_calc_open_trade_value")
    for row in rows:
        assert _trade(row, Decimal(2)).open_value(Decimal(row["fee_rate"])) == Decimal(row["result"]), row
    assert len(rows) == 2 * 3 * 2 * 8


def test_close_trade_values() -> None:
    rows = _rows("test_calc_close_trade_price")
    for row in rows:
        trade = _trade(row, Decimal(row["open_rate"]))
        funding = Decimal(row["funding_fees"])
        value = trade.close_value(Decimal(row["close_rate"]), Decimal(row["fee_rate"]), _HOURS, funding)
        assert _is_near(value, row["result"], 8), row
    assert len(rows) == 19


def test_profits() -> None:
    rows = _rows("test_calc_profit")
    for row in rows:
        trade = _trade(row, Decimal(2))
        details = (
            Decimal(row["close_rate"]),
            _OPEN_FEE,
            Decimal(row["fee_close"]),
            _HOURS,
            Decimal(row["funding_fees"]),
        )
        # The recorded ones were computed with doubles and cut to between four and nine digits.
        assert _is_near(trade.profit(*details), row["profit"], 6), row
        assert _is_near(trade.profit_ratio(*details), row["profit_ratio"], 7), row
    assert len(rows) == 59


def test_funding() -> None:
    """The recorded amounts are those of a short position, which receives at a positive rate."""
    market = Market("BTC/USDT:USDT", "BTC", "USDT", contract=ContractTerms("USDT"))
    checked = 0
    for row in _rows("test_calculate_funding_fees"):
        if row["mark_price"] is None:
            continue  # without a mark price there is nothing to pay from; ours is never asked then
        size, mark, rate = (Decimal(row[name]) for name in ("size", "mark_price", "funding_rate"))
        assert funding_payment(market, -size, mark, rate) == Decimal(row["funding_fee"]), row
        assert funding_payment(market, size, mark, rate) == -Decimal(row["funding_fee"]), row
        if row["kraken_fee"] is not None:
            part = rate * Decimal(row["time_in_ratio"])  # Kraken's rate counts for the time held
            assert funding_payment(market, -size, mark, part) == Decimal(row["kraken_fee"]), row
        checked += 1
    assert checked == 3


def test_leverage_brackets() -> None:
    with lzma.open(_recorded("binance_leverage_tiers.json.xz"), "rt") as file:
        symbols = json.load(file)
    tiers = 0
    for symbol, recorded in symbols.items():
        brackets = MaintenanceBrackets.from_ccxt(recorded)
        assert len(brackets.brackets) == len(recorded)
        for bracket, tier in zip(brackets.brackets, recorded, strict=True):
            assert _is_near(bracket.amount, Decimal(tier["info"]["cum"]), 6), (symbol, tier)
            inside = (bracket.notional_floor + bracket.notional_cap) / 2
            assert brackets.bracket_of(inside) == bracket
            assert brackets.max_leverage(inside) == Decimal(str(tier["maxLeverage"]))
            # Where two brackets meet the margin has no step.
            at_cap = bracket.notional_cap
            assert at_cap * bracket.maintenance_rate - bracket.amount == brackets.maintenance_margin(at_cap)
            tiers += 1
    assert (len(symbols), tiers) == (349, sum(len(recorded) for recorded in symbols.values()))
