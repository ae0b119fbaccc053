# SPDX-License-Identifier: Apache-2.0
"""Social evaluators: woken by a feed's signal."""

from __future__ import annotations

from typing import ClassVar

import pytest
from evaluator_world import MATRIX_ID, CloseEvaluator, RecordingStrategy

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.services import ServiceFeed, ServiceFeeds, delete_service_feeds, register_service_feeds
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators import SocialEvaluator
from octobot_evaluators.matrix import get_tentacle_node, matrix_notes_reader

HOUR = 3600.0


class MoodFeed(ServiceFeed):
    latest: ClassVar[MoodFeed]

    async def start(self):
        MoodFeed.latest = self


class MoodEvaluator(SocialEvaluator):
    SERVICE_FEED_CLASS = MoodFeed

    def init_user_inputs(self, inputs):
        self.feed_config["words"] = ["moon"]

    async def _feed_callback(self, data):
        if data is None:
            raise ValueError("no mood")
        self.eval_note = data
        await self.evaluation_completed(self.cryptocurrency, self.symbol, eval_time=self.get_current_exchange_time())


class PerSymbolEvaluator(MoodEvaluator):
    @classmethod
    def get_is_symbol_wildcard(cls):
        return False


@pytest.fixture
async def feeds(world):
    feeds = ServiceFeeds("bot", world.clock, TentaclesSetupConfig(), dispatcher=world.dispatcher)
    register_service_feeds(feeds)
    yield feeds
    await feeds.stop()
    delete_service_feeds("bot")


async def tell(world, data, key=None):
    await MoodFeed.latest.tell(data, key)
    await world.settle()


async def test_a_signal_of_its_feed_wakes_it_and_its_note_a_strategy_at_once(world, feeds):
    _, mood, strategy = await world.start(CloseEvaluator, MoodEvaluator, RecordingStrategy)
    assert MoodFeed.latest.feed_config == {"words": ["moon"]}
    await tell(world.at(100.5), -0.5)
    assert strategy.calls == [("MoodEvaluator", -0.5, None, None)]
    node = get_tentacle_node(MATRIX_ID, ["binance", "SOCIAL", "MoodEvaluator"])
    assert (node.node_value, node.node_value_time) == (-0.5, 100.5 * HOUR)
    assert node.is_valid(1e12), "it lives until it is replaced"
    assert mood.failures == 0


async def test_instances_of_symbols_share_the_feed(world, feeds):
    world.symbols["Bitcoin"].append("BTC/EUR")
    evaluators = await world.start(PerSymbolEvaluator)
    assert [each.symbol for each in evaluators] == ["BTC/EUR", "BTC/USDT"]
    await tell(world, 0.25)
    assert [each.eval_note for each in evaluators] == [0.25, 0.25]
    await evaluators[0].stop_evaluator()
    assert feeds.is_running(MoodFeed)
    await evaluators[1].stop_evaluator()
    assert not feeds.is_running(MoodFeed)


async def test_a_stopped_one_hears_nothing_and_its_note_is_gone(world, feeds):
    mood, _ = await world.start(MoodEvaluator, PerSymbolEvaluator)
    await tell(world, 0.25)
    await mood.stop_evaluator()
    await tell(world, 0.75)
    assert mood.eval_note == 0.25
    assert not get_tentacle_node(MATRIX_ID, ["binance", "SOCIAL", "MoodEvaluator"]).is_set()


async def test_its_failure_is_counted_and_leaves_no_note(world, feeds, caplog):
    (mood,) = await world.start(MoodEvaluator)
    await tell(world, 0.25)
    await tell(world, None)
    assert mood.failures == 1
    assert "MoodEvaluator failed on an evaluation: no mood" in caplog.text
    node = get_tentacle_node(MATRIX_ID, ["binance", "SOCIAL", "MoodEvaluator"])
    assert (node.node_value, node.is_valid(world.clock.now())) == (None, False)


async def test_it_looks_back_at_what_was_known(world, feeds):
    (mood,) = await world.start(MoodEvaluator)
    assert mood.get_data_cache(mood.get_current_exchange_time()) == []
    await tell(world.at(100.5), 0.25, "a")
    await tell(world.at(100.75), 0.5, "b")
    assert mood.get_data_cache(mood.get_current_exchange_time()) == [0.25, 0.5]
    assert mood.get_data_cache(100.6 * HOUR) == [0.25]
    assert mood.get_data_cache(101 * HOUR, key="b") == [0.5]
    assert mood.get_data_cache(100 * HOUR, key="b") == []


async def test_its_note_ends_with_its_time_to_live_and_so_does_a_conclusion(world, feeds):
    class Fading(MoodEvaluator):
        async def _feed_callback(self, data):
            self.save_evaluation_expiration_time(600.0)
            await super()._feed_callback(data)

    class OnSymbol(RecordingStrategy):
        async def matrix_callback(self, *arguments):
            await self.strategy_completed("Bitcoin", "BTC/USDT", eval_note=0.5)

    await world.start(Fading, OnSymbol)
    await tell(world, 0.25)
    reader = matrix_notes_reader(MATRIX_ID)
    world.at(100.1)
    assert reader.get_strategy_notes(MATRIX_ID, "binance", "Bitcoin", "BTC/USDT") == {"OnSymbol": 0.5}
    world.at(100.2)
    assert reader.get_strategy_notes(MATRIX_ID, "binance", "Bitcoin", "BTC/USDT") == {}


async def test_one_without_a_feed_says_what_to_do(world, feeds):
    with pytest.raises(EvaluatorDefinitionError, match=r"listens to no feed \(set SERVICE_FEED_CLASS"):
        await world.start(SocialEvaluator)
    with pytest.raises(NotImplementedError, match="has no _feed_callback"):
        await SocialEvaluator(None)._feed_callback()
