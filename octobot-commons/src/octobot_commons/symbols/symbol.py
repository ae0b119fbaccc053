# SPDX-License-Identifier: Apache-2.0
"""A parsed symbol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """``BASE/QUOTE[:SETTLEMENT[-EXPIRY[-STRIKE-TYPE]]]``, like ``BTC/USDT:USDT-231229-30000-C``.

    Parts that a symbol does not have are None. ``str()`` gives the text back.
    """

    base: str
    quote: str
    settlement_asset: str | None = None
    identifier: str | None = None
    strike_price: str | None = None
    option_type: str | None = None

    def __str__(self) -> str:
        text = f"{self.base}/{self.quote}"
        if self.settlement_asset is not None:
            text = f"{text}:{self.settlement_asset}"
        tail = [part for part in (self.identifier, self.strike_price, self.option_type) if part is not None]
        return "-".join([text, *tail])

    def base_and_quote(self) -> tuple[str, str]:
        """The two assets that are exchanged."""
        return self.base, self.quote

    def is_spot(self) -> bool:
        """True when the assets themselves change hands."""
        return self.settlement_asset is None

    def is_perpetual_future(self) -> bool:
        """True for a contract without expiry."""
        return self.settlement_asset is not None and self.identifier is None

    def is_option(self) -> bool:
        """True for a contract with a strike price."""
        return self.option_type is not None

    def is_future(self) -> bool:
        """True for a contract that is no option, perpetual or not."""
        return self.settlement_asset is not None and self.option_type is None

    def is_linear(self) -> bool:
        """True for a contract settled in its quote asset."""
        return self.settlement_asset == self.quote

    def is_inverse(self) -> bool:
        """True for a contract settled in its base asset."""
        return self.settlement_asset == self.base
