# SPDX-License-Identifier: Apache-2.0
"""Changes which tentacles one of the user's profiles activates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from octobot_commons.atomic_file import atomic_file
from octobot_commons.configuration.installed_profiles import installed_profiles
from octobot_commons.configuration.json_file import json_text, read_json_object
from octobot_commons.configuration.tentacles_setup import ACTIVATION_KEY, TENTACLES_CONFIG_FILE, TentaclesSetupConfig
from octobot_commons.errors import ProfileError, did_you_mean


def set_activation(profile: Path, name: str, is_active: bool, category: str | None = None) -> Path:
    """Activate a tentacle in the profile of this folder, or do not; returns the file, all else in which stays.

    Args:
        category: the group that an unknown name is added to; None refuses one that the profile does not name.

    Raises:
        ProfileError: a package's profile, or one whose tentacles_config.json cannot be used or lacks the name.
        EnvironmentFault: the file cannot be written.
    """
    file = profile / TENTACLES_CONFIG_FILE
    if any(folder.resolve() == profile.resolve() for folder in installed_profiles().values()):
        remedy = f"copy it first: `octobot profile duplicate {profile.name} my_{profile.name}`"
        raise ProfileError("this profile belongs to a package and stays as it is", file=file, remedy=remedy)
    known = TentaclesSetupConfig.load(file).activation
    content = read_json_object(file, ProfileError, Decimal)
    section = content[ACTIVATION_KEY]
    places = [group for group in _groups(section) if name in group]
    if not places:
        if category is None:
            nearest = did_you_mean(name, known, "it is not active then")
            raise ProfileError("the profile does not name it", file=file, field=name, remedy=nearest)
        places = [section.setdefault(category, {})]
    for group in places:
        group[name] = is_active
    with atomic_file(file, overwrite=True) as part:
        part.write_bytes(json_text(content))
    return file


def _groups(section: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield section
    for value in section.values():
        if isinstance(value, dict):
            yield from _groups(value)
