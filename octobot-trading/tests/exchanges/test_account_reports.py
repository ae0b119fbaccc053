# SPDX-License-Identifier: Apache-2.0
"""However often and in whatever order an account is told of, each thing happens once and an order ends last."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from octobot_trading.enums import OrderSide, OrderStatus
from octobot_trading.exchanges.account_reports import AccountReports
from octobot_trading.exchanges.ccxt.parsing import OrderReport
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill

_SYMBOL = "BTC/USDT"
_ENDS = {OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED}


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Decimal]] = []
        self.balances: dict[str, Balance] = {}
        self.balance_events = 0

    def on_fill(self, fill: Fill) -> None:
        self.told.append(("fill", fill.order_id, fill.quantity))

    def on_order_closed(self, order_id: str, status: OrderStatus, time: float, reason: str | None) -> None:
        self.told.append((status, order_id, Decimal(0)))

    def on_balances(self, balances: dict[str, Balance]) -> None:
        self.balances.update(balances)
        self.balance_events += 1


def _fill(order_id: str, number: int, quantity: int) -> Fill:
    amount = Decimal(quantity)
    return Fill(f"{order_id}-{number}", order_id, _SYMBOL, OrderSide.BUY, amount, Decimal(10), amount * 10,
                Decimal(0), "USDT", "taker", 100.0 + number)  # fmt: skip


def _report(order_id: str, status: OrderStatus, filled: int) -> OrderReport:
    return OrderReport(order_id=order_id, symbol=_SYMBOL, status=status, filled_quantity=Decimal(filled), time=100.0)


def _reports() -> tuple[AccountReports, Listener]:
    listener = Listener()
    return AccountReports(lambda: listener, lambda: 500.0), listener  # type: ignore[arg-type,return-value]


_orders = st.lists(
    st.tuples(st.lists(st.integers(1, 5), max_size=4), st.booleans(), st.sampled_from(sorted(_ENDS))),
    min_size=1,
    max_size=4,
)


@given(orders=_orders, seed=st.integers(0, 2**32), repeats=st.integers(1, 3))
def test_every_order_of_telling_ends_alike(
    orders: list[tuple[list[int], bool, OrderStatus]], seed: int, repeats: int
) -> None:
    chance = random.Random(seed)
    reports, listener = _reports()
    events = []
    for number, (quantities, ends, ending) in enumerate(orders):
        order_id, filled = str(number), 0
        events.append(_report(order_id, OrderStatus.OPEN, 0))
        for index, quantity in enumerate(quantities):
            filled += quantity
            events += [_fill(order_id, index, quantity), _report(order_id, OrderStatus.OPEN, filled)]
        if ends:
            events.append(_report(order_id, ending, filled))
    told = events * repeats
    chance.shuffle(told)
    for event in told:
        if isinstance(event, Fill):
            reports.see_fill(event)
        else:
            reports.see_order(event)
    for number, (quantities, ends, ending) in enumerate(orders):
        order_id = str(number)
        own = [what for what in listener.told if what[1] == order_id]
        fills = [quantity for kind, _, quantity in own if kind == "fill"]
        assert sorted(fills) == sorted(Decimal(one) for one in quantities)
        assert [kind for kind, *_ in own if kind != "fill"] == ([ending] if ends else [])
        if ends:
            assert own[-1][0] == ending, "it has ended before its last fill"
        assert (order_id in reports.open_orders()) is not ends
    assert reports.lacking() == {}


def test_an_order_that_has_ended_waits_for_the_fills_that_are_not_told_yet() -> None:
    reports, listener = _reports()
    reports.follow("1", _SYMBOL)
    reports.see_fill(_fill("1", 0, 2))
    reports.see_order(_report("1", OrderStatus.CANCELED, 5))
    assert [kind for kind, *_ in listener.told] == ["fill"]
    assert reports.lacking() == {"1": _SYMBOL}
    reports.see_fill(_fill("1", 1, 3))
    assert [kind for kind, *_ in listener.told] == ["fill", "fill", OrderStatus.CANCELED]
    assert reports.open_orders() == {}
    assert reports.symbol_of("1") is None
    reports.follow("1", _SYMBOL)  # the answer to its request, which came last
    assert reports.open_orders() == {}


def test_balances_are_told_where_they_changed() -> None:
    reports, listener = _reports()
    two, one = Balance(Decimal(2), Decimal(1)), Balance(Decimal(1), Decimal(0))
    reports.see_balances({"BTC": two, "USDT": one}, whole=True)
    reports.see_balances({"BTC": two})
    assert listener.balance_events == 1
    reports.see_balances({"BTC": two}, whole=True)
    assert listener.balances == {"BTC": two, "USDT": Balance(Decimal(0), Decimal(0))}
    reports.see_balances({"BTC": two}, whole=True)
    assert listener.balance_events == 2
