# SPDX-License-Identifier: Apache-2.0
"""What protections know survives a restart at any time."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trading_world import MakeWorld, order_request

from octobot_commons.configuration.protections import (
    CooldownConfig,
    DailyLossConfig,
    MaxDrawdownConfig,
    OrderRateConfig,
    StopLossGuardConfig,
)
from octobot_commons.errors import DataError, EnvironmentFault
from octobot_trading.enums import OrderType
from octobot_trading.errors import ProtectionRefused
from octobot_trading.protections import Exit, FileStateStore, Protection
from octobot_trading.protections.cooldown import Cooldown
from octobot_trading.protections.daily_loss import DailyLoss
from octobot_trading.protections.max_drawdown import MaxDrawdown
from octobot_trading.protections.order_rate import OrderRate
from octobot_trading.protections.stop_loss_guard import StopLossGuard

D = Decimal
BUY = order_request("buy", OrderType.LIMIT, "1", "900")
MAKERS: list[Callable[[], Protection]] = [
    lambda: MaxDrawdown(MaxDrawdownConfig(percent=D(20)), "USDT"),
    lambda: MaxDrawdown(MaxDrawdownConfig(percent=D(20), pause_hours=D(5), lookback_hours=D(50)), "USDT"),
    lambda: DailyLoss(DailyLossConfig(percent=D(10), amount=D(150)), "USDT"),
    lambda: StopLossGuard(StopLossGuardConfig(stops=2, window_hours=D(9), pause_hours=D(5), per_symbol=True)),
    lambda: Cooldown(CooldownConfig(minutes=D(90))),
    lambda: OrderRate(OrderRateConfig(orders=3, seconds=D(7200))),
]

values = st.decimals(min_value=0, max_value=2000, places=3)
events = st.one_of(
    st.tuples(st.just("value"), values),
    st.tuples(st.just("flow"), st.tuples(values, values)),
    st.tuples(st.just("order"), st.none()),
    st.tuples(st.just("exit"), st.tuples(st.sampled_from("123"), st.booleans(), st.decimals(-9, 9, places=1))),
)
steps = st.lists(st.tuples(st.floats(0, 40_000), events), max_size=40)


def _tell(protection: Protection, now: float, event: tuple[str, Any]) -> str | None:
    kind, content = event
    if kind == "value":
        protection.on_value(content, now)
    elif kind == "flow":
        protection.on_flow(*content)
    elif kind == "order":
        protection.on_order(now)
    else:
        order_id, is_stop, pnl = content
        protection.on_exit(Exit(now, "BTC/USDT", order_id, is_stop, pnl))
    return protection.reason_to_refuse(BUY, now)


@pytest.mark.parametrize("make", MAKERS)
@given(steps=steps, restarts=st.sets(st.integers(0, 39)))
def test_a_restart_at_any_time_changes_nothing(
    make: Callable[[], Protection], steps: list[tuple[float, tuple[str, Any]]], restarts: set[int]
) -> None:
    now, unbroken, restarted = 0.0, make(), make()
    for number, (seconds, event) in enumerate(steps):
        now += seconds
        if number in restarts:
            state = json.loads(json.dumps(restarted.to_state()))
            restarted = make()
            restarted.from_state(state)
        if event[0] != "value" and isinstance(restarted, MaxDrawdown):
            # What it is worth now is no state: it is told before anybody asks.
            _tell(unbroken, now, ("value", D(1000)))
            _tell(restarted, now, ("value", D(1000)))
        assert _tell(restarted, now, event) == _tell(unbroken, now, event)
        assert restarted.to_state() == unbroken.to_state()


async def test_a_pause_survives_a_restart(protected: MakeWorld, tmp_path: Path) -> None:
    def make() -> Cooldown:
        return Cooldown(CooldownConfig(minutes=D(600)))

    store = FileStateStore(tmp_path / "state" / "protections.json")
    first = await protected(make(), OrderRate(OrderRateConfig(orders=9, seconds=D(60))), store=store)
    await first.order("buy", OrderType.MARKET, "1")
    first.candle(1000, 1000, 1000, 1000)
    await first.order("sell", OrderType.MARKET, "1")
    first.candle(1000, 1000, 1000, 1000)
    again = await protected(make(), store=store)
    with pytest.raises(ProtectionRefused, match="until 1970-01-01 12:00:00 UTC"):
        await again.order("buy", OrderType.MARKET, "1")
    forgetful = await protected(make())
    await forgetful.order("buy", OrderType.MARKET, "1")


async def test_new_highs_are_saved_now_and_then_and_at_the_end(protected: MakeWorld) -> None:
    saved: list[dict[str, Any]] = []

    class Store:
        def load(self) -> dict[str, dict[str, Any]]:
            return {}

        def save(self, state: dict[str, dict[str, Any]]) -> None:
            saved.append(state)

    world = await protected(MaxDrawdown(MaxDrawdownConfig(percent=D(20)), "USDT"), store=Store())
    protections, clock = world.manager.protections, world.clock
    for _ in range(70):
        protections._look_at_value(clock.now())
        clock.advance_to(clock.now() + 1)
    assert len(saved) == 3
    await protections.stop()
    await protections.stop()
    assert len(saved) == 4
    assert saved[-1]["max-drawdown"]["highs"][0][1] == "10000"


async def test_a_full_disk_does_not_lose_a_fill(protected: MakeWorld, caplog: pytest.LogCaptureFixture) -> None:
    class FullDisk:
        is_full = True
        saved: dict[str, dict[str, Any]] | None = None

        def load(self) -> dict[str, dict[str, Any]]:
            return {}

        def save(self, state: dict[str, dict[str, Any]]) -> None:
            if self.is_full:
                raise EnvironmentFault("no space left")
            self.saved = state

    store = FullDisk()
    world = await protected(OrderRate(OrderRateConfig(orders=9, seconds=D(60))), store=store)
    await world.order("buy", OrderType.MARKET, "1")
    world.candle(1000, 1000, 1000, 1000)
    assert world.manager.portfolio.total("BTC") == 1
    assert "protections do not survive a restart: no space left" in caplog.text
    store.is_full = False
    await world.manager.protections.stop()
    assert store.saved == {"order-rate": {"times": [3600.0]}}


async def test_what_is_known_is_saved_although_a_mode_cannot_stop(protected: MakeWorld, tmp_path: Path) -> None:
    class Stuck:
        async def stop(self) -> None:
            raise RuntimeError("stuck")

    store = FileStateStore(tmp_path / "protections.json")
    world = await protected(MaxDrawdown(MaxDrawdownConfig(percent=D(20)), "USDT"), store=store)
    world.manager.protections._look_at_value(world.clock.now())
    world.manager.get_symbol_data("BTC/USDT").price = 1500.0
    world.manager.portfolio.change("BTC", D(1))
    world.manager.protections._look_at_value(world.clock.now())
    world.manager.trading_modes.append(Stuck())  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="stuck"):
        await world.manager.stop()
    assert store.load()["max-drawdown"]["highs"] == [[3600.0, "11500.0"]]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"protections": 5}', b"\xff\xfe", b'{"protections": {}, "more": 1}']
)
def test_a_damaged_file_is_not_overlooked(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "protections.json"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"protections\.json: is no state of protections: .*\(restore it, or remove it"):
        FileStateStore(file).load()


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    assert FileStateStore(tmp_path / "none.json").load() == {}
    with pytest.raises(EnvironmentFault):
        FileStateStore(tmp_path).load()


@pytest.mark.parametrize("make", MAKERS)
async def test_a_state_of_something_else_is_refused(make: Callable[[], Protection], protected: MakeWorld) -> None:
    class Store:
        def load(self) -> dict[str, dict[str, Any]]:
            return {make().name: {"what": 1}}

        def save(self, state: dict[str, dict[str, Any]]) -> None:
            raise AssertionError("nothing is to be saved")

    with pytest.raises(DataError, match=f"the saved state of {make().name} cannot be used"):
        await protected(make(), store=Store())
