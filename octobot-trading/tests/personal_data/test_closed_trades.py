# SPDX-License-Identifier: Apache-2.0
"""PnL per trade: worked examples with their sums, recorded answers, and a model that trades unit by unit.

Long: gross = exit cost - entry cost; short: the other way round; inverse contracts: cost = contracts · size / price, so
the signs turn once more. Net = gross - both fees; ROI = net / (entry cost + entry fees).
"""

from __future__ import annotations

import itertools
import json
from collections import deque
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import TradingWorld

from octobot_trading import api
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.personal_data.trades.closed_trade import ClosedTrade, Direction
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.trades.trade_ledger import MatchingMethod, TradeLedger
from octobot_trading.personal_data.trades.trades_manager import TradesManager

D = Decimal
FIFO, AVERAGE = MatchingMethod
SPOT, LINEAR, INVERSE = "BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC"
_PARENTS = Path(__file__).resolve().parents
_ANSWERS = _PARENTS[min(4, len(_PARENTS) - 1)] / "shared" / "data" / "accounting"
_ids = itertools.count(1)


def fill(side: str, quantity: str, price: str, fee: str = "0", asset: str = "USDT", **options: Any) -> Fill:
    """Of an order of its own at the second of its number; an inverse contract is for 100 USD."""
    number = next(_ids)
    symbol = options.pop("symbol", SPOT)
    amount, at = D(quantity), D(price)
    cost = 100 * amount / at if symbol == INVERSE else amount * at
    return Fill(
        str(number), options.pop("order_id", f"o{number}"), symbol, OrderSide(side), amount, at, cost, D(fee), asset,
        "taker", options.pop("time", float(number)),
    )  # fmt: skip


def closed(method: MatchingMethod, *fills: Fill, **options: Any) -> list[ClosedTrade]:
    ledger = TradeLedger(method, **options)
    return [trade for one in fills for trade in ledger.add(one)]


def results(trades: list[ClosedTrade]) -> list[tuple[str, str, str, str]]:
    """(quantity, gross, net, entry price)."""
    return [
        tuple(  # type: ignore[misc]
            f"{value.quantize(D('1E-8')).normalize() + 0:f}"
            for value in (one.quantity, one.gross_pnl, one.net_pnl, one.entry_price)
        )
        for one in trades
    ]


def _two_entries(symbol: str, enter: str, leave: str) -> list[Fill]:
    """2 at 100, 3 at 110, then 4 at 120; a fee of 1 each."""
    return [
        fill(enter, "2", "100", "1", symbol=symbol, order_id="1st"),
        fill(enter, "3", "110", "1", symbol=symbol, order_id="2nd"),
        fill(leave, "4", "120", "1", symbol=symbol),
    ]


def test_first_in_first_out() -> None:
    """2 · (120 - 100) = 40 and 2 · (120 - 110) = 20. Fees: half of 1 at the exit each, 1 and 2/3 at the entries."""
    trades = closed(FIFO, *_two_entries(SPOT, "buy", "sell"))
    assert results(trades) == [("2", "40", "38.5", "100"), ("2", "20", "18.83333333", "110")]
    assert trades[0].roi_percent == D("19.1542288557"), "38.5 of 201"
    assert len({one.exit_order_id for one in trades}) == 1


def test_average_cost() -> None:
    """Average price (200 + 330) / 5 = 106: 4 · 14 = 56; fees 4/5 of 2 and 1. On average 0.6 s after the first."""
    fills = _two_entries(SPOT, "buy", "sell")
    (trade,) = closed(AVERAGE, *fills)
    assert results([trade]) == [("4", "56", "53.4", "106")]
    assert trade.entry_order_ids == ("1st", "2nd")
    assert trade.entry_time == pytest.approx(fills[0].time + 0.6)


def test_a_short_of_a_linear_contract() -> None:
    """2 · (100 - 120) = -40 and 2 · (110 - 120) = -20."""
    trades = closed(FIFO, *_two_entries(LINEAR, "sell", "buy"))
    assert results(trades) == [("2", "-40", "-41.5", "100"), ("2", "-20", "-21.16666667", "110")]
    assert {one.direction for one in trades} == {Direction.SHORT}


