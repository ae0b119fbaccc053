# SPDX-License-Identifier: Apache-2.0
"""What candles make of a trade, beside what the prices inside them make of it, price by price.

A path of single ticks has no gaps, so whatever happens on it must lie between the pessimist's and the optimist's
result, and where the candles say that nothing was ambiguous, all must be equal.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from octobot_commons.clock import SimulatedClock
from octobot_trading.enums import FillRule, OrderSide, OrderType
from octobot_trading.exchanges.market import Market
from octobot_trading.exchanges.simulated.exchange import SimulatedExchange
from octobot_trading.personal_data.orders.order_request import OrderRequest

_SYMBOL = "BTC/USDT"
_MARKET = Market(_SYMBOL, "BTC", "USDT", price_tick=Decimal(1))
_PER_CANDLE = 12


@dataclass(frozen=True)
class Trade:
    """An entry and the exits chained to it, by their distances in ticks; None leaves one out."""

    is_long: bool
    entry: OrderType
    entry_offset: int
    take_profit: int | None
    stop_loss: int | None
    trailing: int | None

    def request(self, start: int) -> OrderRequest:
        away = 1 if self.is_long else -1
        entered = start
        if self.entry is not OrderType.MARKET:
            direction = -away if self.entry is OrderType.LIMIT else away
            entered = start + direction * self.entry_offset
        exits = []
        back = OrderSide.SELL if self.is_long else OrderSide.BUY
        if self.take_profit is not None:
            exits.append(_exit(back, OrderType.LIMIT, price=Decimal(entered + away * self.take_profit)))
        if self.stop_loss is not None:
            exits.append(_exit(back, OrderType.STOP_LOSS, stop_price=Decimal(entered - away * self.stop_loss)))
        if self.trailing is not None:
            exits.append(_exit(back, OrderType.TRAILING_STOP, trailing_distance=Decimal(self.trailing)))
        return OrderRequest(
            _SYMBOL,
            OrderSide.BUY if self.is_long else OrderSide.SELL,
            self.entry,
            Decimal(1),
            price=Decimal(entered) if self.entry is OrderType.LIMIT else None,
            stop_price=Decimal(entered) if self.entry is OrderType.STOP_LOSS else None,
            chained=tuple(exits),
        )


def _exit(side: OrderSide, kind: OrderType, **prices: Any) -> OrderRequest:
    return OrderRequest(_SYMBOL, side, kind, Decimal(1), group_id="exits", **prices)


@dataclass(frozen=True)
class Outcome:
    value: Decimal
    fills: tuple[tuple[str, Decimal], ...]
    ambiguous_candles: int


_paths = st.lists(st.sampled_from([-1, 1]), min_size=3 * _PER_CANDLE, max_size=5 * _PER_CANDLE).map(
    lambda steps: [1_000 + sum(steps[: count + 1]) for count in range(len(steps))]
)
_distance = st.integers(1, 7)
_trades = st.builds(
    Trade,
    is_long=st.booleans(),
    entry=st.sampled_from([OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_LOSS]),
    entry_offset=_distance,
    take_profit=st.one_of(st.none(), _distance),
    stop_loss=st.one_of(st.none(), _distance),
    trailing=st.one_of(st.none(), st.none(), _distance),
)


async def _exchange(rule: FillRule, start: int) -> tuple[SimulatedExchange, SimulatedClock]:
    clock = SimulatedClock(0.0)
    funds = {"USDT": Decimal(100_000), "BTC": Decimal(100)}
    exchange = SimulatedExchange("any", clock, {_SYMBOL: _MARKET}, funds, fill_rule=rule)
    exchange.open_candle(_SYMBOL, float(start))
    return exchange, clock


async def _on_ticks(trade: Trade, path: list[int]) -> Outcome:
    exchange, clock = await _exchange(FillRule.NEUTRAL, path[0])
    fills = _listen(exchange)
    await exchange.create_order(trade.request(path[0]))
    for number, price in enumerate(path):
        clock.advance_to(number + 1.0)
        exchange.match_trade(_SYMBOL, float(price), 1.0)
    return _outcome(exchange, fills, path[-1])


async def _on_candles(trade: Trade, path: list[int], rule: FillRule) -> Outcome:
    exchange, clock = await _exchange(rule, path[0])
    fills = _listen(exchange)
    await exchange.create_order(trade.request(path[0]))
    for begin in range(0, len(path), _PER_CANDLE):
        # A candle opens where the one before closed: the path has no gaps.
        prices = [float(price) for price in path[max(0, begin - 1) : begin + _PER_CANDLE]]
        exchange.open_candle(_SYMBOL, prices[0])
        open_time = clock.now()
        clock.advance_to(open_time + 60.0)
        exchange.close_candle(_SYMBOL, open_time, prices[0], max(prices), min(prices), prices[-1], 100.0)
    return _outcome(exchange, fills, path[-1])


class _Fills:
    """A listener that keeps the fills."""

    def __init__(self) -> None:
        self.fills: list[tuple[str, Decimal]] = []

    def on_fill(self, fill: Any) -> None:
        self.fills.append((fill.side.value, fill.price))

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def _listen(exchange: SimulatedExchange) -> _Fills:
    exchange.listener = listener = _Fills()  # type: ignore[assignment]
    return listener


def _outcome(exchange: SimulatedExchange, fills: _Fills, last: int) -> Outcome:
    value = sum((price if side == "sell" else -price for side, price in fills.fills), Decimal(0))
    held = sum(-1 if side == "sell" else 1 for side, _ in fills.fills)
    return Outcome(value + held * last, tuple(fills.fills), exchange.ambiguous_candles)


def _entered_alike(*outcomes: Outcome) -> bool:
    """Whether all have entered at one price, and left."""
    return {len(one.fills) for one in outcomes} == {2} and len({one.fills[0] for one in outcomes}) == 1


def _check(trade: Trade, path: list[int]) -> None:
    assume(trade.take_profit is not None or trade.stop_loss is not None or trade.trailing is not None)

    async def run() -> None:
        on_ticks = await _on_ticks(trade, path)
        worst, neutral, best = [await _on_candles(trade, path, rule) for rule in FillRule]
        if not (worst.ambiguous_candles or best.ambiguous_candles):
            assert worst.fills == neutral.fills == best.fills == on_ticks.fills
        elif trade.trailing is not None:
            return  # a stop that follows less closely may lose less or more: neither rule is a bound
        elif trade.entry is OrderType.MARKET:
            # With the same entry the results can be compared; otherwise one may have entered and the other not.
            assert worst.value <= on_ticks.value <= best.value
            assert worst.value <= neutral.value <= best.value
        elif _entered_alike(worst, on_ticks, best):
            assert min(worst.value, best.value) <= on_ticks.value <= max(worst.value, best.value)

    asyncio.run(run())


@settings(max_examples=200, deadline=None)
@given(_trades, _paths)
def test_the_path_lies_in_the_band(trade: Trade, path: list[int]) -> None:
    _check(trade, path)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(_trades, _paths)
def test_the_path_lies_in_the_band_for_long(trade: Trade, path: list[int]) -> None:
    _check(trade, path)
