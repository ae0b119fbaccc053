# SPDX-License-Identifier: Apache-2.0
"""Folders of tentacles, good ones and such as their authors never meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: What an import would do: tests look for the file.
SIDE_EFFECT = "import pathlib\npathlib.Path(__file__).with_name('imported').touch()\n"
SOURCE = SIDE_EFFECT + 'class Mine(TAEvaluator):\n    """Says nothing."""\n'
GOOD: dict[str, Any] = {"version": "1.2.0", "tentacles": ["Mine"]}


def write_folder(folder: Path, metadata: Any = GOOD, **files: str | bytes) -> Path:
    """A folder with ``metadata`` (bytes as they are, None: without any) and ``mine.py`` where no files are given."""
    folder.mkdir(parents=True)
    if metadata is not None:
        raw = metadata if isinstance(metadata, bytes) else json.dumps(metadata).encode()
        (folder / "metadata.json").write_bytes(raw)
    for name, content in (files or {"mine": SOURCE}).items():
        file = folder / f"{name}.py"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def was_imported(root: Path) -> bool:
    """Whether a source of ``SIDE_EFFECT`` ran somewhere below."""
    return any(root.rglob("imported"))
