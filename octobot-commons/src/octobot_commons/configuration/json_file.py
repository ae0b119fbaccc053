# SPDX-License-Identifier: Apache-2.0
"""Reading JSON files that people edit by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from octobot_commons.errors import ConfigurationError, EnvironmentFault


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
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise error_class("no such file", file=path, remedy=remedy_if_missing) from None
    except OSError as error:
        raise EnvironmentFault(f"cannot be read: {error.strerror}", file=path) from error
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
    if not isinstance(content, dict):
        raise error_class("must hold a JSON object", file=path, remedy="start it with { and end it with }")
    return content


def _refuse_constant(constant: str) -> None:
    raise _RefusedError(f"{constant} is no usable number")


def _object_without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        twin = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _RefusedError(f"{twin!r} is given twice in the same object")
    return content
