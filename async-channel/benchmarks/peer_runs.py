# SPDX-License-Identifier: Apache-2.0
"""The libraries that are compared, each in a process and an environment of its own below .bench/."""

import contextlib
import json
import os
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "peers"

sys.path.append(str(SCRIPTS.parents[2] / ".ci"))
try:
    from bench_peers import PeerMissingError, python_with
except ModuleNotFoundError:  # in an sdist, which lacks the repository's own tools

    class PeerMissingError(Exception):
        pass

    def python_with(requirement):
        raise PeerMissingError(f"only a clone of the repository installs {requirement}")


@dataclass(frozen=True)
class Peer:
    requirement: str
    script: str
    is_default: bool = False


PREDECESSOR = Peer("async-channel==2.2.2", "async_channel_2.py", is_default=True)
PREDECESSOR_LATENCY = Peer("async-channel==2.2.2", "async_channel_2_latency.py", is_default=True)
PREDECESSOR_FLOOD = Peer("async-channel==2.2.2", "async_channel_2_flood.py", is_default=True)
PEERS = (
    PREDECESSOR,
    Peer("basana==1.11", "basana_dispatcher.py", is_default=True),
    Peer("nautilus_trader==1.231.0", "nautilus_bus.py"),
    Peer("janus==2.0.0", "janus_queues.py"),
    Peer("aiochan==0.2.7", "aiochan_channels.py"),
    Peer("trio==0.35.0", "trio_channels.py"),
    Peer("anyio==4.16.0", "anyio_streams.py"),
)


class PeerProcess:
    """A running script of peers/: it says who it is, then answers requests."""

    def __init__(self, peer):
        command = [python_with(peer.requirement), SCRIPTS / peer.script]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        self.version, self.python = self._read()
        self.told = f"{self.version} on Python {self.python}"

    def ask(self, *numbers):
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(" ".join(map(str, numbers)) + "\n")
            self._process.stdin.flush()
        try:
            return self._read()
        except PeerMissingError as error:
            raise SystemExit(f"{self.told} failed: {error}") from error

    def close(self):
        self._process.communicate()

    def _read(self):
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        said = deque(self._process.communicate()[1].splitlines(), maxlen=1)
        raise PeerMissingError(said.pop() if said else f"ended with {self._process.returncode}")


def started(peers=PEERS):
    """The processes of the peers that are asked for, and a remark for each one that does not run."""
    wants_all = os.environ.get("PEERS", "") == "all"
    running, remarks = {}, []
    for peer in peers:
        if not (peer.is_default or wants_all):
            continue
        try:
            running[peer] = PeerProcess(peer)
        except PeerMissingError as error:
            remarks.append(f"{peer.requirement}: missing: {error}")
    return running, remarks
