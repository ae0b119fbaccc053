# SPDX-License-Identifier: Apache-2.0
"""The server answers as Binance was recorded and documented to do."""

from __future__ import annotations

import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("aiohttp", reason="pip install octobot-trading[ccxt]")

import aiohttp

from octobot_commons.clock import SimulatedClock
from octobot_trading.history import FundingSeries, TradeSeries, records_from_arrays, series_from_arrays
from octobot_trading.testing.binance import BinanceServer

_RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "api"
_ENDPOINTS = "Binance.Net.UnitTests/Endpoints"
_BEGIN, _COUNT = 1_735_689_600.0, 2500
_NOW = _BEGIN + 60 * _COUNT + 5


def _series() -> list[Any]:
    numbers = np.arange(_COUNT)
    prices = 100 + numbers % 7.0
    times = _BEGIN + 60.0 * numbers
    candles = series_from_arrays(
        times, prices, prices + 1, prices - 1, prices, numbers, symbol="ETH/BTC", time_frame="1m"
    )
    # Three trades in each millisecond, as often happens.
    trades = records_from_arrays(
        TradeSeries, _BEGIN + 0.001 * (numbers // 3), prices, numbers + 1.0, 1 - 2 * (numbers % 2), numbers + 500,
        symbol="ETH/BTC",
    )  # fmt: skip
    funding = records_from_arrays(
        FundingSeries, _BEGIN - 28_800.0 * numbers[::-1], numbers * 1e-7, symbol="BTC/USDT:USDT"
    )
    return [candles, trades, funding]


class Client:
    """Asks the server."""

    def __init__(self, server: BinanceServer, session: Any, clock: SimulatedClock) -> None:
        self.server, self._session, self.clock = server, session, clock

    async def get(self, path: str, **query: Any) -> tuple[int, Any, Any]:
        """Status, headers and body."""
        async with self._session.get(self.server.url + path, params=query) as response:
            return response.status, response.headers, await response.json()


@asynccontextmanager
async def _client(weight_limit: int = 6000) -> AsyncIterator[Client]:
    candles, trades, funding = _series()
    clock = SimulatedClock(_NOW)
    async with (
        BinanceServer([candles], clock, weight_limit, [trades], [funding]) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Client(server, session, clock)


def _recorded(archive: str, name: str) -> Any:
    if not (_RECORDED / archive).exists():
        pytest.skip(f"the recorded payloads are not at hand: {_RECORDED / archive}")
    text = zipfile.ZipFile(_RECORDED / archive).read(name).decode()
    # Files of one of the archives begin with the method, the path and whether the request is signed.
    return json.loads(text if text.lstrip()[0] in "[{" else text.split("\n", 3)[3])


def _shape(value: Any) -> Any:
    """Keys and types; numbers within text are told from other text."""
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    if isinstance(value, str):
        return "number" if value.replace(".", "").isdigit() else "text"
    return type(value).__name__


@pytest.mark.parametrize(
    ("path", "query", "file"),
    [
        ("/api/v3/time", {}, "Spot/ExchangeData/GetServerTime"),
        ("/api/v3/klines", {"symbol": "ETHBTC", "interval": "1m"}, "Spot/ExchangeData/GetKlines"),
        ("/api/v3/aggTrades", {"symbol": "ETHBTC"}, "Spot/ExchangeData/GetAggregatedTradeHistory"),
        ("/fapi/v1/fundingRate", {"symbol": "BTCUSDT", "startTime": 0}, "UsdFutures/ExchangeData/GetFundingRates"),
    ],
)
async def test_answers_have_the_shape_of_recorded_ones(path: str, query: dict[str, Any], file: str) -> None:
    recorded = _recorded("jkorf-binance.zip", f"{_ENDPOINTS}/{file}.txt")
    async with _client() as client:
        status, headers, body = await client.get(path, **query)
    assert status == 200
    if isinstance(recorded, list):
        recorded, body = recorded[0], body[0]
    if "markPrice" in recorded:
        # Old funding rates come with an empty one.
        recorded["markPrice"] = ""
    assert _shape(body) == _shape(recorded)
    assert path.startswith("/fapi") or headers["X-MBX-USED-WEIGHT-1M"].isdigit()


@pytest.mark.parametrize(
    ("path", "archive", "file"),
    [
        (
            "/api/v3/exchangeInfo",
            "nautilus-binance.zip",
            "crates/adapters/binance/test_data/spot/http_json/exchange_info_response.json",
        ),
        (
            "/fapi/v1/exchangeInfo",
            "jkorf-binance.zip",
            f"{_ENDPOINTS}/UsdFutures/ExchangeData/GetExchangeInfo.txt",
        ),
    ],
)
async def test_the_markets_are_told_as_recorded(path: str, archive: str, file: str) -> None:
    recorded = _recorded(archive, file)
    async with _client() as client:
        _, _, body = await client.get(path)
    assert set(body) == set(recorded) - {"sors", "assets"}
    mine, theirs = body["symbols"][0], recorded["symbols"][0]
    assert {key: type(value) for key, value in mine.items()} == {key: type(value) for key, value in theirs.items()}


async def test_pages_have_a_thousand_at_the_most_and_follow_each_other() -> None:
    async with _client() as client:
        start, found = round(_BEGIN * 1000), []
        while True:
            _, _, page = await client.get("/api/v3/klines", symbol="ETHBTC", interval="1m", startTime=start, limit=5000)
            if not page:
                break
            assert len(page) <= 1000
            found += page
            start = page[-1][0] + 1
        assert [row[0] for row in found] == [round((_BEGIN + 60 * number) * 1000) for number in range(_COUNT)]
        _, _, usual = await client.get("/api/v3/klines", symbol="ETHBTC", interval="1m")
        assert usual == found[-500:]


async def test_trades_are_found_by_id_and_by_time() -> None:
    async with _client() as client:
        ids: list[int] = []
        while True:
            _, _, page = await client.get(
                "/api/v3/aggTrades", symbol="ETHBTC", fromId=ids[-1] + 1 if ids else 0, limit=1000
            )
            if not page:
                break
            ids += [row["a"] for row in page]
        assert ids == list(range(500, 500 + _COUNT))
        at = round(_BEGIN * 1000) + 100
        _, _, page = await client.get("/api/v3/aggTrades", symbol="ETHBTC", startTime=at, endTime=at + 1)
        assert [row["a"] for row in page] == list(range(800, 806))
        assert [row["m"] for row in page] == [False, True] * 3


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/api/v3/klines", {"interval": "1m"}, -1102),
        ("/api/v3/klines", {"symbol": "ETHBTC"}, -1102),
        ("/api/v3/klines", {"symbol": "NOPE", "interval": "1m"}, -1121),
        ("/api/v3/klines", {"symbol": "ETHBTC", "interval": "7m"}, -1120),
        ("/api/v3/klines", {"symbol": "ETHBTC", "interval": "1m", "limit": "x"}, -1100),
        ("/api/v3/aggTrades", {"symbol": "NOPE"}, -1121),
        ("/api/v3/aggTrades", {"symbol": "ETHBTC", "fromId": 1, "startTime": 1}, -1128),
        ("/fapi/v1/fundingRate", {"symbol": "ETHBTC"}, -1121),
    ],
)
async def test_wrong_requests_have_binance_s_codes(path: str, query: dict[str, Any], code: int) -> None:
    async with _client() as client:
        status, _, body = await client.get(path, **query)
    assert (status, body["code"]) == (400, code)


async def test_a_minute_s_weight_ends_in_429_and_then_in_a_ban() -> None:
    """Two weights for each request for candles; the sixth after the first refusal bans for two minutes."""
    async with _client(weight_limit=10) as client:

        async def ask() -> tuple[int, Any]:
            status, headers, _ = await client.get("/api/v3/klines", symbol="ETHBTC", interval="1m")
            return status, headers.get("Retry-After")

        assert [await ask() for _ in range(5)] == [(200, None)] * 5
        assert [await ask() for _ in range(5)] == [(429, "56")] * 5
        assert await ask() == (418, "121")
        client.clock.advance_to(_NOW + 119)
        assert (await ask())[0] == 418
        client.clock.advance_to(_NOW + 120)
        assert await ask() == (200, None)
        assert client.server.weights.bans == 1
