# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

Content = dict[str, Any]


@pytest.fixture
def profile_content() -> Content:
    """A profile.json as OctoBot 2.x writes it."""
    return {
        "config": {
            "crypto-currencies": {
                "Bitcoin": {"enabled": True, "pairs": ["BTC/USDT", "BTC/EUR", "BTC/USDT"]},
                "Ethereum": {"enabled": False, "pairs": ["ETH/USDT"]},
                "Everything": {"enabled": True, "pairs": ["*"], "quote": "BTC", "add": []},
                "Nothing": {"enabled": True, "pairs": []},
            },
            "distribution": "default",
            "exchanges": {
                "binance": {"enabled": True, "exchange-type": "spot", "api-key": "your-api-key-here"},
                "kraken": {"enabled": False},
            },
            "trader": {"enabled": False, "load-trade-history": False},
            "trader-simulator": {
                "enabled": True,
                "fees": {"maker": 0.1, "taker": 0.25},
                "starting-portfolio": {"BTC": 10, "USDT": 1000.123456789012345678},
            },
            "trading": {"paused": False, "reference-market": "USDT", "risk": 0.7},
        },
        "profile": {
            "auto_update": False,
            "avatar": "default_profile.png",
            "complexity": 1,
            "description": "A profile",
            "extra_backtesting_time_frames": ["4h"],
            "id": "daily",
            "imported": False,
            "name": "Daily Trading",
            "origin_url": None,
            "read_only": True,
            "required_trading_tentacles": [],
            "risk": 2,
            "slug": "daily-trading",
            "type": "live",
        },
    }


@pytest.fixture
def tentacles_content() -> Content:
    return {
        "registered_tentacles": {"OctoBot-Default-Tentacles": "https://example.org"},
        "tentacle_activation": {
            "Evaluator": {"RSIMomentumEvaluator": True, "ADXMomentumEvaluator": False},
            "Trading": {"DailyTradingMode": True},
        },
    }


@pytest.fixture
def profile_folder(tmp_path: Path, profile_content: Content, tentacles_content: Content) -> Path:
    folder = tmp_path / "my_profile"
    (folder / "specific_config").mkdir(parents=True)
    write(folder / "profile.json", profile_content)
    write(folder / "tentacles_config.json", tentacles_content)
    write(folder / "specific_config" / "RSIMomentumEvaluator.json", {"period_length": 20})
    return folder


@pytest.fixture
def installed(tmp_path: Path, profile_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package on the path that declares a good profile and two bad ones."""
    site = tmp_path / "site"
    package = site / "profile_package_for_tests"
    shutil.copytree(profile_folder, package / "profiles" / "daily")
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    metadata = site / "profile_package_for_tests-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: profile-package-for-tests\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[octobot.profiles]\n"
        "tests_daily = profile_package_for_tests.profiles.daily\n"
        "tests_empty = profile_package_for_tests.profiles.none\n"
        "tests_gone = package_that_is_gone.profile\n"
    )
    monkeypatch.syspath_prepend(str(site))
    return package / "profiles" / "daily"


def write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")
