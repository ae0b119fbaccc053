# SPDX-License-Identifier: Apache-2.0
"""The user's own profiles: making, copying and deleting them. Those of packages are never changed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from octobot_commons.archives import read_files, write_folder
from octobot_commons.archives.names import fault_of_name
from octobot_commons.configuration.installed_profiles import find_profile, installed_profiles, user_profiles
from octobot_commons.configuration.json_file import json_text, parse_json_object
from octobot_commons.configuration.paths import profiles_folder
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.errors import EnvironmentFault, ProfileError, UserInputError, did_you_mean

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
#: What makes the folder of an installed profile a part of its package.
PACKAGE_FILE = "__init__.py"


def new_profile_folder(profile_id: str) -> Path:
    """Where a new profile of the user's will be.

    Raises:
        UserInputError: the name cannot be that of a folder, or is taken.
    """
    if not _ID.fullmatch(profile_id) or fault_of_name(profile_id):
        remedy = "use up to 64 letters, digits, - and _"
        raise UserInputError(f"{profile_id!r} cannot be the name of a profile", remedy=remedy)
    if profile_id in installed_profiles():
        raise UserInputError(f"an installed profile is called {profile_id}", remedy="choose another name")
    folder = profiles_folder() / profile_id
    # On some systems names that differ in case are the same.
    if any(one.casefold() == profile_id.casefold() for one in user_profiles()) or folder.exists():
        raise UserInputError(f"there is a profile {profile_id}", file=folder, remedy="choose another name")
    return folder


def own_profile_folder(profile_id: str) -> Path:
    """The folder of a profile of the user's own.

    Raises:
        ProfileError: there is none, or it is one of a package's, which nobody changes.
    """
    own = user_profiles()
    if profile_id in own:
        return own[profile_id]
    if profile_id in installed_profiles():
        remedy = f"`octobot profile duplicate {profile_id} NEW` makes one that can be"
        raise ProfileError(f"profile {profile_id} comes with a package and cannot be changed", remedy=remedy)
    listed = f"own profiles: {', '.join(own)}" if own else "there are none yet"
    raise ProfileError(f"no profile {profile_id!r} of your own", remedy=did_you_mean(profile_id, own, listed))


def profile_files(name: str) -> dict[str, bytes]:
    """The files of the profile meant by ``name`` (see ``find_profile``), without what ties it to a package.

    Raises:
        ProfileError: there is no such profile.
        ArchiveError: its folder holds links, or more than a profile needs.
    """
    files = read_files(find_profile(name))
    files.pop(PACKAGE_FILE, None)
    return files


def duplicate_profile(source: str, profile_id: str, title: str | None = None) -> Path:
    """Copy the profile meant by ``source`` to one of the user's own; only id and name change. Returns its folder.

    Raises:
        ProfileError: there is no such profile, or its profile.json cannot be read.
        UserInputError: the new name cannot be used.
    """
    folder = new_profile_folder(profile_id)
    files = profile_files(source)
    write_folder({**files, PROFILE_FILE: _renamed(files, folder, profile_id, title or profile_id)}, folder)
    return folder


def delete_profile(profile_id: str) -> Path:
    """Delete a profile of the user's own; returns where it was.

    Raises:
        ProfileError: see ``own_profile_folder``.
        EnvironmentFault: the disk refuses.
    """
    folder = own_profile_folder(profile_id)
    try:
        if folder.is_symlink():
            folder.unlink()  # what it leads to is not ours
        else:
            # At once gone for whoever looks for profiles.
            with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".deleted", dir=folder.parent) as grave:
                folder.rename(Path(grave, folder.name))
    except OSError as error:
        raise EnvironmentFault(f"cannot be deleted: {error.strerror or error}", file=folder) from error
    return folder


def _renamed(files: Mapping[str, bytes], folder: Path, profile_id: str, title: str) -> bytes:
    content = parse_json_object(files[PROFILE_FILE], folder / PROFILE_FILE, ProfileError, Decimal)
    about = content.get("profile")
    known = about if isinstance(about, dict) else {}
    return json_text({**content, "profile": {**known, "id": profile_id, "name": title}})
