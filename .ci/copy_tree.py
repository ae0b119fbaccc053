# SPDX-License-Identifier: Apache-2.0
"""Bring a copy of the six packages and the root configuration up to date: python .ci/copy_tree.py FOLDER.

Compiled files stay out, and an unchanged file keeps its time stamp, so that the copy rebuilds only what changed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from monorepo import ROOT, packages

BUILT = {".c", ".so", ".pyd", ".pyc"}


def wanted_files(root: Path) -> Iterator[Path]:
    """Relative paths of what belongs into the copy."""
    yield Path("pyproject.toml")
    for package in packages(root=root):
        for file in package.folder.rglob("*"):
            relative = file.relative_to(root)
            built = file.suffix in BUILT or any(part in {"build", "dist"} for part in relative.parts[:2])
            if file.is_file() and not built and not any(part.endswith(".egg-info") for part in relative.parts):
                yield relative


def update(root: Path, folder: Path) -> None:
    """Copy what differs and delete what the original no longer has."""
    wanted = set(wanted_files(root))
    for relative in sorted(wanted):
        source, copy = root / relative, folder / relative
        if not copy.exists() or copy.stat().st_mtime_ns != source.stat().st_mtime_ns:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
    for package in packages(root=folder):
        for file in list(package.folder.rglob("*")):
            relative = file.relative_to(folder)
            if file.is_file() and file.suffix not in BUILT and relative not in wanted and "build" not in relative.parts:
                file.unlink()


if __name__ == "__main__":
    update(ROOT, Path(sys.argv[1]))
