# SPDX-License-Identifier: Apache-2.0
"""TelegramChannelSignalEvaluator: signals of Telegram channels, each in the channel's own form.

``docs/TelegramChannelSignalEvaluator.md`` describes it for those who set it up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.signal_pattern import SignalPattern
from octobot_tentacles.evaluators.social.telegram_signals import Signal, TelegramSignals, chat_key

_CHANNELS, _NAME, _PAIR, _SIDES = "telegram-channels", "channel_name", "signal_pair", "signal_pattern"
_NOTES = {"MARKET_BUY": -1.0, "MARKET_SELL": 1.0}
_DEFAULT = {
    _NAME: "Test-Channel",
    _PAIR: "Pair: (.*)$",
    _SIDES: {"MARKET_BUY": "Side: (BUY)$", "MARKET_SELL": "Side: (SELL)$"},
}


class ChannelForm(NamedTuple):
    """How a channel writes its signals: the pattern of the pair, and that of each note."""

    pair: SignalPattern
    sides: tuple[tuple[float, SignalPattern], ...]

    def signal_of(self, text: str) -> Signal | None:
        """The signal of a message; None where it is none, or says to buy and to sell."""
        pair = self.pair.find(text)
        if not pair:
            return None
        notes = [note for note, pattern in self.sides if pattern.find(text) is not None]
        return Signal(pair, notes[0]) if len(notes) == 1 else None


class TelegramChannelSignalEvaluator(TelegramSignals):
    """Looks for a pair and a side in the messages of each channel that its settings name."""

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.forms: dict[str, ChannelForm] = {}

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Register the settings, and ask the feed for these channels.

        Raises:
            SettingError: a channel has no name or two forms, or a pattern cannot be used.
        """
        entries = self.UI.user_input(
            _CHANNELS,
            UserInputTypes.OBJECT_ARRAY,
            [_DEFAULT],
            inputs,
            title="Channels: how each writes its signals.",
            item_title="Channel",
        )
        self.forms = {}
        names = [self._register_channel(index, inputs) for index in range(len(entries))]
        self.ask_for(names)

    def _register_channel(self, index: int, inputs: dict[str, Any]) -> str:
        at: dict[str, Any] = {"parent_input_name": _CHANNELS, "array_indexes": [index]}
        name = self.UI.user_input(_NAME, UserInputTypes.TEXT, "", inputs, title="Channel: its name.", **at)
        key = chat_key(name)
        if not key or key in self.forms:
            what = "this channel stands there twice" if key else "the name is empty"
            raise self._refused(index, _NAME, what, "write each channel's name, once")
        pair = self.UI.user_input(
            _PAIR, UserInputTypes.TEXT, "", inputs, title="Pair: a pattern with the pair in brackets.", **at
        )
        self.UI.user_input(_SIDES, UserInputTypes.OBJECT, {}, inputs, title="Sides: a pattern for each.", **at)
        sides = {side: self._side(index, side, inputs) for side in _NOTES}
        if not any(sides.values()):
            raise self._refused(index, _SIDES, "there is no pattern", "write one for MARKET_BUY or MARKET_SELL")
        self.forms[key] = ChannelForm(
            SignalPattern(pair, file=self._file, field=_field(index, _PAIR), needs_group=True),
            tuple(
                (note, SignalPattern(sides[side], file=self._file, field=_field(index, f"{_SIDES}.{side}")))
                for side, note in _NOTES.items()
                if sides[side]
            ),
        )
        return str(name)

    def _side(self, index: int, side: str, inputs: dict[str, Any]) -> str:
        title = f"{side}: what is found in the messages that say so; empty: none do."
        return str(
            self.UI.user_input(
                side, UserInputTypes.TEXT, "", inputs, title=title, parent_input_name=_SIDES, array_indexes=[index]
            )
        )

    def signals_of(self, chat: str, text: str) -> Iterable[Signal]:
        """At most one."""
        form = self.forms.get(chat)
        signal = None if form is None else form.signal_of(text)
        return () if signal is None else (signal,)

    @property
    def _file(self) -> str | None:
        return None if self.UI.file is None else str(self.UI.file)

    def _refused(self, index: int, key: str, what: str, remedy: str) -> SettingError:
        return SettingError(what, file=self.UI.file, field=_field(index, key), remedy=remedy)


def _field(index: int, key: str) -> str:
    return f"{_CHANNELS}[{index}].{key}"
