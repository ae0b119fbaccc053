# SPDX-License-Identifier: Apache-2.0
"""Finding profiles: the user's own and those that installed packages bring."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from octobot_commons.configuration.paths import profiles_folder
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.errors import ProfileError, did_you_mean
from octobot_commons.logging import get_logger

#: Entry points: name = profile id, value = the package whose folder is the profile's folder.
PROFILES_GROUP = "octobot.profiles"


def installed_profiles() -> dict[str, Path]:
    """Profile id → folder, of the profiles that installed packages declare, by id; imports nothing of them."""
    # Here, because it costs a third of this package's import time.
    from importlib import metadata

    folders = {}
    for entry_point in sorted(metadata.entry_points(group=PROFILES_GROUP), key=lambda found: found.name):
        folder = _folder_of(entry_point.value)
        if folder is None:
            package = entry_point.dist.name if entry_point.dist else "a package"
            get_logger("Profiles").warning(
                "%s declares profile %s in %s, which has no %s",
                package,
                entry_point.name,
                entry_point.value,
                PROFILE_FILE,
            )
        else:
            folders[entry_point.name] = folder
    return folders


def user_profiles() -> dict[str, Path]:
    """Folder name → folder, of the profiles in the user's folder."""
    return {file.parent.name: file.parent for file in sorted(profiles_folder().glob(f"*/{PROFILE_FILE}"))}


def find_profile(name: str) -> Path:
    """The folder of the profile meant by ``name``: a path, one of the user's profiles, else an installed one.

    Raises:
        ProfileError: there is none; the nearest known name is suggested.
    """
    path = Path(name).expanduser()
    if path.name == PROFILE_FILE and path.is_file():
        return path.parent
    if (path / PROFILE_FILE).is_file():
        return path
    known = {**installed_profiles(), **user_profiles()}
    if name in known:
        return known[name]
    listed = f"known profiles: {', '.join(sorted(known))}" if known else "give the path of a profile folder"
    raise ProfileError(f"no profile {name!r}", remedy=did_you_mean(name, known, listed))


def _folder_of(package: str) -> Path | None:
    top, *rest = package.split(".")
    # Only the top package is looked up, which imports nothing; importing would be a strange price for a folder's path.
    spec = importlib.util.find_spec(top)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location, *rest)
        if (folder / PROFILE_FILE).is_file():
            return folder
    return None
