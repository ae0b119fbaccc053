# SPDX-License-Identifier: Apache-2.0
"""Checked conversion of one part of a file, with errors that say which part."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from octobot_commons.errors import OctoBotError, ProfileError, suggest

T = TypeVar("T")

#: How alike to one of ours an unknown key must be to count as misspelt: 2.x files hold many keys of no use to us.
_MISSPELT = 0.8
_AT = re.compile(r" - at `\$(?P<path>.*)`$")
_BARE_DOT = re.compile(r"^\.")
_TYPE_NAMES = {
    "object": "an object",
    "array": "a list",
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "decimal": "a number",
    "null": "nothing",
}
_EXPECTED = re.compile(r"^Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<key>[^`]*)`$")
_LENGTH = re.compile(r"^Expected `str` of length >= 1$")
_TOO_SHORT = "must not be empty"


def convert_section(
    content: Any, section_type: type[T], file: Path, field: str, error_class: type[OctoBotError] = ProfileError
) -> T:
    """``content``, found at ``field`` of ``file``, as a ``section_type``.

    Raises:
        error_class: a value of another type, a missing key, or a key that looks misspelt.
    """
    if isinstance(content, dict) and issubclass(section_type, msgspec.Struct):
        _refuse_misspelt(content, section_type, file, field, error_class)
    try:
        return msgspec.convert(content, section_type)
    except msgspec.ValidationError as error:
        text = str(error)
        at = _AT.search(text)
        path = at["path"] if at else ""
        message = _readable(text[: at.start()] if at else text)
        where = f"{field}{path}" if field else _BARE_DOT.sub("", path)
        raise error_class(message, file=file, field=where or None, remedy=_remedy(message)) from None


def read_number(content: Any, file: Path, field: str) -> Decimal:
    """``content``, found at ``field`` of ``file`` and read with ``parse_float=Decimal``, as a Decimal.

    Raises:
        ProfileError: it is no number.
    """
    if isinstance(content, bool) or not isinstance(content, (int, Decimal)):
        remedy = "write it without quotes" if isinstance(content, str) else "write a number"
        raise ProfileError(f"expected a number, got {content!r}", file=file, field=field, remedy=remedy)
    return Decimal(content)


def _refuse_misspelt(
    content: dict[str, Any],
    section_type: type[msgspec.Struct],
    file: Path,
    field: str,
    error_class: type[OctoBotError],
) -> None:
    known = [encoded.encode_name for encoded in msgspec.structs.fields(section_type)]
    for key in content:
        if key in known:
            continue
        nearest = suggest(key, known, cutoff=_MISSPELT)
        if nearest is not None and nearest not in content:
            where = f"{field}.{key}" if field else key
            raise error_class("unknown key", file=file, field=where, remedy=f"did you mean {nearest}?")


def _readable(text: str) -> str:
    if match := _EXPECTED.match(text):
        expected = " or ".join(_TYPE_NAMES.get(part, part) for part in match["expected"].split(" | "))
        return f"expected {expected}, got {_TYPE_NAMES.get(match['got'], match['got'])}"
    if match := _MISSING.match(text):
        return f"key {match['key']!r} is missing"
    return _TOO_SHORT if _LENGTH.match(text) else text


def _remedy(message: str) -> str:
    return "add it" if message.endswith("is missing") else "correct its value"
