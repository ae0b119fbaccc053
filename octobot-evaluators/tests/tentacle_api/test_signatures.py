# SPDX-License-Identifier: Apache-2.0
"""The parameters of what tentacles override and call: names, order, defaults, and what is awaited."""

from __future__ import annotations

import inspect
import math
from typing import NamedTuple

import numpy as np
import pytest
from evaluator_world import RecordingStrategy
from promises import find

from async_channel import ChannelConsumerPriorityLevels
from octobot_commons.logging import BotLogger

_HIGH = ChannelConsumerPriorityLevels.HIGH.value


class Promise(NamedTuple):
    """``parameters`` as a def would have them, without self or cls; values stand for their defaults.

    ``is_open``: others may follow, as keyword arguments with a default.
    """

    path: str
    name: str
    parameters: str
    kind: str = "function"
    is_async: bool = False
    is_open: bool = False
    defaults: dict[str, object] = {}  # noqa: RUF012 - never changed


_EVALUATORS = "octobot_evaluators.evaluators"
_CANDLE = "exchange, exchange_id, cryptocurrency, symbol, time_frame"
_ABOUT = "cryptocurrency=None, symbol=None, time_frame=None, eval_note=None, eval_time=0"
_MATRIX_CALLBACK = (
    "matrix_id, evaluator_name, evaluator_type, eval_note, eval_note_type, eval_note_description, eval_note_metadata,"
    " exchange_name, cryptocurrency, symbol, time_frame"
)
_COLUMNS = ("close", "open", "high", "low", "volume", "time")


def of(name: str, parameters: str, kind: str = "method", is_async: bool = False) -> Promise:
    """A promise about an evaluator."""
    return Promise(_EVALUATORS, name, parameters, kind, is_async)


