# SPDX-License-Identifier: Apache-2.0
"""Alerts come: read, matched to a symbol, and handed on as an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_tentacles.errors import AlertError
from octobot_tentacles.trading_modes.funds import holdings_of
from octobot_tentacles.trading_modes.heard_feeds import SHOWN, HeardFeedsProducer
from octobot_tentacles.trading_modes.tradingview.alert import Alert, Signal, names_symbol, parse_alert
from octobot_tentacles.trading_modes.tradingview.planner import ENTRY_TAG, EXIT_TAG, Situation, order_of
from octobot_trading import api
from octobot_trading.enums import EvaluatorStates
from octobot_trading.errors import InvalidSetting

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.tradingview.mode import TradingViewSignalsTradingMode


class TradingViewSignalsTradingModeProducer(HeardFeedsProducer):
    """Does what alerts say, one after the other. What cannot be understood changes nothing and is told of."""

    trading_mode: TradingViewSignalsTradingMode

    async def follow(self, data: Any) -> None:
        """Do what an alert says."""
        text = data.get("text") if isinstance(data, dict) else None
        if not isinstance(text, str):
            self.cannot_use("an alert", repr(data), "an event without a text")
            return
        try:
            alert = parse_alert(text)
        except AlertError as error:
            self.cannot_use("an alert", text, str(error))
            return
        symbol = self._symbol_of(alert)
        if symbol is None:
            return
        try:
            await self._follow(alert, symbol, text)
        except AlertError as error:
            self.cannot_use("an alert", text, str(error), [symbol])

    def _symbol_of(self, alert: Alert) -> str | None:
        """The symbol that an alert is about; None where that is traded elsewhere or by nobody."""
        if not self.is_meant(alert.exchange):
            return None
        return next((one for one in self.exchange_manager.symbols if names_symbol(alert.symbol, one)), None)

    async def _follow(self, alert: Alert, symbol: str, text: str) -> None:
        manager, mode = self.exchange_manager, self.trading_mode
        self.rule = f"the alert {text[:SHOWN]!r}"
        if alert.signal is Signal.CANCEL:
            await self._cancel(symbol, (ENTRY_TAG, EXIT_TAG), alert.tag)
            return
        await self._let_leverage_be(alert.leverage, symbol)
        if mode.settings.cancels_previous:
            # Exits protect what was bought before; they stand in the way of selling it only.
            tags = (ENTRY_TAG,) if alert.signal is Signal.BUY else (ENTRY_TAG, EXIT_TAG)
            await self._cancel(symbol, tags)
        price = manager.get_symbol_data(symbol).last_price
        if not price:
            mode.explain(symbol, "no order, no price is known yet")
            return
        cause = {"trading_mode": mode.get_name(), "alert": text[:SHOWN], "alert_tag": alert.tag}
        now = Situation(
            market=manager.get_market(symbol),
            holdings=holdings_of(manager, symbol, price),
            fees=api.get_fees(manager, symbol),
            risk=manager.trader.risk,
            leverage=manager.exchange.leverage_of(symbol),
            cause=cause,
        )
        order = order_of(mode.settings, alert, now, self.trading_mode.consumers[0].new_group_id)
        if order is None:
            mode.explain(symbol, "no order within funds and minimums for the alert %r", text[:SHOWN])
            return
        self.state = EvaluatorStates.VERY_LONG if alert.signal is Signal.BUY else EvaluatorStates.VERY_SHORT
        note = Decimal(-1) if alert.signal is Signal.BUY else Decimal(1)
        cryptocurrency, data = manager.cryptocurrency_of(symbol), {"orders": [order], "then": None}
        await self.submit_trading_evaluation(cryptocurrency, symbol, None, note, self.state, data=data)

    async def _let_leverage_be(self, leverage: Decimal | None, symbol: str) -> None:
        """Done before all else: whoever asks for a leverage wants no order with another one."""
        exchange = self.exchange_manager.exchange
        if leverage is None or leverage == exchange.leverage_of(symbol):
            return
        try:
            await exchange.set_leverage(symbol, leverage)
        except InvalidSetting as error:
            raise AlertError(f"LEVERAGE: {error.message}", remedy=error.remedy) from error

    async def _cancel(self, symbol: str, tags: tuple[str, ...], alert_tag: str | None = None) -> None:
        manager = self.exchange_manager
        for order in [one for tag in tags for one in manager.orders_manager.get_open_orders(symbol, tag)]:
            cause = order.request.cause or {}
            if alert_tag is None or cause.get("alert_tag") == alert_tag:
                await manager.trader.cancel_order(order, "an alert asks for it")
