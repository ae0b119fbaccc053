# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

from octobot_commons import channels_name, constants
from octobot_commons.enums import PriceIndexes, TimeFrames, UserInputOtherSchemaValuesTypes, UserInputTypes


def test_time_frames_are_their_text() -> None:
    assert TimeFrames("1h") is TimeFrames.ONE_HOUR
    assert f"{TimeFrames.ONE_HOUR}" == TimeFrames.ONE_HOUR.value == "1h"
    assert json.dumps({TimeFrames.ONE_HOUR: TimeFrames.ONE_DAY}) == '{"1h": "1d"}'
    assert " ".join(TimeFrames) == "1m 3m 5m 15m 30m 1h 2h 3h 4h 6h 8h 12h 1d 3d 1w 1M"


def test_price_indexes_index_a_candle() -> None:
    candle = [1700000000.0, 1.0, 4.0, 0.5, 2.0, 10.0]
    assert candle[PriceIndexes.IND_PRICE_CLOSE.value] == candle[PriceIndexes.IND_PRICE_CLOSE] == 2.0
    assert [index.value for index in PriceIndexes] == [0, 1, 2, 3, 4, 5]


def test_promised_constants() -> None:
    assert constants.START_PENDING_EVAL_NOTE == "0"
    assert constants.INIT_EVAL_NOTE == 0
    assert constants.CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT == "required_candles_count"
    assert constants.CONFIG_TIME_FRAME == "time_frame"
    assert (constants.MINUTE_TO_SECONDS, constants.HOURS_TO_SECONDS, constants.DAYS_TO_SECONDS) == (60, 3600, 86400)


def test_user_input_names() -> None:
    assert " ".join(member.name for member in UserInputTypes) == (
        "INT FLOAT BOOLEAN OPTIONS MULTIPLE_OPTIONS TEXT OBJECT OBJECT_ARRAY STRING_ARRAY"
    )
    assert UserInputOtherSchemaValuesTypes.DEPENDENCIES.value == "dependencies"


def test_channel_names() -> None:
    assert " ".join(sorted(channels_name.OctoBotTradingChannelsName)) == (
        "Balance BalanceProfitability Funding Kline Liquidations MarkPrice Markets MiniTicker Mode OHLCV OrderBook "
        "OrderBookTicker Orders Positions RecentTrade Ticker Trades"
    )
    assert channels_name.OctoBotEvaluatorsChannelsName.MATRIX_CHANNEL.value == "Matrix"
