# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import PurePosixPath

import numpy as np
import pytest

from octobot.report import to_jsonable
from octobot_commons.enums import TimeFrames
from octobot_trading.enums import OrderSide


class Level(IntEnum):
    LOW = 1


class Color(Enum):
    RED = Decimal("1.5")


@dataclass
class Point:
    x: Decimal
    y: object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.1, 0.1),
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00"), "0.00"),
        (Decimal("NaN"), None),
        (OrderSide.BUY, "buy"),
        (TimeFrames.ONE_HOUR, "1h"),
        (Level.LOW, 1),
        (Color.RED, "1.5"),
        (np.float64(2.5), 2.5),
        (np.float64("nan"), None),
        (np.int64(7), 7),
        (np.bool_(True), True),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        ((1, [Decimal(2)]), [1, ["2"]]),
        ({"b", "a"}, ["a", "b"]),
        ({TimeFrames.ONE_HOUR: {Level.LOW: None}}, {"1h": {"1": None}}),
        (Point(Decimal(1), (2,)), {"x": "1", "y": [2]}),
        (PurePosixPath("a/b"), "a/b"),
        (datetime(2024, 1, 1, tzinfo=UTC), "2024-01-01T00:00:00+00:00"),
        (1j, "1j"),
    ],
)
def test_to_jsonable(value, expected):
    converted = to_jsonable(value)
    assert converted == expected
    assert type(converted) is type(expected)
