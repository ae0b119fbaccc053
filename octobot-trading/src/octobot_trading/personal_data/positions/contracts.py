# SPDX-License-Identifier: Apache-2.0
"""Formulas of perpetual contracts. Pure functions of Decimals, exact to 60 digits; amounts are in the settlement asset.

A quantity is a number of contracts, negative for a short position. One contract stands for ``market.contract_size`` of
the base asset (linear, settled in quote) or of the quote asset (inverse, settled in base).

Sources: Binance, "How to Calculate PnL and ROI" and "Leverage and Margin of USDⓈ-M / COIN-M Futures"; BitMEX,
"Perpetual Contracts Guide" (inverse contracts); Bybit, "P&L calculations (USDT / Inverse Contract)".
"""

from __future__ import annotations

from decimal import Decimal

from octobot_trading.constants import ONE, ZERO
from octobot_trading.exchanges.market import WIDE, Market

#: Entry prices are kept to this step, as venues keep theirs: what follows from one is exact again.
ENTRY_PRICE_STEP = Decimal("1E-12")


def value(market: Market, quantity: Decimal, price: Decimal) -> Decimal:
    """The notional value of a position, never negative.

    linear: ``|quantity| * contract_size * price``; inverse: ``|quantity| * contract_size / price``
    """
    size = WIDE.multiply(WIDE.abs(quantity), market.contract_size)
    return WIDE.divide(size, price) if market.is_inverse else WIDE.multiply(size, price)


def pnl(market: Market, quantity: Decimal, entry_price: Decimal, exit_price: Decimal) -> Decimal:
    """The profit of a position from one price to another.

    linear: ``quantity * contract_size * (exit - entry)``;
    inverse: ``quantity * contract_size * (1 / entry - 1 / exit)``
    """
    size = WIDE.multiply(quantity, market.contract_size)
    if market.is_inverse:
        moved = WIDE.subtract(exit_price, entry_price)
        return WIDE.divide(WIDE.multiply(size, moved), WIDE.multiply(entry_price, exit_price))
    return WIDE.multiply(size, WIDE.subtract(exit_price, entry_price))


def average_entry_price(
    market: Market, quantity: Decimal, entry_price: Decimal, added: Decimal, price: Decimal
) -> Decimal:
    """The entry price of a position that grows by ``added`` contracts at ``price``.

    linear: the mean weighted by quantity; inverse: the harmonic one, as contracts are worth ``1 / price``.
    """
    if not quantity:
        return price
    whole = WIDE.add(quantity, added)
    if market.is_inverse:
        # whole / (quantity / entry + added / price), divided once so that an exact result is exact
        worth = WIDE.add(WIDE.multiply(quantity, price), WIDE.multiply(added, entry_price))
        average = WIDE.divide(WIDE.multiply(whole, WIDE.multiply(entry_price, price)), worth)
    else:
        paid = WIDE.add(WIDE.multiply(quantity, entry_price), WIDE.multiply(added, price))
        average = WIDE.divide(paid, whole)
    return average.quantize(ENTRY_PRICE_STEP, context=WIDE)


def initial_margin(market: Market, quantity: Decimal, price: Decimal, leverage: Decimal) -> Decimal:
    """``value / leverage``."""
    size = WIDE.multiply(WIDE.abs(quantity), market.contract_size)
    if market.is_inverse:
        return WIDE.divide(size, WIDE.multiply(price, leverage))
    return WIDE.divide(WIDE.multiply(size, price), leverage)


def return_on_margin(profit: Decimal, margin: Decimal) -> Decimal:
    """The profit as a part of the initial margin (ROI, ROE)."""
    return WIDE.divide(profit, margin)


def funding_payment(market: Market, quantity: Decimal, mark_price: Decimal, rate: Decimal) -> Decimal:
    """What a position receives at a funding time, negative when it pays: longs pay shorts while the rate is positive.

    ``-sign(quantity) * value(mark price) * rate``
    """
    size = WIDE.multiply(WIDE.multiply(WIDE.abs(quantity), market.contract_size), rate)
    # Divided last: a rounded value times a rate could miss the step that the exact payment lies on.
    paid = WIDE.divide(size, mark_price) if market.is_inverse else WIDE.multiply(size, mark_price)
    return -paid if quantity > ZERO else paid


def bankruptcy_price(market: Market, quantity: Decimal, entry_price: Decimal, margin: Decimal) -> Decimal | None:
    """The price at which the loss equals the margin; None where no price does.

    linear: ``entry - margin / (quantity * contract_size)``;
    inverse: ``1 / (1 / entry + margin / (quantity * contract_size))``
    """
    share = WIDE.divide(margin, WIDE.multiply(quantity, market.contract_size))
    if market.is_inverse:
        inverse = WIDE.add(WIDE.divide(ONE, entry_price), share)
        return WIDE.divide(ONE, inverse) if inverse > ZERO else None
    price = WIDE.subtract(entry_price, share)
    return price if price > ZERO else None


def margin_ratio(maintenance_margin: Decimal, equity: Decimal) -> Decimal | None:
    """``maintenance margin / equity``: liquidated at 1 and above; None without equity."""
    return WIDE.divide(maintenance_margin, equity) if equity > ZERO else None
