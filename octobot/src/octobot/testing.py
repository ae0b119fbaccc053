# SPDX-License-Identifier: Apache-2.0
"""For the tests of tentacles: run some on recorded candles, without a profile to write."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from octobot.backtesting import BacktestRequest, BacktestResult, run_backtest
from octobot.shipped import BTC_USDT_1H
from octobot_commons.archives.writing import write_into
from octobot_commons.configuration.json_file import json_text
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.configuration.tentacles_setup import (
    ACTIVATION_KEY,
    SPECIFIC_CONFIG_FOLDER,
    TENTACLES_CONFIG_FILE,
)
from octobot_commons.enums import TimeFrames
from octobot_commons.services import FeedEvent, FeedEventStore
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_trading.enums import ExchangeTypes

#: A spring with rises and falls.
DEFAULT_START, DEFAULT_END = "2023-03-01", "2023-04-01"
_CONTRACT = "BTC/USDT:USDT"
_PROFILE: dict[str, Any] = {
    "profile": {"id": "test", "name": "Test"},
    "config": {
        "crypto-currencies": {"Bitcoin": {"enabled": True, "pairs": ["BTC/USDT"]}},
        "exchanges": {"binance": {"enabled": True, "exchange-type": "spot"}},
        "trader-simulator": {"enabled": True, "starting-portfolio": {"USDT": 1000}},
        "trading": {"reference-market": "USDT", "risk": 0.5},
    },
}


def load_tentacle(name: str) -> Any:
    """The class of an installed tentacle or of one in the user's tentacles folder.

    Raises:
        UnknownTentacleError: there is none of this name.
        TentacleLoadError: it cannot be imported.
    """
    return TentacleRegistry.discover().load(name)


def run_tentacles(
    *names: str,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    feeds: Mapping[str, Iterable[FeedEvent]] | None = None,
    data: Path = BTC_USDT_1H,
    time_frames: tuple[TimeFrames, ...] = (),
    start: str = DEFAULT_START,
    end: str = DEFAULT_END,
    seed: int = 0,
    exchange_type: str = "spot",
    leverage: int = 1,
) -> BacktestResult:
    """Backtest these tentacles on recorded candles, with 1,000 USDT and fees of 0.1 %; every note is in the result.

    Args:
        names: evaluators, at least one strategy, and one trading mode.
        settings: by name, in place of the tentacle's own.
        feeds: what each service feed told, by its name, for social evaluators.
        data: a file of candles; default: hourly BTC/USDT.
        time_frames: in place of the strategies' own.
        start, end: ISO dates, UTC.
        exchange_type: "future" takes the candles for those of the contract BTC/USDT:USDT.
        leverage: of futures.

    Raises:
        UserInputError: a name, a setting or the candles cannot be used.
        LookAheadError: a tentacle read what was not known yet.
    """
    with TemporaryDirectory() as folder:
        _write_profile(Path(folder), names, settings or {}, {"exchange-type": exchange_type, "leverage": leverage})
        symbols = (_CONTRACT,) if exchange_type == ExchangeTypes.FUTURE else ()
        request = BacktestRequest(
            folder, data=(data,), symbols=symbols, time_frames=time_frames, start_time=_time(start),
            end_time=_time(end), seed=seed, all_notes=True, feeds=_recorded(Path(folder) / "feeds", feeds),
        )  # fmt: skip
        return asyncio.run(run_backtest(request))


def notes_of(result: BacktestResult, name: str) -> list[Any]:
    """All notes of an evaluator or a strategy, in their order."""
    return [note["note"] for note in result.notes["all"] if note["evaluator"] == name]


def _write_profile(
    folder: Path, names: tuple[str, ...], settings: Mapping[str, Mapping[str, Any]], exchange: dict[str, Any]
) -> None:
    active = {ACTIVATION_KEY: dict.fromkeys(names, True)}
    profile = copy.deepcopy(_PROFILE)
    profile["config"]["exchanges"]["binance"] |= exchange
    files = {PROFILE_FILE: profile, TENTACLES_CONFIG_FILE: active}
    files |= {f"{SPECIFIC_CONFIG_FOLDER}/{name}.json": {**own} for name, own in settings.items()}
    write_into({name: json_text(content) for name, content in files.items()}, folder)


def _recorded(file: Path, feeds: Mapping[str, Iterable[FeedEvent]] | None) -> Path | None:
    if feeds is None:
        return None
    with FeedEventStore(file) as store:
        for name, events in feeds.items():
            for event in events:
                store.append(name, event)
    return file


def _time(day: str) -> float:
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
