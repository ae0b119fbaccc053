# SPDX-License-Identifier: Apache-2.0
"""Types and constants that several modules share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

#: 2200-01-01: a later time in market data is a unit that was misread.
LATEST_TIME = 7258118400.0
