# SPDX-License-Identifier: Apache-2.0
"""TelegramSignalEvaluator: signals of Telegram groups in one simple form, an example of how to read others.

``docs/TelegramSignalEvaluator.md`` describes the form for those who set it up; ``signal_of`` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.telegram_signals import Signal, TelegramSignals, chat_key

_CHATS = "telegram-channels"
_LINE = re.compile(
    r"(?P<pair>[^\s\[\]]{3,40})\s?\[(?:(?P<note>[+-]?\d(?:\.\d{1,15})?)|(?P<side>BUY|SELL)(?:\|(?P<strength>\d(?:\.\d{1,15})?))?)\]",
    re.IGNORECASE,
)


def signal_of(line: str) -> Signal | None:
    """The signal of one line: ``BTC/USDT[-0.45]``, ``BTC/USDT[BUY]`` or ``BTC/USDT[SELL|0.8]``; None where it is none.

    Notes and strengths beyond 1 are no signals either.
    """
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    if found["note"] is not None:
        note = float(found["note"])
    else:
        strength = 1.0 if found["strength"] is None else float(found["strength"])
        note = -strength if found["side"].upper() == "BUY" else strength
    return Signal(found["pair"], note + 0.0) if abs(note) <= 1.0 else None


class TelegramSignalEvaluator(TelegramSignals):
    """Notes the signals of the groups that its settings name."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.chats: frozenset[str] = frozenset()

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings, and ask the feed for these groups.

        Raises:
            SettingError: the name of a group is empty.
        """
        chats = self.UI.user_input(
            _CHATS,
            UserInputTypes.STRING_ARRAY,
            ["test_telegram_signal_strat"],
            inputs,
            title="Groups and channels: the names of those whose signals count.",
        )
        self.chats = frozenset(map(chat_key, chats))
        if "" in self.chats:
            remedy = 'write a name, like "my_signals"'
            raise SettingError("a name is empty", file=self.UI.file, field=_CHATS, remedy=remedy)
        self.ask_for(chats)

    def signals_of(self, chat: str, text: str) -> Iterable[Signal]:
        """One for each line that is a signal."""
        if chat not in self.chats:
            return ()
        return [signal for signal in map(signal_of, text.splitlines()) if signal is not None]
