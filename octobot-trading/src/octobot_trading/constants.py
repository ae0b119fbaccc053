# SPDX-License-Identifier: Apache-2.0
"""Values that the trading code agrees on."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
ONE_HUNDRED: Final = Decimal(100)

#: For sums of amounts that are kept to one step: one that would have to be rounded is a mistake of ours.
EXACT: Final = Context(prec=60, traps=[Inexact])

#: How many closed candles a ring keeps unless somebody needs more.
DEFAULT_CANDLES_CAPACITY: Final = 1000
