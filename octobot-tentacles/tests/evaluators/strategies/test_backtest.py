# SPDX-License-Identifier: Apache-2.0
"""Strategies in whole backtests: what they conclude from real evaluators, computed again from the notes they had."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

testing = pytest.importorskip("octobot.testing", reason="the octobot package is not installed")

FRAMES = ["1h", "4h", "1d"]
JUMPS = "InstantFluctuationsEvaluator"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))


def run(*names: str, frames: list[str] = FRAMES, **period: str) -> Any:
    strategy = next(name for name in names if name.endswith("StrategyEvaluator"))
    result = testing.run_tentacles(*names, settings={strategy: {"required_time_frames": frames}}, **period)
    assert result.failures == {}
    return result


def conclusions(result: Any) -> list[tuple[float, Any, dict[tuple[str, str | None], Any]]]:
    """(time, conclusion, (evaluator, time frame) → the newest note then) of each conclusion of which all is known.

    What was noted on the history before the start is not in the result.
    """
    known: dict[tuple[str, str | None], Any] = {}
    found = []
    frames = {note["time_frame"] for note in result.notes["all"] if note["type"] == "TA"}
    for note in result.notes["all"]:
        if note["type"] == "STRATEGIES":
            if frames <= {frame for _, frame in known}:
                found.append((note["time"], note["note"], dict(known)))
        else:
            known[note["evaluator"], note["time_frame"]] = note["note"]
    return found


def test_technical_analysis() -> None:
    technical = ("RSIMomentumEvaluator", "DoubleMovingAverageTrendEvaluator")
    result = run(*technical, JUMPS, "TechnicalAnalysisStrategyEvaluator", "DailyTradingMode")
    weights = {"1h": 50, "4h": 50, "1d": 30}
    found = conclusions(result)
    for _, conclusion, known in found:
        groups = [(weights[frame], [known[name, frame] for name in technical]) for frame in FRAMES]
        if isinstance(known.get((JUMPS, None)), float):
            groups.append((50, [known[JUMPS, None]]))
        means = [(weight, sum(notes) / len(notes)) for weight, notes in groups]
        expected = sum(weight * mean for weight, mean in means) / sum(weight for weight, _ in means)
        assert conclusion == pytest.approx(expected)
    assert len(found) > 700
    assert min(note for _, note, _ in found) < -0.3 < 0.3 < max(note for _, note, _ in found)
    assert result.fills


def test_move_signals() -> None:
    trigger, place = "KlingerOscillatorMomentumEvaluator", "BBMomentumEvaluator"
    result = run(trigger, place, JUMPS, "MoveSignalsStrategyEvaluator", "SignalTradingMode")
    found = conclusions(result)
    for _, conclusion, known in found:
        notes = [(known[trigger, frame], known[place, frame]) for frame in FRAMES]
        # a buy (-1) at the lower band (-1) has the whole room
        room = [(1 + (where if move > 0 else -where)) / 2 for move, where in notes]
        expected = sum(weight * move * its for weight, (move, _), its in zip((3, 2, 1), notes, room, strict=True)) / 6
        assert conclusion == pytest.approx(0.0 if abs(notes[0][0]) < 0.5 else expected)
    sides = Counter((note > 0) - (note < 0) for _, note, _ in found)
    assert min(sides[-1], sides[0], sides[1]) > 30
    at_once = Counter(note["time"] for note in result.notes["all"] if note["type"] == "STRATEGIES")
    jumps = {note["time"] for note in result.notes["all"] if note["evaluator"] == JUMPS}
    assert jumps
    assert all(count == 1 + (time in jumps) for time, count in at_once.items()), "a jump has it conclude once more"
    assert result.fills


def test_dip_analyser() -> None:
    dip, confirmation = "RSIWeightMomentumEvaluator", "KlingerOscillatorReversalConfirmationMomentumEvaluator"
    names = (dip, confirmation, JUMPS, "DipAnalyserStrategyEvaluator", "DipAnalyserTradingMode")
    result = run(*names, frames=["1h"])
    found = conclusions(result)
    for _, conclusion, known in found:
        assert known[confirmation, "1h"] is True
        assert conclusion == known[dip, "1h"]
    told = [time for time, _, _ in found]
    confirmed: set[float] = set()
    weights: dict[str, int] = {"volume": 0}
    for note in result.notes["all"]:
        if note["evaluator"] == dip:
            weights = note["note"]
        elif note["evaluator"] == confirmation and note["note"] is True and weights["volume"]:
            confirmed.add(note["time"])
    assert len(told) == len(set(told)) > 10, "each is told once, jumps or not"
    assert set(told) == confirmed
    assert {fill.side.value for fill in result.fills} == {"buy", "sell"}


def test_blank() -> None:
    result = run("RSIMomentumEvaluator", "BlankStrategyEvaluator", "BlankTradingMode", frames=["1h"])
    assert testing.notes_of(result, "BlankStrategyEvaluator") == testing.notes_of(result, "RSIMomentumEvaluator")
    assert len(result.notes["all"]) > 1400
    assert not result.fills
