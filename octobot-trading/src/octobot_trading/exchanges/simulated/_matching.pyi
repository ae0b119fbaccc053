# SPDX-License-Identifier: Apache-2.0

from typing import final

MARKET: int
BUY_LIMIT: int
SELL_LIMIT: int
BUY_STOP: int
SELL_STOP: int

@final
class MatchingBook:
    """The open orders of one symbol, in order of arrival."""

    @property
    def price(self) -> float:
        """The last price seen, not a number before the first."""

    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def add(self, key: int, kind: int, price: float) -> None: ...
    def remove(self, key: int) -> bool: ...
    def match_open(self, price: float) -> list[tuple[int, bool]]: ...
    def match_range(self, open: float, high: float, low: float, close: float) -> list[tuple[int, bool, bool]]: ...