PROMISES = [
    # what a tentacle overrides
    of("AbstractEvaluator.__init__", "tentacles_setup_config"),
    of("AbstractEvaluator.init_user_inputs", "inputs"),
    of("AbstractEvaluator.get_eval_type", "", "static"),
    of("AbstractEvaluator.start", "bot_id", is_async=True),
    of("AbstractEvaluator.stop", "", is_async=True),
    of("AbstractEvaluator.prepare", "", is_async=True),
    of("AbstractEvaluator.set_default_config", ""),
    of("TAEvaluator.ohlcv_callback", f"{_CANDLE}, candle, inc_in_construction_data", is_async=True),
    of("RealTimeEvaluator.ohlcv_callback", f"{_CANDLE}, candle", is_async=True),
    of("RealTimeEvaluator.kline_callback", f"{_CANDLE}, kline", is_async=True),
    of("RealTimeEvaluator.get_symbol_candles", "exchange_name, exchange_id, symbol, time_frame"),
    of("SocialEvaluator._feed_callback", "*args", is_async=True),
    of("SocialEvaluator.get_current_exchange_time", ""),
    of("SocialEvaluator.get_data_cache", "current_time, key=None"),
    of("StrategyEvaluator.get_default_config", "time_frames=None", "class"),
    of("StrategyEvaluator.matrix_callback", _MATRIX_CALLBACK, is_async=True),
    of("StrategyEvaluator.get_full_cycle_evaluator_types", ""),
    of(
        "StrategyEvaluator.get_available_time_frames",
        "matrix_id, exchange_name=None, tentacle_type=None, cryptocurrency=None, symbol=None, use_cache=True",
    ),
    # what a tentacle uses
    of(
        "AbstractEvaluator.evaluation_completed",
        f"{_ABOUT}, eval_note_description=None, eval_note_metadata=None, notify=True, origin_consumer=None,"
        " cache_client=None, cache_if_available=True",
        is_async=True,
    ),
    of("StrategyEvaluator.strategy_completed", f"{_ABOUT}, notify=True"),
    of("AbstractEvaluator.set_eval_note", "note"),
    of("AbstractEvaluator.get_exchange_symbol_data", "exchange_name, exchange_id, symbol"),
    of("AbstractEvaluator.reset", ""),
    of("AbstractEvaluator._is_in_backtesting", ""),
    of("AbstractEvaluator.enable_reevaluation", ""),
    of("AbstractEvaluator.get_name", "", "class"),
    of(
        "AbstractEvaluator._get_tentacle_registration_topic",
        "all_symbols_by_crypto_currencies, time_frames, real_time_time_frames",
    ),
    of("AbstractEvaluator.save_evaluation_expiration_time", "ttl, changed_time=None"),
    of("AbstractEvaluator.ensure_eval_note_is_not_expired", ""),
    Promise(
        "octobot_commons.user_inputs",
        "UserInputs.user_input",
        "name, input_type, default, inputs, *, min_val=None, max_val=None, options=None, title=None, item_title=None,"
        " other_schema_values=None, editor_options=None, parent_input_name=None, array_indexes=None,"
        " show_in_summary=True, show_in_optimizer=True, order=None",
        "method",
        is_open=True,
    ),
    Promise(
        "octobot_commons.logging",
        "BotLogger.exception",
        "exception, publish_error_if_necessary=True, error_message=None, include_exception_name=True",
        "method",
    ),
    # functions
    Promise("octobot_trading.exchange_channel", "get_chan", "name, exchange_id"),
    Promise(
        "octobot_trading.exchange_channel",
        "ExchangeChannel.new_consumer",
        "callback=None, consumer_instance=None, size=0, priority_level=HIGH, symbol='*', cryptocurrency='*',"
        " **filters",
        "method",
        is_async=True,
        defaults={"HIGH": _HIGH},
    ),
    Promise("octobot_commons.data_util", "drop_nan", "data"),
    Promise("octobot_commons.data_util", "mean", "numbers"),
    Promise("octobot_commons.data_util", "normalize_data", "data"),
    Promise(
        "octobot_commons.data_util",
        "shift_value_array",
        "array, shift_count=-1, fill_value=nan, dtype=float64",
        defaults={"nan": math.nan, "float64": np.float64},
    ),
    Promise(
        "octobot_commons.evaluators_util",
        "check_valid_eval_note",
        "eval_note, eval_type=float, expected_eval_type=None, eval_time=None, expiry_delay=None, current_time=None",
        defaults={"float": float},
    ),
    Promise("octobot_commons.time_frame_manager", "sort_time_frames", "time_frames, reverse=False"),
    Promise(
        "octobot_evaluators.util", "get_eval_time", "full_candle=None, time_frame=None, partial_candle=None, kline=None"
    ),
    Promise(
        "octobot_evaluators.matrix",
        "get_evaluations_by_evaluator",
        "matrix_id, exchange_name=None, tentacle_type=None, cryptocurrency=None, symbol=None, time_frame=None,"
        " allow_missing=True, allowed_values=None",
    ),
    Promise(
        "octobot_evaluators.evaluators.channel",
        "trigger_technical_evaluators_re_evaluation_with_updated_data",
        "matrix_id, evaluator_name, evaluator_type, exchange_name, cryptocurrency, symbol, exchange_id, time_frames",
        is_async=True,
    ),
    *(
        Promise(
            "octobot_trading.api",
            f"get_symbol_{column}_candles",
            "symbol_data, time_frame, limit=-1, include_in_construction=False",
        )
        for column in _COLUMNS
    ),
    *(
        Promise(
            "octobot_trading.exchange_data.ohlcv.candles_manager",
            f"CandlesManager.get_symbol_{column}_candles",
            "limit=-1",
            "method",
            is_open=True,
        )
        for column in _COLUMNS
    ),
    Promise("octobot_trading.api", "get_exchange_current_time", "exchange_manager"),
    Promise("octobot_trading.api", "get_exchange_id_from_matrix_id", "exchange_name, matrix_id"),
    Promise("octobot_trading.api", "get_is_backtesting", "exchange_manager"),
    *(Promise(path, f"get_{what}", "node") for path in ("octobot_evaluators.api", "octobot_evaluators.api.matrix")
      for what in ("value", "type", "time", "description")),
]  # fmt: skip

