# SPDX-License-Identifier: Apache-2.0
"""Names, import paths and signatures that other people's code relies on."""

import asyncio
import importlib
import inspect
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import async_channel as ac

PATHS = {
    "async_channel": """CHANNEL_WILDCARD DEFAULT_QUEUE_SIZE Channel ChannelConsumerPriorityLevels ChannelInstances
        Consumer InternalConsumer SupervisedConsumer Producer SynchronizedDispatcher Topic set_chan get_chan del_chan
        set_chan_at_id get_chan_at_id get_channels del_chan_at_id del_channel_container create_channel_instance
        create_all_subclasses_channel get_logger""",
    "async_channel.channels": """Channel ChannelInstances set_chan get_chan del_chan set_chan_at_id get_chan_at_id
        get_channels del_chan_at_id del_channel_container""",
    "async_channel.channels.channel": "Channel set_chan get_chan del_chan",
    "async_channel.channels.channel_instances": """ChannelInstances set_chan_at_id get_chan_at_id get_channels
        del_chan_at_id del_channel_container""",
    "async_channel.consumer": "Consumer InternalConsumer SupervisedConsumer",
    "async_channel.producer": "Producer",
    "async_channel.enums": "ChannelConsumerPriorityLevels",
    "async_channel.constants": "CHANNEL_WILDCARD DEFAULT_QUEUE_SIZE",
    "async_channel.dispatcher": "SynchronizedDispatcher",
    "async_channel.util": """create_channel_instance create_all_subclasses_channel get_logger
        trigger_and_bypass_consumers_queue""",
    "async_channel.util.channel_creator": "create_channel_instance create_all_subclasses_channel",
    "async_channel.util.logging_util": "get_logger",
    "async_channel.util.synchronization_util": "trigger_and_bypass_consumers_queue",
}

# "async" before the name: a coroutine function. "=" after a parameter: it has a default.
SIGNATURES = {
    ac.Channel: """
        get_name()
        async new_consumer(callback=, consumer_filters=, internal_consumer=, size=, priority_level=)
        add_new_consumer(consumer, consumer_filters)
        get_consumers()
        get_prioritized_consumers(priority_level)
        get_consumer_from_filters(consumer_filters)
        async remove_consumer(consumer)
        async register_producer(producer)
        unregister_producer(producer)
        get_producers()
        get_internal_producer(**kwargs)
        async start()
        async stop()
        async run()
        async modify(**kwargs)
        flush()
        topic(filters)""",
    ac.Consumer: """
        __init__(callback, size=, priority_level=)
        async consume()
        async perform(kwargs)
        async consume_ends()
        async start()
        async stop()
        async run(with_task=)
        async join(timeout=)
        async join_queue()
        create_task()""",
    ac.InternalConsumer: "async internal_callback(**kwargs)",
    ac.SupervisedConsumer: """
        __init__(callback, size=, priority_level=)
        async join(timeout=)
        async join_queue()""",
    ac.Producer: """
        __init__(channel)
        async send(data)
        async push(**kwargs)
        async start()
        async pause()
        async resume()
        async perform(**kwargs)
        async modify(**kwargs)
        async stop()
        async run()
        async wait_for_processing()
        async synchronized_perform_consumers_queue(priority_level, join_consumers=, timeout=)
        create_task()
        is_consumers_queue_empty(priority_level)""",
    ac.Topic: "async send(data)",
    ac.SynchronizedDispatcher: "async run_until_idle()",
    ac.util: """
        async create_channel_instance(channel_class, set_chan_method, is_synchronized=, channel_name=, **kwargs)
        async create_all_subclasses_channel(channel_class, set_chan_method, is_synchronized=, **kwargs)
        get_logger(name=)
        async trigger_and_bypass_consumers_queue(consumers, kwargs)""",
    ac.channels: """
        set_chan(chan, name=)
        get_chan(chan_name)
        del_chan(chan_name)
        set_chan_at_id(chan, name=)
        get_chan_at_id(chan_name, chan_id)
        get_channels(chan_id)
        del_chan_at_id(chan_name, chan_id)
        del_channel_container(chan_id)""",
}

QUEUE_INTERFACE = ["put", "put_nowait", "get", "get_nowait", "qsize", "empty", "full", "join", "task_done", "maxsize"]


