# SPDX-License-Identifier: Apache-2.0
"""The documents that name files and code name what exists, where they say it is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

_LIVES = ["life-of-a-candle.md", "life-of-an-order.md"]
_DOCS = [
    *_LIVES, "decisions.md", "kill-switch.md", "look-ahead.md", "market-data.md", "matching.md", "performance.md",
    "profiles.md", "protections.md",
]  # fmt: skip
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"^\.?[a-z][\w.-]*/[\w./-]*$")
_NAME = re.compile(r"^[A-Za-z_]\w*(\.[a-z_]\w*)?$")
#: `path`, `Name`: the name is defined in that file.
_PLACED = re.compile(r"`([\w./-]+\.pyx?)`,\s+`([A-Za-z_][\w.]*)`")
#: Folders that make creates: a fresh clone does not have them.
_MADE = {".bench/", ".venv/", "reports/"}
_LINK = re.compile(r"\]\(([^)#:]+)\)")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture
def docs(root: Path) -> Path:
    return root / "octobot" / "docs"


def _parts(document: Path, pattern: re.Pattern[str]) -> list[str]:
    return [part for part in _QUOTED.findall(_text(document)) if pattern.match(part)]


def _names_in(body: list[ast.stmt], prefix: str = "") -> set[str]:
    """Functions, classes and their members (``Class.method``), attributes and enum values included."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(prefix + node.name)
            names |= _names_in(node.body, f"{node.name}.") if isinstance(node, ast.ClassDef) else set()
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(prefix + node.target.id)
        elif isinstance(node, ast.Assign):
            names |= {prefix + target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@cache
def _defined(path: Path) -> set[str]:
    """What a module defines; a compiled one's stub says it."""
    stub = path.with_suffix(".pyi") if path.suffix == ".pyx" else path
    return _names_in(ast.parse(_text(stub)).body)


@cache
def _defined_anywhere(root: Path) -> set[str]:
    files = [file for folder in root.glob("*/src") for kind in ("*.py", "*.pyx") for file in folder.rglob(kind)]
    names = set().union(*(_defined(file) for file in files))
    attributes = {name for file in files for name in re.findall(r"\bself\.(\w+)\b[^=\n]* = ", _text(file))}
    return names | {name.rpartition(".")[2] for name in names} | attributes


@pytest.mark.parametrize("name", _DOCS)
def test_paths_exist(name: str, root: Path, docs: Path) -> None:
    paths = set(_parts(docs / name, _PATH)) - _MADE
    assert [path for path in sorted(paths) if not (root / path).exists()] == []
    assert [link for link in _LINK.findall(_text(docs / name)) if not (docs / link).exists()] == []


def test_every_document_is_held_to_its_paths(docs: Path) -> None:
    assert {document.name for document in docs.glob("*.md")} == set(_DOCS)


@pytest.mark.parametrize("name", _LIVES)
def test_names_are_defined_where_the_lives_say(name: str, root: Path, docs: Path) -> None:
    placed = _PLACED.findall(_text(docs / name))
    assert len(placed) > 12
    assert [(path, part) for path, part in placed if part not in _defined(root / path)] == []


@pytest.mark.parametrize("name", _LIVES)
def test_the_lives_name_code_that_exists(name: str, root: Path, docs: Path) -> None:
    names = set(_parts(docs / name, _NAME))
    assert len(names) > 15
    assert names - _defined_anywhere(root) == set()
