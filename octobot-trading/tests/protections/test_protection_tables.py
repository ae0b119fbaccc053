# SPDX-License-Identifier: Apache-2.0
"""Each protection by itself: what it is told at which time, and what it refuses then."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from trading_world import order_request

from octobot_commons.configuration.protections import (
    CooldownAfter,
    CooldownConfig,
    DailyLossConfig,
    MaxDrawdownConfig,
    OrderRateConfig,
    ProtectionsConfig,
    StopLossGuardConfig,
)
from octobot_trading.enums import OrderType
from octobot_trading.protections import Exit, Protection, TradingStop, make_protections
from octobot_trading.protections.cooldown import Cooldown
from octobot_trading.protections.daily_loss import DailyLoss
from octobot_trading.protections.max_drawdown import MaxDrawdown
from octobot_trading.protections.order_rate import OrderRate
from octobot_trading.protections.stop_loss_guard import StopLossGuard

D = Decimal
HOUR, DAY = 3600.0, 86400.0
BUY = order_request("buy", OrderType.LIMIT, "1", "900")
#: (time, value, whether an entry is refused then)
Values = Iterable[tuple[float, str, bool]]


def drawdown(percent: str, **options: str) -> MaxDrawdown:
    return MaxDrawdown(
        MaxDrawdownConfig(percent=D(percent), **{key: D(value) for key, value in options.items()}), "USDT"
    )


def check_values(protection: Protection, values: Values) -> None:
    for time, value, is_refused in values:
        protection.on_value(D(value), time)
        assert (protection.reason_to_refuse(BUY, time) is not None) is is_refused, (time, value)


@pytest.mark.parametrize(
    ("protection", "values"),
    [
        # Without a pause it holds until the value has recovered, to the last digit.
        (drawdown("20"), [(0, "1000", False), (1, "800.01", False), (2, "800", True), (3, "700", True),
                          (4, "800.01", False), (5, "2000", False), (6, "1600", True), (7, "1601", False)]),
        # A pause runs its time whatever the value does, and the high begins anew with the first value after it.
        (drawdown("20", pause_hours="1"), [(0, "1000", False), (10, "800", True), (20, "1000", True),
                                           (3609.5, "700", True), (3610, "600", False), (3611, "481", False),
                                           (3612, "480", True), (3612 + 3600, "100", False)]),
        # A high that lies further back than the lookback, and a 256th of it, counts no more.
        (drawdown("10", lookback_hours="256"), [(0, "1000", False), (HOUR, "890", True), (256 * HOUR, "890", True),
                                                (257 * HOUR - 1, "890", True), (257 * HOUR, "890", False),
                                                (258 * HOUR, "801", True)]),
        # Nothing is nothing: no high, no drawdown.
        (drawdown("1"), [(0, "0", False), (1, "-5", False)]),
    ],
)  # fmt: skip
def test_max_drawdown(protection: MaxDrawdown, values: Values) -> None:
    check_values(protection, values)


def test_max_drawdown_says_what_and_until_when() -> None:
    lasting, pausing = drawdown("20"), drawdown("20", pause_hours="24")
    check_values(lasting, [(0, "10000", False), (1, "7777.7777777", True)])
    check_values(pausing, [(0, "10000", False), (HOUR, "8000", True)])
    assert lasting.reason_to_refuse(BUY, 1) == (
        "the account is worth 7777.7778 USDT, 22.222222 % below its highest value of 10000; "
        "entries pause until it is less than 20 %"
    )
    assert pausing.reason_to_refuse(BUY, HOUR) == ("entries pause until 1970-01-02 01:00:00 UTC: 20 % drawdown reached")


def test_a_withdrawal_is_no_drawdown_and_a_deposit_makes_none_good() -> None:
    protection = drawdown("20")
    check_values(protection, [(0, "1000", False), (1, "900", False)])
    protection.on_flow(D(900), D(450))
    check_values(protection, [(2, "450", False), (3, "400.01", False), (4, "400", True)])
    protection.on_flow(D(400), D(4000))
    check_values(protection, [(5, "4000", True), (6, "4000.1", False)])
    protection.on_flow(D(4000), D(0))
    check_values(protection, [(7, "0", False), (8, "100", False), (9, "80", True)])


def test_a_lookback_keeps_a_bounded_number_of_highs() -> None:
    protection = drawdown("99", lookback_hours="1")
    for second in range(20_000):
        protection.on_value(D(30_000 - second), float(second))
    assert len(protection.to_state()["highs"]) <= 258


@pytest.mark.parametrize(
    ("config", "values"),
    [
        # Five percent of the day's first value; what is earned later does not lift it, midnight does.
        ({"percent": D(5)}, [(0, "1000", False), (HOUR, "950.01", False), (2 * HOUR, "950", True),
                             (3 * HOUR, "2000", True), (DAY - 1, "2000", True), (DAY, "1990", False),
                             (DAY + 1, "1900", True)]),
        # A day begins with the last value of the day before, which a night's fall counts from.
        ({"amount": D(100)}, [(0, "1000", False), (DAY - 1, "950", False), (DAY + HOUR, "850.5", False),
                              (DAY + 2 * HOUR, "850", True), (2 * DAY, "850", False)]),
        # After a day without any value it begins with its own first one.
        ({"amount": D(100)}, [(0, "1000", False), (2 * DAY, "500", False), (2 * DAY + 1, "400", True)]),
        # Of two limits the smaller one.
        ({"percent": D(50), "amount": D(10)}, [(0, "1000", False), (1, "990", True)]),
        ({"percent": D(1), "amount": D(500)}, [(0, "1000", False), (1, "990", True)]),
        # Nothing was lost of nothing.
        ({"percent": D(1)}, [(0, "0", False), (1, "0", False)]),
    ],
)  # fmt: skip
def test_daily_loss(config: dict[str, Any], values: Values) -> None:
    check_values(DailyLoss(DailyLossConfig(**config), "USDT"), values)


def test_daily_loss_says_what_and_until_when() -> None:
    protection = DailyLoss(DailyLossConfig(percent=D(5), amount=D(70)), "USDT")
    check_values(protection, [(DAY, "1000", False), (DAY + HOUR, "949.5", True)])
    assert protection.reason_to_refuse(BUY, DAY + HOUR) == (
        "50.5 USDT were lost today, 5 % or 70 USDT is the limit; entries pause until 1970-01-03 00:00:00 UTC"
    )


def test_daily_loss_leaves_withdrawals_and_deposits_out() -> None:
    protection = DailyLoss(DailyLossConfig(amount=D(100)), "USDT")
    check_values(protection, [(0, "1000", False), (1, "950", False)])
    protection.on_flow(D(950), D(450))
    check_values(protection, [(2, "450", False), (3, "400", True)])
    protection.on_flow(D(400), D(5000))
    check_values(protection, [(4, "5000", True)])


def stop(time: float, order_id: str, symbol: str = "BTC/USDT", pnl: str = "-1", is_stop: bool = True) -> Exit:
    return Exit(time, symbol, order_id, is_stop, D(pnl))


def refused(protection: Protection, time: float, symbol: str = "BTC/USDT") -> bool:
    request = order_request("buy", OrderType.LIMIT, "1", "900", symbol=symbol)
    return protection.reason_to_refuse(request, time) is not None


def guard(per_symbol: bool = False) -> StopLossGuard:
    config = StopLossGuardConfig(stops=3, window_hours=D(2), pause_hours=D(1), per_symbol=per_symbol)
    return StopLossGuard(config)


@pytest.mark.parametrize(
    ("stops", "refused_at", "allowed_at"),
    [
        ([stop(0, "1"), stop(1, "2")], [], [2]),
        ([stop(0, "1"), stop(1, "2"), stop(10, "3")], [10, 3609], [3610]),
        # The fills of one order are one exit; what earned is none, and what was bought elsewhere is.
        ([stop(0, "1"), stop(1, "1"), stop(10, "1")], [], [10]),
        ([stop(0, "1"), stop(1, "2"), stop(2, "3", pnl="0.01")], [], [2]),
        ([stop(0, "1"), stop(1, "2"), stop(2, "3", pnl="0")], [2], [3602]),
        # Take profits and sales at the market at a loss are no stops.
        ([stop(0, "1"), stop(1, "2"), stop(2, "3", is_stop=False)], [], [2]),
        # The first must lie less than two hours back.
        ([stop(0, "1"), stop(1, "2"), stop(7200, "3")], [], [7200]),
        ([stop(0.5, "1"), stop(1, "2"), stop(7200, "3")], [7200], [10800]),
        # A further one within the window begins another pause.
        ([stop(0, "1"), stop(1, "2"), stop(2, "3"), stop(3700, "4")], [3700, 7299], [7300]),
        # All symbols count together.
        ([stop(0, "1"), stop(1, "2", "ETH/USDT"), stop(2, "3")], [2], []),
    ],
)
def test_stop_loss_guard(stops: list[Exit], refused_at: list[float], allowed_at: list[float]) -> None:
    protection = guard()
    for one in stops:
        protection.on_exit(one)
    assert all(refused(protection, time, symbol) for time in refused_at for symbol in ("BTC/USDT", "ETH/USDT"))
    assert not any(refused(protection, time) for time in allowed_at)


def test_stop_loss_guard_by_symbol() -> None:
    protection = guard(per_symbol=True)
    for time, symbol in enumerate(["BTC/USDT", "ETH/USDT", "BTC/USDT", "BTC/USDT"]):
        protection.on_exit(stop(time, str(time), symbol))
    assert (refused(protection, 4), refused(protection, 4, "ETH/USDT")) == (True, False)
    assert protection.reason_to_refuse(BUY, 4) == (
        "entries pause until 1970-01-01 01:00:03 UTC: 3 stop-loss exits of BTC/USDT within 2 h"
    )


@pytest.mark.parametrize(
    ("after", "pnl", "is_refused"),
    [("any", "5", True), ("any", "-5", True), ("loss", "-5", True), ("loss", "5", False), ("loss", "0", False)],
)
def test_cooldown(after: str, pnl: str, is_refused: bool) -> None:
    protection = Cooldown(CooldownConfig(minutes=D("1.5"), after=CooldownAfter(after)))
    protection.on_exit(stop(100, "1", pnl=pnl, is_stop=False))
    assert refused(protection, 100) is refused(protection, 189.9) is is_refused
    assert not refused(protection, 190)
    assert not refused(protection, 100, "ETH/USDT")


def test_cooldown_says_until_when() -> None:
    protection = Cooldown(CooldownConfig(minutes=D(90), after=CooldownAfter.LOSS))
    protection.on_exit(stop(0, "1"))
    assert protection.reason_to_refuse(BUY, 1) == (
        "entries pause for 90 minutes after each loss, until 1970-01-01 01:30:00 UTC"
    )


def test_order_rate() -> None:
    protection = OrderRate(OrderRateConfig(orders=3, seconds=D(60)))
    for time, is_refused in [(0, False), (10, False), (20, False), (20, True), (59.9, True), (60, False), (60, True),
                             (70, False), (70, True)]:  # fmt: skip
        assert refused(protection, time) is is_refused, time
        if not is_refused:
            protection.on_order(time)
    assert protection.reason_to_refuse(BUY, 70) == (
        "3 orders were handed in since 1970-01-01 00:00:20 UTC, the most within 60 s; "
        "the next entry may come at 1970-01-01 00:01:20 UTC"
    )


def test_a_trading_stop_lasts_and_keeps_its_first_reason() -> None:
    protection = TradingStop()
    assert not protection.is_stopped
    assert not refused(protection, 0)
    protection.stop("enough", 0)
    protection.stop("more than enough", 5)
    assert protection.is_stopped
    assert protection.reason_to_refuse(BUY, 1e9) == (
        "trading was stopped at 1970-01-01 00:00:00 UTC until the next start: enough"
    )


def test_only_what_a_profile_names_is_made() -> None:
    assert make_protections(ProtectionsConfig(), "USDT") == []
    made = make_protections(
        ProtectionsConfig(
            max_drawdown=MaxDrawdownConfig(percent=D(1)),
            daily_loss=DailyLossConfig(percent=D(1)),
            stop_loss_guard=StopLossGuardConfig(stops=1, window_hours=D(1), pause_hours=D(1)),
            cooldown=CooldownConfig(minutes=D(1)),
            order_rate=OrderRateConfig(orders=1, seconds=D(1)),
        ),
        "USDT",
    )
    assert [one.name for one in made] == ["max-drawdown", "daily-loss", "stop-loss-guard", "cooldown", "order-rate"]
