# SPDX-License-Identifier: Apache-2.0
"""Who listens to which stream, and what goes wrong on the way there."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from octobot_trading.testing.binance import market_answers
from octobot_trading.testing.binance.account import TradingAccount
from octobot_trading.testing.binance.faults import Faults, StreamFault
from octobot_trading.testing.binance.tape import BookChange, MarketTape, PublicTrade

_LEVELS = (5, 10, 20)


class Listener:
    """One connection."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.BaseTransport, is_combined: bool) -> None:
        self.names: dict[str, None] = {}
        #: Whose events it gets, under the number of the subscription; -1 where a listen key stands in the path.
        self.accounts: dict[int, TradingAccount] = {}
        self.is_combined = is_combined
        self._socket = socket
        self._transport = transport
        self._late: list[str] = []
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue()

    async def write(self) -> None:
        """Send what there is to send, until the connection ends; None is a ping."""
        with suppress(ConnectionError):
            while True:
                text = await self._outgoing.get()
                if text is None:
                    await self._socket.ping()
                else:
                    await self._socket.send_str(text)

    def send(self, message: dict[str, Any]) -> None:
        """Send an answer, which nothing goes wrong with."""
        self._outgoing.put_nowait(json.dumps(message))

    def ping(self) -> None:
        """Ask whether it is there."""
        self._outgoing.put_nowait(None)

    def deliver(self, message: dict[str, Any], fault: StreamFault | None) -> None:
        """Send an event."""
        text = json.dumps(message)
        if fault is StreamFault.CLOSED:
            self.close()
        elif fault is StreamFault.REORDERED:
            self._late.append(text)
        elif fault is not StreamFault.DROPPED:
            for one in (text, text) if fault is StreamFault.DUPLICATED else (text, *self._late):
                self._outgoing.put_nowait(one)
            if fault is None:
                self._late.clear()

    def close(self) -> None:
        """Close the connection without a word."""
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()


class Streams:
    """All connections; tells them what happens on the venue.

    Attributes:
        is_stale: while set, connections live and are answered, and no event comes.
        delivered: how many events of each stream or type there were for somebody.
        pongs: how many pings were answered.
    """

    def __init__(self, faults: Faults, now_ms: Callable[[], int]) -> None:
        self.is_stale = False
        self.delivered: Counter[str] = Counter()
        self.pongs = 0
        self.listeners: set[Listener] = set()
        self._faults = faults
        self._now_ms = now_ms
        self._changed = asyncio.Condition()

    async def wait_for(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds that subscriptions and pongs bring about."""
        async with self._changed:
            await self._changed.wait_for(condition)

    async def wait_for_stream(self, name: str) -> None:
        """Wait until somebody listens to ``btcusdt@trade``, say."""
        await self.wait_for(lambda: self.is_heard(name))

    async def wait_for_account(self, account: TradingAccount) -> None:
        """Wait until somebody listens to an account's events."""
        await self.wait_for(lambda: any(account in one.accounts.values() for one in self.listeners))

    async def tell_change(self) -> None:
        """Something has changed that somebody may wait for."""
        async with self._changed:
            self._changed.notify_all()

    def is_heard(self, name: str) -> bool:
        """Whether somebody listens to a stream."""
        return any(name in one.names for one in self.listeners)

    def ping(self) -> None:
        """Ping every connection, as the exchange does every 20 seconds."""
        for listener in self.listeners:
            listener.ping()

    def close_all(self) -> None:
        """Close every connection without a word."""
        for listener in list(self.listeners):
            listener.close()

    def on_trade(self, tape: MarketTape, trade: PublicTrade) -> None:
        """Trades, candles and tickers."""
        now, name = self._now_ms(), tape.name.lower()
        self._publish(f"{name}@trade", lambda: market_answers.trade_event(tape, trade, now))
        self._publish(f"{name}@aggTrade", lambda: market_answers.aggregated_trade_event(tape, trade, now))
        for stream in {one for each in self.listeners for one in each.names if one.startswith(f"{name}@kline_")}:
            self._tell_candles(stream, tape, now)
        self._publish(f"{name}@ticker", lambda: market_answers.ticker_event(tape, now))
        self._publish(f"{name}@miniTicker", lambda: market_answers.mini_ticker_event(tape, now))

    def on_book(self, tape: MarketTape, change: BookChange) -> None:
        """Depth updates, the top of the book and the best of it."""
        now, name = self._now_ms(), tape.name.lower()
        for speed in ("", "@100ms"):
            self._publish(f"{name}@depth{speed}", lambda: market_answers.depth_event(tape, change, now))
            for levels in _LEVELS:
                self._publish(f"{name}@depth{levels}{speed}", lambda many=levels: market_answers.depth(tape, many))  # type: ignore[misc]
        self._publish(f"{name}@bookTicker", lambda: market_answers.book_ticker_event(tape))

    def on_account_event(self, account: TradingAccount, event: dict[str, Any]) -> None:
        """An account's event, to those that listen to it."""
        heard = [(one, number) for one in self.listeners for number, who in one.accounts.items() if who is account]
        if self.is_stale or not heard:
            return
        self.delivered[event["e"]] += 1
        fault = self._faults.take(StreamFault, event["e"])
        for listener, number in heard:
            listener.deliver(event if number < 0 else {"subscriptionId": number, "event": event}, fault)

    def _tell_candles(self, stream: str, tape: MarketTape, now: int) -> None:
        interval = stream.partition("@kline_")[2]
        known = list(market_answers.candles(tape, interval).items())
        if len(known) > 1 and known[-1][1].count == 1:
            begin, closed = known[-2]
            self._publish(stream, lambda: market_answers.kline_event(tape, begin, closed, interval, now, True))
        opened, present = known[-1]
        self._publish(stream, lambda: market_answers.kline_event(tape, opened, present, interval, now, False))

    def _publish(self, name: str, event: Callable[[], dict[str, Any]]) -> None:
        heard = [one for one in self.listeners if name in one.names]
        if self.is_stale or not heard:
            return
        data = event()
        self.delivered[name] += 1
        fault = self._faults.take(StreamFault, name, data.get("e", ""))
        for listener in heard:
            listener.deliver({"stream": name, "data": data} if listener.is_combined else data, fault)
