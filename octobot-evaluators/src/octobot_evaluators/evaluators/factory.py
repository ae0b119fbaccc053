# SPDX-License-Identifier: Apache-2.0
"""Makes the instances of evaluators: one per cryptocurrency, symbol and time frame, as each class asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import parse_time_frames, sort_time_frames
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.errors import EvaluatorDefinitionError
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.registration import topic_pairs
from octobot_evaluators.matrix.registry import get_matrix

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig
    from octobot_trading.exchanges.exchange_manager import ExchangeManager

_KINDS = list(EvaluatorMatrixTypes)
#: These write a note for each time frame.
_KINDS_ON_CANDLES = (EvaluatorMatrixTypes.TA, EvaluatorMatrixTypes.SCRIPTED)


class Target(NamedTuple):
    """What one instance evaluates, None for everything."""

    cryptocurrency: str | None
    cryptocurrency_name: str | None
    symbol: str | None
    time_frame: TimeFrames | None


def create_evaluators(
    classes: Iterable[type[AbstractEvaluator]],
    *,
    exchange_manager: ExchangeManager,
    matrix_id: str,
    bot_id: str | None,
    tentacles_setup_config: TentaclesSetupConfig,
    symbols_by_cryptocurrency: Mapping[str, Iterable[str]],
    time_frames: Iterable[TimeFrames | str],
    real_time_time_frames: Iterable[TimeFrames | str] | None = None,
    is_awaited: bool = True,
) -> list[AbstractEvaluator]:
    """Create the evaluators of one exchange, with their settings loaded, ready for ``start_evaluator``.

    They come in a fixed order: kind, class name, then what they evaluate, strategies last.

    Args:
        matrix_id: the matrix they write to, which exists already.
        real_time_time_frames: the time frames of real-time evaluators; default: ``time_frames``.
        is_awaited: strategies' cycles wait for all of them from now on; False: from their ``register_cells`` on.

    Raises:
        EvaluatorDefinitionError: a class is of no kind, or of a kind that cannot be run.
        UnknownMatrixError: there is no such matrix.
        SettingError: a setting has an unusable value.
    """
    get_matrix(matrix_id)
    symbols = {name: list(its_symbols) for name, its_symbols in symbols_by_cryptocurrency.items()}
    frames = sort_time_frames(parse_time_frames(time_frames))
    real_time_frames = frames if real_time_time_frames is None else parse_time_frames(real_time_time_frames)
    evaluators = []
    for evaluator_class in sorted(set(classes), key=_sort_key):
        is_real_time = evaluator_class.EVALUATOR_TYPE is EvaluatorMatrixTypes.REAL_TIME
        for target in _targets(evaluator_class, symbols, real_time_frames if is_real_time else frames):
            evaluator = evaluator_class(tentacles_setup_config)
            evaluator.matrix_id = matrix_id
            evaluator.bot_id = bot_id
            evaluator.exchange_name = exchange_manager.exchange_name
            evaluator.cryptocurrency, evaluator.cryptocurrency_name, evaluator.symbol, evaluator.time_frame = target
            evaluator._exchange_manager = exchange_manager
            evaluator.load_config()
            names, its_symbols, its_frames = evaluator._get_tentacle_registration_topic(
                symbols, frames, real_time_frames
            )
            # One that is about no particular time frame has None there.
            its_frames = parse_time_frames(frame for frame in its_frames if frame is not None)
            evaluator._registration_topic = (list(names), list(its_symbols), its_frames)
            evaluators.append(evaluator)
    if is_awaited:
        for evaluator in evaluators:
            register_cells(evaluator, symbols)
    return evaluators


def _sort_key(evaluator_class: type[AbstractEvaluator]) -> tuple[int, str]:
    kind = evaluator_class.EVALUATOR_TYPE
    if kind is None:
        raise EvaluatorDefinitionError(
            f"{evaluator_class.get_name()} is of no kind", remedy="inherit from TAEvaluator or another kind"
        )
    return _KINDS.index(kind), evaluator_class.get_name()


def _targets(
    evaluator_class: type[AbstractEvaluator], symbols: dict[str, list[str]], time_frames: list[TimeFrames]
) -> Iterator[Target]:
    every_time_frame: list[TimeFrames | None] = [None]
    frames = every_time_frame if evaluator_class.get_is_time_frame_wildcard() else time_frames
    for cryptocurrency, name, symbol in _pairs(evaluator_class, symbols):
        for time_frame in frames:
            yield Target(cryptocurrency, name, symbol, time_frame)


def _pairs(
    evaluator_class: type[AbstractEvaluator], symbols: dict[str, list[str]]
) -> Iterator[tuple[str | None, str | None, str | None]]:
    """(cryptocurrency, its name, symbol) of each instance.

    An instance for one symbol knows its cryptocurrency, too, whatever its class says: its notes are about both.
    """
    every_cryptocurrency = evaluator_class.get_is_cryptocurrencies_wildcard()
    every_name = evaluator_class.get_is_cryptocurrency_name_wildcard()
    seen = set()
    if evaluator_class.get_is_symbol_wildcard():
        if every_cryptocurrency and every_name:
            yield None, None, None
            return
        for name in sorted(symbols):
            yield (None if every_cryptocurrency else name), name, None
        return
    for name in sorted(symbols):
        for symbol in sorted(symbols[name]):
            # A symbol may be listed under two cryptocurrencies: one instance is enough unless it is made per each.
            if symbol not in seen or not every_cryptocurrency:
                seen.add(symbol)
                yield name, name, symbol


def register_cells(evaluator: AbstractEvaluator, symbols: Mapping[str, Iterable[str]]) -> None:
    """Let cycles wait for what an evaluator is going to write, in the place of who has written it so far."""
    kind = evaluator.evaluator_type
    if kind == EvaluatorMatrixTypes.STRATEGIES:
        return
    assert evaluator.matrix_id is not None
    cells = [evaluator._get_cell(None, None, None)] if kind == EvaluatorMatrixTypes.SOCIAL else []
    if kind != EvaluatorMatrixTypes.SOCIAL:
        time_frames = evaluator._registration_topic[2] if kind in _KINDS_ON_CANDLES else [None]
        pairs = topic_pairs(evaluator._registration_topic, {name: [*own] for name, own in symbols.items()})
        cells = [evaluator._get_cell(*pair, time_frame) for pair in pairs for time_frame in time_frames]
    get_matrix(evaluator.matrix_id).cycles.register(evaluator, cells)
