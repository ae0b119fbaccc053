# SPDX-License-Identifier: Apache-2.0
"""Virtual environments below .bench/ for what the benchmarks compare with, made on first use."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parent.parent / ".bench"
#: Some peers need it, and all are given the same.
PEER_PYTHON = "3.12"


class PeerMissingError(Exception):
    """A peer cannot be installed; the message is the installer's last word."""


@dataclass(frozen=True)
class Peer:
    """A script that runs in the environment of a requirement; asked for always, or with PEERS=all only."""

    requirement: str
    script: Path
    is_default: bool = False
    instead: tuple[str, ...] = ()


class PeerProcess:
    """A running peer: its first line is [name and version, Python's version], then each line in is answered by one."""

    def __init__(self, peer: Peer, *arguments: str) -> None:
        command: list[str | Path] = [python_with(peer.requirement, peer.instead), peer.script, *arguments]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        self.version, self.python = self._read()
        self.told = f"{self.version} on Python {self.python}"

    def ask(self, *words: object) -> Any:
        """The answer to one line, decoded from JSON.

        Raises:
            SystemExit: the peer has failed.
        """
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(" ".join(map(str, words)) + "\n")
            self._process.stdin.flush()
        try:
            return self._read()
        except PeerMissingError as error:
            raise SystemExit(f"{self.told} failed: {error}") from error

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        said = deque(self._process.communicate()[1].splitlines(), maxlen=1)
        raise PeerMissingError(said.pop() if said else f"ended with {self._process.returncode}")


def started(peers: Iterable[Peer], *arguments: str) -> tuple[dict[Peer, PeerProcess], list[str]]:
    """The processes of the peers that are asked for, and a remark for each one that does not run."""
    wants_all = os.environ.get("PEERS", "") == "all"
    running, remarks = {}, []
    for peer in peers:
        if not (peer.is_default or wants_all):
            continue
        try:
            running[peer] = PeerProcess(peer, *arguments)
        except PeerMissingError as error:
            remarks.append(f"{peer.requirement}: missing: {error}")
    return running, remarks


def python_with(requirement: str, instead: Iterable[str] = ()) -> Path:
    """The interpreter of the environment that holds a requirement such as `basana==1.11`.

    ``instead`` are what to install instead of dependencies that contradict each other.

    Raises:
        PeerMissingError: it cannot be installed.
    """
    folder = BENCH / requirement.partition("==")[0]
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if stamp.exists() and stamp.read_text() == requirement:
        return python
    print(f"installing {requirement} into {folder.relative_to(BENCH.parent)}", file=sys.stderr)
    _call([_base_python(), "-m", "venv", folder])
    install: list[str | Path] = [python, "-m", "pip", "-q", "--disable-pip-version-check", "install"]
    if instead:
        _call([*install, *instead])
        _call([*install, "--no-deps", requirement])
    else:
        _call([*install, requirement])
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
