# SPDX-License-Identifier: Apache-2.0
"""Value over time, and profitability worked out by hand."""

from __future__ import annotations

import itertools
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import TradingWorld

from octobot_commons.errors import BugError, SettingError
from octobot_trading import api
from octobot_trading.enums import OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.portfolio.profitability import Profitability, ProfitabilityFigures
from octobot_trading.personal_data.portfolio.value import rates_in, value_in
from octobot_trading.personal_data.portfolio.value_history import ValueHistory
from octobot_trading.personal_data.positions.position import Position

D = Decimal


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(8, 40), st.sampled_from([0.0, 1.0, 1e6]))
def test_a_history_is_bounded_in_order_and_keeps_its_ends(random: Random, capacity: int, spread: float) -> None:
    history, time, recorded = ValueHistory(capacity), 1e9, {}
    waits = [random.choice([0.0, 1.0, random.uniform(0.0, spread)]) for _ in range(200)]
    for number, wait in enumerate(waits):
        time += wait
        history.record(time, D(number))
        recorded[time] = D(number)
        points = history.points()
        assert len(points) <= capacity
        assert points[-1] == (time, number)
        assert points[0].time == 1e9 + waits[0]
        assert history.value_at(time) == number
    times = [point.time for point in history.points()]
    assert times == sorted(set(times))
    assert all(recorded[point.time] == point.value for point in history.points())
    if times[-1] > times[0]:
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        real = sorted(recorded)
        widest = max(later - earlier for earlier, later in itertools.pairwise(real))
        assert max(gaps) <= widest + 2 * history.spacing_seconds, "nothing but what was too near is missing"


def test_a_full_history_is_thinned_out_evenly() -> None:
    """Ten points a second apart: at the ninth those nearer than 2 go, and later ones keep that distance."""
    history = ValueHistory(8)
    for second in range(9):
        history.record(float(second), D(second))
    assert [point.time for point in history.points()] == [0.0, 2.0, 4.0, 6.0, 8.0]
    history.record(9.0, D(9))
    history.record(9.5, D(9))
    history.record(10.5, D(10))
    assert [point.time for point in history.points()] == [0.0, 2.0, 4.0, 6.0, 8.0, 10.5]


def test_a_history_by_time() -> None:
    history = ValueHistory()
    for hour in range(4):
        history.record(hour * 3600.0, D(hour))
    assert [point.value for point in history.points(3600.0, 10800.0)] == [1, 2]
    assert history.value_at(-1.0) is None
    assert history.value_at(5000.0) == 1
    history.record(10800.0, D(9))
    assert history.points()[-1] == (10800.0, 9)
    for time in (10799.0, float("nan")):
        with pytest.raises(BugError, match="after one at"):
            history.record(time, D(1))
    with pytest.raises(BugError):
        ValueHistory(3)


def _figures(account: Profitability, totals: dict[str, Decimal], prices: dict[str, Decimal]) -> list[Decimal]:
    figures = account.figures(value_in("USDT", totals, prices), rates_in("USDT", prices), prices)
    return [amount.quantize(D("0.0001")) for amount in figures.to_dict().values()]


def test_the_four_figures() -> None:
    """1,000 USDT and 1 BTC at 1,000. Half a BTC is sold at 1,100 for 550; then BTC is 1,200, ETH fell from 50 to 45.

    Value 1,550 + 600 = 2,150: 150 of 2,000 are 7.5 %. The market: mean of +20 % and -10 %. Buy and hold: 2,200, 10 %.
    """
    account = Profitability({"USDT": D(1000), "BTC": D(1)}, ["BTC/USDT", "ETH/USDT"])
    start = {"BTC/USDT": D(1000), "ETH/USDT": D(50)}
    assert _figures(account, {"USDT": D(1000), "BTC": D(1)}, start) == [0, 0, 0, 0]
    end = {"BTC/USDT": D(1200), "ETH/USDT": D(45)}
    assert _figures(account, {"USDT": D(1550), "BTC": D("0.5")}, end) == [150, D("7.5"), 5, 10]
    assert account.starting_value == 2000


def test_a_deposit_neither_makes_nor_dilutes_profit() -> None:
    """1,000 grow by 10 % to 1,100; 8,900 come in; 10,000 grow by 5 % to 10,500. 1.1 · 1.05 - 1 = 15.5 %, profit 600.

    Then half is withdrawn and nothing happens: the same percent and profit.
    """
    account, rates = Profitability({"USDT": D(1000)}, []), {"USDT": D(1)}
    account.figures(D(1100), rates, {})
    account.add_flow("USDT", D(8900), D(10_000), rates)
    assert account.figures(D(10_500), rates, {}) == ProfitabilityFigures(D(600), D("15.5"))
    account.add_flow("USDT", D(-5250), D(5250), rates)
    assert account.figures(D(5250), rates, {}) == ProfitabilityFigures(D(600), D("15.5"))


def test_a_price_that_comes_late_is_no_profit() -> None:
    account = Profitability({"USDT": D(100), "BTC": D(2)}, ["BTC/USDT"])
    held = {"USDT": D(100), "BTC": D(2), "XRP": D(0)}
    assert _figures(account, held, {}) == [0, 0, 0, 0]
    assert _figures(account, held, {"BTC/USDT": D(50)}) == [0, 0, 0, 0]
    account.add_flow("XRP", D(10), D(200), rates_in("USDT", {"BTC/USDT": D(50)}))
    held["XRP"] = D(10)
    assert _figures(account, held, {"BTC/USDT": D(50), "XRP/USDT": D(3)}) == [0, 0, 0, 0]
    assert _figures(account, held, {"BTC/USDT": D(50), "XRP/USDT": D(4)})[0] == 10


