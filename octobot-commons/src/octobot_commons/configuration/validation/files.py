# SPDX-License-Identifier: Apache-2.0
"""What the folder holds: keys that must not be there, and what nothing reads."""

from __future__ import annotations

from pathlib import Path

from octobot_commons.archives.names import is_left_behind
from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.profile_file import PROFILE_FILE, unread_keys
from octobot_commons.configuration.tentacles_setup import SPECIFIC_CONFIG_FOLDER, TENTACLES_CONFIG_FILE
from octobot_commons.configuration.user_profiles import PACKAGE_FILE
from octobot_commons.configuration.validation.credentials import find_credentials
from octobot_commons.configuration.validation.problem import Find, Severity
from octobot_commons.errors import ConfigurationError, ProfileError, suggest
from octobot_commons.tentacles_management import TentacleRegistry


def check_files(profile: Profile, registry: TentacleRegistry, find: Find) -> None:
    """Find API keys in any JSON file, keys of profile.json and files that nothing reads."""
    assert profile.path is not None
    for path in sorted(one for one in profile.path.rglob("*") if one.is_file()):
        name = path.relative_to(profile.path).as_posix()
        if is_left_behind(name) or name == PACKAGE_FILE:
            continue
        if path.suffix == ".json":
            _check_json(path, find, is_read=_is_settings_file(name) and profile.tentacles_setup.is_activated(path.stem))
        if _is_settings_file(name):
            _check_settings_file(path, profile, registry, find)
        elif name not in (PROFILE_FILE, TENTACLES_CONFIG_FILE, profile.backtesting.feeds):
            find(ProfileError("nothing reads this file", file=path), Severity.REMARK)


def _is_settings_file(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == SPECIFIC_CONFIG_FOLDER and file.endswith(".json")


def _check_settings_file(path: Path, profile: Profile, registry: TentacleRegistry, find: Find) -> None:
    setup = profile.tentacles_setup
    if setup.is_activated(path.stem):
        return
    message = "its tentacle is not activated, so nothing reads these settings"
    nearest = suggest(path.stem, (name for name in setup.activated_names() if not setup.config_file(name).exists()))
    if nearest is not None and path.stem not in registry:
        message, remedy = "no tentacle has this name, so nothing reads these settings", f"did you mean {nearest}.json?"
        find(ProfileError(message, file=path, remedy=remedy), Severity.WARNING)
    else:
        find(ProfileError(message, file=path), Severity.REMARK)


def _check_json(path: Path, find: Find, is_read: bool) -> None:
    try:
        content = read_json_object(path)
    except ConfigurationError as error:
        if path.name not in (PROFILE_FILE, TENTACLES_CONFIG_FILE) and not is_read:
            find(error, Severity.WARNING)
        return
    for field in find_credentials(content):
        remedy = "remove it: whoever is given the profile would have it, too"
        find(ProfileError("profiles must not carry keys", file=path, field=field, remedy=remedy), Severity.ERROR)
    if path.name == PROFILE_FILE:
        for field in unread_keys(content):
            find(ProfileError("nothing reads this key", file=path, field=field), Severity.REMARK)
