# SPDX-License-Identifier: Apache-2.0
"""Numbers as people write them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext


def get_min_string_from_number(number: float | Decimal, max_digits: int = 8) -> str:
    """The shortest plain text of a number: no exponent, no trailing zeros, at most ``max_digits`` decimals."""
    value = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not value.is_finite():
        return str(value)
    with localcontext() as context:
        context.prec = max(context.prec, abs(value.adjusted()) + max_digits + 2)
        rounded = value.quantize(Decimal(1).scaleb(-max_digits), rounding=ROUND_HALF_EVEN)
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
