# SPDX-License-Identifier: Apache-2.0
"""What changes balances beside fills, and that both together explain every balance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import FEES, TradingWorld, order_request

from octobot_trading import api
from octobot_trading.enums import OrderSide, OrderType
from octobot_trading.errors import InvalidTransaction, OrderRefused
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.trades.fill import Fill
from octobot_trading.personal_data.transactions.balance_explanation import explained_balances, unexplained
from octobot_trading.personal_data.transactions.transaction import Transaction, TransactionType
from octobot_trading.personal_data.transactions.transactions_manager import TransactionsManager

_T = TransactionType


@pytest.mark.parametrize(
    ("kind", "time", "asset", "amount", "field"),
    [
        (_T.DEPOSIT, 0.0, "", "1", "asset"),
        (_T.DEPOSIT, float("nan"), "BTC", "1", "time"),
        (_T.FEE, 0.0, "BTC", "NaN", "amount"),
        (_T.FUNDING, 0.0, "BTC", "Infinity", "amount"),
        (_T.INTEREST, 0.0, "BTC", "0", "amount"),
        (_T.DEPOSIT, 0.0, "BTC", "-1", "amount"),
        (_T.WITHDRAWAL, 0.0, "BTC", "1", "amount"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(
    kind: TransactionType, time: float, asset: str, amount: str, field: str
) -> None:
    manager = TransactionsManager()
    with pytest.raises(InvalidTransaction) as refused:
        manager.record(kind, time, asset, Decimal(amount))
    assert refused.value.field == field
    assert manager.get_transactions() == []
    assert manager.record(_T.FEE, 0.0, "BTC", Decimal(-1)).transaction_id == "1"


def test_none_is_kept_twice_and_numbers_skip_the_exchange_s_own() -> None:
    manager = TransactionsManager()
    theirs = Transaction("1", _T.FUNDING, 5.0, "USDT", Decimal(-2), symbol="BTC/USDT:USDT", owner="grid")
    manager.add(theirs)
    with pytest.raises(InvalidTransaction, match="transaction 1 is known"):
        manager.add(theirs)
    own = manager.record(_T.DEPOSIT, 6.0, "BTC", Decimal(3), reference="faucet")
    assert own.transaction_id == "2"
    assert manager.get_transactions() == [theirs, own]
    assert manager.totals() == {"USDT": -2, "BTC": 3}
    assert manager.totals([_T.FUNDING]) == {"USDT": -2}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kinds": [_T.FUNDING, _T.FEE]}, "13"),
        ({"asset": "BTC"}, "23"),
        ({"symbol": "BTC/USDT:USDT"}, "1"),
        ({"owner": "grid"}, "12"),
        ({"since": 6.0}, "23"),
        ({"until": 6.0}, "1"),
        ({"since": 6.0, "until": 7.0, "asset": "BTC", "owner": "grid"}, "2"),
    ],
)
def test_found_by_what_they_are(wanted: dict[str, Any], found: str) -> None:
    manager = TransactionsManager()
    manager.record(_T.FUNDING, 5.0, "USDT", Decimal(-2), symbol="BTC/USDT:USDT", owner="grid")
    manager.record(_T.DEPOSIT, 6.0, "BTC", Decimal(3), owner="grid", order_id="9")
    manager.record(_T.FEE, 7.0, "BTC", Decimal("-0.1"))
    assert "".join(one.transaction_id for one in manager.get_transactions(**wanted)) == found


def test_all_of_it_by_name() -> None:
    told = Transaction("1", _T.REALISED_PNL, 1.0, "USDT", Decimal(5), symbol="BTC/USDT:USDT").to_dict()
    assert told["kind"] == "realised_pnl"
    assert list(told) == [field for field in Transaction.__dataclass_fields__]  # noqa: C416 - their order too


def test_a_contract_takes_its_fee_only() -> None:
    fill = Fill(
        "1", "1", "BTC/USDT:USDT", OrderSide.BUY, Decimal(2), Decimal(100), Decimal(200), Decimal("0.1"), "USDT",
        "taker", 0.0,
    )  # fmt: skip
    profit = Transaction("1", _T.REALISED_PNL, 1.0, "USDT", Decimal(7))
    assert explained_balances({"USDT": Decimal(50)}, [fill], [profit]) == {"USDT": Decimal("56.9")}


_actions = st.lists(
    st.one_of(
        st.tuples(
            st.just("order"),
            st.sampled_from(["buy", "sell"]),
            st.sampled_from([None, "900", "1000", "1100"]),
            st.decimals("0.1", 6, places=3),
        ),
        st.tuples(st.just("candle"), st.integers(800, 1200), st.integers(0, 150), st.integers(0, 150)),
        st.tuples(
            st.just("flow"), st.sampled_from(TransactionType), st.sampled_from(["BTC", "USDT"]),
            st.decimals("0.01", 5, places=2),
        ),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(_actions, st.integers(1, 10**6))
async def test_fills_and_transactions_explain_every_balance(actions: list[Any], lost: int) -> None:
    world = TradingWorld(fees=FEES)
    await world.manager.initialize()
    world.candle(1000, 1000, 1000, 1000)
    start = dict(world.manager.portfolio.totals())
    outside: dict[str, Decimal] = {}
    for what, *details in actions:
        if what == "order":
            side, price, amount = details
            kind = OrderType.MARKET if price is None else OrderType.LIMIT
            try:
                await world.manager.trader.create_order(order_request(side, kind, str(amount), price))
            except OrderRefused:
                continue
        elif what == "candle":
            opened, up, down = details
            world.candle(opened, opened + up, opened - down, opened)
        else:
            kind, asset, amount = details
            amount = -amount if kind in (_T.WITHDRAWAL, _T.FEE, _T.LIQUIDATION) else amount
            outside[asset] = outside.get(asset, Decimal(0)) + amount
            api.record_transaction(world.manager, kind, asset, amount)
    totals = world.manager.portfolio.totals()
    end = {asset: totals.get(asset, Decimal(0)) + outside.get(asset, Decimal(0)) for asset in {**totals, **outside}}
    fills, transactions = api.get_trade_history(world.manager), api.get_transactions(world.manager)
    assert unexplained(start, end, fills, transactions) == {}
    end["USDT"] -= Decimal(lost).scaleb(-8)
    assert unexplained(start, end, fills, transactions) == {"USDT": -Decimal(lost).scaleb(-8)}
    await world.manager.stop()


async def test_a_deposit_is_no_profit(trading: TradingWorld) -> None:
    """10,000 USDT and 2 BTC at 1,000 are 12,000; at 1,100 12,200, a profit of 200 whatever is paid in before."""
    manager = trading.manager
    assert api.get_profitability(manager).profitability == 0
    manager.portfolio.set("USDT", Balance(Decimal(22_000), Decimal(0)))
    api.record_transaction(manager, _T.DEPOSIT, "USDT", Decimal(12_000))
    assert api.get_profitability(manager).profitability == 0
    manager.get_symbol_data("BTC/USDT").price = 1100.0
    figures = api.get_profitability(manager)
    assert figures.profitability == 200
    assert figures.profitability_percent == Decimal("0.8333333333"), "of the 24,000 that were there"
    api.record_transaction(manager, _T.FUNDING, "USDT", Decimal(-5))
    assert api.get_profitability(manager) == figures, "only capital flows are taken out"
