# SPDX-License-Identifier: Apache-2.0
"""Plain JSON values for what a report holds, the same text for the same result."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from os import PathLike, fspath
from typing import Any

import numpy as np


def to_jsonable(value: Any) -> Any:
    """``value`` built of dict, list, str, int, float, bool and None only.

    Decimals become strings without exponent, floats stay floats (JSON writes their shortest exact form) but NaN and
    infinity become None, dataclasses become dicts, enums their values, sets sorted lists, anything unknown its
    ``str``.
    """
    if value is None or (isinstance(value, (bool, str)) and not isinstance(value, Enum)):
        return value
    converted = _scalar(value)
    if converted is not _NOT_SCALAR:
        return converted
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(to_jsonable(key)): to_jsonable(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((to_jsonable(item) for item in value), key=str)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [to_jsonable(item) for item in value]
    return str(value)


_NOT_SCALAR = object()


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return to_jsonable(value.value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return to_jsonable(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PathLike):
        return fspath(value)
    return _NOT_SCALAR
