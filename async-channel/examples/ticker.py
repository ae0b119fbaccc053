# SPDX-License-Identifier: Apache-2.0
"""A price feed and two listeners, with async_channel alone. Run: python examples/ticker.py"""

import asyncio

import async_channel as ac


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer
    CONSUMER_CLASS = ac.SupervisedConsumer  # consumers that can be waited for


async def show(symbol: str, price: int) -> None:
    print(f"{symbol} {price}")


async def alert(symbol: str, price: int) -> None:
    if price > 61_000:
        print(f"{symbol} is above 61000!")


async def main() -> None:
    channel = await ac.create_channel_instance(TickerChannel, ac.set_chan)
    await channel.new_consumer(show, {"symbol": "*"})
    await channel.new_consumer(alert, {"symbol": ["BTC/USDT", "BTC/USDC"]})
    for price in (60_000, 60_600, 61_800):
        await channel.topic({"symbol": "BTC/USDT"}).send({"symbol": "BTC/USDT", "price": price})
        await channel.topic({"symbol": "ETH/USDT"}).send({"symbol": "ETH/USDT", "price": price // 20})
    await channel.get_internal_producer().wait_for_processing()
    await channel.stop()


asyncio.run(main())
