# SPDX-License-Identifier: Apache-2.0
"""Small functions on lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def deduplicate(elements: Iterable[T]) -> list[T]:
    """Each (hashable) element once, in the order of first appearance."""
    return list(dict.fromkeys(elements))
