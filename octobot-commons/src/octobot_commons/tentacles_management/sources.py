# SPDX-License-Identifier: Apache-2.0
"""What a tentacle folder's Python files define, read and never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from octobot_commons.errors import TentacleFolderError
from octobot_commons.tentacles_management.kinds import TentacleKind, kind_of_bases


@dataclass(frozen=True, slots=True)
class DefinedClass:
    """A class at the top of a file; ``module`` is the file's name without its suffix, ``bases`` the last parts of its
    bases' names."""

    name: str
    module: str
    bases: tuple[str, ...]


def defined_classes(folder: Path) -> dict[str, DefinedClass]:
    """By name, the classes of the Python files that stand in ``folder`` itself.

    Of two with one name that of the file named like the folder counts, and that of ``__init__.py`` last.

    Raises:
        TentacleFolderError: a file is no Python; names file and line.
    """
    found: dict[str, DefinedClass] = {}
    for file in sorted(
        folder.glob("*.py"), key=lambda file: (file.stem != folder.name, file.stem == "__init__", file.name)
    ):
        for node in parse(file).body:
            if isinstance(node, ast.ClassDef):
                bases = tuple(filter(None, map(_last_part, node.bases)))
                found.setdefault(node.name, DefinedClass(node.name, file.stem, bases))
    return found


def parse(file: Path) -> ast.Module:
    """The syntax tree of a Python file.

    Raises:
        TentacleFolderError: it is no Python.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a file says that is not run now
            return ast.parse(file.read_bytes(), str(file))
    except SyntaxError as error:
        message = f"is no Python: {error.msg}"
        raise TentacleFolderError(message, file=file, row=error.lineno, remedy="correct this line") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise TentacleFolderError(f"is no usable Python: {str(error) or type(error).__name__}", file=file) from None


def told_kind(name: str, classes: Mapping[str, DefinedClass]) -> TentacleKind | None:
    """The kind of a class as far as its bases tell, those in the same folder followed."""
    return kind_of_bases(_all_bases(name, classes, set()))


def _all_bases(name: str, classes: Mapping[str, DefinedClass], seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    yield name
    if name in classes:
        for base in classes[name].bases:
            yield from _all_bases(base, classes, seen)


def _last_part(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
