# SPDX-License-Identifier: Apache-2.0

from typing import Self, TypeAlias, final

MARKET: int
BUY_LIMIT: int
SELL_LIMIT: int
BUY_STOP: int
SELL_STOP: int
BUY_TAKE: int
SELL_TAKE: int
BUY_TRAIL: int
SELL_TRAIL: int

PESSIMISTIC: int
NEUTRAL: int
OPTIMISTIC: int

#: (rank, order of arrival, key, price, whether that is the order's own, whether it takes liquidity, position, whether
#: the price came there from the open for the first time). Matches are processed in their order; a position runs from 0
#: at a candle's open to 3 at its close.
Match: TypeAlias = tuple[float, int, int, float, bool, bool, float, bool]

@final
class RestingOrder:
    """An order as the book keeps it."""

@final
class MatchingBook:
    """The open orders of one symbol."""

    @property
    def rule(self) -> int:
        """PESSIMISTIC, NEUTRAL or OPTIMISTIC."""
    @property
    def price(self) -> float:
        """The last price seen, not a number before the first."""
    @property
    def is_ambiguous(self) -> bool:
        """Whether the last candle could have ended otherwise for an order, had its prices come in another order."""
    @property
    def gap_through_stops(self) -> int:
        """How many stops the price has jumped over."""
    #: Whether every candle must be asked about, as something else depends on the price.
    must_ask: bool
    #: Whether every candle must be told, as its volume counts for what fills later.
    follows_volume: bool
    def __new__(cls, rule: int = ...) -> Self: ...
    def __len__(self) -> int: ...
    def __contains__(self, key: int, /) -> bool: ...
    def follow(self, price: float) -> None: ...
    def add(
        self,
        key: int,
        kind: int,
        price: float = ...,
        distance: float = ...,
        is_relative: bool = ...,
        effective_time: float = ...,
    ) -> None: ...
    def remove(self, key: int) -> bool: ...
    def set_end(self, key: int, end_time: float) -> None: ...
    def stop_price(self, key: int) -> float: ...
    def is_reached(self, high: float, low: float) -> bool: ...
    def match_open(self, price: float, time: float = ...) -> list[Match]: ...
    def match_range(
        self,
        open: float,
        high: float,
        low: float,
        close: float,
        open_time: float = ...,
        close_time: float = ...,
    ) -> list[Match]: ...
    def activate(self, key: int, price: float, position: float, from_open: bool) -> Match | None: ...
