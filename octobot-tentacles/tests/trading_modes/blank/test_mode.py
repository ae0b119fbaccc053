# SPDX-License-Identifier: Apache-2.0
"""BlankTradingMode: hears everything and trades nothing."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_tentacles.trading_modes.blank import BlankTradingMode


@pytest.mark.parametrize("note", [-1.0, 0.0, 1.0, {"price": 3, "volume": 3}, True, "text"])
async def test_no_note_makes_an_order(make_mode_desk: Any, note: Any) -> None:
    desk = await make_mode_desk(BlankTradingMode, {"USDT": "1000", "BTC": "1"})
    desk.manager.explanations = []
    await desk.note(note)
    await desk.candle(100, 110, 90, 100)
    assert (desk.open_orders(), desk.fills()) == ([], [])
    assert [one.text for one in desk.manager.explanations] == [
        "Strategy0 has noted something, and this mode trades nothing"
    ]
    assert desk.mode.get_current_state() == ("UNKNOWN", None)
