# SPDX-License-Identifier: Apache-2.0
"""Lets a part of a tentacle declare its settings at its own place among the tentacle's."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from os import PathLike
from typing import Any, Protocol

from octobot_commons.enums import UserInputTypes
from octobot_commons.user_inputs import UserInputs


class DeclaresInputs(Protocol):
    """What ``UserInputs`` and ``NestedInputs`` have in common."""

    @property
    def file(self) -> str | PathLike[str] | None:
        """Where the settings were read from, for messages."""

    def user_input(
        self,
        name: str,
        input_type: UserInputTypes | str,
        default: Any,
        inputs: MutableMapping[str, Any] | None,
        **properties: Any,
    ) -> Any:
        """Declare an input and return its value; see ``UserInputs.user_input``."""


class NestedInputs:
    """Declares in the input ``parent_input_name`` that was declared last; ``array_indexes`` are the elements of the
    lists on the way there."""

    def __init__(self, ui: UserInputs, parent_input_name: str, array_indexes: Sequence[int]) -> None:
        self._ui = ui
        self._parent = parent_input_name
        self._indexes = tuple(array_indexes)

    @property
    def file(self) -> str | PathLike[str] | None:
        return self._ui.file

    def user_input(
        self,
        name: str,
        input_type: UserInputTypes | str,
        default: Any,
        inputs: MutableMapping[str, Any] | None = None,
        **properties: Any,
    ) -> Any:
        return self._ui.user_input(
            name, input_type, default, None, parent_input_name=self._parent, array_indexes=self._indexes, **properties
        )
