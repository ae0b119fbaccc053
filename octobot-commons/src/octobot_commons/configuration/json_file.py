# SPDX-License-Identifier: Apache-2.0
"""JSON files that people edit by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from octobot_commons.errors import ConfigurationError, EnvironmentFault

_DEEPEST = 50
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class _RefusedError(ValueError):
    """Valid for the parser, but surely not meant."""


def read_json_object(
    path: Path,
    error_class: type[ConfigurationError] = ConfigurationError,
    parse_float: Callable[[str], Any] = float,
    remedy_if_missing: str | None = None,
) -> dict[str, Any]:
    """The JSON object in this file.

    Raises:
        error_class: no such file, no JSON, no object, a key given twice, NaN or Infinity.
        EnvironmentFault: the file exists and cannot be read.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise error_class("no such file", file=path, remedy=remedy_if_missing) from None
    except OSError as error:
        raise EnvironmentFault(f"cannot be read: {error.strerror}", file=path) from error
    return parse_json_object(data, path, error_class, parse_float)


def parse_json_object(
    data: bytes,
    path: Path,
    error_class: type[ConfigurationError] = ConfigurationError,
    parse_float: Callable[[str], Any] = float,
) -> dict[str, Any]:
    """The JSON object in the content of a file.

    Raises:
        error_class: no JSON, no object, a key given twice, a number that nobody can mean, or nested without end.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error_class("is not UTF-8 text", file=path, remedy="save it as UTF-8") from None
    try:
        content = json.loads(
            text, parse_float=parse_float, parse_constant=_refuse_constant, object_pairs_hook=_object_without_twins
        )
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} at column {error.colno}"
        raise error_class(message, file=path, row=error.lineno, remedy="correct this line") from None
    except _RefusedError as error:
        raise error_class(str(error), file=path) from None
    except (ValueError, ArithmeticError, RecursionError):  # numbers of thousands of digits, brackets of thousands
        raise _endless(path, error_class) from None
    if _is_deeper_than(_DEEPEST, content):
        raise _endless(path, error_class)
    if not isinstance(content, dict):
        raise error_class("must hold a JSON object", file=path, remedy="start it with { and end it with }")
    return content


def json_text(content: Any) -> bytes:
    """A content as people edit it; Decimals are numbers with all their digits."""
    return msgspec.json.format(_ENCODER.encode(content), indent=4) + b"\n"


def _endless(path: Path, error_class: type[ConfigurationError]) -> ConfigurationError:
    return error_class("holds numbers or lists without end", file=path, remedy="remove what does not belong to it")


def _is_deeper_than(depth: int, content: Any) -> bool:
    level = [content]
    for _ in range(depth):
        inner: list[Any] = []
        for element in level:
            if isinstance(element, dict):
                inner.extend(element.values())
            elif isinstance(element, list):
                inner.extend(element)
        if not inner:
            return False
        level = inner
    return True


def _refuse_constant(constant: str) -> None:
    raise _RefusedError(f"{constant} is no usable number")


def _object_without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twin = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _RefusedError(f"{twin!r} is given twice in the same object")
    return content
