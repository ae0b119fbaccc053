# SPDX-License-Identifier: Apache-2.0
"""The same market orders on the same candles here, in backtesting.py and in basana.

Every fill has the same candle, side, quantity and price, exactly; the money left at the end differs by what the rules
below explain and nothing else:

=============== ==================== ============================ =======================================
rule            here                 backtesting.py 0.6           basana 1.11
=============== ==================== ============================ =======================================
a fill's price  next candle's open   the same                     the same
fees            rounded up to 1E-8   doubles, not rounded         rounded up to the pair's precision, 1E-8
arithmetic      exact                doubles                      exact
first decision  first candle         second candle: none before   first candle
=============== ==================== ============================ =======================================

So basana must leave exactly the same money, and backtesting.py as much as its fills with fees that are not rounded, up
to the precision of doubles.
"""

from __future__ import annotations

import itertools
import json
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cases import CASES, CASH, FEE, QUICK, Case, Decision
from peers import ENGINES, Engine, PeerMissingError, recorded_file, run_peer

from async_channel import SynchronizedDispatcher
from octobot_commons.clock import SimulatedClock
from octobot_trading.backtesting.replay import Replay
from octobot_trading.enums import FeeAsset, FillRule, OrderSide, OrderType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.exchanges.exchange_manager import ExchangeManager
from octobot_trading.exchanges.fees import FeeModel
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.history import CandleSeries
from octobot_trading.personal_data.orders.order_request import OrderRequest
from octobot_trading.personal_data.trades.fill import Fill

_ids = itertools.count()


class Ours:
    """The decisions through replay, channels, trader and simulated exchange."""

    def __init__(self, series: CandleSeries, decisions: list[Decision], fill_rule: FillRule) -> None:
        self.series = series
        self.decisions = {one.row: one for one in decisions}
        self.row = -1
        clock = SimulatedClock(float(series.open_times[0]))
        exchange = SimulatedExchange(
            "any",
            clock,
            {series.symbol: Market.default(series.symbol)},
            {Market.default(series.symbol).quote: Decimal(CASH)},
            FeeModel(Decimal(FEE), Decimal(FEE), FeeAsset.QUOTE),
            fill_rule,
        )
        name = series.symbol.partition("/")[0]
        self.manager = ExchangeManager(
            f"differential-{next(_ids)}", exchange, clock, {name: [series.symbol]},
            dispatcher=SynchronizedDispatcher(), is_backtesting=True,
        )  # fmt: skip

    async def run(self) -> tuple[list[Fill], dict[str, Decimal]]:
        await self.manager.initialize()
        try:
            await get_chan("OHLCV", self.manager.id).new_consumer(self._on_candle)
            await Replay({self.manager: [self.series]}).run()
            return self.manager.trades_manager.fills, self.manager.portfolio.totals()
        finally:
            await self.manager.stop()

    async def _on_candle(self, symbol: str, **_: Any) -> None:
        self.row += 1
        decision = self.decisions.get(self.row)
        if decision is not None:
            quantity = Decimal(decision.quantity)
            request = OrderRequest(symbol, OrderSide(decision.side), OrderType.MARKET, quantity)
            await self.manager.trader.create_order(request)


async def _compare(case: Case, answers: dict[str, dict[str, Any]], fill_rule: FillRule) -> None:
    series = case.series()
    assert series is not None
    decisions = case.decisions(series)
    fills, left = await Ours(series, decisions, fill_rule).run()
    rows = {time: row for row, time in enumerate(series.open_times.tolist())}
    listed = [[rows[fill.time], fill.side.value, int(fill.quantity), float(fill.price)] for fill in fills]
    assert len(listed) == len(decisions) > 10
    assert [fill.price for fill in fills] == [Decimal(repr(float(series.open[row]))) for row, *_ in listed]
    money = left.pop(Market.default(series.symbol).quote)
    assert not any(left.values()), "everything was sold"
    for engine, answer in answers.items():
        assert sorted(fill[:4] for fill in answer["fills"]) == sorted(listed), engine
    basana, backtesting = answers["basana"], answers["backtesting.py"]
    assert [fill[4] for fill in basana["fills"]] == [float(fill.fee) for fill in fills]
    assert basana["equity"] == float(money)
    assert abs(backtesting["equity"] - float(_without_rounding(listed))) <= 1e-6


def _without_rounding(fills: list[list[Any]]) -> Fraction:
    """The money left when no fee is rounded."""
    money = Fraction(CASH)
    for _, side, quantity, price in fills:
        value = Fraction(repr(price)) * quantity
        money += (value if side == "sell" else -value) - value * Fraction(FEE)
    return money


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
async def test_others_were_recorded_to_do_the_same(case: Case) -> None:
    answers = json.loads(recorded_file(case).read_text())
    await _compare(case, answers, FillRule.PESSIMISTIC)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_others_do_the_same(case: Case) -> None:
    series = case.series()
    if series is None:
        pytest.skip(f"the recorded candles are not at hand: {case.file}")
    answers = {engine.name: _run(engine, series, case.decisions(series)) for engine in ENGINES}
    if case in QUICK:
        assert answers == json.loads(recorded_file(case).read_text())
    for fill_rule in FillRule:  # market orders leave nothing to a rule
        await _compare(case, answers, fill_rule)


def _run(engine: Engine, series: CandleSeries, decisions: list[Decision]) -> dict[str, Any]:
    try:
        return run_peer(engine, series, decisions)
    except PeerMissingError as error:
        pytest.skip(f"{engine.requirement} cannot be installed: {error}")