@pytest.mark.parametrize(("enter", "leave", "sign"), [("buy", "sell", 1), ("sell", "buy", -1)])
def test_an_inverse_contract_earns_base(enter: str, leave: str, sign: int) -> None:
    """40 contracts of 100 USD from 20,000 to 25,000: 4,000 · (1/20,000 - 1/25,000) = 0.04 BTC for a long."""
    trades = closed(
        FIFO,
        fill(enter, "40", "20000", "0.0001", "BTC", symbol=INVERSE),
        fill(leave, "40", "25000", "0.00008", "BTC", symbol=INVERSE),
    )
    assert results(trades) == [("40", f"{sign * D('0.04')}", f"{sign * D('0.04') - D('0.00018')}", "20000")]
    assert trades[0].pnl_asset == "BTC"


def test_the_average_price_of_an_inverse_contract_breaks_even() -> None:
    """20 at 20,000 and 20 at 30,000: harmonic mean 24,000, at which nothing is won."""
    entries = [fill("buy", "20", price, symbol=INVERSE) for price in ("20000", "30000")]
    assert results(closed(AVERAGE, *entries, fill("sell", "40", "24000", symbol=INVERSE))) == [
        ("40", "0", "0", "24000")
    ]


def test_a_fee_in_base_makes_a_purchase_smaller() -> None:
    """1 at 100 less 0.1 %: 0.999 are sold at 110 for 109.89; gross 0.999 · 10, net 109.89 - 100."""
    (trade,) = closed(FIFO, fill("buy", "1", "100", "0.001", "BTC"), fill("sell", "0.999", "110"))
    assert results([trade]) == [("0.999", "9.99", "9.89", "100")]
    assert (trade.unmatched_quantity, trade.entry_fees) == (0, D("0.1"))


def test_a_fee_in_base_makes_a_sale_larger() -> None:
    """0.999 are sold and 0.001 more taken as the fee: 109.89 for what cost 100."""
    (trade,) = closed(FIFO, fill("buy", "1", "100"), fill("sell", "0.999", "110", "0.001", "BTC"))
    assert results([trade]) == [("1", "10", "9.89", "100")]


def test_a_fee_in_a_third_asset_at_the_price_of_its_fill() -> None:
    """0.01 BNB at 300 and 0.02 BNB at 400: 3 + 8 of a gross 10; without a price they are listed."""
    price: Decimal | None = D(300)
    manager = TradesManager(lambda asset, other: price if (asset, other) == ("BNB", "USDT") else None)
    manager.add(fill("buy", "1", "100", "0.01", "BNB"))
    price = D(400)
    manager.add(fill("sell", "1", "110", "0.02", "BNB"))
    (trade,) = manager.closed_trades()
    assert (trade.gross_pnl, trade.net_pnl, trade.fees, trade.unvalued_fees) == (10, -1, 11, ())
    manager = TradesManager()
    for one in (fill("buy", "2", "100", "0.02", "BNB"), fill("sell", "1", "110", "0.02", "BNB")):
        manager.add(one)
    (trade,) = manager.closed_trades()
    assert (trade.net_pnl, trade.unvalued_fees) == (10, (("BNB", D("0.03")),))
    assert trade.to_dict()["unvalued_fees"] == {"BNB": D("0.03")}


@pytest.mark.parametrize("method", list(MatchingMethod))
def test_one_order_turns_a_position_around(method: MatchingMethod) -> None:
    """Long 1 from 100; 3 are sold at 90: -10, then short 2, closed at 80: +20. 1 of the fee of 3 is the exit's."""
    trades = closed(
        method,
        fill("buy", "1", "100", symbol=LINEAR),
        fill("sell", "3", "90", "3", symbol=LINEAR),
        fill("buy", "2", "80", symbol=LINEAR),
    )
    assert results(trades) == [("1", "-10", "-11", "100"), ("2", "20", "18", "90")]
    assert [one.direction for one in trades] == [Direction.LONG, Direction.SHORT]


