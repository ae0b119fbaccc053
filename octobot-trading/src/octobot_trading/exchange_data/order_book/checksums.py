# SPDX-License-Identifier: Apache-2.0
"""Checksums by which venues let a client find out that its book is wrong.

They are taken over the digits as the venue wrote them, which a double does not keep ("5.10" is not "5.1"). A book
with a checksum therefore keeps the texts of its levels beside their numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Literal, TypeAlias

from octobot_trading.errors import InvalidLevelError
from octobot_trading.exchange_data.order_book._book import Book

Side: TypeAlias = Literal["bids", "asks"]
#: Price and size as the venue wrote them.
LevelText: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ChecksumRule:
    """The text of the best ``depth`` levels, bids and asks both best first, whose CRC-32 the venue sends."""

    depth: int
    text: Callable[[list[LevelText], list[LevelText]], str]


def _kraken_text(bids: list[LevelText], asks: list[LevelText]) -> str:
    return "".join(_bare(number) for number in chain.from_iterable(asks + bids))


def _bare(number: str) -> str:
    return number.replace(".", "").lstrip("0")


def _okx_text(bids: list[LevelText], asks: list[LevelText]) -> str:
    pairs = chain.from_iterable(zip_longest(bids, asks))
    return ":".join(f"{level[0]}:{level[1]}" for level in pairs if level is not None)


#: https://docs.kraken.com/api/docs/guides/spot-ws-book-v1: ten asks, then ten bids, without points and leading zeros.
KRAKEN = ChecksumRule(10, _kraken_text)
#: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-order-book-channel, "Checksum": 25 bids and asks
#: by turns, joined by colons.
OKX = ChecksumRule(25, _okx_text)
#: By ccxt's id of the exchange.
VENUE_CHECKSUMS: dict[str, ChecksumRule] = {"kraken": KRAKEN, "okx": OKX}


class LevelTexts:
    """The texts of a book's levels, kept in step with it."""

    def __init__(self, rule: ChecksumRule) -> None:
        self.rule = rule
        self._texts: dict[Side, dict[float, LevelText]] = {"bids": {}, "asks": {}}

    def __len__(self) -> int:
        return sum(map(len, self._texts.values()))

    def replace(self, bids: Iterable[Sequence[str]], asks: Iterable[Sequence[str]]) -> None:
        """Forget the old levels; rows as to ``update``."""
        self._texts = {"bids": {}, "asks": {}}
        self.update(bids, asks)

    def update(self, bids: Iterable[Sequence[str]], asks: Iterable[Sequence[str]]) -> None:
        """Take in rows of texts that the book took."""
        for texts, rows in zip(self._texts.values(), (bids, asks), strict=True):
            for row in rows:
                price, size = row[0], row[1]
                if float(size):
                    texts[float(price)] = (price, size)
                else:
                    texts.pop(float(price), None)

    def forget_dropped(self, book: Book) -> None:
        """Forget the texts of levels that a truncated book no longer has."""
        sides: tuple[Side, ...] = ("bids", "asks")
        for side in sides:
            texts = self._texts[side]
            self._texts[side] = {price: texts[price] for price, _ in book.levels(side)}

    def matches(self, book: Book, checksum: int) -> bool:
        """Whether the book's checksum is the venue's, given signed or unsigned."""
        return self.checksum(book) == checksum & 0xFFFFFFFF

    def checksum(self, book: Book) -> int:
        """The checksum of the book's best levels, unsigned."""
        bids, asks = self._best("bids", book), self._best("asks", book)
        return zlib.crc32(self.rule.text(bids, asks).encode())

    def _best(self, side: Side, book: Book) -> list[LevelText]:
        texts = self._texts[side]
        return [texts[price] for price, _ in book.levels(side, self.rule.depth)]


def require_texts(side: Side, rows: Iterable[Sequence[object]]) -> None:
    """Refuse rows that are not the venue's texts.

    Raises:
        InvalidLevelError: names side and row.
    """
    for index, row in enumerate(rows):
        if not all(isinstance(cell, str) for cell in row[:2]):
            raise InvalidLevelError("a book with a checksum needs the venue's own texts", field=side, row=index)
