# SPDX-License-Identifier: Apache-2.0
"""Every name that tentacles may import, where they import it from, and the values they rely on."""

from __future__ import annotations

import inspect
from enum import Enum

import pytest
from promises import find

#: Import path → the names that are promised there.
NAMES = {
    "octobot_commons.tentacles_management": "AbstractTentacle",
    "octobot_evaluators.evaluators": (
        "AbstractEvaluator TAEvaluator RealTimeEvaluator SocialEvaluator ScriptedEvaluator StrategyEvaluator"
    ),
    "octobot_commons.constants": (
        "START_PENDING_EVAL_NOTE INIT_EVAL_NOTE USE_MINIMAL_LIBS MINUTE_TO_SECONDS HOURS_TO_SECONDS DAYS_TO_SECONDS"
        " CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT CONFIG_TIME_FRAME CONFIG_CRYPTO_CURRENCIES CONFIG_CRYPTO_CURRENCY"
        " CONFIG_REFRESH_RATE DEFAULT_REFERENCE_MARKET"
    ),
    "octobot_commons.channels_name": "OctoBotTradingChannelsName",
    "octobot_trading.exchange_channel": "get_chan",
    "octobot_commons.enums": (
        "TimeFrames TimeFramesMinutes UserInputTypes UserInputOtherSchemaValuesTypes PriceIndexes PriceStrings"
        " ActivationTopics InitializationEventExchangeTopics"
    ),
    "octobot_commons.data_util": "drop_nan mean normalize_data shift_value_array",
    "octobot_commons.evaluators_util": "check_valid_eval_note",
    "octobot_commons.symbols.symbol_util": "parse_symbol merge_currencies",
    "octobot_commons.time_frame_manager": "sort_time_frames",
    "octobot_commons.list_util": "deduplicate",
    "octobot_commons.logging": "get_logger",
    "octobot_commons.pretty_printer": "get_min_string_from_number",
    "octobot_evaluators.util": "get_eval_time",
    "octobot_evaluators.enums": "EvaluatorMatrixTypes",
    "octobot_evaluators.constants": "EVALUATOR_EVAL_DEFAULT_TYPE STRATEGIES_REQUIRED_TIME_FRAME",
    "octobot_evaluators.errors": "UnsetTentacleEvaluation",
    "octobot_evaluators.matrix": (
        "get_matrix set_tentacle_value get_tentacle_value get_tentacle_node get_tentacle_nodes"
        " get_tentacles_value_nodes get_tentacle_path get_tentacle_value_path get_matrix_default_value_path"
        " get_tentacle_eval_time get_latest_eval_time get_available_symbols get_available_time_frames"
        " is_tentacle_value_valid is_tentacles_values_valid delete_tentacle_node get_evaluations_by_evaluator"
    ),
    "octobot_evaluators.api": "get_value get_type get_time get_description matrix",
    "octobot_evaluators.api.matrix": "get_value get_type get_time get_description",
    "octobot_evaluators.evaluators.channel": "trigger_technical_evaluators_re_evaluation_with_updated_data",
    "octobot_trading.api": (
        "get_symbol_close_candles get_symbol_open_candles get_symbol_high_candles get_symbol_low_candles"
        " get_symbol_volume_candles get_symbol_time_candles get_exchange_current_time get_exchange_id_from_matrix_id"
        " get_exchange_manager_from_exchange_name_and_id get_is_backtesting get_portfolio get_portfolio_currency"
        " get_trade_history get_fees is_trader_simulated"
    ),
}

#: (import path, name, value) of constants.
VALUES = [
    ("octobot_commons.constants", "START_PENDING_EVAL_NOTE", "0"),
    ("octobot_commons.constants", "INIT_EVAL_NOTE", 0),
    ("octobot_commons.constants", "MINUTE_TO_SECONDS", 60),
    ("octobot_commons.constants", "HOURS_TO_SECONDS", 3_600),
    ("octobot_commons.constants", "DAYS_TO_SECONDS", 86_400),
    ("octobot_commons.constants", "CONFIG_TENTACLES_REQUIRED_CANDLES_COUNT", "required_candles_count"),
    ("octobot_commons.constants", "CONFIG_TIME_FRAME", "time_frame"),
    ("octobot_evaluators.constants", "EVALUATOR_EVAL_DEFAULT_TYPE", float),
    ("octobot_evaluators.constants", "STRATEGIES_REQUIRED_TIME_FRAME", "required_time_frames"),
]

_COMMONS = "octobot_commons.enums"
#: (import path, enum, its members with their values; None where only the name is promised).
MEMBERS = [
    (
        _COMMONS,
        "TimeFrames",
        {
            "ONE_MINUTE": "1m",
            "THREE_MINUTES": "3m",
            "FIVE_MINUTES": "5m",
            "FIFTEEN_MINUTES": "15m",
            "THIRTY_MINUTES": "30m",
            "ONE_HOUR": "1h",
            "TWO_HOURS": "2h",
            "THREE_HOURS": "3h",
            "FOUR_HOURS": "4h",
            "SIX_HOURS": "6h",
            "EIGHT_HOURS": "8h",
            "TWELVE_HOURS": "12h",
            "ONE_DAY": "1d",
            "THREE_DAYS": "3d",
            "ONE_WEEK": "1w",
            "ONE_MONTH": "1M",
        },
    ),
    (
        _COMMONS,
        "UserInputTypes",
        dict.fromkeys(
            [
                "INT",
                "FLOAT",
                "BOOLEAN",
                "OPTIONS",
                "MULTIPLE_OPTIONS",
                "TEXT",
                "OBJECT",
                "OBJECT_ARRAY",
                "STRING_ARRAY",
            ],
        ),
    ),
    (_COMMONS, "UserInputOtherSchemaValuesTypes", {"DEPENDENCIES": None}),
    (
        _COMMONS,
        "PriceIndexes",
        {
            "IND_PRICE_TIME": 0,
            "IND_PRICE_OPEN": 1,
            "IND_PRICE_HIGH": 2,
            "IND_PRICE_LOW": 3,
            "IND_PRICE_CLOSE": 4,
            "IND_PRICE_VOL": 5,
        },
    ),
    (
        "octobot_evaluators.enums",
        "EvaluatorMatrixTypes",
        {name: name for name in ["TA", "SOCIAL", "REAL_TIME", "SCRIPTED", "STRATEGIES"]},
    ),
    (
        "octobot_commons.channels_name",
        "OctoBotTradingChannelsName",
        {
            "OHLCV_CHANNEL": "OHLCV",
            "KLINE_CHANNEL": "Kline",
            "TICKER_CHANNEL": "Ticker",
            "RECENT_TRADES_CHANNEL": "RecentTrade",
            "ORDER_BOOK_CHANNEL": "OrderBook",
            "MARK_PRICE_CHANNEL": "MarkPrice",
        },
    ),
]

