# SPDX-License-Identifier: Apache-2.0
"""Which code a run is made by, so that a changed strategy shows."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import machinery, metadata
from pathlib import Path
from typing import Any

PACKAGES = (
    "async_channel", "octobot_commons", "octobot_trading", "octobot_evaluators", "octobot_tentacles", "octobot",
)  # fmt: skip
_CODE = (".py", *machinery.EXTENSION_SUFFIXES)


def code_hashes(tentacles: Iterable[type]) -> dict[str, Any]:
    """Versions and SHA-256 digests: ``packages`` (ours, and those that tentacles and their bases come from) and
    ``tentacles`` (the file that each class stands in).

    A package's digest is over the names and contents of what runs of it: modules and compiled modules. None stands
    where there is no file to read, as for a class made by hand.
    """
    classes = sorted(tentacles, key=lambda one: one.__name__)
    bases = {base.__module__.partition(".")[0] for one in classes for base in one.__mro__}
    others = sorted(bases - sys.stdlib_module_names - {*PACKAGES, "__main__"})
    return {
        "packages": {name: _package(name) for name in (*PACKAGES, *others)},
        "tentacles": {one.__name__: {"module": one.__module__, "sha256": _source_hash(one)} for one in classes},
    }


def _package(name: str) -> dict[str, Any]:
    return {"version": _version(name), "sha256": _package_hash(name)}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name.replace("_", "-") if name in PACKAGES else name)
    except metadata.PackageNotFoundError:
        return None


def _package_hash(name: str) -> str | None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # a module made by hand has no spec
        return None
    if spec is None:
        return None
    if spec.submodule_search_locations is None:
        return _file_hash(Path(spec.origin)) if spec.has_location and spec.origin else None
    digest = hashlib.sha256()
    for folder in spec.submodule_search_locations:
        for file in sorted(_files(folder)):
            name = os.path.relpath(file, folder).replace(os.sep, "/")
            digest.update(f"{name}\0{_file_hash(Path(file))}".encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[str]:
    for inside, _, names in os.walk(folder):
        yield from (os.path.join(inside, name) for name in names if name.endswith(_CODE))


def _source_hash(tentacle: type) -> str | None:
    try:
        return _file_hash(Path(inspect.getfile(tentacle)))
    except (TypeError, OSError):
        return None


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
