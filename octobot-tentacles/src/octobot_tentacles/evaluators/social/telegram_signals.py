# SPDX-License-Identifier: Apache-2.0
"""What social evaluators do that take signals from Telegram: from a message's text to notes about traded symbols."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.enums import TimeFrames
from octobot_commons.symbols.symbol_util import is_symbol, parse_symbol
from octobot_evaluators.evaluators.registration import RegistrationTopic
from octobot_tentacles.evaluators.social.feed_notes import HOUR, FeedNotes
from octobot_tentacles.service_feeds.telegram import TelegramMessageData, TelegramServiceFeed

#: How long a signal counts.
LIFETIME: Final = HOUR


class Signal(NamedTuple):
    """What a message says: about which pair, in whatever way that is written, and the note."""

    pair: str
    note: float


def chat_key(name: str) -> str:
    """Names of chats are alike in capitals or not, with or without the @ of a channel."""
    return name.strip().removeprefix("@").casefold()


class TelegramSignals(FeedNotes):
    """One instance for all symbols; ``signals_of`` says what a message means."""

    SERVICE_FEED_CLASS = TelegramServiceFeed

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self._traded: dict[str, list[tuple[str, str]]] = {}

    def signals_of(self, chat: str, text: str) -> Iterable[Signal]:
        """The signals of a message in a chat, whose name is that of ``chat_key``."""
        raise NotImplementedError(f"{self.get_name()} reads no signals")

    def ask_for(self, chats: Iterable[str]) -> None:
        """Ask the feed for these chats."""
        self.feed_config = {"chats": list(chats)}

    async def _feed_callback(self, data: Any) -> None:
        message = TelegramMessageData.parse(data)
        for signal in self.signals_of(chat_key(message.chat), message.text):
            traded = self._traded.get(_pair_key(signal.pair))
            if traded is None:
                self.logger.debug("A signal of %s is about %s, which is not traded", message.chat, signal.pair)
                continue
            for cryptocurrency, symbol in traded:
                await self.complete(signal.note, LIFETIME, cryptocurrency, symbol)

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        self._traded = {}
        for cryptocurrency, symbols in all_symbols_by_crypto_currencies.items():
            for symbol in symbols:
                self._traded.setdefault(_pair_key(symbol), []).append((cryptocurrency, symbol))
        return super()._get_tentacle_registration_topic(
            all_symbols_by_crypto_currencies, time_frames, real_time_time_frames
        )


def _pair_key(text: str) -> str:
    """``BTC/USDT``, ``#btc-usdt``, ``BTCUSDT`` and the future ``BTC/USDT:USDT`` are one pair."""
    text = text.strip()
    if is_symbol(text):
        text = "".join(parse_symbol(text).base_and_quote())
    return "".join(letter for letter in text.upper() if letter.isalnum())
