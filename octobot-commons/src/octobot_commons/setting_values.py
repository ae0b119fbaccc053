# SPDX-License-Identifier: Apache-2.0
"""Checking one configured value against what its user input declares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import did_you_mean

_EMPTY: dict[UserInputTypes, Any] = {
    UserInputTypes.OBJECT: {},
    UserInputTypes.OBJECT_ARRAY: [],
    UserInputTypes.STRING_ARRAY: [],
    UserInputTypes.MULTIPLE_OPTIONS: [],
}
_EXPECTED = {
    UserInputTypes.INT: "a whole number",
    UserInputTypes.FLOAT: "a number",
    UserInputTypes.BOOLEAN: "true or false",
    UserInputTypes.TEXT: "text",
    UserInputTypes.OBJECT: "an object",
    UserInputTypes.OBJECT_ARRAY: "a list",
    UserInputTypes.STRING_ARRAY: "a list of text",
    UserInputTypes.MULTIPLE_OPTIONS: "a list",
}


class InvalidValueError(ValueError):
    """A value that a setting cannot take, and what to do about it."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class ValueRules:
    """What a value must be. The default is always allowed, even out of range or where it is none of the options."""

    input_type: UserInputTypes
    default: Any = None
    min_val: float | None = None
    max_val: float | None = None
    options: Sequence[Any] | None = None

    def initial_value(self) -> Any:
        """The default as it is stored: a copy, plain JSON; {} or [] for None where the type holds something."""
        default = _EMPTY.get(self.input_type) if self.default is None else self.default
        return plain(default)

    def check(self, value: Any) -> Any:
        """The value to use: ``value`` itself, but floats and whole numbers in their own type.

        Raises:
            InvalidValueError: another type, out of range, or none of the options.
        """
        default = self.initial_value()
        if value is None and default is None:
            return None
        value = self._typed(value)
        if value == default:
            return value
        if self.input_type in (UserInputTypes.INT, UserInputTypes.FLOAT):
            self._check_range(value)
        elif self.input_type is UserInputTypes.OPTIONS:
            self._check_option(value)
        elif self.input_type is UserInputTypes.MULTIPLE_OPTIONS:
            for option in value:
                if option not in default:
                    self._check_option(option)
        return value

    def _typed(self, value: Any) -> Any:
        match self.input_type:
            case UserInputTypes.INT:
                if _is_number(value) and value == int(value):
                    return int(value)
            case UserInputTypes.FLOAT:
                if _is_number(value):
                    return float(value)
            case UserInputTypes.BOOLEAN:
                if isinstance(value, bool):
                    return value
            case UserInputTypes.TEXT:
                if isinstance(value, str):
                    return value
            case UserInputTypes.OBJECT:
                if isinstance(value, dict):
                    return value
            case UserInputTypes.OBJECT_ARRAY | UserInputTypes.MULTIPLE_OPTIONS:
                if isinstance(value, list):
                    return value
            case UserInputTypes.STRING_ARRAY:
                if isinstance(value, list) and all(isinstance(element, str) for element in value):
                    return value
            case _:
                return value
        raise InvalidValueError(f"expected {_EXPECTED[self.input_type]}, got {value!r}", self._like_default())

    def _check_range(self, value: float) -> None:
        if self.min_val is not None and value < self.min_val:
            raise InvalidValueError(f"{value!r} is below the minimum {self.min_val!r}", self._range())
        if self.max_val is not None and value > self.max_val:
            raise InvalidValueError(f"{value!r} is above the maximum {self.max_val!r}", self._range())

    def _range(self) -> str:
        if self.min_val is None:
            return f"at most {self.max_val!r}"
        if self.max_val is None:
            return f"at least {self.min_val!r}"
        return f"from {self.min_val!r} to {self.max_val!r}"

    def _check_option(self, value: Any) -> None:
        if self.options is None:
            return
        options = plain(list(self.options))
        if not any(option == value and isinstance(option, bool) is isinstance(value, bool) for option in options):
            listed = f"options: {', '.join(str(option) for option in options)}" if options else "there are no options"
            texts = [option for option in options if isinstance(option, str)]
            remedy = did_you_mean(value, texts, listed) if isinstance(value, str) else listed
            raise InvalidValueError(f"{value!r} is none of the options", remedy)

    def _like_default(self) -> str | None:
        return None if self.default is None else f"the default is {self.initial_value()!r}"


def plain(value: Any) -> Any:
    """A copy of JSON types only: enum members become their values, tuples and sets lists, Decimals floats."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, dict):
        return {plain(key): plain(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(element) for element in value), key=repr)
    return float(value) if isinstance(value, Decimal) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
