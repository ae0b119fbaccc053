# SPDX-License-Identifier: Apache-2.0
"""SignalTradingMode: the daily mode with numbers of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import SettingError
from octobot_tentacles.trading_modes.signal import SignalTradingMode


@pytest.fixture
def make_desk(make_mode_desk: Any) -> Any:
    return partial(make_mode_desk, SignalTradingMode)


# At 100, risk 0.5. ±0.5: boldness 0.5. ±0.9: boldness 0.7.
@pytest.mark.parametrize(
    ("portfolio", "settings", "note", "orders"),
    [
        pytest.param({"USDT": "1000"}, {}, -0.5, ["buy limit 6.018 at 99.70"], id="buy: 60 %, 0.3 % below"),
        pytest.param({"USDT": "1000"}, {}, -0.9, ["buy market 8.500"], id="buy at once: 85 %"),
        pytest.param(
            {"BTC": "2"}, {}, 0.5, ["sell limit 1.200 at 100.30", "sell stop_loss 1.200 at 98.00"], id="sell and stop"
        ),
        pytest.param({"BTC": "2"}, {}, 0.9, ["sell market 1.700"], id="sell at once"),
        pytest.param({"USDT": "1000"}, {}, 0.0, [], id="neutral"),
        pytest.param({"BTC": "2"}, {"use_stop_orders": False}, 0.5, ["sell limit 1.200 at 100.30"], id="no stop"),
        pytest.param(
            {"USDT": "1000"}, {"use_prices_close_to_current_price": True}, -0.5, ["buy limit 6.122 at 98.00"],
            id="a distance of its own",
        ),
        pytest.param(
            {"USDT": "1000"}, {"use_maximum_size_orders": True}, -0.9, ["buy market 10.000"], id="everything",
        ),
        pytest.param({"USDT": "1000"}, {"max_currency_percent": 10}, -0.9, ["buy market 1.000"], id="largest share"),
        pytest.param({"USDT": "4"}, {}, -0.9, [], id="below the minimum"),
    ],
)  # fmt: skip
async def test_orders(
    make_desk: Any, portfolio: dict[str, str], settings: dict[str, Any], note: float, orders: list[str]
) -> None:
    desk = await make_desk(portfolio, **settings)
    await desk.note(note)
    assert desk.open_orders() == orders
    await desk.restart()
    assert desk.open_orders() == orders


async def test_the_end_of_a_signal_cancels_what_did_not_fill(make_desk: Any) -> None:
    desk = await make_desk()
    await desk.note(-0.5)
    await desk.note(0.0)
    assert desk.open_orders() == []


async def test_settings(make_desk: Any) -> None:
    assert SignalTradingMode.get_required_strategies(TentaclesSetupConfig({}, {})) == ["MoveSignalsStrategyEvaluator"]
    with pytest.raises(SettingError, match="max_currency_percent"):
        await make_desk(max_currency_percent=101)
