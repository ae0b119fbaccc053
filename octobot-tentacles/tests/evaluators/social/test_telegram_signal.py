# SPDX-License-Identifier: Apache-2.0
"""TelegramSignalEvaluator: lines in one simple form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.telegram_signal import TelegramSignalEvaluator, signal_of

CHAT = "test_telegram_signal_strat"


def message(text: str, chat: str = CHAT) -> dict[str, str]:
    return {"chat": chat, "text": text}


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("BTC/USDT[-0.45]", ("BTC/USDT", -0.45)),
        ("  BTC/USDT [0.5] ", ("BTC/USDT", 0.5)),
        ("#BTCUSDT[+1]", ("#BTCUSDT", 1.0)),
        ("BTC/USDT[0]", ("BTC/USDT", 0.0)),
        ("BTC/USDT[BUY]", ("BTC/USDT", -1.0)),
        ("BTC/USDT[buy|0.8]", ("BTC/USDT", -0.8)),
        ("BTC/USDT[SELL|0.25]", ("BTC/USDT", 0.25)),
        ("BTC/USDT[SELL|0]", ("BTC/USDT", 0.0)),
        ("BTC/USDT[-1.01]", None),
        ("BTC/USDT[BUY|2]", None),
        ("BTC/USDT[BUY|-1]", None),
        ("BTC/USDT[nan]", None),
        ("BTC/USDT[1e0]", None),
        ("BTC/USDT[HOLD]", None),
        ("BTC/USDT[]", None),
        ("BTC/USDT", None),
        ("buy BTC/USDT[-1] now", None),
        ("", None),
    ],
)
def test_lines(line: str, signal: tuple[str, float] | None) -> None:
    assert signal_of(line) == signal


@given(line=st.text("BTC/USD[]|.-+0123456789 BUYSEL", max_size=60))
def test_no_line_makes_a_note_beyond_its_bounds(line: str) -> None:
    signal = signal_of(line)
    assert signal is None or -1.0 <= signal.note <= 1.0


async def test_signals_are_about_traded_symbols(listen: Any) -> None:
    events = [
        (0.0, message("Good morning!\nBTC/USDT[BUY|0.8]\neth-usdt[0.5]\nDOGE/USDT[-1]")),
        (1.0, message("ETHBTC[0]")),
        (2.0, message("BTC/USDT[1]", chat="somebody else")),
        (3.0, message("BTC/USDT[0.1]", chat=f"@{CHAT.upper()}")),
    ]
    listener = await listen(TelegramSignalEvaluator, events)
    assert listener.notes == [
        (0.0, "BTC/USDT", -0.8), (0.0, "ETH/USDT", 0.5), (1.0, "ETH/BTC", 0.0), (3.0, "BTC/USDT", 0.1)
    ]  # fmt: skip
    assert listener.failures == 0
    assert listener.evaluators[0].feed_config == {"chats": [CHAT]}


async def test_a_signal_counts_for_an_hour(listen: Any) -> None:
    listener = await listen(
        TelegramSignalEvaluator, [(0.0, message("BTC/USDT[SELL]")), (0.5, message("ETH/USDT[BUY]"))]
    )
    assert listener.counts_at(0.9, "Bitcoin", "BTC/USDT") == 1.0
    assert listener.counts_at(1.0, "Bitcoin", "BTC/USDT") is None, "a signal about another symbol does not prolong it"
    assert listener.counts_at(1.4, "Ethereum", "ETH/USDT") == -1.0


@pytest.mark.parametrize(
    "malformed", [None, "BTC/USDT[BUY]", {"text": "a"}, {"chat": CHAT}, message("x" * 4097), {"chat": "", "text": "a"}]
)
async def test_an_event_of_another_shape_leaves_no_note(listen: Any, caplog: Any, malformed: Any) -> None:
    listener = await listen(TelegramSignalEvaluator, [(0.0, message("BTC/USDT[BUY]")), (0.5, malformed)])
    assert listener.failures == 1
    assert "an event is no TelegramMessageData" in caplog.text
    assert listener.counts_at(0.5, "Bitcoin", "BTC/USDT") is None


def test_unusable_settings_are_refused(make_evaluator: Any) -> None:
    with pytest.raises(SettingError, match=r"telegram-channels: a name is empty \(write a name"):
        make_evaluator(TelegramSignalEvaluator, **{"telegram-channels": ["@"]})
    with pytest.raises(SettingError, match="telegram-channels: expected a list of text"):
        make_evaluator(TelegramSignalEvaluator, **{"telegram-channels": [5]})


def test_defaults_complete_the_settings(make_evaluator: Any) -> None:
    assert make_evaluator(TelegramSignalEvaluator).specific_config == {"telegram-channels": [CHAT]}