#: The attributes of an evaluator, of every kind.
ATTRIBUTES = [
    "eval_note",
    "pertinence",
    "logger",
    "matrix_id",
    "bot_id",
    "cryptocurrency",
    "cryptocurrency_name",
    "symbol",
    "exchange_name",
    "time_frame",
    "specific_config",
    "tentacles_setup_config",
    "evaluator_type",
    "UI",
    "consumers",
    "priority_level",
]

#: Kind of evaluator → the value of its type.
KINDS = {
    "TAEvaluator": "TA",
    "RealTimeEvaluator": "REAL_TIME",
    "SocialEvaluator": "SOCIAL",
    "ScriptedEvaluator": "SCRIPTED",
    "StrategyEvaluator": "STRATEGIES",
}


@pytest.mark.parametrize(
    ("path", "name"),
    [pytest.param(path, name, id=f"{path}.{name}") for path, names in NAMES.items() for name in names.split()],
)
def test_a_promised_name_is_where_it_is_imported_from(path, name):
    assert find(path, name) is not None


@pytest.mark.parametrize(("path", "name", "value"), [pytest.param(*row, id=".".join(row[:2])) for row in VALUES])
def test_a_constant_has_its_value(path, name, value):
    assert find(path, name) == value


@pytest.mark.parametrize(
    ("enum", "member", "value"),
    [
        pytest.param((path, enum), member, value, id=f"{enum}.{member}")
        for path, enum, members in MEMBERS
        for member, value in members.items()
    ],
)
def test_a_member_has_its_value(enum, member, value):
    enum_class = find(*enum)
    assert issubclass(enum_class, Enum)
    assert enum_class[member].name == member, "an alias of another member would change who compares"
    assert value is None or enum_class[member].value == value


def test_every_time_frame_has_its_minutes():
    time_frames, minutes = find(_COMMONS, "TimeFrames"), find(_COMMONS, "TimeFramesMinutes")
    assert [minutes[each] for each in time_frames] == [
        *(1, 3, 5, 15, 30),
        *(60, 120, 180, 240, 360, 480, 720),
        *(1440, 4320, 10080, 43200),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_class_chain_of_a_kind_is_exact(kind):
    evaluator_class = find("octobot_evaluators.evaluators", kind)
    tentacle = type("Mine", (evaluator_class,), {})
    assert [each.__name__ for each in tentacle.__mro__] == [
        "Mine",
        kind,
        "AbstractEvaluator",
        "AbstractTentacle",
        "object",
    ]
    assert tentacle.__mro__[3] is find("octobot_commons.tentacles_management", "AbstractTentacle")


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_evaluator_has_its_attributes_from_the_start(kind, attribute):
    evaluator = type("Mine", (find("octobot_evaluators.evaluators", kind),), {})(None)
    assert hasattr(evaluator, attribute)


@pytest.mark.parametrize(("kind", "value"), KINDS.items())
def test_an_evaluator_knows_its_type(kind, value):
    evaluator = find("octobot_evaluators.evaluators", kind)(None)
    assert evaluator.evaluator_type == value
    assert evaluator.get_name() == kind == type(evaluator).get_name(), "the class's name, also at import"


@pytest.mark.parametrize(
    ("kind", "attribute", "value"),
    [
        ("RealTimeEvaluator", "available_time_frame", None),
        ("SocialEvaluator", "SERVICE_FEED_CLASS", None),
        ("SocialEvaluator", "feed_config", {}),
        ("StrategyEvaluator", "strategy_time_frames", []),
        ("AbstractEvaluator", "ALLOW_SUPER_CLASS_CONFIG", False),
    ],
)
def test_a_kind_has_attributes_of_its_own(kind, attribute, value):
    assert getattr(find("octobot_evaluators.evaluators", kind)(None), attribute) == value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["cryptocurrencies", "cryptocurrency_name", "symbol", "time_frame"])
def test_wildcards_are_true_by_default_and_asked_of_the_class(kind, what):
    evaluator_class = find("octobot_evaluators.evaluators", kind)
    name = f"get_is_{what}_wildcard"
    assert isinstance(inspect.getattr_static(evaluator_class, name), classmethod)
    assert getattr(evaluator_class, name)() is True


@pytest.mark.parametrize(
    "attribute", ["node_value", "node_value_time", "node_type", "node_description", "node_metadata"]
)
def test_a_node_has_its_attributes(attribute):
    assert hasattr(find("octobot_evaluators.matrix", "MatrixNode")("1h", 3600.0), attribute)
