# SPDX-License-Identifier: Apache-2.0
"""Signals come: checked, and done once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from octobot_commons.configuration import user_folder
from octobot_tentacles.errors import SignalError
from octobot_tentacles.trading_modes.heard_feeds import HeardFeedsProducer
from octobot_tentacles.trading_modes.remote_signals.consumer import situation
from octobot_tentacles.trading_modes.remote_signals.executed import ExecutedSignals
from octobot_tentacles.trading_modes.remote_signals.planner import TAG, edited_quantity, tick_price
from octobot_tentacles.trading_modes.remote_signals.signal import Create, Edit, RemoteSignal, parse_signal
from octobot_trading.enums import EvaluatorStates, OrderSide
from octobot_trading.errors import OrderRefused
from octobot_trading.personal_data.orders.order import Order

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.remote_signals.mode import RemoteTradingSignalsTradingMode


class RemoteTradingSignalsTradingModeProducer(HeardFeedsProducer):
    """Follows one strategy: of each signal first what it cancels, then what it edits, then what it creates."""

    trading_mode: RemoteTradingSignalsTradingMode

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._executed = ExecutedSignals()

    async def subscribe(self) -> None:
        """Learn what was done before, and listen."""
        mode, strategy = self.trading_mode, self.trading_mode.settings.strategy
        if not strategy:
            mode.remarks.append("no trading_strategy is set, so no signal is followed")
            self.logger.warning("no trading_strategy is set: no signal is followed")
        orders = self.exchange_manager.orders_manager.all_orders()
        known = [cause["signal"] for order in orders if (cause := _cause(order)).get("strategy") == strategy]
        self._executed = ExecutedSignals(self._file(strategy), known)
        await super().subscribe()

    async def follow(self, data: Any) -> None:
        """Execute a signal of the strategy; those of others are none of its business."""
        strategy = self.trading_mode.settings.strategy
        if isinstance(data, dict) and data.get("strategy") != strategy and isinstance(data.get("strategy"), str):
            return
        try:
            signal = parse_signal(data)
        except SignalError as error:
            self.cannot_use("a signal", repr(data), str(error))
            return
        if not self.is_meant(signal.exchange):
            return
        # Noted first: of a bot that ends in the middle the rest is lost, which is better than all of it twice.
        if not self._executed.add(signal.signal):
            self._explain_to_all(f"signal {signal.signal!r} was executed before")
            return
        await self._execute(signal)

    async def _execute(self, signal: RemoteSignal) -> None:
        self.rule = f"the signal {signal.signal!r} of strategy {signal.strategy!r}"
        for cancel in signal.cancels():
            for order in self._orders_named(cancel.id, signal):
                await self.exchange_manager.trader.cancel_order(order, "a signal asks for it")
        for edit in signal.edits():
            for order in self._orders_named(edit.id, signal):
                await self._edit(order, edit, signal)
        for create in signal.creations():
            await self._create(create, signal)

    async def _edit(self, order: Order, edit: Edit, signal: RemoteSignal) -> None:
        symbol, request = order.request.symbol, order.request
        now = situation(self.exchange_manager, symbol, signal.signal)
        if now is None:
            self.trading_mode.explain(symbol, "no edit by signal %r, no price is known yet", signal.signal)
            return
        try:
            await self.exchange_manager.trader.edit_order(
                order,
                quantity=edited_quantity(edit, request, now),
                price=tick_price(now.market, edit.price, request.side),
                stop_price=tick_price(now.market, edit.stop_price, None),
            )
        except (OrderRefused, SignalError) as error:
            self.trading_mode.explain(symbol, "edit of %r by signal %r left out: %s", edit.id, signal.signal, error)

    async def _create(self, create: Create, signal: RemoteSignal) -> None:
        symbol = create.symbol
        if symbol not in self.exchange_manager.symbols:
            self._explain_to_all(f"signal {signal.signal!r} trades {symbol}, which is not followed here")
            return
        buys = create.side is OrderSide.BUY
        self.state = EvaluatorStates.VERY_LONG if buys else EvaluatorStates.VERY_SHORT
        note = Decimal(-1) if buys else Decimal(1)
        data = {"create": create, "signal": signal.signal}
        await self.submit_trading_evaluation(
            self.exchange_manager.cryptocurrency_of(symbol), symbol, None, note, self.state, data=data
        )

    def _orders_named(self, name: str, signal: RemoteSignal) -> Iterator[Order]:
        """The open orders of an id: several where parts of its parent have filled one after the other."""
        found = [
            order
            for order in self.exchange_manager.orders_manager.get_open_orders(tag=TAG)
            if _cause(order).get("strategy") == signal.strategy and _cause(order).get("remote_order") == name
        ]
        if not found:
            self._explain_to_all(f"signal {signal.signal!r} names order {name!r}, which is not open")
        return iter(found)

    def _explain_to_all(self, text: str) -> None:
        for symbol in self.exchange_manager.symbols:
            self.trading_mode.explain(symbol, "%s", text)

    def _file(self, strategy: str) -> Path | None:
        """Where executed signals are kept; a backtest begins anew."""
        if self.exchange_manager.is_backtesting:
            return None
        name = hashlib.sha256(strategy.encode()).hexdigest()[:16]
        return user_folder() / "remote_signals" / f"{self.exchange_name}-{name}.json"


def _cause(order: Order) -> dict[str, Any]:
    cause = order.request.cause or {}
    return cause if cause.get("trading_mode") == TAG else {}
