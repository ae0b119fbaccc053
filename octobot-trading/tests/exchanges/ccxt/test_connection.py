# SPDX-License-Identifier: Apache-2.0
"""The line to an exchange, against a local server that speaks Binance's protocol."""

from __future__ import annotations

import asyncio
import json
from decimal import getcontext
from pathlib import Path

import pytest

pytest.importorskip("ccxt", reason="pip install octobot-trading[ccxt]")

from venue_world import NOW, venue_world

from octobot_commons.errors import DataError
from octobot_commons.secrets import Secret
from octobot_trading.errors import TemporaryFault
from octobot_trading.exchanges.ccxt.settings import ConnectionSettings
from octobot_trading.exchanges.credentials import Credentials
from octobot_trading.exchanges.request_budget import Lane
from octobot_trading.testing.binance import Fault


async def test_markets_are_read_once_and_come_from_the_disk_afterwards(tmp_path: Path) -> None:
    async with venue_world() as world:
        one = await world.open(cache_folder=tmp_path)
        assert world.server.requests["exchangeInfo"] == 1
        two = await world.open(cache_folder=tmp_path)
        assert world.server.requests["exchangeInfo"] == 1
        assert two.api.markets["BTC/USDT"]["precision"] == one.api.markets["BTC/USDT"]["precision"]
        rows = await two.read("fetch_ohlcv", "BTC/USDT", "1m")
        assert len(rows) == 101
        world.clock.advance_to(NOW + 86_400)
        three = await world.open(cache_folder=tmp_path)
        assert world.server.requests["exchangeInfo"] == 2
        for connection in (one, two, three):
            await connection.close()


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"ccxt": "1", "time": NOW, "markets": []})])
async def test_a_file_of_markets_that_cannot_be_used_is_written_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "binance-spot.json"
    file.write_text(content)
    async with venue_world() as world:
        connection = await world.open(cache_folder=tmp_path)
        await connection.close()
        assert world.server.requests["exchangeInfo"] == 1
    assert json.loads(file.read_text())["markets"][0]["symbol"] == "BTC/USDT"


async def test_a_clock_that_is_off_is_made_up_for(caplog: pytest.LogCaptureFixture) -> None:
    async with venue_world(server_ahead=42.5) as world:
        connection = await world.open()
        assert connection.skew_seconds == pytest.approx(42.5, abs=0.001)
        assert connection.api.milliseconds() == round((NOW + 42.5) * 1000)
        assert "42.5 s" in caplog.text
        await connection.close()


async def test_an_unknown_exchange_or_symbol_is_named() -> None:
    async with venue_world() as world:
        with pytest.raises(DataError, match=r"binanse.*binance"):
            await world.open(exchange_name="binanse")
        with pytest.raises(DataError, match=r"binance has no BTC/USDC.*BTC/USDT"):
            await world.open(["BTC/USDT", "BTC/USDC"])


async def test_an_exchange_that_is_busy_is_left_alone_for_as_long_as_it_asks() -> None:
    async with venue_world() as world:
        connection = await world.open()
        world.server.faults.append(Fault.BUSY)
        with pytest.raises(TemporaryFault) as caught:
            await connection.read("fetch_ohlcv", "BTC/USDT", "1m")
        assert caught.value.retry_after_seconds == 7
        waiting = asyncio.create_task(connection.read("fetch_ohlcv", "BTC/USDT", "1m", lane=Lane.CANCEL))
        for _ in range(20):
            await asyncio.sleep(0)
        assert world.server.requests["klines"] == 1
        world.clock.advance_to(NOW + 7)
        assert len(await waiting) == 101
        await connection.close()


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT, Fault.HALF_JSON, Fault.TOO_MANY])
async def test_what_may_succeed_later_says_so(fault: Fault) -> None:
    async with venue_world() as world:
        connection = await world.open()
        world.server.faults.append(fault)
        with pytest.raises(TemporaryFault):
            await connection.read("fetch_ohlcv", "BTC/USDT", "1m")
        await connection.close()


async def test_requests_leave_the_decimals_of_this_process_alone() -> None:
    async with venue_world() as world:
        before = repr(getcontext())
        connection = await world.open()
        await connection.read("fetch_ohlcv", "BTC/USDT", "1m")
        await connection.close()
        assert repr(getcontext()) == before


async def test_the_limit_of_the_exchange_is_never_reached() -> None:
    """Binance counts by the minute: what may be used at once and what refills meanwhile stay below its limit."""
    async with venue_world() as world:
        connection = await world.open()
        asked = [asyncio.create_task(connection.budget.take(2)) for _ in range(3000)]
        used = 0
        while world.clock.now() < NOW + 60:
            for _ in range(3):
                await asyncio.sleep(0)
            next_time = world.clock.next_time
            world.clock.advance_to(NOW + 60 if next_time is None else min(next_time, NOW + 60))
        for _ in range(3):
            await asyncio.sleep(0)
        used = sum(2 for one in asked if one.done())
        # ccxt counts Binance's weights in fifths: 6,000 a minute are 1,200.
        assert 1000 < used <= 1200
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        await connection.close()


def test_keys_are_in_no_repr() -> None:
    settings = ConnectionSettings(
        exchange_name="binance",
        credentials=Credentials(Secret("KEYKEYKEY"), Secret("SECRETSECRET"), Secret("PASSPASS")),
        proxy="http://u:PWD@h",
    )
    assert not {"KEYKEYKEY", "SECRETSECRET", "PASSPASS", "PWD"} & set(repr(settings).replace("'", " ").split())
    for text in ("KEYKEYKEY", "SECRETSECRET", "PASSPASS", "PWD"):
        assert text not in repr(settings)
