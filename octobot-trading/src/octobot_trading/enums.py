# SPDX-License-Identifier: Apache-2.0
"""The words of the trading code. Members are also ``str`` wherever they appear in payloads and files."""

from __future__ import annotations

from enum import Enum, StrEnum


class OrderSide(StrEnum):
    """Which way the base asset moves."""

    BUY = "buy"
    SELL = "sell"


class OrderType(StrEnum):
    """When and at what price an order may fill. Which fields each needs stands in ``order_fields.py``.

    ``..._LIMIT`` orders become limit orders when their stop price is reached, the others market orders. A trailing stop
    follows the best price since it became effective at a distance.
    """

    MARKET = "market"
    LIMIT = "limit"
    STOP_LOSS = "stop_loss"
    STOP_LOSS_LIMIT = "stop_loss_limit"
    TAKE_PROFIT = "take_profit"
    TAKE_PROFIT_LIMIT = "take_profit_limit"
    TRAILING_STOP = "trailing_stop"
    TRAILING_STOP_LIMIT = "trailing_stop_limit"


class TimeInForce(StrEnum):
    """How long an order stays: until cancelled; what fills at once; all at once or nothing; until its expiry time."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    GTD = "gtd"


class PositionSide(StrEnum):
    """Which position of a contract an order is for: the only one (one-way mode), or one of the two of hedge mode."""

    BOTH = "both"
    LONG = "long"
    SHORT = "short"


class MarginType(StrEnum):
    """Whether a position has only its own margin to lose, or shares the account's with all such positions."""

    CROSS = "cross"
    ISOLATED = "isolated"


class PositionMode(StrEnum):
    """One position for each symbol, or a long and a short one beside each other."""

    ONE_WAY = "one_way"
    HEDGE = "hedge"


class GroupKind(StrEnum):
    """What the orders of one group do when one of them fills; see ``groups.py``."""

    ONE_CANCELS_THE_OTHER = "one_cancels_the_other"
    BALANCED_TAKE_PROFIT_AND_STOP = "balanced_take_profit_and_stop"
    TRAILING_ON_FILLED_TAKE_PROFIT = "trailing_on_filled_take_profit"


class OrderStatus(StrEnum):
    """Where an order is in its life; ``order_states.py`` knows which steps exist."""

    PENDING = "pending"
    OPEN = "open"
    TRIGGERED = "triggered"
    PARTIALLY_FILLED = "partially_filled"
    PENDING_EDIT = "pending_edit"
    PENDING_CANCEL = "pending_cancel"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"


class OrderEvent(StrEnum):
    """What moves an order from one status to another."""

    ACCEPT = "accept"
    REJECT = "reject"
    TRIGGER = "trigger"
    FILL_PARTLY = "fill_partly"
    FILL = "fill"
    ASK_EDIT = "ask_edit"
    EDIT = "edit"
    REFUSE_EDIT = "refuse_edit"
    ASK_CANCEL = "ask_cancel"
    REFUSE_CANCEL = "refuse_cancel"
    CANCEL = "cancel"
    EXPIRE = "expire"


class OrderUpdateType(StrEnum):
    """The ``update_type`` of the Orders channel."""

    NEW = "new"
    CLOSED = "closed"
    EDIT = "edit"
    STATE_TRANSITION = "state_transition"


class FillRule(StrEnum):
    """What to believe of a candle that does not say in which order it reached its prices; see simulated/matching.py."""

    PESSIMISTIC = "pessimistic"
    NEUTRAL = "neutral"
    OPTIMISTIC = "optimistic"


class FeeAsset(StrEnum):
    """Which asset a fee is taken from."""

    RECEIVED = "received"
    BASE = "base"
    QUOTE = "quote"


class ExchangeTypes(StrEnum):
    """What is traded."""

    SPOT = "spot"
    MARGIN = "margin"
    FUTURE = "future"


class EvaluatorStates(Enum):
    """What a trading mode makes of its strategies' notes. Negative notes mean buy, so LONG comes from them."""

    VERY_SHORT = "VERY_SHORT"
    SHORT = "SHORT"
    NEUTRAL = "NEUTRAL"
    LONG = "LONG"
    VERY_LONG = "VERY_LONG"
    UNKNOWN = "UNKNOWN"
