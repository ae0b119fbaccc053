# SPDX-License-Identifier: Apache-2.0
"""Keeps to itself what ccxt does to the Decimals of a process."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext

import pytest


@pytest.fixture(autouse=True)
def own_decimal_context() -> Iterator[None]:
    """ccxt sets the rounding and the traps of whatever context it is called in."""
    with localcontext():
        yield
