# SPDX-License-Identifier: Apache-2.0
"""Check what a package says of itself in several places: they must agree.

python .ci/check_metadata.py [PACKAGE...]
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from monorepo import ROOT, Package, packages

SPDX = "# SPDX-License-Identifier: Apache-2.0"
NAMES_TAKEN = ("async-channel", "octobot-commons", "octobot-trading", "octobot-evaluators", "octobot")


def check_version(package: Package) -> Iterator[str]:
    """The version in pyproject.toml, `__version__` and the newest entry of the changelog."""
    init = (package.source / "__init__.py").read_text(encoding="utf-8")
    spoken = re.search(r'^__version__ = "(.+)"$', init, re.MULTILINE)
    if spoken is None:
        yield f'{package.import_name}/__init__.py: no line __version__ = "{package.version}"'
    elif spoken[1] != package.version:
        yield f"{package.import_name}/__init__.py says {spoken[1]}, pyproject.toml {package.version}"
    changelog = (package.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    entries = [entry for entry in re.findall(r"^## \[(.+?)\]", changelog, re.MULTILINE) if entry != "Unreleased"]
    if not entries or entries[0] != package.version:
        yield f"CHANGELOG.md: its newest entry is {entries[:1]}, pyproject.toml says {package.version}"


def check_readme(package: Package) -> Iterator[str]:
    """A README introduces its package, and warns where the index has other people's code under its name."""
    text = (package.folder / "README.md").read_text(encoding="utf-8")
    if not text.startswith(f"# {package.name}\n"):
        yield f'README.md: its first line is not "# {package.name}"'
    if package.name in NAMES_TAKEN and not re.search(r"below\s+3\.0", text):
        yield f'README.md: no note that {package.name} "below 3.0" on the public index is other people\'s code'


def check_project(package: Package) -> Iterator[str]:
    """Name, licence, supported Pythons and siblings of pyproject.toml."""
    project = package.project
    for field, value in (("name", package.name), ("license", "Apache-2.0"), ("requires-python", ">=3.11")):
        if project.get(field) != value:
            yield f"pyproject.toml: {field} is {project.get(field)!r}, not {value!r}"
    major = package.version.split(".")[0]
    for name, line in package.sibling_requirements.items():
        if not re.fullmatch(rf"{name}(\[[\w,-]+\])?>=\d+\.\d+(\.\d+)?,<{int(major) + 1}", line):
            yield f'pyproject.toml: "{line}" is not a range such as "{name}>={major}.0,<{int(major) + 1}"'
    for line in project.get("dependencies", []):
        if "==" in line:
            yield f'pyproject.toml: "{line}" pins a run dependency; give a range'
    if (package.folder / "LICENSE").read_bytes() != (package.root / "LICENSE").read_bytes():
        yield "LICENSE differs from the one at the root"


def check_compiled(package: Package) -> Iterator[str]:
    """A stub beside each .pyx, and an entry in setup.py; no `cimport` of another package."""
    setup = (package.folder / "setup.py").read_text(encoding="utf-8") if package.is_compiled else ""
    for module in package.compiled_modules:
        source = package.source.parent / Path(*module.split(".")).with_suffix(".pyx")
        if f'"{module}"' not in setup:
            yield f"setup.py: no extension {module}"
        if not source.with_suffix(".pyi").exists():
            yield f"{source.name}: no .pyi beside it"
        for file in (source, *sorted(source.parent.glob("*.pxi"))):
            for imported in re.findall(
                r"^\s*(?:from\s+(\w+)[\w.]*\s+)?cimport\s+(\w+)", file.read_text(), re.MULTILINE
            ):
                if (name := imported[0] or imported[1]) in {other.import_name for other in packages()} - {
                    package.import_name
                }:
                    yield f"{file.name}: cimports {name}; compiled modules are private to their package"


def check_sources(package: Package) -> Iterator[str]:
    """The licence line opens each source file that has any line."""
    if not (package.source / "py.typed").exists():
        yield f"src/{package.import_name}/py.typed is missing"
    for pattern in ("*.py", "*.pyx", "*.pxi", "*.pxd", "*.pyi"):
        for file in sorted(package.folder.rglob(pattern)):
            with file.open(encoding="utf-8") as lines:
                if (first := lines.readline()) and first.rstrip() != SPDX:
                    yield f'{file.relative_to(package.folder)}: its first line is not "{SPDX}"'


def check_test_requirements(root: Path) -> Iterator[str]:
    """cibuildwheel cannot read the root's dependency groups, so its list repeats the group `test`."""
    with (root / "pyproject.toml").open("rb") as file:
        group = tomllib.load(file)["dependency-groups"]["test"]
    with (root / ".ci" / "cibuildwheel.toml").open("rb") as file:
        repeated = tomllib.load(file)["tool"]["cibuildwheel"]["test-requires"]
    if group != repeated:
        yield f"test-requires of .ci/cibuildwheel.toml is {repeated}, the group test in pyproject.toml {group}"


CHECKS = (check_version, check_readme, check_project, check_compiled, check_sources)


def problems(wanted: list[Package]) -> list[str]:
    """One line for each disagreement, beginning with its place."""
    found = [f"{package.name}/{line}" for package in wanted for check in CHECKS for line in check(package)]
    return found + list(check_test_requirements(ROOT))


if __name__ == "__main__":
    lines = problems(packages(sys.argv[1:]))
    print("\n".join(lines), end="\n" if lines else "", file=sys.stderr)
    sys.exit(1 if lines else 0)
