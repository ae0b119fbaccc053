# SPDX-License-Identifier: Apache-2.0
"""What a tentacle folder's Python files define, read and never run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from octobot_commons.errors import EnvironmentFault, TentacleFolderError
from octobot_commons.tentacles_management.kinds import TentacleKind, kind_of_bases

#: A syntax tree takes hundreds of times the room of its text.
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class DefinedClass:
    """A class that a file defines when it is imported; ``module`` is the file's name without its suffix, ``bases`` the
    last parts of its bases' names."""

    name: str
    module: str
    bases: tuple[str, ...]
    description: str = ""


def defined_classes(folder: Path) -> dict[str, DefinedClass]:
    """By name, the classes of the Python files that stand in ``folder`` itself.

    Of two with one name that of the file named like the folder counts, and that of ``__init__.py`` last.

    Raises:
        TentacleFolderError: a file is no Python; names file and line.
    """
    found: dict[str, DefinedClass] = {}
    for file in sorted(
        python_files(folder, "*.py"), key=lambda file: (file.stem != folder.name, file.stem == "__init__", file.name)
    ):
        for node in _classes_in(parse(file).body):
            bases = tuple(filter(None, map(_last_part, node.bases)))
            defined = DefinedClass(node.name, file.stem, bases, ast.get_docstring(node) or "")
            found.setdefault(node.name, defined)
    return found


def python_files(folder: Path, pattern: str = "**/*.py") -> list[Path]:
    """Those that can be imported: macOS leaves hidden ones that are something else."""
    return sorted(file for file in folder.glob(pattern) if not file.name.startswith("."))


def parse(file: Path) -> ast.Module:
    """The syntax tree of a Python file.

    Raises:
        TentacleFolderError: it is no Python, or too much of it.
        EnvironmentFault: it cannot be read.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"cannot be read: {error.strerror or error}", file=file) from error
    if len(source) > _LARGEST:
        raise TentacleFolderError(f"is larger than {_LARGEST:,} bytes", file=file, remedy="split it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a file says that is not run now
            return ast.parse(source, str(file))
    except SyntaxError as error:
        message = f"is no Python: {error.msg}"
        raise TentacleFolderError(message, file=file, row=error.lineno, remedy="correct this line") from None
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"is no usable Python: {str(error) or type(error).__name__}"
        raise TentacleFolderError(message, file=file, remedy="correct it, or leave it out") from None


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


def _classes_in(body: list[ast.stmt]) -> Iterator[ast.ClassDef]:
    """Also those that depend on something, such as on a version or on what can be imported."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node
        elif isinstance(node, ast.If | ast.With | ast.Try):
            inner = [*node.body, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]
            inner += [one for handler in getattr(node, "handlers", ()) for one in handler.body]
            yield from _classes_in(inner)


def _last_part(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
