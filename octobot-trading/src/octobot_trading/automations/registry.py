# SPDX-License-Identifier: Apache-2.0
"""The triggers, conditions and actions that installed packages declare."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from octobot_commons.errors import TentacleLoadError
from octobot_trading.automations.parts import AutomationPart

#: Entry points: name = class name, value = "module:Class".
PARTS_GROUP = "octobot.automation_parts"

Part = TypeVar("Part", bound=AutomationPart)


def find_parts(kind: type[Part]) -> dict[str, type[Part]]:
    """Those below ``kind`` by name, sorted.

    Raises:
        TentacleLoadError: one cannot be imported.
    """
    return {name: found for name, found in _all_parts().items() if issubclass(found, kind)}


@cache
def _all_parts() -> dict[str, type[AutomationPart]]:
    # Here, because it costs a third of this package's import time.
    from importlib import metadata

    found: dict[str, type[AutomationPart]] = {}
    for entry_point in sorted(metadata.entry_points(group=PARTS_GROUP), key=lambda one: one.name):
        try:
            found[entry_point.name] = entry_point.load()
        except Exception as error:
            remedy = "repair or remove the package that brings it"
            message = f"part {entry_point.name} of automations cannot be imported: {type(error).__name__}: {error}"
            raise TentacleLoadError(message, remedy=remedy) from error
    return found
