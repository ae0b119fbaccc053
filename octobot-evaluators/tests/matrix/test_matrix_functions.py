# SPDX-License-Identifier: Apache-2.0
"""The functions that tentacles read and write a matrix with."""

from __future__ import annotations

import pytest

from octobot_commons.clock import SimulatedClock
from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_evaluators import matrix as functions
from octobot_evaluators.api import get_description, get_metadata, get_time, get_type, get_value
from octobot_evaluators.api import matrix as api_matrix
from octobot_evaluators.errors import UnknownMatrixError, UnsetTentacleEvaluation

ID = "functions"
PLACE = ("binance", "TA", "Bitcoin", "BTC/USDT", "1h")


@pytest.fixture(autouse=True)
def matrix():
    yield functions.create_matrix(ID, SimulatedClock(1000.0), 10.0)
    functions.delete_matrix(ID)


def path(name="Rsi", time_frame="1h", symbol="BTC/USDT"):
    return functions.get_matrix_default_value_path(name, "TA", "binance", "Bitcoin", symbol, time_frame)


def test_absent_parts_are_skipped():
    assert path() == ["binance", "TA", "Rsi", "Bitcoin", "BTC/USDT", "1h"]
    assert functions.get_matrix_default_value_path("News", "SOCIAL", symbol="BTC/USDT") == [
        "SOCIAL",
        "News",
        "BTC/USDT",
    ]
    assert functions.get_tentacle_path(tentacle_type="TA") == ["TA"]
    assert functions.get_tentacle_value_path(cryptocurrency="Bitcoin", time_frame="1h") == ["Bitcoin", "1h"]


def test_what_is_written_is_read():
    functions.set_tentacle_value(ID, path(), float, 0.5, 999.0, "words", {"why": 1})
    assert functions.get_tentacle_value(ID, path()) == 0.5
    assert functions.get_tentacle_eval_time(ID, path()) == 999.0
    node = functions.get_tentacle_node(ID, path())
    assert (get_value(node), get_type(node), get_time(node)) == (0.5, float, 999.0)
    assert (get_description(node), get_metadata(node)) == ("words", {"why": 1})
    assert api_matrix.get_value is get_value


def test_what_is_not_there_is_none():
    assert functions.get_tentacle_value(ID, path()) is None
    assert functions.get_tentacle_node(ID, path()) is None
    assert functions.get_tentacle_eval_time(ID, path()) is None
    assert functions.get_latest_eval_time(ID, "binance", "TA") is None
    assert functions.delete_tentacle_node(ID, path()) is None
    assert functions.is_tentacle_value_valid(ID, path()) is False
    assert functions.get_tentacle_nodes(ID, "binance", "TA") == []


def test_no_time_means_now(matrix):
    functions.set_tentacle_value(ID, path(), float, 0.5)
    assert functions.get_tentacle_eval_time(ID, path()) == 1000.0


def test_valid_until_the_time_frame_and_the_allowed_delta_are_over(matrix):
    functions.set_tentacle_value(ID, path(), float, 0.5, 1000.0)
    functions.set_tentacle_value(ID, path("Ema", "4h"), float, 0.5, 1000.0)
    matrix.clock.advance_to(4609.0)
    assert functions.is_tentacle_value_valid(ID, path())
    assert not functions.is_tentacle_value_valid(ID, path(), delta=0)
    assert not functions.is_tentacle_value_valid(ID, path(), timestamp=4610.0)
    assert functions.is_tentacles_values_valid(ID, [path(), path("Ema", "4h")])
    matrix.clock.advance_to(4610.0)
    assert not functions.is_tentacles_values_valid(ID, [path(), path("Ema", "4h")])


def test_evaluations_by_evaluator():
    functions.set_tentacle_value(ID, path("Rsi"), float, 0.5)
    functions.set_tentacle_value(ID, path("Ema"), float, START_PENDING_EVAL_NOTE)
    functions.set_tentacle_value(ID, path("Adx", "4h"), float, 0.25)
    assert list(functions.get_evaluations_by_evaluator(ID, *PLACE)) == ["Rsi"]
    allowed = functions.get_evaluations_by_evaluator(
        ID, *PLACE, allow_missing=False, allowed_values=[START_PENDING_EVAL_NOTE]
    )
    assert list(allowed) == ["Rsi", "Ema"]
    with pytest.raises(UnsetTentacleEvaluation, match="Ema has no evaluation for BTC/USDT 1h"):
        functions.get_evaluations_by_evaluator(ID, *PLACE, allow_missing=False)
    assert list(functions.get_evaluations_by_evaluator(ID, "kraken", "TA")) == []


def test_nodes_of_evaluators_and_their_values():
    for name in ("Rsi", "Ema"):
        functions.set_tentacle_value(ID, path(name), float, 0.5)
    nodes = functions.get_tentacle_nodes(ID, "binance", "TA")
    assert [node.key for node in nodes] == ["Rsi", "Ema"]
    assert [node.key for node in functions.get_tentacle_nodes(ID, "binance", "TA", "Ema")] == ["Ema"]
    values = functions.get_tentacles_value_nodes(ID, nodes, "Bitcoin", "BTC/USDT", "1h")
    assert [node.node_value for node in values] == [0.5, 0.5]
    assert functions.get_tentacles_value_nodes(ID, nodes, "Ethereum", "ETH/USDT") == []


def test_what_is_available():
    functions.set_tentacle_value(ID, path("Rsi", "4h"), float, 0.5, 5.0)
    functions.set_tentacle_value(ID, path("Ema", "1h"), float, 0.5, 7.0)
    functions.set_tentacle_value(ID, path("Ema", "1h", "BTC/EUR"), float, 0.5, 9.0)
    place = (ID, "binance", "TA", "Bitcoin", "BTC/USDT")
    assert functions.get_available_time_frames(*place) == ["1h", "4h"]
    assert functions.get_available_symbols(ID, "binance", "Bitcoin") == ["BTC/EUR", "BTC/USDT"]
    assert functions.get_available_symbols(ID, "binance", "Bitcoin", "REAL_TIME") == []
    assert functions.get_latest_eval_time(*place, "1h") == 7.0


def test_matrices_have_their_own_ids():
    with pytest.raises(ValueError, match="already a matrix 'functions'"):
        functions.create_matrix(ID)
    with pytest.raises(UnknownMatrixError, match="no matrix 'other'"):
        functions.get_matrix("other")
    with pytest.raises(UnknownMatrixError):
        functions.matrix_notes_reader("other")
    functions.delete_matrix("other")