def described(function, name):
    parameters = []
    for parameter in inspect.signature(function).parameters.values():
        prefix = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
        suffix = "" if parameter.default is parameter.empty else "="
        # This package's own additions come after what is promised and need not be given.
        is_own = parameter.name == "dispatcher" or (parameter.kind is parameter.KEYWORD_ONLY and suffix)
        if parameter.name != "self" and not is_own:
            parameters.append(f"{prefix}{parameter.name}{suffix}")
    prefix = "async " if inspect.iscoroutinefunction(function) else ""
    return f"{prefix}{name}({', '.join(parameters)})"


@pytest.mark.parametrize(("path", "names"), PATHS.items())
def test_import_paths(path, names):
    module = importlib.import_module(path)
    assert [name for name in names.split() if not hasattr(module, name)] == []


SIGNATURE_LINES = [(owner, line.strip()) for owner, text in SIGNATURES.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("owner", "line"), SIGNATURE_LINES, ids=lambda value: getattr(value, "__name__", value))
def test_signatures(owner, line):
    name = re.search(r"(\w+)\(", line).group(1)
    assert described(getattr(owner, name), name) == line


def test_constants_and_priorities():
    assert ac.CHANNEL_WILDCARD == "*"
    assert ac.DEFAULT_QUEUE_SIZE == 0
    levels = ac.ChannelConsumerPriorityLevels
    assert {level.name: level.value for level in levels} == {"HIGH": 0, "MEDIUM": 1, "OPTIONAL": 2}


def test_channel_attributes():
    assert ac.Channel.INSTANCE_KEY == "consumer_instance"
    assert ac.Channel.DEFAULT_PRIORITY_LEVEL == 0
    assert ac.Channel.PRODUCER_CLASS is None
    assert ac.Channel.CONSUMER_CLASS is ac.Consumer
    channel = ac.Channel()
    assert (channel.is_paused, channel.is_synchronized, channel.internal_producer) == (True, False, None)
    assert (channel.consumers, channel.producers, channel.chan_id, channel.dispatcher) == ([], [], None, None)
    assert channel.logger.name == "Channel"


def test_consumer_and_producer_attributes():
    consumer = ac.Consumer(None)
    assert (consumer.callback, consumer.consume_task, consumer.should_stop) == (None, None, False)
    assert (consumer.priority_level, consumer.logger.name) == (0, "Consumer")
    assert ac.Consumer(None, 3, 2).queue.maxsize == 3
    assert [name for name in QUEUE_INTERFACE if not hasattr(consumer.queue, name)] == []
    assert [name for name in QUEUE_INTERFACE if not hasattr(asyncio.Queue, name) and name != "maxsize"] == []
    assert ac.SupervisedConsumer(None).idle.is_set()
    channel = ac.Channel()
    producer = ac.Producer(channel)
    assert producer.channel is channel
    assert (producer.produce_task, producer.should_stop, producer.is_running) == (None, False, False)
    assert producer.logger.name == "Producer"


def test_get_name_is_the_class_name_without_channel():
    assert type("OHLCVChannel", (ac.Channel,), {}).get_name() == "OHLCV"
    assert type("Orders", (ac.Channel,), {}).get_name() == "Orders"


def test_the_package_depends_on_nothing_but_the_standard_library():
    # Without site-packages: only what comes with Python can be imported.
    folder = str(Path(ac.__file__).parents[1])
    code = f"import sys; sys.path.append({folder!r}); import async_channel, async_channel.testing"
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_importing_it_costs_little_beside_asyncio():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import asyncio, async_channel"], capture_output=True, text=True
    )
    (line,) = [line for line in done.stderr.splitlines() if line.rsplit("|", 1)[1].strip() == "async_channel"]
    assert int(line.split("|")[1]) < 50_000  # microseconds


def test_it_is_small_when_installed():
    distribution = metadata.distribution("async-channel")
    files = [Path(str(file.locate())) for file in distribution.files or ()]
    if not any(file.stem.startswith("_engine.") and file.suffix in {".so", ".pyd"} for file in files):
        pytest.skip("installed from its folder, as one works on it")
    assert sum(file.stat().st_size for file in files) < 500_000
