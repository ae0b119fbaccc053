# SPDX-License-Identifier: Apache-2.0
"""A market's rules from the market structure of ccxt.

Fields as in its manual, "Market Structure" and "Precision And Limits". The bounds around a reference price are not
part of it; where ``info`` carries Binance's own filters, they are read from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Any

from octobot_commons.errors import DataError
from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market_limits import AmountRules, ContractTerms, Limits, PercentPrice


class PrecisionMode(IntEnum):
    """How an exchange of ccxt tells steps, under the numbers that ccxt gives them."""

    DECIMAL_PLACES = 2
    TICK_SIZE = 4


def ccxt_rules(market: Mapping[str, Any], precision_mode: int, finest_step: Decimal) -> dict[str, Any]:
    """The fields of a ``Market`` by name. A step that the exchange does not tell is ``finest_step``.

    Raises:
        DataError: a field is missing or no number, or the precision mode is another one.
    """
    symbol = _text(market, "symbol", None)
    reader = _Reader(symbol, PrecisionMode(precision_mode) if precision_mode in set(PrecisionMode) else None)
    limits, precision = market.get("limits") or {}, market.get("precision") or {}
    amounts, costs = reader.limits(limits, "amount"), reader.limits(limits, "cost")
    amount_step = reader.step(precision, "amount") or finest_step
    return {
        "symbol": symbol,
        "base": _text(market, "base", symbol),
        "quote": _text(market, "quote", symbol),
        "amount_step": amount_step,
        "price_tick": reader.step(precision, "price") or finest_step,
        "min_amount": amounts.minimum,
        "max_amount": amounts.maximum,
        "min_cost": costs.minimum,
        "max_cost": costs.maximum,
        "prices": reader.limits(limits, "price"),
        "market_orders": reader.market_orders(limits, amounts, amount_step, _filters(market)),
        "percent_price": reader.percent_price(_filters(market)),
        "contract": reader.contract(market) if market.get("contract") else None,
        "is_active": market.get("active") is not False,
    }


class _Reader:
    """Reads numbers of one symbol's structure; where None stands, nothing is limited."""

    def __init__(self, symbol: str, mode: PrecisionMode | None) -> None:
        if mode is None:
            raise DataError(f"{symbol}: a precision mode that is neither TICK_SIZE nor DECIMAL_PLACES")
        self._symbol = symbol
        self._mode = mode

    def number(self, values: Mapping[str, Any], key: str) -> Decimal | None:
        """A field that is not negative; None where the exchange does not tell it."""
        value = values.get(key)
        if value is None or value == "":
            return None
        try:
            number = Decimal(repr(value) if isinstance(value, float) else str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            raise DataError(f"{self._symbol}: {value!r} is no limit", field=key)
        return number

    def step(self, precision: Mapping[str, Any], key: str) -> Decimal | None:
        """A step; one of 0 is none. Decimal places may be negative: -2 is a step of 100."""
        if self._mode is PrecisionMode.TICK_SIZE:
            return self.number(precision, key) or None
        places = precision.get(key)
        if places is None:
            return None
        if not isinstance(places, int | float) or places != int(places):
            raise DataError(f"{self._symbol}: {places!r} is no number of decimal places", field=key)
        return ONE.scaleb(-int(places))

    def limits(self, limits: Mapping[str, Any], key: str) -> Limits:
        """A minimum and a maximum; a maximum of 0 is none."""
        bounds = limits.get(key) or {}
        return Limits(self.number(bounds, "min") or ZERO, self.number(bounds, "max") or None)

    def market_orders(
        self, limits: Mapping[str, Any], amounts: Limits, step: Decimal, filters: Mapping[str, Mapping[str, Any]]
    ) -> AmountRules | None:
        """The rules of market orders where these are others: they come on top of those of all orders."""
        own = self.limits(limits, "market")
        own_step = self.number(filters.get("MARKET_LOT_SIZE", {}), "stepSize")
        ceilings = [limit for limit in (own.maximum, amounts.maximum) if limit is not None]
        combined = Limits(max(own.minimum, amounts.minimum), min(ceilings, default=None))
        rules = AmountRules(combined, own_step if own_step and own_step > step else None)
        return None if rules == AmountRules(amounts) else rules

    def percent_price(self, filters: Mapping[str, Mapping[str, Any]]) -> PercentPrice | None:
        """Binance's PERCENT_PRICE or PERCENT_PRICE_BY_SIDE."""
        if both := filters.get("PERCENT_PRICE"):
            factors = self._factors(both, "multiplier")
            return PercentPrice(factors, factors)
        if by_side := filters.get("PERCENT_PRICE_BY_SIDE"):
            return PercentPrice(self._factors(by_side, "bidMultiplier"), self._factors(by_side, "askMultiplier"))
        return None

    def _factors(self, values: Mapping[str, Any], prefix: str) -> Limits:
        return Limits(self.number(values, f"{prefix}Down") or ZERO, self.number(values, f"{prefix}Up"))

    def contract(self, market: Mapping[str, Any]) -> ContractTerms:
        """The terms of a contract."""
        size = self.number(market, "contractSize")
        if not size:
            raise DataError(f"{self._symbol}: a contract of unknown size", field="contractSize")
        expiry = self.number(market, "expiry")
        return ContractTerms(
            _text(market, "settle", self._symbol),
            size,
            is_inverse=bool(market.get("inverse")),
            expiry_time=None if expiry is None else float(expiry) / 1000,
        )


def _text(market: Mapping[str, Any], key: str, symbol: str | None) -> str:
    value = market.get(key)
    if not isinstance(value, str) or not value:
        raise DataError(f"a market of ccxt{f' ({symbol})' if symbol else ''} without {key}", field=key)
    return value


def _filters(market: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    info = market.get("info")
    filters = info.get("filters") if isinstance(info, Mapping) else None
    if not isinstance(filters, Iterable):
        return {}
    return {one["filterType"]: one for one in filters if isinstance(one, Mapping) and "filterType" in one}
