# SPDX-License-Identifier: Apache-2.0
"""What an evaluator evaluates: its topic, and the cells of the matrix that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from octobot_commons.enums import TimeFrames
from octobot_commons.list_util import deduplicate

if TYPE_CHECKING:
    from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator

#: Cryptocurrencies, symbols and time frames; [None] where somebody is about no particular one.
RegistrationTopic = tuple[list[str], list[Any], list[Any]]


def default_registration_topic(
    evaluator: AbstractEvaluator,
    symbols_by_cryptocurrency: dict[str, list[str]],
    time_frames: list[TimeFrames],
) -> RegistrationTopic:
    """Everything, but for what this instance is limited to."""
    cryptocurrencies = (
        list(symbols_by_cryptocurrency) if evaluator.cryptocurrency is None else [evaluator.cryptocurrency]
    )
    if evaluator.symbol is None:
        symbols = deduplicate(
            [symbol for name in cryptocurrencies for symbol in symbols_by_cryptocurrency.get(name, ())]
        )
    else:
        symbols = [evaluator.symbol]
    return cryptocurrencies, symbols, list(time_frames) if evaluator.time_frame is None else [evaluator.time_frame]


def topic_pairs(topic: RegistrationTopic, symbols_by_cryptocurrency: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The (cryptocurrency, symbol) pairs of a topic that are traded."""
    cryptocurrencies, symbols, _ = topic
    for cryptocurrency in cryptocurrencies:
        for symbol in symbols_by_cryptocurrency.get(cryptocurrency, ()):
            if symbol in symbols:
                yield cryptocurrency, symbol
