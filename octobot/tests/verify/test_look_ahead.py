# SPDX-License-Identifier: Apache-2.0
"""Who looks ahead is caught, and who does not is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from octobot.backtesting import BacktestRequest
from octobot.verify import FindingKind, LookAheadOptions, LookAheadReport, verify_look_ahead
from octobot_commons.enums import TimeFrames

_FRAMES = (TimeFrames.ONE_HOUR, TimeFrames.FOUR_HOURS)

#: How each is caught, at least.
CHEATING = {
    "OpensItsDataFile": FindingKind.READ_AHEAD,
    "FitsOnItsDataFile": FindingKind.READ_AHEAD,
    "ReadsCandlesOfItsFile": FindingKind.READ_AHEAD,
    "CentredWindowOfCopy": FindingKind.READ_AHEAD,
    "ParsesCopy": FindingKind.OUTSIDE,
    "FitsOnShippedSeries": FindingKind.READ_AHEAD,
    "LoadsFromStore": FindingKind.READ_AHEAD,
    "LoadsAheadFromStore": FindingKind.READ_AHEAD,
    "ReadsPartsOfStore": FindingKind.READ_AHEAD,
    "QueriesTheStore": FindingKind.OUTSIDE,
    "AsksAnotherProgram": FindingKind.OUTSIDE,
    "ResamplesAhead": FindingKind.READ_AHEAD,
    "SearchesAllObjects": FindingKind.READ_AHEAD,
    "FutureIndex": FindingKind.FUTURE,
    "CentredWindow": FindingKind.FUTURE,
    "NormalisesOverEverything": FindingKind.FUTURE,
    "ArgmaxOverEverything": FindingKind.FUTURE,
    "FarFuture": FindingKind.FUTURE,
    "HigherTimeFrameBeforeItsClose": FindingKind.FUTURE,
    "KnowsTheEnd": FindingKind.FUTURE,
    "WalksTheTask": FindingKind.FUTURE,
    "RemembersEarlierRun": FindingKind.EARLIER_RUN,
    "SharesBetweenSymbols": FindingKind.EARLIER_RUN,
    "CachesInFile": FindingKind.OUTSIDE,
    "DrawsUnseeded": FindingKind.NOT_REPEATABLE,
    "DrawsFromNumpy": FindingKind.NOT_REPEATABLE,
    "AsksTheWallClock": FindingKind.NOT_REPEATABLE,
    "TradesByTheHourOfDay": FindingKind.NOT_REPEATABLE,
    "DependsOnTheOrderOfSets": FindingKind.NOT_REPEATABLE,
    "KeepsCandlesInConstruction": FindingKind.IN_CONSTRUCTION,
    "AveragesWithTheCandleInConstruction": FindingKind.IN_CONSTRUCTION,
    "BackDates": FindingKind.BACK_DATED,
    "DatesAhead": FindingKind.DATED_AHEAD,
    "MovesTheClock": FindingKind.READ_AHEAD,
    "AdvancesTheClock": FindingKind.READ_AHEAD,
    "NotesBehindTheChannel": FindingKind.FUTURE,
    "DescribesTheFuture": FindingKind.FUTURE,
    "CheatingStrategy": FindingKind.FUTURE,
}


@pytest.fixture(scope="module")
def verify(
    market: dict[str, Path], make_profile: Callable[..., Path], causality_tentacles: object
) -> Callable[..., LookAheadReport]:
    """Verify these tentacles on two symbols and two time frames."""

    def run(
        names: list[str], files: dict[str, str], allowed: tuple[Path, ...] = (), symbols: tuple[str, ...] = ()
    ) -> LookAheadReport:
        settings = {name: {"data_file": str(market[file])} for name, file in files.items()}
        request = BacktestRequest(
            str(make_profile(names, settings)), (market["bitcoin"], market["ether"]), symbols, _FRAMES
        )
        return asyncio.run(verify_look_ahead(request, LookAheadOptions(allowed=allowed)))

    return run


_FILES = {
    "OpensItsDataFile": "bitcoin",
    "FitsOnItsDataFile": "bitcoin",
    "ReadsCandlesOfItsFile": "bitcoin",
    "ResamplesAhead": "bitcoin",
    "CentredWindowOfCopy": "copy",
    "ParsesCopy": "copy",
    "AsksAnotherProgram": "copy",
    "LoadsFromStore": "store",
    "LoadsAheadFromStore": "store",
    "ReadsPartsOfStore": "store",
    "QueriesTheStore": "store",
}


@pytest.fixture(scope="module")
def cheating(verify: Callable[..., LookAheadReport]) -> LookAheadReport:
    return verify([name for name in CHEATING if name != "CheatingStrategy"], _FILES)


@pytest.fixture(scope="module")
def cheating_strategy(verify: Callable[..., LookAheadReport]) -> LookAheadReport:
    return verify(["CheatingStrategy", "LastChange"], {}, symbols=("BTC/USDT",))


@pytest.mark.parametrize("name", CHEATING)
def test_who_cheats_is_caught(name: str, request: pytest.FixtureRequest) -> None:
    report = request.getfixturevalue("cheating_strategy" if name == "CheatingStrategy" else "cheating")
    found = {one.kind for one in report.findings if one.tentacle == name}
    assert CHEATING[name] in found, report.findings


@pytest.fixture(scope="module")
def honest(
    verify: Callable[..., LookAheadReport], market: dict[str, Path], causality_tentacles: dict[str, list[str]]
) -> LookAheadReport:
    shipped = ["RSIMomentumEvaluator", "DoubleMovingAverageTrendEvaluator"]
    files = {"LearnsFromOlderData": "older", "AsksTheStoreForThePast": "store"}
    return verify([*causality_tentacles["honest"], *shipped], files, (market["older"], market["store"]), ("BTC/USDT",))


def test_who_does_not_is_not(honest: LookAheadReport) -> None:
    assert honest.findings == []
    assert honest.affected == []
    assert len(honest.notes) > 30
    assert all(honest.notes.values())
