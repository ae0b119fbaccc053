# SPDX-License-Identifier: Apache-2.0
"""Makes a trading mode's instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from octobot_commons.configuration import Profile
from octobot_commons.notes import NotesReader
from octobot_trading.modes.abstract_trading_mode import AbstractTradingMode

if TYPE_CHECKING:
    from octobot_trading.exchanges.exchange_manager import ExchangeManager


async def create_trading_modes(
    mode_class: type[AbstractTradingMode],
    config: Profile,
    exchange_manager: ExchangeManager,
    symbols_by_cryptocurrency: Mapping[str, Iterable[str]],
    notes_reader: NotesReader,
    bot_id: str | None = None,
) -> list[AbstractTradingMode]:
    """Create and start one instance per symbol, or one for all; they are the exchange's ``trading_modes`` then.

    Where one cannot be started, none is.
    """
    pairs = [(name, symbol) for name, symbols in symbols_by_cryptocurrency.items() for symbol in symbols]
    targets: list[tuple[str | None, str | None]] = [(None, None)] if mode_class.get_is_symbol_wildcard() else [*pairs]
    modes: list[AbstractTradingMode] = []
    for cryptocurrency, symbol in targets:
        mode = mode_class(config, exchange_manager)
        mode.cryptocurrency, mode.symbol = cryptocurrency, symbol
        mode.notes_reader, mode.bot_id = notes_reader, bot_id
        try:
            await mode.initialize()
        except BaseException:
            # It never started, so its own stop is not asked; what it has subscribed to is taken off.
            await AbstractTradingMode.stop(mode)
            for started in modes:
                await started.stop()
            raise
        modes.append(mode)
    exchange_manager.trading_modes += modes
    return modes
