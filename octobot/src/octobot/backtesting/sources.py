# SPDX-License-Identifier: Apache-2.0
"""Where a backtest's candles come from: given files, else the store, else what the profile lets be made up."""

from __future__ import annotations

from collections.abc import Sequence

from octobot.backtesting.data import find_stored
from octobot.backtesting.synthetic import synthetic_symbol, synthetic_venue
from octobot_commons.configuration import Profile
from octobot_commons.errors import DataError
from octobot_trading.history import CandleSeries


class CandleSources:
    """Finds the candles of a run. ``exchange_names`` begin with the exchange whose prices the others are made from."""

    def __init__(
        self, profile: Profile, exchange_names: Sequence[str], given: Sequence[CandleSeries], seed: int
    ) -> None:
        self._config = profile.backtesting
        self._first, *self._others = exchange_names
        self._given = given
        self._seed = seed

    def of_first(self, symbol: str) -> list[CandleSeries]:
        """Every series of a symbol on the first exchange.

        Raises:
            DataError: there is none.
        """
        if self._given:
            return self._of_files(symbol, self._first)
        try:
            return find_stored(symbol, self._first)
        except DataError:
            if symbol not in self._config.synthetic_symbols:
                raise
        return [synthetic_symbol(symbol)]

    def of_other(self, symbol: str, exchange_name: str, first: Sequence[CandleSeries]) -> list[CandleSeries]:
        """Every series of a symbol on another exchange; ``first`` are those of the first one.

        Raises:
            DataError: there is none.
        """
        if self._given:
            return self._of_files(symbol, exchange_name)
        try:
            return find_stored(symbol, exchange_name)
        except DataError:
            if exchange_name not in self._config.synthetic_exchanges:
                raise
        return [synthetic_venue(one, exchange_name, self._seed) for one in first]

    def _of_files(self, symbol: str, exchange_name: str) -> list[CandleSeries]:
        found = [one for one in self._given if one.symbol == symbol]
        if not self._others:
            return found
        own = [one for one in found if one.exchange_name == exchange_name]
        if own:
            return own
        told = ", ".join(sorted({one.exchange_name for one in found}))
        raise DataError(
            f"the given files hold no candles of {symbol} on {exchange_name}, but on {told}",
            field="--data",
            remedy="give files of each exchange that the profile enables, or import them with"
            " `octobot data import --exchange`",
        )
