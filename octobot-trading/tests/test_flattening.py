# SPDX-License-Identifier: Apache-2.0
"""Which orders turn an account into its reference market."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import FREE, TradingWorld

from octobot_trading.enums import MarginType, OrderSide, OrderType, PositionSide
from octobot_trading.exchanges.market import Market
from octobot_trading.flattening import FLATTENING_TAG, plan_flattening
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.positions.position import Position

D = Decimal
PRICES = {"BTC/USDT": 1000.0, "ETH/USDT": 100.0, "ETH/BTC": 0.1}


def plan(
    balances: dict[str, tuple[str, str]],
    pairs: tuple[str, ...] = ("BTC/USDT", "ETH/BTC"),
    reference: str = "USDT",
    debts: dict[str, str] | None = None,
    without_price: tuple[str, ...] = (),
) -> tuple[list[tuple[str, str, Decimal]], list[str], dict[str, Decimal]]:
    """(symbol, side, quantity) of each order, obstacles, dust; balances are (total, locked)."""
    world = TradingWorld(fees=FREE, pairs={"All": list(pairs)})
    world.manager.reference_market = reference
    for symbol in pairs:
        world.manager.get_symbol_data(symbol).price = None if symbol in without_price else PRICES[symbol]
    held = {asset: Balance(D(total), D(locked)) for asset, (total, locked) in balances.items()}
    made = plan_flattening(world.manager, held, (), {asset: D(debt) for asset, debt in (debts or {}).items()})
    assert all((one.order_type, one.tag) == (OrderType.MARKET, FLATTENING_TAG) for one in made.requests)
    return [(one.symbol, str(one.side), one.quantity) for one in made.requests], made.obstacles, made.dust


@pytest.mark.parametrize(
    ("balances", "options", "orders"),
    [
        ({"USDT": ("5", "1")}, {}, []),
        ({"BTC": ("2", "0.5")}, {}, [("BTC/USDT", "sell", D("1.5"))]),
        # Through another asset where there is no direct symbol, directly where there is.
        ({"ETH": ("3", "0")}, {}, [("ETH/BTC", "sell", D(3))]),
        ({"ETH": ("3", "0")}, {"pairs": ("ETH/BTC", "BTC/USDT", "ETH/USDT")}, [("ETH/USDT", "sell", D(3))]),
        # The reference market is bought where it is the base.
        ({"USDT": ("500", "0"), "BTC": ("9", "0")}, {"reference": "BTC"}, [("BTC/USDT", "buy", D("0.5"))]),
        # What is in no followed symbol stays.
        ({"DOGE": ("1000", "0")}, {}, []),
        # What is owed is bought back, what is held beyond it sold.
        ({"BTC": ("0.5", "0")}, {"debts": {"BTC": "2"}}, [("BTC/USDT", "buy", D("1.5"))]),
        ({"BTC": ("3", "0")}, {"debts": {"BTC": "2"}}, [("BTC/USDT", "sell", D(1))]),
        ({"BTC": ("3", "0")}, {"debts": {"BTC": "0"}}, [("BTC/USDT", "sell", D(3))]),
    ],
)  # fmt: skip
def test_what_is_held_is_sold(
    balances: dict[str, tuple[str, str]], options: dict[str, object], orders: list[tuple[str, str, Decimal]]
) -> None:
    assert plan(balances, **options) == (orders, [], {})  # type: ignore[arg-type]


def test_what_cannot_be_sold_is_told() -> None:
    assert plan({"BTC": ("1", "0")}, without_price=("BTC/USDT",))[1] == ["BTC: no price of BTC/USDT is known"]
    assert plan({"ETH": ("1", "0")}, pairs=("ETH/BTC",))[1] == ["ETH: no symbol leads to the reference market"]
    assert plan({"BTC": ("1", "1")}) == ([], [], {"BTC": D(1)})
    assert plan({"BTC": ("0.000000001", "0")}) == ([], [], {"BTC": D("1E-9")})
    owed = plan({}, debts={"BTC": "0.000000001"})
    assert owed[1] == ["BTC: 1E-9 are owed, too little to be bought"]


@pytest.mark.parametrize(
    ("side", "quantity", "order_side"),
    [(PositionSide.BOTH, "3", "sell"), (PositionSide.BOTH, "-3", "buy"), (PositionSide.SHORT, "-3", "buy")],
)
def test_positions_are_closed(side: PositionSide, quantity: str, order_side: str) -> None:
    world = TradingWorld(pairs={"Bitcoin": ["BTC/USDT:USDT"]})
    position = Position(Market.default("BTC/USDT:USDT"), side, D(2), MarginType.ISOLATED)
    empty = Position(Market.default("BTC/USDT:USDT"), PositionSide.LONG)
    position.change(D(quantity), D(100))
    made = plan_flattening(world.manager, {"USDT": Balance(D(50), D(0))}, [position, empty])
    (one,) = made.requests
    assert (one.side, one.quantity, one.reduce_only, one.position_side) == (OrderSide(order_side), 3, True, side)
    assert (made.obstacles, made.dust) == ([], {})
