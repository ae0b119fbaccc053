# SPDX-License-Identifier: Apache-2.0
"""Alerts come: read, matched to a symbol, and handed on as an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from octobot_commons.errors import BugError
from octobot_commons.services import FeedSubscription, ServiceFeeds, get_service_feeds
from octobot_tentacles.errors import AlertError
from octobot_tentacles.service_feeds.tradingview import TradingViewServiceFeed
from octobot_tentacles.trading_modes.funds import holdings_of
from octobot_tentacles.trading_modes.tradingview.alert import Alert, Signal, names_symbol, parse_alert
from octobot_tentacles.trading_modes.tradingview.planner import ENTRY_TAG, EXIT_TAG, Situation, order_of
from octobot_trading import api
from octobot_trading.enums import EvaluatorStates
from octobot_trading.modes import AbstractTradingModeProducer

if TYPE_CHECKING:
    from octobot_tentacles.trading_modes.tradingview.mode import TradingViewSignalsTradingMode

#: How much of an alert is shown where it cannot be used.
_SHOWN = 200


class TradingViewSignalsTradingModeProducer(AbstractTradingModeProducer):
    """Does what alerts say, one after the other. What cannot be understood changes nothing and is told of."""

    trading_mode: TradingViewSignalsTradingMode

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._subscription: tuple[ServiceFeeds, FeedSubscription] | None = None

    async def subscribe(self) -> None:
        """Listen to the alerts of this bot."""
        bot_id = self.trading_mode.bot_id
        if bot_id is None:
            raise BugError(f"{self.trading_mode.get_name()} was started without a bot to hear alerts of")
        feeds = get_service_feeds(bot_id)
        self._subscription = (feeds, await feeds.subscribe(TradingViewServiceFeed, self._alert_has_come))

    async def stop(self) -> None:
        if self._subscription is not None:
            (feeds, subscription), self._subscription = self._subscription, None
            await feeds.unsubscribe(subscription)
        await super().stop()

    async def _alert_has_come(self, data: Any, **_: Any) -> None:
        text = data.get("text") if isinstance(data, dict) else None
        if not isinstance(text, str):
            self._cannot_use(repr(data), "an event without a text", list(self.exchange_manager.symbols))
            return
        try:
            alert = parse_alert(text)
        except AlertError as error:
            self._cannot_use(text, str(error), list(self.exchange_manager.symbols))
            return
        symbol = self._symbol_of(alert)
        if symbol is None:
            return
        try:
            await self._follow(alert, symbol, text)
        except AlertError as error:
            self._cannot_use(text, str(error), [symbol])

    def _symbol_of(self, alert: Alert) -> str | None:
        """The symbol that an alert is about; None where that is traded elsewhere or by nobody."""
        if alert.exchange is not None and alert.exchange.lower() != self.exchange_name.lower():
            return None
        return next((one for one in self.exchange_manager.symbols if names_symbol(alert.symbol, one)), None)

    async def _follow(self, alert: Alert, symbol: str, text: str) -> None:
        manager, mode = self.exchange_manager, self.trading_mode
        self.rule = f"the alert {text[:_SHOWN]!r}"
        if alert.signal is Signal.CANCEL:
            await self._cancel(symbol, (ENTRY_TAG, EXIT_TAG), alert.tag)
            return
        if mode.settings.cancels_previous:
            # Exits protect what was bought before; they stand in the way of selling it only.
            tags = (ENTRY_TAG,) if alert.signal is Signal.BUY else (ENTRY_TAG, EXIT_TAG)
            await self._cancel(symbol, tags)
        price = manager.get_symbol_data(symbol).last_price
        if not price:
            mode.explain(symbol, "no order, no price is known yet")
            return
        cause = {"trading_mode": mode.get_name(), "alert": text[:_SHOWN], "alert_tag": alert.tag}
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
            mode.explain(symbol, "no order within funds and minimums for the alert %r", text[:_SHOWN])
            return
        self.state = EvaluatorStates.VERY_LONG if alert.signal is Signal.BUY else EvaluatorStates.VERY_SHORT
        note = Decimal(-1) if alert.signal is Signal.BUY else Decimal(1)
        cryptocurrency, data = manager.cryptocurrency_of(symbol), {"orders": [order], "then": None}
        await self.submit_trading_evaluation(cryptocurrency, symbol, None, note, self.state, data=data)

    async def _cancel(self, symbol: str, tags: tuple[str, ...], alert_tag: str | None = None) -> None:
        manager = self.exchange_manager
        for order in [one for tag in tags for one in manager.orders_manager.get_open_orders(symbol, tag)]:
            cause = order.request.cause or {}
            if alert_tag is None or cause.get("alert_tag") == alert_tag:
                await manager.trader.cancel_order(order, "an alert asks for it")

    def _cannot_use(self, text: str, why: str, symbols: list[str]) -> None:
        self.logger.warning("an alert cannot be used: %s: %r", why, text[:_SHOWN])
        for symbol in symbols:
            self.trading_mode.explain(symbol, "an alert cannot be used: %s: %r", why, text[:_SHOWN])
