# SPDX-License-Identifier: Apache-2.0
"""The channel between what a trading mode decides and what it does about it."""

from __future__ import annotations

from octobot_trading.exchange_channel import ExchangeChannel


class ModeChannel(ExchangeChannel):
    """final_note, state, trading_mode_name, cryptocurrency, symbol, time_frame, data, dependencies."""

    FILTERS = ("trading_mode_name", "cryptocurrency", "symbol")
