# SPDX-License-Identifier: Apache-2.0
"""What a tentacle folder says of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec

from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.configuration.section import convert_section
from octobot_commons.errors import ConfigurationError, OctoBotError, TentacleFolderError

METADATA_FILE = "metadata.json"
#: What is written for this version of OctoBot says so; what says nothing is of OctoBot 2.
OUR_API, OLD_API = 3, 2

_LARGEST = 64 << 10
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*([a-zA-Z.+-][0-9a-zA-Z.+-]*)?")


class Metadata(msgspec.Struct, frozen=True, rename={"requirements": "tentacles-requirements"}):
    """The content of ``metadata.json``; ``tentacles`` are class names, other keys are let through."""

    version: _Text
    tentacles: list[_Text]
    origin_package: str = ""
    requirements: list[_Text] | None = None
    api: int = OLD_API

    @property
    def version_order(self) -> tuple[int, ...]:
        """By which versions are compared."""
        return version_order(self.version)


def version_order(version: str) -> tuple[int, ...]:
    """By which versions are compared: the numbers it begins with; what follows them does not count."""
    numbers = re.match(r"[0-9]+(\.[0-9]+)*", version)
    return tuple(map(int, numbers[0].split("."))) if numbers else ()


def read_metadata(folder: Path) -> Metadata:
    """The metadata of a tentacle folder.

    Raises:
        TentacleFolderError: there is none, or something in it cannot be used: names the file and the field.
    """
    file = folder / METADATA_FILE
    if file.is_file() and file.stat().st_size > _LARGEST:
        raise TentacleFolderError(f"is larger than {_LARGEST:,} bytes", file=file, remedy="it names a few classes only")
    try:
        content = read_json_object(file, ConfigurationError, remedy_if_missing="a tentacle folder needs this file")
    except ConfigurationError as error:
        _refuse(error)
    found = convert_section(content, Metadata, file, "", _refuse)
    _check(found, file)
    return found


def _refuse(error: OctoBotError) -> NoReturn:
    raise TentacleFolderError(
        error.message, file=error.file, field=error.field, row=error.row, remedy=error.remedy
    ) from None


def _check(metadata: Metadata, file: Path) -> None:
    if not metadata.tentacles:
        raise TentacleFolderError("names no class", file=file, field="tentacles", remedy='write ["ClassName"]')
    for index, name in enumerate(metadata.tentacles):
        if not (name.isidentifier() and name.isascii()):
            message = f"{name!r} is no class name"
            raise TentacleFolderError(message, file=file, field=f"tentacles[{index}]", remedy="write the class's name")
    if len(set(metadata.tentacles)) < len(metadata.tentacles):
        raise TentacleFolderError("names a class twice", file=file, field="tentacles", remedy="name it once")
    if not _VERSION.fullmatch(metadata.version):
        message = f"{metadata.version!r} is no version"
        raise TentacleFolderError(message, file=file, field="version", remedy="write one like 1.2.0")
    if metadata.api not in (OLD_API, OUR_API):
        message = f"{metadata.api} is no version of the tentacle API"
        raise TentacleFolderError(message, file=file, field="api", remedy=f"write {OUR_API}, or leave it out")
