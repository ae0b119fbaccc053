# SPDX-License-Identifier: Apache-2.0
"""What a trading mode decided and from what, kept with the orders that it led to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from octobot_commons.notes import KnownNote

if TYPE_CHECKING:
    from octobot_trading.exchange_data.exchange_symbol_data import ExchangeSymbolData


class Decision(msgspec.Struct, frozen=True):
    """One decision, and everything that was known of its symbol then.

    Attributes:
        time: of the clock, in Unix seconds.
        trigger: the strategy whose note led to it, None where the mode decided by itself.
        final_note, state: what the mode made of the strategies' notes.
        rule: why that note stands for that state, in the mode's words.
        price: the last price.
        candles: by time frame, the last closed candle: [open time, open, high, low, close, volume].
        notes: all of them, of evaluators and of strategies.
    """

    time: float
    trading_mode: str
    cryptocurrency: str
    symbol: str
    time_frame: str | None
    trigger: str | None
    state: str
    final_note: Decimal
    rule: str | None
    price: Decimal | None
    candles: dict[str, list[float]]
    notes: tuple[KnownNote, ...]

    def encode(self) -> bytes:
        """As JSON, which orders keep: thousands of objects would make every collection of garbage longer."""
        return _ENCODER.encode(self)

    @classmethod
    def decode(cls, record: bytes) -> Decision:
        """What ``encode`` has made of a decision; notes of unknown types have become texts."""
        return msgspec.json.decode(record, type=cls)


_ENCODER = msgspec.json.Encoder(enc_hook=str)


class Explanation(NamedTuple):
    """Why a trading mode did what it did, or nothing, in its own words."""

    time: float
    trading_mode: str
    symbol: str
    text: str


class DecisionRecord:
    """A decision that is written down when the first order asks for it, since many lead to none.

    ``make`` must tell it as it was when it was made.
    """

    __slots__ = ("_encoded", "_make")

    def __init__(self, make: Callable[[], Decision]) -> None:
        self._make = make
        self._encoded: bytes | None = None

    def encode(self) -> bytes:
        """``Decision.encode`` of it; the same bytes each time."""
        if self._encoded is None:
            self._encoded = self._make().encode()
        return self._encoded


class DecidedData(dict[str, Any]):
    """The ``data`` of a message of the Mode channel, which brings its decision along without a key."""

    __slots__ = ("decision",)

    def __init__(self, content: Mapping[str, Any], decision: DecisionRecord) -> None:
        super().__init__(content)
        self.decision = decision


#: The decision that orders are being created for: whoever creates them need not hand it on.
current_decision: ContextVar[DecisionRecord | None] = ContextVar("current_decision", default=None)


def newest_candles(symbol_data: ExchangeSymbolData) -> dict[str, list[float]]:
    """By time frame, the last closed candle; time frames without one are left out."""
    return {
        time_frame.value: candles.ring.candle()
        for time_frame, candles in symbol_data.symbol_candles.items()
        if len(candles)
    }
