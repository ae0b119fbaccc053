# SPDX-License-Identifier: Apache-2.0
"""What a signal may say, and what is refused before anything is done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octobot_tentacles.errors import SignalError
from octobot_tentacles.trading_modes.remote_signals.signal import Cancel, Chained, Create, Edit, parse_signal
from octobot_trading.enums import GroupKind, OrderSide, OrderType

BUY = {"action": "create", "id": "a", "symbol": "BTC/USDT", "side": "buy", "account_percent": 10}


def signal(*actions: Any, **changes: Any) -> dict[str, Any]:
    return {"signal": "s1", "strategy": "trend", "actions": list(actions), **changes}


def test_everything_that_can_be_said() -> None:
    exits = {"type": "limit", "side": "sell", "group": "g", "group_kind": "balanced_take_profit_and_stop"}
    parsed = parse_signal(
        signal(
            {**BUY, "type": "limit", "price": "98.5", "chained": [{**exits, "id": "b", "price": 120.5}]},
            {"action": "edit", "id": "c", "price": 97},
            {"action": "cancel", "id": "d"},
            exchange="binance",
        )
    )
    child = Chained(
        id="b",
        side=OrderSide.SELL,
        type=OrderType.LIMIT,
        price=Decimal("120.5"),
        group="g",
        group_kind=GroupKind.BALANCED_TAKE_PROFIT_AND_STOP,
    )
    assert parsed.creations() == [
        Create(
            id="a",
            symbol="BTC/USDT",
            side=OrderSide.BUY,
            type=OrderType.LIMIT,
            price=Decimal("98.5"),
            account_percent=Decimal(10),
            chained=(child,),
        )
    ]
    assert parsed.edits() == [Edit(id="c", price=Decimal(97))]
    assert parsed.cancels() == [Cancel(id="d")]
    assert (parsed.signal, parsed.strategy, parsed.exchange) == ("s1", "trend", "binance")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "object"),
        ("buy!", "object"),
        ([], "object"),
        ({}, "signal"),
        (signal(), "length"),
        (signal(BUY, signal=""), "length"),
        (signal(BUY, signal="s" * 101), "length"),
        (signal(BUY, signal=7), "str"),
        (signal(BUY, leverage=5), "leverage"),
        (signal({**BUY, "lots": 5}), "lots"),
        (signal({**BUY, "action": "withdraw"}), "withdraw"),
        (signal({key: value for key, value in BUY.items() if key != "action"}), "action"),
        (signal({**BUY, "side": "short"}), "short"),
        (signal({**BUY, "type": "iceberg"}), "iceberg"),
        (signal({**BUY, "account_percent": None}), "size"),
        (signal({**BUY, "holdings_percent": 5}), "size"),
        (signal({**BUY, "account_percent": "lots"}), "account_percent"),
        (signal({**BUY, "account_percent": "NaN"}), "account_percent"),
        (signal({**BUY, "account_percent": "sNaN"}), "account_percent"),
        (signal({**BUY, "account_percent": "Infinity"}), "account_percent"),
        (signal({**BUY, "account_percent": 0}), "account_percent"),
        (signal({**BUY, "account_percent": -10}), "account_percent"),
        (signal({**BUY, "account_percent": "1e999999"}), "account_percent"),
        (signal({**BUY, "price": 0}), "price"),
        (signal({**BUY, "price": "1e-999999"}), "price"),
        (signal({**BUY, "stop_price": True}), "stop_price"),
        (signal({**BUY, "chained": [{"id": "b", "side": "sell", "parent_percent": 0}]}), "parent_percent"),
        (signal({**BUY, "chained": [{"id": "b", "side": "sell", "price": -1}]}), "price"),
        (signal({**BUY, "chained": [{"id": "b", "side": "sell", "chained": []}]}), "chained"),
        (signal(BUY, BUY), "'a' stands there 2 times"),
        (signal({**BUY, "chained": [{"id": "a", "side": "sell"}]}), "'a' stands there 2 times"),
        (signal({"action": "edit", "id": "a"}), "changes nothing"),
        (signal({"action": "edit", "id": "a", "price": "NaN"}), "price"),
        (signal({"action": "edit", "id": "a", "account_percent": 2000}), "account_percent"),
        (signal({"action": "cancel"}), "id"),
        (signal(*({"action": "cancel", "id": str(number)} for number in range(51))), "length"),
    ],
)
def test_what_is_no_signal_is_refused(data: Any, why: str) -> None:
    with pytest.raises(SignalError, match=why) as caught:
        parse_signal(data)
    assert caught.value.remedy


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_KEYS = st.sampled_from(
    ["action", "id", "symbol", "side", "type", "price", "stop_price", "account_percent", "holdings_percent", "chained",
     "group", "group_kind", "reduce_only", "parent_percent"]
)  # fmt: skip
_WORDS = ["create", "edit", "cancel", "buy", "sell", "limit", "BTC/USDT", "1e400", "NaN", "-1"]
_VALUES = st.sampled_from(_WORDS) | _JSON
_ACTIONS = st.dictionaries(_KEYS, _VALUES, max_size=8) | st.just(BUY)


@given(st.fixed_dictionaries({"signal": st.text(), "strategy": st.text(), "actions": st.lists(_ACTIONS)}) | _JSON)
@example(signal(BUY))
def test_whatever_comes_is_a_signal_or_an_error(data: Any) -> None:
    try:
        parsed = parse_signal(data)
    except SignalError:
        return
    for create in parsed.creations():
        size = create.account_percent or create.holdings_percent
        assert size is not None
        assert 0 < size <= 1000


def test_a_list_in_a_list_without_end_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(SignalError):
        parse_signal({"signal": "s", "strategy": "t", "actions": deep})
    while deep:  # or Python takes it apart by recursion
        deep = deep.pop()
