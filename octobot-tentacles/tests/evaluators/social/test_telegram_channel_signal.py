# SPDX-License-Identifier: Apache-2.0
"""TelegramChannelSignalEvaluator: each channel's own form."""

from __future__ import annotations

from typing import Any

import pytest

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.telegram_channel_signal import TelegramChannelSignalEvaluator

DEFAULT = {
    "channel_name": "Test-Channel",
    "signal_pair": "Pair: (.*)$",
    "signal_pattern": {"MARKET_BUY": "Side: (BUY)$", "MARKET_SELL": "Side: (SELL)$"},
}


def message(text: str, chat: str = "Test-Channel") -> dict[str, str]:
    return {"chat": chat, "text": text}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param("Signal!\nPair: BTC/USDT\nSide: BUY", -1.0, id="a clear buy"),
        pytest.param("Pair: btc-usdt \r\nPrice: 27000\r\nSide: SELL ", 1.0, id="a clear sell"),
        pytest.param("Side: BUY\nPair: #BTCUSDT", -1.0, id="in another order"),
        pytest.param("Pair: BTC/USDT:USDT\nSide: BUY", -1.0, id="as a future"),
        pytest.param("Pair: BTC/USDT\nSide: HOLD", None, id="neither"),
        pytest.param("Pair: BTC/USDT\nSide: BUY\nSide: SELL", None, id="both"),
        pytest.param("Pair: \nSide: BUY", None, id="no pair"),
        pytest.param("Pair: DOGE/USDT\nSide: BUY", None, id="not traded"),
        pytest.param("Side: BUY", None, id="about nothing"),
        pytest.param("How are you?", None, id="talk"),
        pytest.param(f"Pair: BTC/USDT\n{'x' * 300} Side: BUY", None, id="in a long line"),
        pytest.param("Pair: BTC/USDT" + "\n" * 40 + "Side: BUY", None, id="after many lines"),
        pytest.param("", None, id="nothing"),
    ],
)
async def test_messages(listen: Any, text: str, note: float | None) -> None:
    listener = await listen(TelegramChannelSignalEvaluator, [(1.0, message(text))])
    assert listener.notes == ([] if note is None else [(1.0, "BTC/USDT", note)])
    assert listener.failures == 0


async def test_each_channel_has_its_form(listen: Any) -> None:
    other = {
        "channel_name": "@Whales",
        "signal_pair": r"^(?:LONG|SHORT)\s+([A-Z]+/[A-Z]+)",
        "signal_pattern": {"MARKET_BUY": "^LONG", "MARKET_SELL": ""},
    }
    events = [
        (0.0, message("LONG ETH/BTC now", "whales")),
        (1.0, message("SHORT ETH/BTC now", "whales")),
        (2.0, message("LONG ETH/BTC now")),
        (3.0, message("Pair: ETH/BTC\nSide: SELL")),
        (4.0, message("Pair: ETH/BTC\nSide: SELL", "unknown")),
    ]
    listener = await listen(TelegramChannelSignalEvaluator, events, **{"telegram-channels": [DEFAULT, other]})
    assert listener.notes == [(0.0, "ETH/BTC", -1.0), (3.0, "ETH/BTC", 1.0)]
    assert listener.evaluators[0].feed_config == {"chats": ["Test-Channel", "@Whales"]}
    assert listener.counts_at(3.9, "Ethereum", "ETH/BTC") == 1.0
    assert listener.counts_at(4.0, "Ethereum", "ETH/BTC") is None


async def test_an_event_of_another_shape_leaves_no_note(listen: Any, caplog: Any) -> None:
    events = [(0.0, message("Pair: BTC/USDT\nSide: BUY")), (0.5, {"chat": "Test-Channel", "text": None})]
    listener = await listen(TelegramChannelSignalEvaluator, events)
    assert listener.failures == 1
    assert "expected `str`" in caplog.text.lower()
    assert listener.counts_at(0.5, "Bitcoin", "BTC/USDT") is None


SIDES = DEFAULT["signal_pattern"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"signal_pair": "Pair: (.*"}, r"telegram-channels\[0\].signal_pair: 'Pair: \(.\*' is no regular expression"),
        ({"signal_pair": "Pair: .+"}, r"signal_pair: 'Pair: .\+' has no group \(put round brackets"),
        ({"signal_pair": ""}, r"telegram-channels\[0\].signal_pair: '' has no group"),
        (
            {"signal_pattern": {"MARKET_BUY": "["}},
            r"telegram-channels\[0\].signal_pattern.MARKET_BUY: '\[' is no regular",
        ),
        ({"signal_pattern": {"MARKET_SELL": "(S+)+x"}}, "MARKET_SELL: '.*' repeats what can itself be repeated"),
        ({"signal_pattern": {"MARKET_SELL": ".*"}}, "MARKET_SELL: '.*' is found in every message"),
        ({"signal_pattern": {}}, r"telegram-channels\[0\].signal_pattern: there is no pattern"),
        ({"signal_pattern": {"MARKET_BUY": 5}}, r"telegram-channels\[0\].signal_pattern.MARKET_BUY: expected text"),
        ({"signal_pattern": {"MARKET_BYE": "x", "MARKET_SELL": "y"}}, "did you mean MARKET_BUY"),
        ({"channel_name": " "}, r"telegram-channels\[0\].channel_name: the name is empty"),
    ],
)
def test_unusable_settings_are_refused(make_evaluator: Any, change: dict[str, Any], match: str) -> None:
    with pytest.raises(Exception, match=match) as raised:
        make_evaluator(TelegramChannelSignalEvaluator, **{"telegram-channels": [{**DEFAULT, **change}]})
    assert "ettingError" in type(raised.value).__name__
    assert raised.value.remedy


def test_a_channel_stands_there_once(make_evaluator: Any) -> None:
    twice = [DEFAULT, {**DEFAULT, "channel_name": "@test-channel"}]
    with pytest.raises(SettingError, match=r"telegram-channels\[1\].channel_name: this channel stands there twice"):
        make_evaluator(TelegramChannelSignalEvaluator, **{"telegram-channels": twice})


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(TelegramChannelSignalEvaluator).specific_config == {"telegram-channels": [DEFAULT]}
