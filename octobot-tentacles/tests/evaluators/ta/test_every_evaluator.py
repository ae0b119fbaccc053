# SPDX-License-Identifier: Apache-2.0
"""What every technical evaluator keeps to, whatever it evaluates."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from octobot_commons.constants import START_PENDING_EVAL_NOTE
from octobot_tentacles.indicators import FloatArray

EVALUATORS = {
    entry_point.name: entry_point.value
    for entry_point in metadata.entry_points(group="octobot.tentacles")
    if ".evaluators.ta." in entry_point.value and entry_point.dist is not None
    and entry_point.dist.name == "octobot-tentacles"
}  # fmt: skip
#: (first candle with a note, notes unequal to 0 or False, sum of the notes) of the first 3,000 candles of 2023.
#: Of these the window is part of the definition.
WINDOWED = {"DoubleMovingAverageTrendEvaluator"}
KNOWN: dict[str, list[float]] = json.loads((Path(__file__).parent / "known_notes.json").read_text())

pytestmark = pytest.mark.parametrize("name", sorted(EVALUATORS))


@pytest.fixture
def evaluator(name: str, make_evaluator: Any) -> Any:
    (found,) = (one for one in metadata.entry_points(group="octobot.tentacles") if one.name == name)
    return make_evaluator(found.load())


def columns_of(evaluator: Any, columns: dict[str, FloatArray]) -> list[FloatArray]:
    """What ``note_of`` takes, by the names of its parameters."""
    names = inspect.signature(evaluator.note_of).parameters
    return [columns[{"closes": "close", "highs": "high", "lows": "low", "volumes": "volume"}[name]] for name in names]


def number_of(note: Any) -> float:
    """A note as one number, to compare and to sum."""
    return float(sum(note.values()) if isinstance(note, dict) else note)


def note_at(evaluator: Any, columns: list[FloatArray], end: int, window: int | None = None) -> Any:
    first = 0 if window is None else max(0, end - window)
    return evaluator.note_of(*(column[first:end] for column in columns))


def first_note(evaluator: Any, columns: list[FloatArray]) -> int:
    return next(end for end in range(1, len(columns[0])) if note_at(evaluator, columns, end) is not None)


def waves(count: int) -> dict[str, FloatArray]:
    """Candles that go up and down without end."""
    steps = np.arange(count)
    close = 100.0 + 10.0 * np.sin(steps / 7.0) + 5.0 * np.sin(steps / 31.0)
    return {"close": close, "high": close + 1.0, "low": close - 1.0, "volume": 5.0 + np.cos(steps / 3.0)}


def test_notes_are_of_their_type_and_within_bounds(evaluator: Any, recorded_columns: dict[str, FloatArray]) -> None:
    columns, kind = columns_of(evaluator, recorded_columns), evaluator.get_eval_type()
    for end in range(800, 2000, 3):
        note = note_at(evaluator, columns, end, evaluator.window)
        assert type(note) is kind
        if kind is float:
            assert -1.0 <= note <= 1.0


def test_known_notes_of_recorded_columns(name: str, evaluator: Any, recorded_columns: dict[str, FloatArray]) -> None:
    columns = columns_of(evaluator, recorded_columns)
    notes = [note_at(evaluator, columns, end, evaluator.window) for end in range(1, 3001)]
    numbers = [number_of(note) for note in notes if note is not None]
    figures = [3000 - len(numbers), sum(number != 0.0 for number in numbers), math.fsum(numbers)]
    assert figures == pytest.approx(KNOWN[name], abs=1e-6)


def test_the_window_gives_the_note_of_the_whole_history(
    name: str, evaluator: Any, recorded_columns: dict[str, FloatArray]
) -> None:
    columns = columns_of(evaluator, recorded_columns)
    if name in WINDOWED:
        pytest.skip("what is usual is taken over the window")
    for end in range(evaluator.window + 500, evaluator.window + 2000, 37):
        window, whole = (note_at(evaluator, columns, end, size) for size in (evaluator.window, evaluator.window + 500))
        assert number_of(window) == pytest.approx(number_of(whole), abs=1e-5)


def test_too_few_candles_have_no_note(evaluator: Any) -> None:
    columns = columns_of(evaluator, waves(2 * evaluator.window))
    first = first_note(evaluator, columns)
    assert 2 <= first <= evaluator.window
    assert all(note_at(evaluator, columns, end) is None for end in range(first))
    assert all(note_at(evaluator, columns, end) is not None for end in range(first, first + 50))


async def test_the_channel_gives_the_window(
    evaluator: Any, make_feed: Callable[[Any], Any], recorded_columns: dict[str, FloatArray]
) -> None:
    count = min(990, evaluator.window + 20)
    rows = zip(*(recorded_columns[name][:count] for name in ("open", "high", "low", "close", "volume")), strict=True)
    notes = await make_feed(evaluator).candles(rows)
    columns = columns_of(evaluator, recorded_columns)
    assert notes[0] == START_PENDING_EVAL_NOTE
    assert notes[-1] == note_at(evaluator, columns, count, evaluator.window)
    assert evaluator.failures == 0


@pytest.mark.parametrize("price", [0.1, 1e-8, 68_000.0])
def test_prices_that_do_not_move_are_neutral(evaluator: Any, price: float) -> None:
    count = evaluator.window
    flat = {name: np.full(count, price) for name in ("close", "high", "low")} | {"volume": np.zeros(count)}
    assert number_of(note_at(evaluator, columns_of(evaluator, flat), count)) == 0.0


async def test_a_candle_that_is_no_number_leaves_the_note_pending(
    evaluator: Any, make_feed: Callable[[Any], Any]
) -> None:
    wave = waves(evaluator.window + 1)
    rows = [[close, high, low, close, volume] for close, high, low, volume in zip(*wave.values(), strict=True)]
    feed = make_feed(evaluator)
    await feed.candles(rows[:-1])
    assert evaluator.eval_note != START_PENDING_EVAL_NOTE
    assert (await feed.candles([[math.nan] * 5, rows[-1]])) == [START_PENDING_EVAL_NOTE] * 2
    assert evaluator.failures == 0


async def test_the_candle_in_construction_counts_when_asked_for(
    evaluator: Any, make_feed: Callable[[Any], Any], recorded_columns: dict[str, FloatArray]
) -> None:
    """As if it had closed."""
    feed, count = make_feed(evaluator), min(900, evaluator.window)
    names = ("open", "high", "low", "close", "volume")
    rows = [*zip(*(recorded_columns[name][: count + 1] for name in names), strict=True)]
    await feed.candles(rows[:-1])
    last_closed = [feed.time - 3600.0, *rows[-2]]
    feed.ring.set_construction(feed.time, *rows[-1])
    await evaluator.ohlcv_callback("binance", "exchange", "Bitcoin", "BTC/USDT", "1h", last_closed, True)
    in_construction = evaluator.eval_note
    await feed.candles(rows[-1:])
    assert in_construction == evaluator.eval_note


def test_defaults_complete_the_settings(name: str, evaluator: Any) -> None:
    again = type(evaluator)(None)
    again.load_config()
    assert again.specific_config == evaluator.specific_config
    page = (Path(__file__).parents[3] / "docs" / f"{name}.md").read_text()
    assert [key for key in evaluator.specific_config if f"`{key}`" not in page] == []
