# SPDX-License-Identifier: Apache-2.0
"""What real-time evaluators have in common that compare the price of the moment with an average."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_tentacles.evaluators.realtime.averages_watcher import Averages, AveragesWatcher
from octobot_tentacles.evaluators.realtime.instant_ma import InstantMAEvaluator

NAN = float("nan")


def test_averages_of_a_hand_computed_case() -> None:
    assert Averages.of(np.array([9.0, 1.0, 2.0, 6.0]), np.array([9.0, 4.0, 4.0, 1.0]), 60.0, 3) == Averages(
        3.0, 3.0, 60.0
    )


@pytest.mark.parametrize(
    ("closes", "volumes"),
    [([1.0], [1.0]), ([1.0, NAN], [1.0, 1.0]), ([1.0, 1.0], [1.0, NAN]), ([0.0, 0.0], [1.0, 1.0])],
)
def test_what_has_no_average(closes: list[float], volumes: list[float]) -> None:
    assert Averages.of(np.array(closes), np.array(volumes), 0.0, 2) is None


def test_a_class_without_a_rule_says_so() -> None:
    with pytest.raises(NotImplementedError, match="AveragesWatcher has no note_of"):
        AveragesWatcher(None).note_of(1.0, 1.0, Averages(1.0, 1.0, 0.0))


async def test_a_note_is_written_when_it_changes_only(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6)
    assert watch.notes == []
    for price in (100.2, 101.0, 102.0, 101.0, 100.2, 99.0):
        await watch.price(price)
    assert [note for _, _, note in watch.notes] == [0.0, -1.0, 0.0, 1.0]
    node = watch.node()
    assert (node.node_value, node.node_value_time) == (1.0, watch.clock.now())


async def test_each_symbol_has_its_own_note(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6)
    await watch.closed(*[5.0] * 6, symbol="ETH/BTC")
    assert await watch.price(102.0) == -1.0
    assert await watch.price(4.0, symbol="ETH/BTC") == 1.0
    assert await watch.price(102.1) == -1.0
    assert [(symbol, note) for _, symbol, note in watch.notes] == [("BTC/USDT", -1.0), ("ETH/BTC", 1.0)]


async def test_history_from_before_the_start_counts(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    ring = watch.manager.get_symbol_data("BTC/USDT").candles("1m").ring
    for minutes in range(6, 0, -1):
        ring.append(watch.clock.now() - 60.0 * minutes, 100.0, 100.0, 100.0, 100.0, 1.0)
    assert await watch.price(102.0) == -1.0


async def test_without_any_candle_there_is_nothing_to_say(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    assert await watch.price(102.0) is None
    assert watch.notes == []


async def test_the_last_word_on_a_candle_after_its_close_is_let_be(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6, 103.0)
    assert watch.note() == -1.0  # compared with the six before it
    closed = [watch.clock.now() - 60.0, 103.0, 103.0, 103.0, 103.0, 1.0]
    await watch.evaluator.kline_callback("binance", "real-time-exchange", "Bitcoin", "BTC/USDT", "1m", closed)
    assert [note for _, _, note in watch.notes] == [-1.0]
    assert await watch.price(100.6) == 0.0  # the average has moved to 100.5


async def test_a_price_that_is_no_number_leaves_the_note_pending(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6)
    assert await watch.price(102.0) == -1.0
    assert await watch.price(NAN) == START_PENDING_EVAL_NOTE
    assert await watch.price(102.0) == -1.0
    assert await watch.price(102.0, volume=NAN) == START_PENDING_EVAL_NOTE
    assert watch.evaluator.failures == 0


async def test_a_close_that_is_no_number_leaves_the_note_pending_until_it_is_out_of_the_average(
    make_watch: Any,
) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6)
    assert await watch.price(102.0) == -1.0
    assert await watch.closed(NAN) == START_PENDING_EVAL_NOTE
    assert await watch.price(102.0) == START_PENDING_EVAL_NOTE
    assert await watch.closed(*[100.0] * 5) == START_PENDING_EVAL_NOTE
    assert await watch.closed(100.0) == START_PENDING_EVAL_NOTE
    assert await watch.price(102.0) == -1.0


async def test_after_a_failure_the_same_note_is_written_again(make_watch: Any) -> None:
    watch = await make_watch(InstantMAEvaluator)
    await watch.closed(*[100.0] * 6)
    assert await watch.price(102.0) == -1.0
    rule, watch.evaluator.note_of = watch.evaluator.note_of, None
    assert await watch.price(102.5) is None
    assert watch.evaluator.failures == 1
    watch.evaluator.note_of = rule
    assert await watch.price(102.5) == -1.0
