# SPDX-License-Identifier: Apache-2.0
"""Checked conversion of one part of a file, with errors that say which part."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from octobot_commons.errors import ProfileError, suggest
from octobot_commons.reporting import Report, raise_at_once

T = TypeVar("T")

#: How alike to one of ours an unknown key must be to count as misspelt: 2.x files hold many keys of no use to us.
_MISSPELT = 0.8
#: Before or behind the point; what nobody means would take all memory once it is written out.
_MOST_DIGITS = 40
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


def convert_section(content: Any, section_type: type[T], file: Path, field: str, report: Report = raise_at_once) -> T:
    """``content``, found at ``field`` of ``file``, as a ``section_type``; what is reported counts as not given.

    Reported as a ``ProfileError``: a value of another type, a missing key, or a key that looks misspelt.
    """
    if isinstance(content, dict):
        _report_misspelt(content, section_type, file, field, report)
    while True:
        try:
            return msgspec.convert(content, section_type)
        except msgspec.ValidationError as error:
            text = str(error)
            at = _AT.search(text)
            path = at["path"] if at else ""
            message = _readable(text[: at.start()] if at else text)
            where = f"{field}{path}" if field else _BARE_DOT.sub("", path)
            unusable = ProfileError(message, file=file, field=where or None, remedy=_remedy(message))
            missing = _MISSING.match(text)
        report(unusable)
        content = _without(content, section_type, missing["key"] if missing else path.removeprefix("."))


def read_number(
    content: Any, file: Path, field: str, default: Decimal = Decimal(0), report: Report = raise_at_once
) -> Decimal:
    """``content``, found at ``field`` of ``file`` and read with ``parse_float=Decimal``, as a Decimal.

    What is no number is reported as a ``ProfileError`` and counts as ``default``.
    """
    if isinstance(content, bool) or not isinstance(content, (int, Decimal)):
        remedy = "write it without quotes" if isinstance(content, str) else "write a number"
        report(ProfileError(f"expected a number, got {content!r}", file=file, field=field, remedy=remedy))
        return default
    number = Decimal(content)
    if number and not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        report(ProfileError(f"{number:E} is no usable number", file=file, field=field, remedy="write a usual number"))
        return default
    return number


def section_keys(section_type: type[Any]) -> list[str]:
    """The keys that are read of such a section."""
    return [encoded.encode_name for encoded in msgspec.structs.fields(section_type)]


def _without(content: Any, section_type: type[Any], key: str) -> dict[str, Any]:
    """The content without what was reported; a required key, always a section, is empty."""
    if not isinstance(content, dict):
        return {}
    required = {one.encode_name for one in msgspec.structs.fields(section_type) if one.required}
    rest = {name: value for name, value in content.items() if name != key}
    return {**rest, key: {}} if key in required else rest


def _report_misspelt(content: dict[str, Any], section_type: type[Any], file: Path, field: str, report: Report) -> None:
    known = section_keys(section_type)
    for key in content:
        if key in known:
            continue
        nearest = suggest(key, known, cutoff=_MISSPELT)
        if nearest is not None and nearest not in content:
            where = f"{field}.{key}" if field else key
            report(ProfileError("unknown key", file=file, field=where, remedy=f"did you mean {nearest}?"))


def _readable(text: str) -> str:
    if match := _EXPECTED.match(text):
        expected = " or ".join(_TYPE_NAMES.get(part, part) for part in match["expected"].split(" | "))
        return f"expected {expected}, got {_TYPE_NAMES.get(match['got'], match['got'])}"
    if match := _MISSING.match(text):
        return f"key {match['key']!r} is missing"
    return _TOO_SHORT if _LENGTH.match(text) else text


def _remedy(message: str) -> str:
    return "add it" if message.endswith("is missing") else "correct its value"