#: (import path, name, how it is called); what the parameters are named is not promised.
CALLS = [
    ("octobot_trading.api", "get_exchange_manager_from_exchange_name_and_id", ("name", "id")),
    ("octobot_trading.api", "get_portfolio", ("exchange_manager",)),
    ("octobot_trading.api", "get_portfolio_currency", ("exchange_manager", "BTC")),
    ("octobot_trading.api", "get_trade_history", ("exchange_manager",)),
    ("octobot_trading.api", "get_fees", ("exchange_manager", "BTC/USDT")),
    ("octobot_trading.api", "is_trader_simulated", ("exchange_manager",)),
    ("octobot_evaluators.evaluators", "StrategyEvaluator.get_required_time_frames", ("config", "setup")),
    ("octobot_evaluators.evaluators", "StrategyEvaluator.get_required_evaluators", ("setup",)),
    ("octobot_evaluators.evaluators", "StrategyEvaluator.get_default_evaluators", ("setup",)),
    ("octobot_evaluators.evaluators", "StrategyEvaluator.get_compatible_evaluators_types", ("setup",)),
    ("octobot_commons.symbols.symbol_util", "merge_currencies", ("BTC", "USDT")),
]


def promised_signature(promise: Promise) -> inspect.Signature:
    known = {"None": None, **promise.defaults}
    namespace: dict[str, object] = {}
    exec(f"def promised({promise.parameters}): ...", dict(known), namespace)
    return inspect.signature(namespace["promised"])


def own_parameters(promise: Promise) -> list[inspect.Parameter]:
    """Without self or cls."""
    found = find(promise.path, promise.name)
    parameters = list(inspect.signature(found).parameters.values())
    return parameters[1:] if promise.kind == "method" else parameters


def told(parameter: inspect.Parameter) -> tuple[object, ...]:
    default = parameter.default
    is_nan = isinstance(default, float) and math.isnan(default)
    # A member of an enum stands for its value where it equals it, as True does not for 1.
    return parameter.name, parameter.kind, "nan" if is_nan else default, type(default) is bool


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise.path}.{promise.name}")
def test_the_parameters_are_the_promised_ones(promise):
    promised = list(promised_signature(promise).parameters.values())
    own = own_parameters(promise)
    by_keyword = {parameter.name for parameter in promised if parameter.kind is parameter.KEYWORD_ONLY}
    # Of what is given by keyword nobody sees the order.
    more = [parameter for parameter in own if parameter.name not in {each.name for each in promised}]
    assert [told(one) for one in own if one not in more and one.name not in by_keyword] == [
        told(one) for one in promised if one.name not in by_keyword
    ]
    assert {told(one) for one in own if one.name in by_keyword} == {
        told(one) for one in promised if one.name in by_keyword
    }
    assert promise.is_open or not more
    for parameter in more:
        assert parameter.kind is parameter.VAR_KEYWORD or parameter.default is not parameter.empty


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: f"{promise.path}.{promise.name}")
def test_it_is_awaited_or_asked_of_the_class_as_promised(promise):
    *holder, name = promise.name.split(".")
    owner = find(promise.path, ".".join(holder)) if holder else find(promise.path, name)
    static = inspect.getattr_static(owner, name) if holder else owner
    kinds = {"class": classmethod, "static": staticmethod}
    assert isinstance(static, kinds.get(promise.kind, object))
    assert not isinstance(static, classmethod | staticmethod) or promise.kind in kinds
    if promise.is_async:
        assert inspect.iscoroutinefunction(find(promise.path, promise.name))


@pytest.mark.parametrize(("path", "name", "arguments"), [pytest.param(*row, id=row[1]) for row in CALLS])
def test_it_takes_these_arguments(path, name, arguments):
    inspect.signature(find(path, name)).bind(*arguments)


@pytest.mark.parametrize(
    "what", ["required_time_frames", "required_evaluators", "default_evaluators", "compatible_evaluators_types"]
)
def test_what_a_strategy_asks_for_is_asked_of_its_class(what):
    strategy_class = find(_EVALUATORS, "StrategyEvaluator")
    assert isinstance(inspect.getattr_static(strategy_class, f"get_{what}"), classmethod)


async def test_strategy_completed_is_awaited(world):
    (strategy,) = await world.start(RecordingStrategy)
    completed = strategy.strategy_completed("Bitcoin", "BTC/USDT", eval_note=0.5)
    assert inspect.isawaitable(completed)
    await completed


def test_the_logger_of_an_evaluator_is_one_of_these():
    assert isinstance(find(_EVALUATORS, "TAEvaluator")(None).logger, BotLogger)
