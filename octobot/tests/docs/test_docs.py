# SPDX-License-Identifier: Apache-2.0
"""The documents that name files and code name what exists, where they say it is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_DOCS = sorted((_ROOT / "octobot" / "docs").glob("*.md"))
_LIVES = [document for document in _DOCS if document.name.startswith("life-of-")]
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"^\.?[a-z][\w.-]*/[\w./-]*$")
_NAME = re.compile(r"^[A-Za-z_]\w*(\.[a-z_]\w*)?$")
#: `path`, `Name`: the name is defined in that file.
_PLACED = re.compile(r"`([\w./-]+\.py[x]?)`,\s+`([A-Za-z_][\w.]*)`")
_LINK = re.compile(r"\]\(([^)#:]+)\)")


def _text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


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
def _defined_anywhere() -> set[str]:
    files = [file for folder in _ROOT.glob("*/src") for kind in ("*.py", "*.pyx") for file in folder.rglob(kind)]
    names = set().union(*(_defined(file) for file in files))
    return names | {name.rpartition(".")[2] for name in names} | _assigned_attributes(files)


def _assigned_attributes(files: list[Path]) -> set[str]:
    return {name for file in files for name in re.findall(r"\bself\.(\w+)\b[^=\n]* = ", _text(file))}


@pytest.mark.parametrize("document", _DOCS, ids=lambda path: path.name)
def test_paths_exist(document: Path) -> None:
    assert [path for path in _parts(document, _PATH) if not (_ROOT / path).exists()] == []
    assert [link for link in _LINK.findall(_text(document)) if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", _LIVES, ids=lambda path: path.name)
def test_names_are_defined_where_the_lives_say(document: Path) -> None:
    placed = _PLACED.findall(_text(document))
    assert len(placed) > 12
    assert [(path, name) for path, name in placed if name not in _defined(_ROOT / path)] == []


@pytest.mark.parametrize("document", _LIVES, ids=lambda path: path.name)
def test_the_lives_name_code_that_exists(document: Path) -> None:
    names = _parts(document, _NAME)
    assert len(names) > 15
    assert sorted({name for name in names if name not in _defined_anywhere()}) == []