def test_hedge_mode_keeps_both_sides_apart() -> None:
    ledger = TradeLedger()
    long, short = Direction
    assert ledger.add(fill("buy", "1", "100", symbol=LINEAR), position_side=long) == []
    assert ledger.add(fill("sell", "1", "110", symbol=LINEAR), position_side=short) == []
    assert len(ledger.open_positions()) == 2
    trades = ledger.add(fill("buy", "2", "105", "2", symbol=LINEAR), position_side=short)
    assert results(trades) == [("1", "5", "4", "110"), ("1", "1", "0", "105")]
    assert trades[1].entry_cost == 106, "sold for what pays the purchase and its fee"
    assert [one.unmatched_quantity for one in trades] == [0, 1], "a short is not turned into a long"
    assert results(ledger.add(fill("sell", "1", "90", symbol=LINEAR), position_side=long)) == [
        ("1", "-10", "-10", "100")
    ]
    assert ledger.open_positions() == []


def test_no_profit_is_claimed_for_what_was_not_bought() -> None:
    """1 of 3 was bought at 100: 50 · 1 less a third of the fee; the others count at what they brought in."""
    bought, sold = fill("buy", "1", "100"), fill("sell", "3", "150", "3")
    first, second = closed(FIFO, bought, sold)
    assert results([first, second]) == [("1", "50", "49", "100"), ("2", "2", "0", "150")]
    assert second.entry_order_ids == ()
    (both,) = closed(AVERAGE, bought, sold)
    assert (both.quantity, both.unmatched_quantity, both.net_pnl) == (3, 2, 49)
    assert both.entry_time == bought.time
    (short,) = closed(FIFO, fill("sell", "1", "100"), fill("buy", "1", "90"), opens_spot_shorts=True)
    assert short.net_pnl == 10


def test_what_was_held_before() -> None:
    ledger = TradeLedger(AVERAGE)
    ledger.add_holding(SPOT, D(2), D(100), 50.0)
    (trade,) = ledger.add(fill("sell", "1", "130", time=60.0))
    assert (trade.net_pnl, trade.duration_seconds, trade.entry_order_ids) == (30, 10.0, ())


def test_found_by_what_they_are() -> None:
    manager = TradesManager()
    for number, (side, symbol, owner) in enumerate(
        [("buy", SPOT, "grid"), ("sell", SPOT, "daily"), ("sell", SPOT, "grid"), ("sell", LINEAR, None),
         ("buy", LINEAR, None)]
    ):  # fmt: skip
        manager.add(fill(side, "1", "100", symbol=symbol, time=float(number), order_id=f"order {number}"), owner)
    every = manager.closed_trades()
    assert [one.exit_time for one in every] == [1.0, 2.0, 4.0]
    assert manager.closed_trades(symbol=SPOT) == every[:2]
    assert manager.closed_trades(owner="grid") == [every[1]], "what one bought another cannot sell"
    assert every[0].unmatched_quantity == 1
    assert manager.closed_trades(order_id="order 0") == manager.closed_trades(order_id="order 2") == [every[1]]
    assert manager.closed_trades(since=2.0, until=4.0) == [every[1]]
    assert len(manager.closed_trades(AVERAGE)) == 3
    manager.add(fill("buy", "1", "100", time=9.0), "grid")
    assert manager.closed_trades() == every, "each fill is matched once"
    assert [one.owner for one in manager.open_positions()] == ["grid"]
    assert every[1].to_dict()["duration_seconds"] == 2.0


async def test_of_a_running_exchange(trading: TradingWorld) -> None:
    await trading.order("buy", OrderType.MARKET, "1")
    trading.candle(1000, 1000, 1000, 1000)
    await trading.order("sell", OrderType.LIMIT, "0.9", "1100")
    trading.candle(1050, 1200, 1050, 1150)
    (trade,) = api.get_closed_trades(trading.manager)
    assert (trade.quantity, trade.entry_price, trade.exit_price) == (D("0.9"), 1000, 1100)
    assert trade.gross_pnl == 90
    # 2 for mille of base at the entry: 1000 bought 0.998, of which 0.9; 1 for mille of 990 at the exit
    assert abs(trade.fees - (D("0.9") / D("0.998") * 2 + D("0.99"))) < D("1E-20")
    assert api.get_closed_trades(trading.manager, AVERAGE) == [trade]


