# SPDX-License-Identifier: Apache-2.0
"""The files a user brings along: profiles, which tentacles they activate, and those tentacles' settings."""

from __future__ import annotations

from octobot_commons.configuration.installed_profiles import find_profile, installed_profiles
from octobot_commons.configuration.paths import profiles_folder, tentacles_folder, user_folder
from octobot_commons.configuration.profile import (
    BacktestingConfig,
    CryptoCurrency,
    ExchangeConfig,
    FeesConfig,
    Profile,
    TraderSimulatorConfig,
)
from octobot_commons.configuration.profile_file import load_profile
from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig

__all__ = [
    "BacktestingConfig",
    "CryptoCurrency",
    "ExchangeConfig",
    "FeesConfig",
    "Profile",
    "TentaclesSetupConfig",
    "TraderSimulatorConfig",
    "find_profile",
    "installed_profiles",
    "load_profile",
    "profiles_folder",
    "tentacles_folder",
    "user_folder",
]
