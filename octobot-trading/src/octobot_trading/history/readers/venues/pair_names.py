# SPDX-License-Identifier: Apache-2.0
"""Names of markets that write base and quote without anything between."""

from __future__ import annotations

from collections.abc import Sequence


def split_pair(name: str, quotes: Sequence[str]) -> str | None:
    """``ethgusd`` as ETH/GUSD where GUSD is among the quotes before USD; None where the name ends in none of them."""
    upper = name.upper()
    for quote in quotes:
        if upper.endswith(quote) and upper != quote:
            return f"{upper.removesuffix(quote)}/{quote}"
    return None
