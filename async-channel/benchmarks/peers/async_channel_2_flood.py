# SPDX-License-Identifier: Apache-2.0
"""A flood through async-channel 2.2.2."""

import asyncio

from async_channel_2_latency import live
from flood import flood
from measured import reply


def ask(messages):
    return asyncio.run(flood(live, messages))


if __name__ == "__main__":
    reply(ask, "async-channel")
