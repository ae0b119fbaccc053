# SPDX-License-Identifier: Apache-2.0
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the Makefile is for POSIX systems")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # The make that runs the tests hands its own flags and jobs on.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PKG"))}
    return subprocess.run(
        command, cwd=cwd, env={**inherited, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def make() -> str:
    path = shutil.which("make")
    if path is None:
        pytest.skip("make is not installed")
    return path


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """A program that passes for Python 3.8."""
    path = tmp_path / "bin" / "python3"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\ncase "$2" in *"(3, 11)"*) exit 1 ;; *) echo "3.8 /old/python3" ;; esac\n')
    path.chmod(0o755)
    return path


def test_help_lists_every_target(make: str, root: Path) -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(), re.MULTILINE)
    listed = re.findall(r"^  make ([a-z-]+) ", run(make, "help", cwd=root).stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony.split())


def test_an_unknown_package_is_named(make: str, root: Path) -> None:
    done = run(make, "test", "PKG=async-channel octobot-tradin", cwd=root)
    assert done.returncode != 0
    assert 'unknown package "octobot-tradin"' in done.stderr


def test_an_old_python_is_refused_with_a_remedy(root: Path, old_python: Path) -> None:
    done = run(root / ".ci/find-python.sh", cwd=root, PYTHON=str(old_python))
    assert done.returncode == 1
    assert "name a Python 3.11 or newer" in done.stderr


def test_no_python_is_refused_with_a_remedy(root: Path, old_python: Path, tmp_path: Path) -> None:
    folder = old_python.parent
    for program in ("sh", "cut", "grep", "env"):
        (folder / program).symlink_to(shutil.which(program) or "missing")
    done = run(root / ".ci/find-python.sh", cwd=root, PATH=str(folder), PYENV_ROOT=str(tmp_path), PYTHON="")
    assert done.returncode == 1
    assert "no Python 3.11 or newer found (python3 is 3.8 /old/python3): install one" in done.stderr


def test_a_missing_compiler_is_named_with_a_remedy(
    tool: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    problems = tool("check_machine").missing()
    assert any(line.startswith("no C compiler (no-such-compiler): ") for line in problems)
