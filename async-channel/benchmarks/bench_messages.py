# SPDX-License-Identifier: Apache-2.0
"""Messages delivered per second, beside what plain Python and asyncio do with the same callback and payload.

Run: python benchmarks/bench_messages.py [--messages N] [--repetitions N] [--json]

Every way is measured once per repetition, in turn, and the medians are shown, with the ratio to the bare await loop of
the same column. A delivery is one callback called with one message. Figures of different runs or machines are not
comparable, ratios are. A further way is one more entry of WAYS: `async (consumers, rounds) -> seconds`.
"""

import argparse
import asyncio
import importlib.util
import json
import platform
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import async_channel as ac

FAN_OUTS = (1, 10, 100)
TOPIC_SIZES = (10, 100, 1000)
MESSAGE = {"exchange": "binance", "symbol": "BTC/USDT", "price": 60_000.5, "volume": 2.25}
BATCH = 100


class TickerChannel(ac.Channel):
    PRODUCER_CLASS = ac.Producer


def plain_callback(exchange, symbol, price, volume):
    return price


async def callback(exchange, symbol, price, volume):
    return price


async def plain_calls(consumers, rounds):
    callbacks = [plain_callback] * consumers
    start = time.perf_counter()
    for _ in range(rounds):
        for call in callbacks:
            call(**MESSAGE)
    return time.perf_counter() - start


async def bare_awaits(consumers, rounds):
    callbacks = [callback] * consumers
    start = time.perf_counter()
    for _ in range(rounds):
        for call in callbacks:
            await call(**MESSAGE)
    return time.perf_counter() - start


async def asyncio_queues(consumers, rounds):
    queues = [asyncio.Queue() for _ in range(consumers)]

    async def consume(queue):
        while True:
            await callback(**await queue.get())
            queue.task_done()

    tasks = [asyncio.create_task(consume(queue)) for queue in queues]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent in range(rounds):
        for queue in queues:
            queue.put_nowait(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)
    for queue in queues:
        await queue.join()
    elapsed = time.perf_counter() - start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return elapsed


async def live(consumers, rounds):
    channel = TickerChannel()
    for _ in range(consumers):
        await channel.new_consumer(callback)
    producer = channel.get_internal_producer()
    queues = [consumer.queue for consumer in channel.get_consumers()]
    await asyncio.sleep(0)
    start = time.perf_counter()
    for sent in range(rounds):
        await producer.send(MESSAGE)
        if sent % BATCH == BATCH - 1:
            await asyncio.sleep(0)
    for queue in queues:
        await queue.join()
    elapsed = time.perf_counter() - start
    await channel.stop()
    return elapsed


async def synchronized(consumers, rounds, batch=1):
    dispatcher = ac.SynchronizedDispatcher()
    channel = TickerChannel()
    channel.dispatcher = dispatcher
    for _ in range(consumers):
        await channel.new_consumer(callback)
    send = channel.topic({}).send_nowait
    start = time.perf_counter()
    for _ in range(rounds // batch):
        for _ in range(batch):
            send(MESSAGE)
        await dispatcher.run_until_idle()
    elapsed = time.perf_counter() - start
    assert dispatcher.delivered == rounds // batch * batch * consumers
    return elapsed


async def synchronized_batches(consumers, rounds):
    return await synchronized(consumers, rounds, BATCH)


PEER = "async-channel==2.2.2"
PEER_SCRIPT = Path(__file__).parent / "peer_async_channel_2.py"


def peer_python():
    """The Python of an environment below .bench/ that has the peer, made on first use with the Python that runs this.

    None when it cannot be installed; says why.
    """
    folder = Path(__file__).parents[2] / ".bench" / f"async-channel-py{sys.version_info.major}.{sys.version_info.minor}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if stamp.exists() and stamp.read_text() == PEER:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, text=True)
        install = [python, "-m", "pip", "-q", "--disable-pip-version-check", "install", PEER]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).splitlines()
        print(f"{PEER}: missing: {said[-1] if said else 'no message'}\n")
        return None
    stamp.write_text(PEER)
    return python


