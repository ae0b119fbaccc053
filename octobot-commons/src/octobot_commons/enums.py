# SPDX-License-Identifier: Apache-2.0
"""Names and numbers that files, payloads and tentacles share.

The members with text values are also ``str``, so a time frame works as a key wherever its value does.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class TimeFrames(StrEnum):
    """The length of a candle."""

    ONE_MINUTE = "1m"
    THREE_MINUTES = "3m"
    FIVE_MINUTES = "5m"
    FIFTEEN_MINUTES = "15m"
    THIRTY_MINUTES = "30m"
    ONE_HOUR = "1h"
    TWO_HOURS = "2h"
    THREE_HOURS = "3h"
    FOUR_HOURS = "4h"
    SIX_HOURS = "6h"
    EIGHT_HOURS = "8h"
    TWELVE_HOURS = "12h"
    ONE_DAY = "1d"
    THREE_DAYS = "3d"
    ONE_WEEK = "1w"
    ONE_MONTH = "1M"


#: Minutes of each time frame; a month counts 30 days.
TimeFramesMinutes: dict[TimeFrames, int] = {
    TimeFrames.ONE_MINUTE: 1,
    TimeFrames.THREE_MINUTES: 3,
    TimeFrames.FIVE_MINUTES: 5,
    TimeFrames.FIFTEEN_MINUTES: 15,
    TimeFrames.THIRTY_MINUTES: 30,
    TimeFrames.ONE_HOUR: 60,
    TimeFrames.TWO_HOURS: 120,
    TimeFrames.THREE_HOURS: 180,
    TimeFrames.FOUR_HOURS: 240,
    TimeFrames.SIX_HOURS: 360,
    TimeFrames.EIGHT_HOURS: 480,
    TimeFrames.TWELVE_HOURS: 720,
    TimeFrames.ONE_DAY: 1440,
    TimeFrames.THREE_DAYS: 4320,
    TimeFrames.ONE_WEEK: 10080,
    TimeFrames.ONE_MONTH: 43200,
}


class PriceIndexes(IntEnum):
    """Positions in a candle: open time in seconds, open, high, low, close, volume."""

    IND_PRICE_TIME = 0
    IND_PRICE_OPEN = 1
    IND_PRICE_HIGH = 2
    IND_PRICE_LOW = 3
    IND_PRICE_CLOSE = 4
    IND_PRICE_VOL = 5


class PriceStrings(StrEnum):
    """Names of a candle's columns."""

    STR_PRICE_TIME = "time"
    STR_PRICE_OPEN = "open"
    STR_PRICE_HIGH = "high"
    STR_PRICE_LOW = "low"
    STR_PRICE_CLOSE = "close"
    STR_PRICE_VOL = "vol"


class UserInputTypes(StrEnum):
    """What kind of value a user input takes."""

    INT = "int"
    FLOAT = "float"
    BOOLEAN = "boolean"
    OPTIONS = "options"
    MULTIPLE_OPTIONS = "multiple-options"
    TEXT = "text"
    OBJECT = "object"
    OBJECT_ARRAY = "object-array"
    STRING_ARRAY = "string-array"


class UserInputOtherSchemaValuesTypes(StrEnum):
    """Keys of ``editor_options`` and ``other_schema_values``."""

    DESCRIPTION = "description"
    DEPENDENCIES = "dependencies"


class ActivationTopics(StrEnum):
    """When something is triggered."""

    EVALUATION_CYCLE = "evaluation_cycle"
    FULL_CANDLES = "full_candles"
    IN_CONSTRUCTION_CANDLES = "in_construction_candles"
    RECENT_TRADES = "recent_trades"


class InitializationEventExchangeTopics(StrEnum):
    """What an exchange must have provided before something starts."""

    CANDLES = "candles"
    PRICE = "price"
    ORDER_BOOK = "order_book"
    BALANCE = "balance"
    PROFITABILITY = "profitability"
    ORDERS = "orders"
    TRADES = "trades"
    POSITIONS = "positions"
    CONTRACTS = "contracts"
    FUNDING = "funding"
