# SPDX-License-Identifier: Apache-2.0
"""Values that several packages agree on."""

from __future__ import annotations

from typing import Final

#: "Nothing evaluated yet". A note that was never set holds this very object.
START_PENDING_EVAL_NOTE: Final = "0"
INIT_EVAL_NOTE: Final = 0

#: True where heavy optional libraries must not be imported. Tentacles ask before importing them.
USE_MINIMAL_LIBS: Final = False

MINUTE_TO_SECONDS: Final = 60
HOURS_TO_SECONDS: Final = 60 * MINUTE_TO_SECONDS
DAYS_TO_SECONDS: Final = 24 * HOURS_TO_SECONDS
MSECONDS_TO_SECONDS: Final = 1000

CONFIG_WILDCARD: Final = "*"

CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT: Final = "required_candles_count"
CONFIG_TIME_FRAME: Final = "time_frame"
CONFIG_CRYPTO_CURRENCIES: Final = "crypto-currencies"
CONFIG_CRYPTO_CURRENCY: Final = "crypto-currency"
CONFIG_REFRESH_RATE: Final = "refresh_rate_seconds"

DEFAULT_REFERENCE_MARKET: Final = "USDT"

#: Of a trading mode's settings: the strategies that it is made for.
CONFIG_REQUIRED_STRATEGIES: Final = "required_strategies"
