# SPDX-License-Identifier: Apache-2.0
"""Market data that comes with the package; NOTICE.md says whose it is."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent

#: BTC/USDT on Binance spot, hourly, 2017-08-17 to 2024-04-21.
BTC_USDT_1H = _FOLDER / "BTC_USDT-1h_2017-2024.csv.xz"
