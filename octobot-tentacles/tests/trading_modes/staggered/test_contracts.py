# SPDX-License-Identifier: Apache-2.0
"""Staggered orders of contracts: the margin of virtual orders stays free for them."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("shape", ["mountain", "valley", "buy slope", "sell slope", "neutral", "flat"])
@pytest.mark.parametrize("leverage", ["1", "10"])
async def test_from_one_bound_to_the_other(make_contract_ladder: Any, shape: str, leverage: str) -> None:
    desk = await make_contract_ladder(mode=shape, operational_depth=4, desk={"leverage": leverage})
    assert len(desk.open_orders()) == 4
    start = sorted(desk.open_orders())
    for price in (89.9, 110.8, 90.5, 93, 90.5, 100, 110.8, 107, 110.8, 99.9):
        await desk.prices(price)
        await desk.prices(price)  # those that are taken down make room for others
        assert len(desk.open_orders()) == 4
    assert desk.position == "0"
    assert sorted(desk.open_orders()) == start
    assert len(desk.fills()) > 30
    assert desk.mode.consumers[0].refused_orders == 0


async def test_a_second_ladder_leaves_the_virtual_orders_their_margin(make_contract_ladder: Any) -> None:
    desk = await make_contract_ladder(operational_depth=2)
    account = desk.mode.producers[0].account
    used = desk.manager.portfolio.balance("USDT").locked
    assert used < 400
    assert account.waits_for("USDT") + used > 990
    assert account.waits_for("BTC") == 0
