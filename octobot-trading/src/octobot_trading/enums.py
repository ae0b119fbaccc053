# SPDX-License-Identifier: Apache-2.0
"""The words of the trading code. Members are also ``str`` wherever they appear in payloads and files."""

from __future__ import annotations

from enum import Enum, StrEnum


class OrderSide(StrEnum):
    """Which way the base asset moves."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """When and at what price an order may fill."""

    MARKET = "market"
    LIMIT = "limit"
    STOP_LOSS = "stop_loss"


class OrderStatus(StrEnum):
    """Where an order is in its life; ``Order.transition_to`` knows which steps exist."""

    PENDING = "pending"
    OPEN = "open"
    FILLED = "filled"
    CANCELED = "canceled"
    REJECTED = "rejected"


class OrderUpdateType(StrEnum):
    """The ``update_type`` of the Orders channel."""

    NEW = "new"
    CLOSED = "closed"
    EDIT = "edit"
    STATE_TRANSITION = "state_transition"


class FeeAsset(StrEnum):
    """Which asset a fee is taken from."""

    RECEIVED = "received"
    BASE = "base"
    QUOTE = "quote"


class ExchangeTypes(StrEnum):
    """What is traded."""

    SPOT = "spot"


class EvaluatorStates(Enum):
    """What a trading mode makes of its strategies' notes. Negative notes mean buy, so LONG comes from them."""

    VERY_SHORT = "VERY_SHORT"
    SHORT = "SHORT"
    NEUTRAL = "NEUTRAL"
    LONG = "LONG"
    VERY_LONG = "VERY_LONG"
    UNKNOWN = "UNKNOWN"
