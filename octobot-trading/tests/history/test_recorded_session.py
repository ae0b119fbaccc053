# SPDX-License-Identifier: Apache-2.0
"""Lines of recorded sessions."""

from __future__ import annotations

import gzip

import pytest

from octobot_commons.errors import DataError
from octobot_trading.history.readers import recorded_session
from octobot_trading.history.readers.content import Content


def content(*lines: str) -> Content:
    return Content("session", "\n".join(lines).encode(), "")


def test_what_was_received_is_read_with_its_time():
    packed = gzip.compress(b'{"ping":1}')
    recorded = content(
        'configuration: {"l2_book":[]}',
        "wss://ws.kraken.com <-> 1618678132.36",
        'wss://ws.kraken.com <- 1618678132.83: {"event":"subscribe"}',
        'https://api.kraken.com/depth?a=b -> 1618678132.9: {"as":[]}',
        '1618678133.5: {"event":"heartbeat"}\r',
        "",
        f"1618678134.5: {packed!r}",
        "1618678135: b'[1]'",
        '1723161256172216566 {"stream":"x"}',
    )
    assert recorded_session.matches(recorded)
    messages = list(recorded_session.read(recorded))
    assert [message.time for message in messages] == pytest.approx(
        [1618678132.9, 1618678133.5, 1618678134.5, 1618678135, 1723161256.172216566]
    )
    assert [message.url for message in messages] == ["https://api.kraken.com/depth?a=b", None, None, None, None]
    assert [message.json() for message in messages] == [
        {"as": []},
        {"event": "heartbeat"},
        {"ping": 1},
        [1],
        {"stream": "x"},
    ]
    assert [message.row for message in messages] == [4, 5, 7, 8, 9]


@pytest.mark.parametrize("line", ["time,open,high", "", '{"candles": []}', "2020-01-01 00:00: x"])
def test_other_files_are_left_to_other_readers(line):
    assert not recorded_session.matches(content(line))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "it is no line of a recorded session"),
        ("1.5: b'\\x1f\\x8bx'", "its bytes cannot be read"),
        ("1.5: b'open", "its bytes cannot be read"),
    ],
)
def test_a_damaged_line_is_named(line, message):
    with pytest.raises(DataError, match=f"session: row 2: {message}"):
        list(recorded_session.read(content("1.0: {}", line)))


def test_a_message_that_was_cut_off_is_named():
    (message,) = recorded_session.read(content('1.0: {"a"'))
    with pytest.raises(DataError, match="session: row 1: it is no JSON"):
        message.json()
