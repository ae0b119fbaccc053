# SPDX-License-Identifier: Apache-2.0
"""Finds what tentacles import."""

from __future__ import annotations

import importlib
from typing import Any


def find(path: str, name: str) -> Any:
    """What a tentacle gets by ``from path import name``, or by its dotted name in there."""
    found = importlib.import_module(path)
    for part in name.split("."):
        found = getattr(found, part)
    return found
