# SPDX-License-Identifier: Apache-2.0
"""Profiles of tentacles that are installed as a package would be, and data of two symbols."""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from octobot.shipped import BTC_USDT_1H
from octobot_commons.configuration import installed_profiles
from octobot_commons.tentacles_management import AbstractTentacle
from octobot_trading.history import CandleSeries, CandleStore, export_series, read_candles

#: A row of the shipped series, and how many from it on.
FIRST, HOURS = 13_000, 240


def tentacles_in(module: ModuleType) -> list[str]:
    """The names of the tentacles that a module defines, in its order."""
    return [
        name
        for name, found in vars(module).items()
        if inspect.isclass(found) and issubclass(found, AbstractTentacle) and found.__module__ == module.__name__
    ]


@pytest.fixture(scope="package")
def causality_tentacles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """The names of the tentacles beside this file by module; installed, as far as anybody can tell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCTOBOT_HOME", str(tmp_path_factory.mktemp("home")))
        patch.syspath_prepend(Path(__file__).parent)
        from causality_tentacles import cheating, honest, needing

        modules = {"cheating": cheating, "honest": honest, "needing": needing}
        names = {name: tentacles_in(module) for name, module in modules.items()}
        site = tmp_path_factory.mktemp("site")
        package = site / "causality_tentacles-0.1.dist-info"
        package.mkdir()
        (package / "METADATA").write_text("Metadata-Version: 2.1\nName: causality-tentacles\nVersion: 0.1\n")
        lines = [f"{name} = causality_tentacles.{module}:{name}" for module, own in names.items() for name in own]
        (package / "entry_points.txt").write_text("\n".join(["[octobot.tentacles]", *lines]) + "\n")
        patch.syspath_prepend(site)
        yield names


@pytest.fixture(scope="package")
def bitcoin() -> CandleSeries:
    """Some weeks of the shipped candles."""
    whole = read_candles(BTC_USDT_1H)[0]
    return whole.slice(float(whole.open_times[FIRST]), float(whole.open_times[FIRST + HOURS]))


@pytest.fixture(scope="package")
def market(tmp_path_factory: pytest.TempPathFactory, bitcoin: CandleSeries) -> dict[str, Path]:
    """Files of candles: the replayed ones of two symbols, a copy and an older one, and a store that holds the first."""
    folder = tmp_path_factory.mktemp("market")
    whole = read_candles(BTC_USDT_1H)[0]
    other = whole.slice(float(whole.open_times[30_000]), float(whole.open_times[30_000 + HOURS]))
    ether = replace(other, symbol="ETH/USDT", open_times=bitcoin.open_times)
    older = whole.slice(float(whole.open_times[FIRST - 200]), float(bitcoin.open_times[0]))
    files = {
        "bitcoin": _written(bitcoin, folder / "BTC_USDT-1h.csv"),
        "ether": _written(ether, folder / "ETH_USDT-1h.csv"),
        "older": _written(older, folder / "older" / "BTC_USDT-1h.csv"),
        "store": folder / "imported.sqlite",
    }
    files["copy"] = Path(shutil.copy(files["bitcoin"], folder / "BTC_USDT-1h_copy.csv"))
    with CandleStore(files["store"]) as store:
        store.import_series(replace(older, exchange_name="binance"))
        store.import_series(replace(bitcoin, exchange_name="binance"))
    return files


def _written(series: CandleSeries, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    export_series([series], path)
    return path


@pytest.fixture(scope="package")
def make_profile(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A copy of the daily trading profile with these tentacles and settings."""

    def make(names: Iterable[str], settings: dict[str, dict[str, str]] | None = None) -> Path:
        profile = tmp_path_factory.mktemp("profile") / "mine"
        shutil.copytree(installed_profiles()["daily_trading"], profile)
        activated = {"Evaluator": dict.fromkeys([*names, "SimpleStrategyEvaluator"], True)}
        activated["Trading"] = {"DailyTradingMode": True}
        (profile / "tentacles_config.json").write_text(json.dumps({"tentacle_activation": activated}))
        for name, content in (settings or {}).items():
            (profile / "specific_config" / f"{name}.json").write_text(json.dumps(content))
        return profile

    return make
