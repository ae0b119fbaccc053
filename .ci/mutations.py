# SPDX-License-Identifier: Apache-2.0
"""Plants one bug at a time into a copy of a package, builds it and has the package's own tests find it.

Test tools of several packages that none of them ships: a test finds this folder beside its package's and is skipped in
an sdist.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

Checked = subprocess.CompletedProcess[str]
#: For copies that pytest runs in by themselves.
INI = """[pytest]
addopts = --import-mode=importlib --strict-markers -m "not long"
markers = long: as in the package
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
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


def reason_not_to_build() -> str | None:
    """Why nothing can be compiled here, None where it can."""
    if importlib.util.find_spec("Cython") is None:
        return "Cython is not installed"
    return "no C compiler here" if shutil.which(os.environ.get("CC", "cc")) is None else None


def sound_copy(package: Path, folder: Path, conftest_lines: str, which_files: str) -> Path:
    """A copy without a bug, built, with more lines in its tests' conftest.py.

    ``which_files`` is code that prints the files of modules, which must be those of the copy.
    """
    copied(package, folder)
    (folder / "pytest.ini").write_text(INI)
    conftest = folder / "tests" / "conftest.py"
    conftest.write_text(conftest.read_text() + conftest_lines)
    build(folder)
    used = run(folder, "-c", which_files).stdout.split()
    assert used, "no module's file is told"
    assert all(Path(file).is_relative_to(folder) for file in used), used
    return folder


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