def test_an_account_that_began_with_nothing() -> None:
    account, rates = Profitability({}, []), {"USDT": D(1)}
    assert account.figures(D(0), rates, {}) == ProfitabilityFigures()
    account.add_flow("USDT", D(100), D(100), rates)
    assert account.figures(D(150), rates, {}) == ProfitabilityFigures(D(50), D(50))


_flows = st.lists(st.tuples(st.integers(-40, 60), st.integers(50, 200)), max_size=12)


@given(_flows)
def test_any_flows_of_an_account_that_does_what_the_market_does(flows: list[tuple[int, int]]) -> None:
    """All in BTC: the percent is the price's, whatever comes in and goes out; the profit is that of each coin."""
    account, held, price, profit = Profitability({"BTC": D(100)}, ["BTC/USDT"]), D(100), D(100), D(0)
    prices = {"BTC/USDT": price}
    account.figures(held * price, rates_in("USDT", prices), prices)
    for flow, new_price in flows:
        amount = max(D(flow), 1 - held)
        profit += held * (new_price - price)
        price, held = D(new_price), held + amount
        prices = {"BTC/USDT": price}
        account.add_flow("BTC", amount, held * price, rates_in("USDT", prices))
    figures = account.figures(held * price, rates_in("USDT", prices), prices)
    assert figures.profitability == profit
    assert abs(figures.profitability_percent - figures.market_profitability_percent) < D("1E-9")
    assert figures.market_profitability_percent == price - 100


def test_contracts_price_an_asset_where_no_spot_market_does() -> None:
    prices = {"BTC/USDT:USDT": D(90), "ETH/USDT:USDT-231229": D(7), "BTC/USD:BTC": D(80)}
    assert rates_in("USDT", prices) == {"USDT": 1, "BTC": 90, "USD": D(9) / 8}
    assert rates_in("USDT", {**prices, "BTC/USDT": D(100)})["BTC"] == 100


async def test_told_when_the_figures_change(trading: TradingWorld) -> None:
    await trading.listen("BalanceProfitability")
    manager = trading.manager
    for price in (1000.0, 1000.0, 1100.0):
        manager.get_symbol_data("BTC/USDT").price = price
        api.get_profitability(manager)
    await trading.dispatcher.run_until_idle()
    assert [payload for _, payload in trading.heard] == [
        {
            "exchange": "binance",
            "exchange_id": manager.id,
            "profitability": profit,
            "profitability_percent": percent,
            "market_profitability_percent": D(market),
            "initial_portfolio_current_profitability": percent,
        }
        for profit, percent, market in ((0, D(0), 0), (200, D("1.6666666667"), 10))
    ]


async def test_recorded_by_the_clock_until_stopped(trading: TradingWorld) -> None:
    manager = trading.manager
    with pytest.raises(SettingError, match="every 0 seconds"):
        manager.performance.record_every(0)
    manager.performance.record_every(600.0)
    manager.performance.record_every(1800.0)
    trading.candle(1000, 1000, 1000, 1000)
    assert [point.time for point in api.get_portfolio_value_history(manager)] == [5400.0, 7200.0]
    manager.performance.stop()
    trading.candle(1000, 1000, 1000, 1000)
    assert len(api.get_portfolio_value_history(manager)) == 2
    assert api.get_portfolio_value_history(manager, since=7200.0) == [(7200.0, D(12_000))]


async def test_open_positions_count(trading: TradingWorld) -> None:
    position = Position(Market.default("BTC/USDT:USDT"))
    position.change(D(4), D(500))
    position.mark_price = D(750)
    trading.manager.positions_manager.set(position)
    assert api.get_portfolio_value(trading.manager) == 13_000


async def test_debts_count(trading: TradingWorld) -> None:
    trading.manager.debts = {"BTC": D("0.5"), "USDT": D(100)}
    assert api.get_portfolio_value(trading.manager) == 11_400


async def test_parts_of_an_account_through_the_api(trading: TradingWorld) -> None:
    manager = trading.manager
    api.assign_sub_portfolio(manager, "grid", {"USDT": D(4000)})
    api.assign_sub_portfolio_shares(manager, "daily", {"BTC": D("0.5")})
    assert api.get_sub_portfolio_owners(manager) == ["grid", "daily"]
    assert api.get_sub_portfolio(manager, "daily") == {"BTC": Balance(D(1), D(0))}
    assert api.get_sub_portfolio(manager, None) == {"USDT": (6000, 0), "BTC": (1, 0)}


async def test_an_account_with_open_orders_is_not_shared_out(trading: TradingWorld) -> None:
    await trading.order("buy", OrderType.LIMIT, "1", "900")
    with pytest.raises(SettingError, match="open orders hold funds"):
        api.assign_sub_portfolio(trading.manager, "grid", {"USDT": D(1)})
    assert trading.manager.sub_portfolios is None


async def test_results_count_from_the_first_prices_though_nobody_asked_then() -> None:
    world = TradingWorld()
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    world.candle(1000, 1000, 1000, 1000)
    world.candle(1500, 1500, 1500, 1500)
    world.candle(30, 45, 30, 45, symbol="ETH/USDT")
    figures = api.get_profitability(world.manager)
    assert (figures.profitability, figures.market_profitability_percent) == (1000, 25)
    world.candle(30, 30, 30, 30, symbol="ETH/USDT")
    assert api.get_profitability(world.manager).market_profitability_percent == D("8.3333333333")
    await world.manager.stop()
    assert world.clock.next_time is None
