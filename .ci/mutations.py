# SPDX-License-Identifier: Apache-2.0
"""Plants one bug at a time into a copy of a package, builds it and has the package's own tests find it.

Test tools of several packages that none of them ships: a test finds this folder beside its package's and is skipped in
an sdist.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

Checked = subprocess.CompletedProcess[str]
#: pytest ends so where tests failed; a crashed process ends with a negative one; others say that pytest did not run.
FAILED = 1


class Mutant(NamedTuple):
    """``text`` in ``file`` (below src/<import name>) becomes ``replacement``, against an invariant."""

    name: str
    invariant: str
    file: str
    text: str
    replacement: str


def run(folder: Path, *command: str, seconds: float = 300) -> Checked:
    """A command of this Python in a copy, which comes first on the path; compiled without optimisation."""
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "CFLAGS": "-O0"}
    environment.pop("CYTHON_LINE_TRACE", None)
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
    )


def copied(package: Path, folder: Path) -> Path:
    """A copy of a package's folder, file times and compiled modules included: only what is changed is built anew."""
    return shutil.copytree(package, folder, ignore=shutil.ignore_patterns("build", "dist", "__pycache__", ".*"))


def build(folder: Path) -> None:
    """Compile what has changed in a copy."""
    built = run(folder, "setup.py", "build_ext", "--inplace", "-q")
    assert built.returncode == 0, built.stdout


def source_of(package: Path, mutant: Mutant) -> Path:
    """The file that a mutant changes."""
    (import_folder,) = (path for path in (package / "src").iterdir() if (path / "__init__.py").exists())
    return import_folder / mutant.file


def plant(original: Path, folder: Path, mutant: Mutant) -> None:
    """A copy of the folder with that bug in it, built."""
    path = source_of(copied(original, folder), mutant)
    source = path.read_text()
    assert source.count(mutant.text) == 1, f"{mutant.name}: the text to replace is not there once"
    path.write_text(source.replace(mutant.text, mutant.replacement))
    if path.suffix != ".py":
        build(folder)


def survivors(
    original: Path, parent: Path, mutants: Iterable[Mutant], check: Callable[[Path, Mutant], Checked]
) -> list[str]:
    """The mutants that ``check(folder, mutant)`` does not find, two at a time.

    Raises:
        AssertionError: a mutant cannot be built, or its tests do not run.
    """

    def outcome(mutant: Mutant, folder: Path) -> Checked:
        plant(original, folder, mutant)
        try:
            return check(folder, mutant)
        finally:
            shutil.rmtree(folder)

    with ThreadPoolExecutor(2) as pool:
        found = {mutant: pool.submit(outcome, mutant, parent / str(place)) for place, mutant in enumerate(mutants)}
        alive = []
        for mutant, future in found.items():
            checked = future.result()
            assert checked.returncode <= FAILED, f"{mutant.name} ended with {checked.returncode}:\n{checked.stdout}"
            if checked.returncode == 0:
                alive.append(f"{mutant.name}: {mutant.invariant}")
    return alive
