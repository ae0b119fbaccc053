# SPDX-License-Identifier: Apache-2.0
import pytest

import async_channel as ac

# consumer's filters, asked filters, whether they match
CASES = [
    ({}, {}, True),
    ({"symbol": "BTC"}, {}, True),
    ({"symbol": "BTC"}, {"symbol": "BTC"}, True),
    ({"symbol": "BTC"}, {"symbol": "ETH"}, False),
    ({"symbol": "*"}, {"symbol": "ETH"}, True),
    ({"symbol": "BTC"}, {"symbol": "*"}, True),
    ({}, {"symbol": "*"}, True),
    ({}, {"symbol": "BTC"}, False),
    ({"exchange": "binance"}, {"symbol": "BTC"}, False),
    ({"symbol": ["BTC", "ETH"]}, {"symbol": "ETH"}, True),
    ({"symbol": ["BTC", "ETH"]}, {"symbol": "XRP"}, False),
    ({"symbol": ["*"]}, {"symbol": "XRP"}, True),
    ({"symbol": []}, {"symbol": "XRP"}, False),
    ({"symbol": ["BTC"]}, {"symbol": ["BTC"]}, True),
    ({"symbol": [["BTC"]]}, {"symbol": ["BTC"]}, True),
    ({"symbol": "BTC"}, {"symbol": ["BTC"]}, False),
    ({"symbol": None}, {"symbol": None}, True),
    ({"symbol": "BTC", "time_frame": "1h"}, {"symbol": "BTC", "time_frame": "1h"}, True),
    ({"symbol": "BTC", "time_frame": "1h"}, {"symbol": "BTC", "time_frame": "1d"}, False),
    ({"symbol": "BTC", "time_frame": ["1h", "1d"]}, {"symbol": "*", "time_frame": "1d"}, True),
    ({"closed": True, "level": 2}, {"closed": True, "level": 2}, True),
    ({"closed": True}, {"closed": False}, False),
]


@pytest.mark.parametrize(("own", "asked", "matches"), CASES)
def test_which_consumers_match(own, asked, matches):
    channel, consumer = ac.Channel(), ac.Consumer(None)
    channel.add_new_consumer(consumer, own)
    for _ in range(2):  # worked out, then remembered
        assert channel.get_consumer_from_filters(asked) == ([consumer] if matches else [])
        assert channel.topic(asked).consumers == ((consumer,) if matches else ())
        assert bool(channel.topic(asked)) is matches


def test_matches_come_in_order_of_registration():
    channel = ac.Channel()
    consumers = [ac.Consumer(None) for _ in range(5)]
    for position, consumer in enumerate(consumers):
        channel.add_new_consumer(consumer, {"symbol": "*" if position % 2 else "BTC"})
    assert channel.get_consumer_from_filters({"symbol": "BTC"}) == consumers
    assert channel.get_consumer_from_filters({"symbol": "ETH"}) == consumers[1::2]


def test_the_callers_filters_are_not_changed():
    channel, filters = ac.Channel(), {"symbol": "BTC"}
    for _ in range(2):
        channel.add_new_consumer(ac.Consumer(None), filters)
    assert filters == {"symbol": "BTC"}
    assert len(channel.get_consumer_from_filters(filters)) == 2


def test_the_answer_belongs_to_the_caller():
    channel, consumer = ac.Channel(), ac.Consumer(None)
    channel.add_new_consumer(consumer, {})
    channel.get_consumer_from_filters({}).clear()
    assert channel.get_consumer_from_filters({}) == [consumer]


CHANGES = {
    "append": lambda consumers, entry: consumers.append(entry),
    "extend": lambda consumers, entry: consumers.extend([entry]),
    "insert": lambda consumers, entry: consumers.insert(0, entry),
    "iadd": lambda consumers, entry: consumers.__iadd__([entry]),
    "setitem": lambda consumers, entry: consumers.__setitem__(0, entry),
    "slice": lambda consumers, entry: consumers.__setitem__(slice(None), [entry]),
    "pop": lambda consumers, entry: consumers.pop(),
    "remove": lambda consumers, entry: consumers.remove(consumers[0]),
    "clear": lambda consumers, entry: consumers.clear(),
    "delitem": lambda consumers, entry: consumers.__delitem__(0),
    "reverse": lambda consumers, entry: consumers.reverse(),
    "sort": lambda consumers, entry: consumers.sort(key=lambda entry: -entry["rank"]),
    "imul": lambda consumers, entry: consumers.__imul__(2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changing_the_list_of_consumers_is_noticed(change):
    channel = ac.Channel()
    for rank in range(2):
        channel.add_new_consumer(ac.Consumer(None), {"rank": rank})
    topic = channel.topic({})
    before = topic.consumers
    CHANGES[change](channel.consumers, {"rank": 9, channel.INSTANCE_KEY: ac.Consumer(None)})
    expected = tuple(entry[channel.INSTANCE_KEY] for entry in channel.consumers)
    assert topic.consumers == tuple(channel.get_consumer_from_filters({})) == expected != before


def test_replacing_the_list_of_consumers_is_noticed():
    channel, consumer = ac.Channel(), ac.Consumer(None)
    topic = channel.topic({})
    assert not topic
    channel.consumers = [{channel.INSTANCE_KEY: consumer}]
    assert topic.consumers == (consumer,)
    channel.consumers.clear()
    assert not topic


def test_changing_one_consumers_filters_has_to_be_told():
    channel, consumer = ac.Channel(), ac.Consumer(None)
    channel.add_new_consumer(consumer, {"symbol": "BTC"})
    topic = channel.topic({"symbol": "ETH"})
    assert not topic
    channel.consumers[0]["symbol"] = "ETH"
    channel.consumers_changed()
    assert topic.consumers == (consumer,)
