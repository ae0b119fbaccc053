# SPDX-License-Identifier: Apache-2.0
"""What the repository's own tools know about its six packages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Every package requires only packages to its left, so building in this order finds every sibling built.
NAMES = (
    "async-channel",
    "octobot-commons",
    "octobot-trading",
    "octobot-evaluators",
    "octobot-tentacles",
    "octobot",
)


@dataclass(frozen=True)
class Package:
    """One of the six distributions; its folder bears its name."""

    name: str
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / self.name

    @property
    def import_name(self) -> str:
        return self.name.replace("-", "_")

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.import_name

    @cached_property
    def project(self) -> dict[str, Any]:
        """The `[project]` table of its pyproject.toml."""
        with (self.folder / "pyproject.toml").open("rb") as file:
            table: dict[str, Any] = tomllib.load(file)["project"]
        return table

    @property
    def version(self) -> str:
        return str(self.project["version"])

    @property
    def is_compiled(self) -> bool:
        return (self.folder / "setup.py").exists()

    @property
    def compiled_modules(self) -> list[str]:
        """Import paths of its Cython modules."""
        files = sorted(self.source.rglob("*.pyx"))
        return [".".join(file.relative_to(self.source.parent).with_suffix("").parts) for file in files]

    @property
    def sibling_requirements(self) -> dict[str, str]:
        """Requirement line by name, for each of the six that it requires."""
        lines = list(self.project.get("dependencies", []))
        for extra in self.project.get("optional-dependencies", {}).values():
            lines += extra
        return {name: line for line in lines if (name := requirement_name(line)) in NAMES}


def requirement_name(line: str) -> str:
    """The distribution that a requirement line such as `octobot-trading[ccxt]>=3.0,<4` names."""
    end = next((at for at, char in enumerate(line) if not (char.isalnum() or char in "-_.")), len(line))
    return line[:end].lower().replace("_", "-")


def packages(names: list[str] | None = None, root: Path = ROOT) -> list[Package]:
    """The named packages, or all six, in build order; SystemExit names an unknown one."""
    for name in names or []:
        if name not in NAMES:
            raise SystemExit(f"unknown package {name!r}; the packages are {', '.join(NAMES)}")
    return [Package(name, root) for name in NAMES if not names or name in names]


def with_siblings(wanted: list[Package]) -> list[Package]:
    """The packages and every sibling that they require, directly or not, in build order."""
    needed = {package.name for package in wanted}
    for name in reversed(NAMES):
        if name in needed:
            needed |= set(Package(name, wanted[0].root).sibling_requirements)
    return packages(sorted(needed), wanted[0].root)