def _recorded_rows() -> list[dict[str, Any]]:
    path = _ANSWERS / "freqtrade-profit-interest-funding.json"
    if not path.exists():
        pytest.skip(f"the recorded answers are not at hand: {path}")
    case = next(one for one in json.loads(path.read_text())["cases"] if one["test"].endswith("test_calc_profit"))
    rows = [dict(zip(table["columns"], row, strict=True)) for table in case["tables"] for row in table["rows"]]
    return [row for row in rows if row["trading_mode"] != "margin" and row["funding_fees"] == 0]


def test_recorded_profits() -> None:
    """30 units from 2.0, a fee of 0.25 % at the entry, without interest and funding; seven decimals are told."""
    rows = _recorded_rows()
    assert len(rows) >= 10
    for row in rows:
        enter, leave = ("sell", "buy") if row["is_short"] else ("buy", "sell")
        price, rate = D(repr(row["close_rate"])), D(repr(row["fee_close"]))
        symbol = SPOT if row["trading_mode"] == "spot" else LINEAR
        (trade,) = closed(
            FIFO,
            fill(enter, "30", "2.0", "0.15", symbol=symbol),
            fill(leave, "30", str(price), str(30 * price * rate), symbol=symbol),
        )
        assert abs(float(trade.net_pnl) - row["profit"]) < 2e-7, row


_steps = st.lists(
    st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 9), st.integers(50, 150), st.integers(-3, 9)),
    max_size=30,
)


@settings(max_examples=80, deadline=None)
@given(_steps, st.sampled_from([SPOT, LINEAR]))
def test_fifo_is_what_single_units_earn(steps: list[tuple[str, int, int, int]], symbol: str) -> None:
    """Units wait in one queue; each exit takes the oldest. Fees are spread over a fill's units."""
    units: deque[tuple[int, int, Fraction]] = deque()
    expected, matched = Fraction(0), 0
    ledger, trades = TradeLedger(), []
    for side, quantity, price, fee in steps:
        sign = 1 if side == "buy" else -1
        for _ in range(quantity):
            if units and units[0][0] != sign:
                entry_sign, entry_price, entry_fee = units.popleft()
                expected += entry_sign * (price - entry_price) - entry_fee - Fraction(fee, quantity)
                matched += 1
            elif sign == 1 or symbol == LINEAR:
                units.append((sign, price, Fraction(fee, quantity)))
        with localcontext(Context(prec=6, traps=[Inexact])):
            trades += ledger.add(fill(side, str(quantity), str(price), str(fee), symbol=symbol))
    assert sum(one.quantity - one.unmatched_quantity for one in trades) == matched
    assert abs(Fraction(sum(one.net_pnl for one in trades)) - expected) < Fraction(1, 10**20)
    assert sum(entry.quantity for one in ledger.open_positions() for entry in one.entries) == len(units)


@settings(max_examples=80, deadline=None)
@given(_steps, st.sampled_from([LINEAR, INVERSE]))
def test_all_methods_earn_what_the_cash_says_once_flat(steps: list[tuple[str, int, int, int]], symbol: str) -> None:
    """Once flat, results are what came in less what went out, in quote; for inverse contracts turned around."""
    asset = "BTC" if symbol == INVERSE else "USDT"
    fills = [
        fill(side, str(quantity), str(price), str(fee), asset, symbol=symbol) for side, quantity, price, fee in steps
    ]
    position = sum(one.quantity if one.side == "buy" else -one.quantity for one in fills)
    if position:
        fills.append(fill("sell" if position > 0 else "buy", str(abs(position)), "77", "1", asset, symbol=symbol))
    cash = sum((one.cost if one.side == "sell" else -one.cost for one in fills), D(0))
    paid = sum((one.fee for one in fills), D(0))
    for method in MatchingMethod:
        ledger = TradeLedger(method)
        trades = [trade for one in fills for trade in ledger.add(one)]
        assert ledger.open_positions() == []
        net = sum((one.net_pnl for one in trades), D(0))
        assert abs(net - ((-cash if symbol == INVERSE else cash) - paid)) < D("1E-20")
        assert all(one.unmatched_quantity == 0 for one in trades)
