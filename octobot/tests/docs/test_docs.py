# SPDX-License-Identifier: Apache-2.0
"""The documents that name files and code name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_DOCS = sorted((_ROOT / "octobot" / "docs").glob("*.md"))
_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"^[a-z.][\w.-]*/[\w./-]*$")
_NAME = re.compile(r"^[A-Za-z_]\w*(\.[a-z_]\w*)?$")


def _sources() -> str:
    folders = [folder / "src" for folder in _ROOT.iterdir() if (folder / "src").is_dir()]
    files = [file for folder in folders for kind in ("*.py", "*.pyx") for file in folder.rglob(kind)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("document", _DOCS, ids=lambda path: path.name)
def test_paths_exist(document: Path) -> None:
    quoted = _QUOTED.findall(document.read_text(encoding="utf-8"))
    # What begins with a dot is made by a command (environments of benchmarks), not part of the tree.
    paths = [path for path in quoted if _PATH.match(path) and not path.startswith(".")]
    assert [path for path in paths if not (_ROOT / path).exists()] == []


@pytest.mark.parametrize("name", ["life-of-a-candle.md", "life-of-an-order.md"])
def test_the_lives_name_code_that_exists(name: str) -> None:
    text = (_ROOT / "octobot" / "docs" / name).read_text(encoding="utf-8")
    sources = _sources()
    quoted = {part for part in _QUOTED.findall(text) if _NAME.match(part)}
    assert len(quoted) > 15
    for part in quoted:
        last = part.rpartition(".")[2]
        defined = rf"(class|def|cdef class|cpdef \w+) {re.escape(last)}\b|\b{re.escape(last)} ?[:=]"
        assert re.search(defined, sources), f"{part} of {name} is defined nowhere"
    assert len([part for part in _QUOTED.findall(text) if _PATH.match(part)]) > 15
