# SPDX-License-Identifier: Apache-2.0
"""Virtual environments below .bench/ for what the benchmarks compare with, made on first use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent / ".bench"
#: Some peers need it, and all are given the same.
PEER_PYTHON = "3.12"


class PeerMissingError(Exception):
    """A peer cannot be installed; the message is the installer's last word."""


def python_with(requirement: str) -> Path:
    """The interpreter of the environment that holds a requirement such as `basana==1.11`.

    Raises:
        PeerMissingError: it cannot be installed.
    """
    folder = BENCH / requirement.partition("==")[0]
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if stamp.exists() and stamp.read_text() == requirement:
        return python
    print(f"installing {requirement} into {folder.relative_to(BENCH.parent)}", file=sys.stderr)
    _call([_base_python(), "-m", "venv", folder])
    _call([python, "-m", "pip", "-q", "--disable-pip-version-check", "install", requirement])
    stamp.write_text(requirement)
    return python


def _base_python() -> Path:
    found = sorted((Path.home() / ".pyenv" / "versions").glob(f"{PEER_PYTHON}*/bin/python"))
    return found[-1] if found else Path(sys.executable)


def _call(command: list[str | Path]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerMissingError(str(error)) from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise PeerMissingError((errors or ["no message"])[-1][:200])