def peer_way(python, mode):
    """A way that runs in a process of its own: both packages have the same import name."""

    async def way(consumers, rounds):
        command = [python, PEER_SCRIPT, mode, str(consumers), str(rounds // BATCH * BATCH)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: ASYNC221

    return way


WAYS = {
    "plain function calls": plain_calls,
    "bare await loop": bare_awaits,
    "asyncio.Queue, a task each": asyncio_queues,
    "async_channel live": live,
    "async_channel synchronized, one by one": synchronized,
    f"async_channel synchronized, batches of {BATCH}": synchronized_batches,
}


def load_reference():
    path = Path(__file__).parents[1] / "tests" / "reference" / "core.py"
    spec = importlib.util.spec_from_file_location("reference_core", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def topic_choice(consumers, choices):
    """Seconds per choice of the consumers of a topic: asked by filters, through a Topic, by comparing filters."""
    channel = TickerChannel()
    for number in range(consumers):
        channel.add_new_consumer(ac.Consumer(None), {"symbol": f"S{number % 10}", "time_frame": ["1h", "1d"]})
    asked = {"symbol": "*", "time_frame": "4h"}
    asked_by_one = {"symbol": "S3", "time_frame": "4h"}
    topic = channel.topic(asked_by_one)
    compare = load_reference().Router().match
    ways = {
        "get_consumer_from_filters": lambda: channel.get_consumer_from_filters(asked_by_one),
        "Topic.consumers": lambda: topic.consumers,
        "comparing filters (plain Python)": lambda: compare(channel.consumers, asked, channel.INSTANCE_KEY, "*"),
    }
    return {name: seconds_per_call(way, choices if "comparing" not in name else 20) for name, way in ways.items()}


def seconds_per_call(function, calls):
    function()
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


async def idle_consumer_bytes(count=200):
    channel = TickerChannel()
    await channel.new_consumer(callback)
    tracemalloc.start()
    for _ in range(count):
        await channel.new_consumer(callback)
    await asyncio.sleep(0)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    await channel.stop()
    return size / count


def measure(messages, repetitions):
    deliveries = {(name, fan_out): [] for name in WAYS for fan_out in FAN_OUTS}
    choices = {}
    for _ in range(repetitions):
        for fan_out in FAN_OUTS:
            rounds = max(BATCH, messages // fan_out)
            for name, way in WAYS.items():
                deliveries[name, fan_out].append(rounds // BATCH * BATCH * fan_out / asyncio.run(way(fan_out, rounds)))
        for consumers in TOPIC_SIZES:
            for name, seconds in topic_choice(consumers, 2000).items():
                choices.setdefault((name, consumers), []).append(seconds * 1e9)
    return (
        {key: statistics.median(values) for key, values in deliveries.items()},
        {key: statistics.median(values) for key, values in choices.items()},
    )


def print_tables(deliveries, choices, idle_bytes):
    print(f"async_channel {ac.__version__}, Python {platform.python_version()}, {platform.platform()}\n")
    print(f"{'deliveries per second (ratio to bare await)':46}" + "".join(f"{f'1 → {n}':>17}" for n in FAN_OUTS))
    for name in WAYS:
        cells = (
            f"{deliveries[name, n] / 1e6:8.2f}M ({deliveries[name, n] / deliveries['bare await loop', n]:4.2f})"
            for n in FAN_OUTS
        )
        print(f"{name:46}" + "".join(f"{cell:>17}" for cell in cells))
    print(f"\n{'choosing the consumers of a topic, ns':46}" + "".join(f"{n:>17}" for n in TOPIC_SIZES))
    for name in dict.fromkeys(name for name, _ in choices):
        print(f"{name:46}" + "".join(f"{choices[name, n]:17.0f}" for n in TOPIC_SIZES))
    print(f"\n{'an idle live consumer, bytes':46}{idle_bytes:17.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=50_000, help="deliveries per measurement")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print the medians as one JSON object")
    arguments = parser.parse_args()
    python = peer_python()
    if python is not None:
        WAYS["async-channel 2.2.2 live"] = peer_way(python, "live")
        WAYS["async-channel 2.2.2 synchronized, one by one"] = peer_way(python, "synchronized")
    deliveries, choices = measure(arguments.messages, arguments.repetitions)
    idle_bytes = asyncio.run(idle_consumer_bytes())
    if arguments.json:
        json.dump(
            {
                "deliveries_per_second": {f"{name} 1:{n}": value for (name, n), value in deliveries.items()},
                "topic_choice_ns": {f"{name} of {n}": value for (name, n), value in choices.items()},
                "idle_consumer_bytes": idle_bytes,
            },
            sys.stdout,
            indent=1,
        )
    else:
        print_tables(deliveries, choices, idle_bytes)


if __name__ == "__main__":
    main()
