# SPDX-License-Identifier: Apache-2.0
"""Sends what happens to an account on the Orders, Trades, Balance and BalanceProfitability channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from async_channel import Topic
from octobot_trading.enums import OrderUpdateType
from octobot_trading.exchange_channel import get_chan
from octobot_trading.personal_data.orders.order import Order
from octobot_trading.personal_data.portfolio.portfolio import Balance
from octobot_trading.personal_data.portfolio.profitability import ProfitabilityFigures
from octobot_trading.personal_data.positions.position import Position
from octobot_trading.personal_data.trades.fill import Fill

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


class AccountEvents:
    """Builds each payload only when somebody listens. Topics are found once: an exchange's channels do not change."""

    def __init__(self, exchange_manager: ExchangeManager) -> None:
        self._exchange_manager = exchange_manager
        self._origin = {"exchange": exchange_manager.exchange_name, "exchange_id": exchange_manager.id}
        self._topics: dict[tuple[str, str], tuple[Topic, dict[str, str]]] = {}
        self._balance_topic: Topic | None = None
        self._profitability_topic: Topic | None = None

    def send_order(self, order: Order, update_type: OrderUpdateType) -> None:
        """The order as it is now."""
        topic, names = self._topic("Orders", order.symbol)
        if topic:
            payload = {"order": order.to_dict(), "update_type": update_type.value, "is_from_bot": True}
            topic.send_nowait({**self._origin, **names, **payload})

    def send_trade(self, fill: Fill) -> None:
        """A fill."""
        topic, names = self._topic("Trades", fill.symbol)
        if topic:
            topic.send_nowait({**self._origin, **names, "trade": fill.to_dict(), "old_trade": False})

    def send_position(self, position: Position, is_updated: bool) -> None:
        """A position as it is now; ``is_updated`` is False for a new one."""
        topic, names = self._topic("Positions", position.market.symbol)
        if topic:
            topic.send_nowait({**self._origin, **names, "position": position.to_dict(), "is_updated": is_updated})

    def send_balances(self, balances: Mapping[str, Balance]) -> None:
        """The balances that changed."""
        topic = self._balance_topic
        if topic is None:
            topic = self._balance_topic = get_chan("Balance", self._exchange_manager.id).topic_of()
        if topic:
            changed = {
                asset: {"total": balance.total, "locked": balance.locked, "available": balance.available}
                for asset, balance in balances.items()
            }
            topic.send_nowait({**self._origin, "balance": changed})

    def send_profitability(self, figures: ProfitabilityFigures) -> None:
        """What the account has earned."""
        topic = self._profitability()
        if topic:
            topic.send_nowait({**self._origin, **figures.to_dict()})

    @property
    def has_profitability_listeners(self) -> bool:
        """Whether anybody is told of what the account has earned."""
        return bool(self._profitability())

    def _profitability(self) -> Topic:
        topic = self._profitability_topic
        if topic is None:
            chan = get_chan("BalanceProfitability", self._exchange_manager.id)
            topic = self._profitability_topic = chan.topic_of()
        return topic

    def _topic(self, channel: str, symbol: str) -> tuple[Topic, dict[str, str]]:
        found = self._topics.get((channel, symbol))
        if found is None:
            names = {"cryptocurrency": self._exchange_manager.cryptocurrency_of(symbol), "symbol": symbol}
            found = get_chan(channel, self._exchange_manager.id).topic_of(**names), names
            self._topics[channel, symbol] = found
        return found
