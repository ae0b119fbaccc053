# SPDX-License-Identifier: Apache-2.0
"""Real-time evaluators: called with candles while they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from octobot_commons.constants import CONFIG_TIME_FRAME
from octobot_commons.enums import TimeFrames
from octobot_commons.time_frame_manager import find_min_time_frame
from octobot_evaluators.enums import EvaluatorMatrixTypes
from octobot_evaluators.evaluators.abstract_evaluator import AbstractEvaluator
from octobot_evaluators.evaluators.registration import RegistrationTopic, default_registration_topic

if TYPE_CHECKING:
    from octobot_commons.configuration import TentaclesSetupConfig
    from octobot_trading.exchange_data.ohlcv.candles_manager import CandlesManager


class RealTimeEvaluator(AbstractEvaluator):
    """Its own ``start`` registers its methods on the channels it needs: candles, prices, tickers, order books, trades.

    They are called by keyword with the payload of the channel. Whichever of them fails, the note that it was about is
    gone until the next one, and all of them end with the evaluator.

    Attributes:
        available_time_frame: the time frame (a string) of its settings where that is followed, else the shortest one.
    """

    EVALUATOR_TYPE = EvaluatorMatrixTypes.REAL_TIME

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None) -> None:
        super().__init__(tentacles_setup_config)
        self.available_time_frame: str | None = None

    async def ohlcv_callback(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        candle: list[float],
    ) -> None:
        """Evaluate a closed candle."""
        raise NotImplementedError(f"{self.get_name()} has no ohlcv_callback")

    async def kline_callback(
        self,
        exchange: str,
        exchange_id: str,
        cryptocurrency: str,
        symbol: str,
        time_frame: str,
        kline: list[float],
    ) -> None:
        """Evaluate a candle in construction."""
        raise NotImplementedError(f"{self.get_name()} has no kline_callback")

    def get_symbol_candles(
        self, exchange_name: str, exchange_id: str, symbol: str, time_frame: TimeFrames | str
    ) -> CandlesManager:
        """The candles of a symbol: arrays of closes, opens, highs, lows, volumes and times."""
        return self.get_exchange_symbol_data(exchange_name, exchange_id, symbol).candles(time_frame)

    def _get_tentacle_registration_topic(
        self,
        all_symbols_by_crypto_currencies: dict[str, list[str]],
        time_frames: list[TimeFrames],
        real_time_time_frames: list[TimeFrames],
    ) -> RegistrationTopic:
        """The real-time time frames; sets ``available_time_frame``."""
        asked = self.time_frame or self.specific_config.get(CONFIG_TIME_FRAME)
        if asked in real_time_time_frames:
            self.available_time_frame = TimeFrames(asked).value
        elif real_time_time_frames:
            self.available_time_frame = find_min_time_frame(real_time_time_frames).value
            if asked is not None:
                self.logger.warning(
                    "%s asks for %s candles, which are not followed: it gets %s",
                    self.get_name(),
                    asked,
                    self.available_time_frame,
                )
        cryptocurrencies, symbols, _ = default_registration_topic(
            self, all_symbols_by_crypto_currencies, real_time_time_frames
        )
        return cryptocurrencies, symbols, list(real_time_time_frames)
