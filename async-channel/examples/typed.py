# SPDX-License-Identifier: Apache-2.0
"""Typed messages, a loop instead of a callback, and a slow reader that only wants the latest of each symbol.

Run: python examples/typed.py
"""

import asyncio
from dataclasses import dataclass

import async_channel as ac


@dataclass(frozen=True)
class Ticker:
    symbol: str
    price: int


class TickerChannel(ac.Channel[Ticker]):
    PRODUCER_CLASS = ac.Producer


async def check(ticker: Ticker) -> None:
    if ticker.price <= 0:
        raise ValueError(f"an impossible price: {ticker}")


async def main() -> None:
    async with TickerChannel() as channel:
        # An impossible price ends the channel: whoever sends or receives on it is told.
        await channel.new_consumer(check, {"symbol": "*"}, on_failure=ac.FailurePolicy.STOP_CHANNEL)
        # A screen that is slow to draw: at most one ticker of each symbol waits for it, the latest.
        screen = channel.subscribe({"symbol": "*"}, overflow=ac.Overflow.conflate("symbol"))
        for price in (60_000, 60_600, 61_800):
            await channel.send(Ticker("BTC/USDT", price), {"symbol": "BTC/USDT"})
            await channel.send(Ticker("ETH/USDT", price // 20), {"symbol": "ETH/USDT"})
        async with screen:
            for _ in range(2):
                print(await screen.receive())
            print(f"{channel.statistics().dropped} older ones were replaced")


asyncio.run(main())
