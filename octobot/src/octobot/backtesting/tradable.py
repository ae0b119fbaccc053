# SPDX-License-Identifier: Apache-2.0
"""What a backtest refuses to trade before it starts: what its account could not hold or its trading mode not handle."""

from __future__ import annotations

from collections.abc import Sequence

from octobot.tentacles import ActiveTentacles
from octobot_commons.configuration import Profile
from octobot_commons.configuration.profile import ExchangeConfig
from octobot_commons.errors import ProfileError, UserInputError
from octobot_commons.symbols import Symbol, parse_symbol
from octobot_trading.enums import ExchangeTypes


def check_tradable(profile: Profile, tentacles: ActiveTentacles, exchange_name: str, symbols: Sequence[str]) -> bool:
    """Whether the account is one of contracts.

    Raises:
        UserInputError: the profile cannot trade one of the symbols; says which and what to do.
    """
    held = profile.trader_simulator.starting_portfolio
    if not any(amount > 0 for amount in held.values()):
        raise ProfileError(
            f"profile {profile.profile_id} starts with an empty portfolio",
            file=profile.path,
            field="trader-simulator.starting-portfolio",
            remedy='write for instance {"USDT": 1000}',
        )
    kind = profile.exchanges.get(exchange_name, ExchangeConfig()).exchange_type
    trades_contracts = kind == ExchangeTypes.FUTURE
    for symbol in map(parse_symbol, symbols):
        if trades_contracts:
            _check_contract(profile, symbol)
        else:
            _check_spot(profile, kind, symbol)
    mode = tentacles.trading_mode
    if trades_contracts and ExchangeTypes.FUTURE not in mode.get_supported_exchange_types():
        raise ProfileError(
            f"{mode.get_name()} does not trade futures",
            file=profile.path,
            field=f"config.exchanges.{exchange_name}.exchange-type",
            remedy="write spot, or choose another trading mode",
        )
    return trades_contracts


def _check_spot(profile: Profile, kind: str, symbol: Symbol) -> None:
    held = profile.trader_simulator.starting_portfolio
    if not symbol.is_spot():
        raise UserInputError(
            f"{symbol} is a contract, and profile {profile.profile_id} trades {kind} markets",
            field="--symbol",
            remedy=f'use {symbol.base}/{symbol.quote}, or write "exchange-type": "future" in profile.json',
        )
    if symbol.base not in held and symbol.quote not in held:
        raise UserInputError(
            f"profile {profile.profile_id} does not trade {symbol}: its portfolio holds {', '.join(held)}",
            field="--symbol",
            remedy=f"add {symbol.quote} to starting-portfolio in profile.json, or choose another pair",
        )


def _check_contract(profile: Profile, symbol: Symbol) -> None:
    held = profile.trader_simulator.starting_portfolio
    linear = f"{symbol.base}/{symbol.quote}:{symbol.quote}"
    if symbol.is_spot():
        raise UserInputError(
            f"{symbol} is a spot pair, and profile {profile.profile_id} trades futures",
            field="--symbol",
            remedy=f'use {linear}, or write "exchange-type": "spot" in profile.json',
        )
    if not symbol.is_perpetual_future() or symbol.is_inverse() or symbol.settlement_asset != symbol.quote:
        raise UserInputError(
            f"{symbol} is no linear perpetual contract, which is what backtests of futures trade",
            field="--symbol",
            remedy=f"use {linear}",
        )
    if symbol.quote not in held:
        raise UserInputError(
            f"profile {profile.profile_id} has no margin for {symbol}: its portfolio holds {', '.join(held)}",
            field="--symbol",
            remedy=f"add {symbol.quote} to starting-portfolio in profile.json",
        )
