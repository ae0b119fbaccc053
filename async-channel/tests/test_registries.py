# SPDX-License-Identifier: Apache-2.0
import pytest

import async_channel as ac
from async_channel.errors import ChannelError, ChannelUsageError


def test_channels_by_name(channel_class):
    chan = channel_class()
    assert ac.set_chan(chan) is chan
    ac.set_chan(chan, "Other")
    assert ac.get_chan("Ticker") is ac.get_chan("Other") is chan
    assert set(ac.ChannelInstances.instance().channels) == {"Ticker", "Other"}
    ac.del_chan("Other")
    ac.del_chan("Other")
    with pytest.raises(KeyError, match="no channel is named 'Other'"):
        ac.get_chan("Other")


def test_a_taken_name_is_refused_and_keeps_its_channel(channel_class):
    first = ac.set_chan(channel_class(), "Name")
    with pytest.raises(ValueError, match="'Name' exists already"):
        ac.set_chan(channel_class(), "Name")
    assert ac.get_chan("Name") is first


def test_channels_by_identifier_and_name(channel_class):
    first, second = channel_class(), channel_class()
    first.chan_id, second.chan_id = "one", "two"
    for chan in (first, second):
        assert ac.set_chan_at_id(chan, "Ticker") is chan
    assert ac.get_chan_at_id("Ticker", "one") is first
    assert ac.get_channels("two") == {"Ticker": second}
    with pytest.raises(ValueError, match="at 'one'"):
        ac.set_chan_at_id(first, "Ticker")
    ac.del_chan_at_id("Ticker", "one")
    ac.del_chan_at_id("Ticker", "one")
    ac.del_chan_at_id("Ticker", "unknown")
    with pytest.raises(KeyError, match="at 'one'"):
        ac.get_chan_at_id("Ticker", "one")
    ac.del_channel_container("two")
    ac.del_channel_container("two")
    with pytest.raises(KeyError, match="'two'"):
        ac.get_channels("two")
    with pytest.raises(KeyError):
        ac.get_chan_at_id("Ticker", "two")


def test_there_is_one_registry():
    assert ac.ChannelInstances.instance() is ac.ChannelInstances.instance()


def test_errors_share_a_base(channel_class):
    for refused in (lambda: ac.get_chan("?"), lambda: channel_class.__base__().get_internal_producer()):
        with pytest.raises(ChannelUsageError) as caught:
            refused()
        assert isinstance(caught.value, ChannelError)


async def test_create_channel_instance(channel_class):
    channel = await ac.create_channel_instance(channel_class, ac.set_chan)
    assert ac.get_chan("Ticker") is channel
    assert not channel.is_synchronized
    named = await ac.create_channel_instance(channel_class, ac.set_chan, is_synchronized=True, channel_name="Named")
    assert ac.get_chan("Named") is named
    assert named.is_synchronized
    with pytest.raises(ValueError, match="exists already"):
        await ac.create_channel_instance(channel_class, ac.set_chan)


async def test_create_channel_instance_passes_arguments_on(dispatcher):
    class AccountChannel(ac.Channel):
        def __init__(self, account):
            super().__init__()
            self.chan_id = account
            self.started = 0

        async def start(self):
            self.started += 1
            await super().start()

    channel = await ac.create_channel_instance(
        AccountChannel, ac.set_chan_at_id, True, dispatcher=dispatcher, account="main"
    )
    assert ac.get_chan_at_id("Account", "main") is channel
    assert (channel.dispatcher, channel.is_synchronized, channel.started) == (dispatcher, True, 1)


async def test_create_all_subclasses_channel_takes_direct_subclasses(dispatcher):
    class BaseChannel(ac.Channel):
        pass

    class FirstChannel(BaseChannel):
        pass

    class SecondChannel(BaseChannel):
        pass

    class GrandChildChannel(FirstChannel):
        pass

    created = await ac.create_all_subclasses_channel(BaseChannel, ac.set_chan, True, dispatcher=dispatcher)
    assert [type(channel) for channel in created] == [FirstChannel, SecondChannel]
    assert set(ac.ChannelInstances.instance().channels) == {"First", "Second"}
    assert all(channel.is_synchronized and channel.dispatcher is dispatcher for channel in created)
