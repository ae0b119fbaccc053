# SPDX-License-Identifier: Apache-2.0
"""The libraries that are compared, each in a process and an environment of its own below .bench/."""

import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "peers"

sys.path.append(str(SCRIPTS.parents[2] / ".ci"))
try:
    import bench_peers
    from bench_peers import Peer
except ModuleNotFoundError:  # in an sdist, which lacks the repository's own tools
    from collections import namedtuple

    bench_peers = None
    Peer = namedtuple("Peer", "requirement script is_default", defaults=(False,))

PREDECESSOR = Peer("async-channel==2.2.2", SCRIPTS / "async_channel_2.py", is_default=True)
PREDECESSOR_LATENCY = Peer("async-channel==2.2.2", SCRIPTS / "async_channel_2_latency.py", is_default=True)
PREDECESSOR_FLOOD = Peer("async-channel==2.2.2", SCRIPTS / "async_channel_2_flood.py", is_default=True)
PEERS = (
    PREDECESSOR,
    Peer("basana==1.11", SCRIPTS / "basana_dispatcher.py", is_default=True),
    Peer("nautilus_trader==1.231.0", SCRIPTS / "nautilus_bus.py"),
    Peer("janus==2.0.0", SCRIPTS / "janus_queues.py"),
    Peer("aiochan==0.2.7", SCRIPTS / "aiochan_channels.py"),
    Peer("trio==0.35.0", SCRIPTS / "trio_channels.py"),
    Peer("anyio==4.16.0", SCRIPTS / "anyio_streams.py"),
)


def started(peers=PEERS):
    """The processes of the peers that are asked for, and a remark for each one that does not run."""
    if bench_peers is None:
        return {}, ["no peers: only a clone of the repository installs them"]
    return bench_peers.started(peers)
