# SPDX-License-Identifier: Apache-2.0
"""Profiles as they are handed on: folders and zip archives, OctoBot 2.x's included.

An archive has the profile's files at its root. What is imported may have them in a folder, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from octobot_commons.archives import read_files, write_folder, write_zip
from octobot_commons.configuration.json_file import json_text, parse_json_object
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.configuration.user_profiles import new_profile_folder, profile_files
from octobot_commons.configuration.validation.credentials import find_credentials, without_credentials
from octobot_commons.errors import ProfileError


@dataclass(frozen=True, slots=True)
class ImportedProfile:
    """``left_out`` are files that stood beside the profile, ``removed_keys`` the fields of API keys."""

    folder: Path
    left_out: tuple[str, ...]
    removed_keys: tuple[str, ...]


def import_profile(source: Path, profile_id: str | None = None, remove_keys: bool = False) -> ImportedProfile:
    """Take over a folder or zip archive as a profile of the user's own, whole or not at all, byte for byte.

    Whatever else it holds is kept. It need not be one that can run: ``validate_profile`` tells.

    Args:
        profile_id: None: the name of its folder, or of the archive.
        remove_keys: leave API keys out of its files, which are refused otherwise.

    Raises:
        ArchiveError: it is damaged, holds links or paths that lead outside, or too much.
        ProfileError: it holds no profile or several, API keys, or a JSON file that nobody can read.
        UserInputError: its name cannot be used, or is taken.
    """
    files = read_files(source)
    prefix = _place_of_profile(files, source)
    own = {name.removeprefix(prefix): content for name, content in files.items() if name.startswith(prefix)}
    folder = new_profile_folder(profile_id or _id_from(source, prefix))
    removed = tuple(_keys_in(own, source))
    own = _shareable(own, source, removed, remove_keys)
    write_folder(own, folder)
    return ImportedProfile(folder, tuple(name for name in files if not name.startswith(prefix)), removed)


def export_profile(name: str, output: Path, overwrite: bool = False, remove_keys: bool = False) -> tuple[str, ...]:
    """Write the profile meant by ``name`` as a zip archive; equal profiles give equal bytes.

    Returns the fields of API keys that were left out.

    Raises:
        ProfileError: there is no such profile, or it holds API keys and they are not to be left out.
        UserInputError: there is such a file and it is not to be overwritten.
    """
    files = profile_files(name)
    removed = tuple(_keys_in(files, Path(name)))
    write_zip(_shareable(files, Path(name), removed, remove_keys), output, overwrite)
    return removed


def _place_of_profile(files: Mapping[str, bytes], source: Path) -> str:
    """The folder of the profile within what was given, "" or ending with "/"."""
    found = [name for name in files if name.rpartition("/")[2] == PROFILE_FILE]
    if not found:
        remedy = f"a profile is a folder that holds {PROFILE_FILE}"
        raise ProfileError(f"it holds no {PROFILE_FILE}", file=source, remedy=remedy)
    highest = min(name.count("/") for name in found)
    first, *others = [name for name in found if name.count("/") == highest]
    if others:
        names = ", ".join(name.removesuffix(f"/{PROFILE_FILE}") for name in (first, *others))
        raise ProfileError(f"it holds several profiles: {names}", file=source, remedy="import them one by one")
    return first.removesuffix(PROFILE_FILE)


def _id_from(source: Path, prefix: str) -> str:
    path = source.resolve()
    name = prefix.removesuffix("/").rpartition("/")[2] or (path.name if path.is_dir() else path.stem)
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or name


def _keys_in(files: Mapping[str, bytes], source: Path) -> Iterator[str]:
    for name, data in files.items():
        if name.endswith(".json"):
            for field in find_credentials(parse_json_object(data, source / name, ProfileError)):
                yield f"{name}: {field}"


def _shareable(files: dict[str, bytes], source: Path, keys: tuple[str, ...], remove_keys: bool) -> dict[str, bytes]:
    if not keys:
        return files
    if not remove_keys:
        name, _, field = keys[0].partition(": ")
        others = f"; so are {', '.join(keys[1:])}" if len(keys) > 1 else ""
        raise ProfileError(f"is a key, and profiles must not carry keys{others}", file=source / name, field=field,
                           remedy="remove it, or have it left out with --remove-keys")  # fmt: skip
    holding = {key.partition(": ")[0] for key in keys}
    cleaned = {
        name: json_text(without_credentials(parse_json_object(files[name], source / name, ProfileError, Decimal)))
        for name in holding
    }
    return {**files, **cleaned}
