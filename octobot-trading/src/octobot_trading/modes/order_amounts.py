# SPDX-License-Identifier: Apache-2.0
"""The syntax of order amounts and order prices in settings.

========================  ==========================================================
``0.1`` or ``0.1b``       an amount of the base asset
``100q``                  worth this much of the quote asset
``12%``                   percent of the total holdings of the asset that is spent
``12a%``                  percent of what is available of the asset that is spent
``5p%`` or ``5p``         percent of the open position
``2t%``                   percent of the value of all traded assets
``2s%``                   percent of the value of this pair's two assets
========================  ==========================================================

A buy spends the quote asset and a sell the base asset. With contracts both spend margin: available and total are what
the settlement asset's can open with the leverage, and the pair's assets are that total.

Prices: ``5e%`` is the entry price plus 5 %, ``-20e`` the entry price minus 20, ``@250`` is 250. Letters may stand in
either order (``12a%``, ``12%a``) and case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from octobot_commons.errors import SettingError
from octobot_trading.constants import ONE_HUNDRED, ZERO
from octobot_trading.enums import OrderSide


class AmountUnit(StrEnum):
    """What the number of an order amount counts."""

    BASE = "b"
    QUOTE = "q"
    TOTAL_PERCENT = "%"
    AVAILABLE_PERCENT = "a%"
    POSITION_PERCENT = "p%"
    TRADED_ASSETS_PERCENT = "t%"
    PAIR_ASSETS_PERCENT = "s%"


class PriceUnit(StrEnum):
    """What the number of an order price counts."""

    FLAT = "@"
    ENTRY_DIFFERENCE = "e"
    ENTRY_PERCENT = "e%"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an amount is a part of. ``price`` is the base asset's in quote, so are the two values.

    With contracts (``is_margin``) base and quote are two views of the same margin: what it can open at ``price``.
    """

    price: Decimal
    available_base: Decimal
    available_quote: Decimal
    total_base: Decimal
    total_quote: Decimal
    #: Size of the open position in base, negative when short; None where the market has no positions.
    position: Decimal | None = None
    #: Value of all traded assets in quote, None where it is not known.
    traded_assets_value: Decimal | None = None
    is_margin: bool = False


@dataclass(frozen=True, slots=True)
class OrderAmount:
    """A parsed order amount: ``value`` in ``unit``."""

    value: Decimal
    unit: AmountUnit

    def resolve(self, side: OrderSide, holdings: Holdings) -> Decimal:
        """The amount in base, neither rounded to the market's step nor limited to what is available.

        :raises SettingError: the market has no position or the value of all assets is not known.
        """
        if self.unit is AmountUnit.BASE:
            return self.value
        if self.unit is AmountUnit.QUOTE:
            return self.value / holdings.price
        return _whole(self.unit, side, holdings) * self.value / ONE_HUNDRED

    def __str__(self) -> str:
        return f"{self.value:f}{self.unit}"


@dataclass(frozen=True, slots=True)
class OrderPrice:
    """A parsed order price: ``value`` in ``unit``."""

    value: Decimal
    unit: PriceUnit

    def resolve(self, entry_price: Decimal) -> Decimal:
        """The price for an entry at ``entry_price``, not rounded to the market's tick.

        :raises SettingError: it would be zero or negative.
        """
        price = self.value
        if self.unit is PriceUnit.ENTRY_DIFFERENCE:
            price = entry_price + self.value
        elif self.unit is PriceUnit.ENTRY_PERCENT:
            price = entry_price * (ONE_HUNDRED + self.value) / ONE_HUNDRED
        if price <= ZERO:
            raise SettingError(f"order price {self} is {price} for an entry at {entry_price}")
        return price

    def __str__(self) -> str:
        return f"@{self.value:f}" if self.unit is PriceUnit.FLAT else f"{self.value:f}{self.unit}"


_SHAPE: Final = re.compile(r"(?P<flat>@?)\s*(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))\s*(?P<letters>[a-z%\s]*)", re.ASCII)
_AMOUNT_UNITS: Final = {
    "": AmountUnit.BASE,
    "p": AmountUnit.POSITION_PERCENT,
    **{"".join(sorted(unit.value)): unit for unit in AmountUnit},
}
_PRICE_UNITS: Final = {"".join(sorted(unit.value)): unit for unit in PriceUnit}
_AMOUNT_REMEDY: Final = 'write for instance "0.1", "100q", "12%", "12a%", "5p%", "2t%" or "2s%"'
_PRICE_REMEDY: Final = 'write for instance "5e%", "-20e" or "@250"'


def parse_amount(text: str) -> OrderAmount:
    """The order amount that ``text`` describes.

    :raises SettingError: the text is none, or the amount is not positive.
    """
    flat, number, letters = _parts("amount", text, _AMOUNT_REMEDY)
    unit = _AMOUNT_UNITS.get(letters)
    if flat or unit is None:
        raise SettingError(f"{text!r} is no order amount", remedy=_AMOUNT_REMEDY)
    if number <= ZERO:
        raise SettingError(f"order amount {text!r} is not positive", remedy=_AMOUNT_REMEDY)
    return OrderAmount(number, unit)


def parse_price(text: str) -> OrderPrice:
    """The order price that ``text`` describes.

    :raises SettingError: the text is none, or a flat price is not positive.
    """
    flat, number, letters = _parts("price", text, _PRICE_REMEDY)
    unit = _PRICE_UNITS.get(flat + letters)
    if unit is None:
        raise SettingError(f"{text!r} is no order price", remedy=_PRICE_REMEDY)
    if unit is PriceUnit.FLAT and number <= ZERO:
        raise SettingError(f"order price {text!r} is not positive", remedy=_PRICE_REMEDY)
    return OrderPrice(number, unit)


def _parts(what: str, text: str, remedy: str) -> tuple[str, Decimal, str]:
    match = _SHAPE.fullmatch(text.strip().lower())
    if match is None:
        raise SettingError(f"{text!r} is no order {what}", remedy=remedy)
    letters = "".join(sorted(match["letters"].replace(" ", "")))
    return match["flat"], Decimal(match["number"]), letters


def _whole(unit: AmountUnit, side: OrderSide, holdings: Holdings) -> Decimal:
    """What 100 % stand for, in base."""
    buys = side is OrderSide.BUY
    if unit is AmountUnit.TOTAL_PERCENT:
        return holdings.total_quote / holdings.price if buys else holdings.total_base
    if unit is AmountUnit.AVAILABLE_PERCENT:
        return holdings.available_quote / holdings.price if buys else holdings.available_base
    if unit is AmountUnit.PAIR_ASSETS_PERCENT:
        if holdings.is_margin:
            return holdings.total_base
        return holdings.total_base + holdings.total_quote / holdings.price
    if unit is AmountUnit.POSITION_PERCENT:
        if holdings.position is None:
            raise SettingError("an amount in percent of the position needs a market with positions", remedy="use a%")
        return abs(holdings.position)
    if holdings.traded_assets_value is None:
        raise SettingError("the value of all traded assets is not known", remedy="use s% or a%")
    return holdings.traded_assets_value / holdings.price
