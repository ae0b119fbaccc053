# SPDX-License-Identifier: Apache-2.0
"""Tentacles: what all of them share, and how installed ones are found."""

from __future__ import annotations

from octobot_commons.configuration.installed_profiles import installed_profiles
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle
from octobot_commons.tentacles_management.info import TentacleInfo
from octobot_commons.tentacles_management.kinds import TentacleKind
from octobot_commons.tentacles_management.registry import TentacleRegistry

__all__ = ["AbstractTentacle", "TentacleInfo", "TentacleKind", "TentacleRegistry", "installed_profiles"]
