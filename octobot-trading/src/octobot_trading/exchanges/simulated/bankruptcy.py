# SPDX-License-Identifier: Apache-2.0
"""Losses that an account could not pay."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bankruptcy:
    """What was lost beyond what there was to lose: the venue's insurance fund paid it, and no balance is negative."""

    time: float
    asset: str
    amount: Decimal
