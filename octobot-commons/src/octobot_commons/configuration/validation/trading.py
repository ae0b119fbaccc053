# SPDX-License-Identifier: Apache-2.0
"""What is traded, where, and with which money."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.profile_file import PROFILE_FILE
from octobot_commons.configuration.validation.problem import Find, Severity
from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.errors import ProfileError, did_you_mean
from octobot_commons.symbols import parse_symbol

_PORTFOLIO = "config.trader-simulator.starting-portfolio"


def check_trading(profile: Profile, exchange_names: Collection[str] | None, find: Find) -> None:
    """Find pairs, amounts and exchanges with which nothing can be traded."""
    file = _file_of(profile)
    _check_exchanges(profile, exchange_names, find)
    if not profile.symbols_by_cryptocurrency():
        remedy = 'write for instance {"Bitcoin": {"pairs": ["BTC/USDT"]}}'
        find(ProfileError("names no pair to trade", file=file, field="config.crypto-currencies", remedy=remedy),
             Severity.WARNING)  # fmt: skip
    held = profile.trader_simulator.starting_portfolio
    if not any(amount > 0 for amount in held.values()):
        remedy = 'write for instance {"USDT": 1000}'
        error = ProfileError("a simulation would start without money", file=file, field=_PORTFOLIO, remedy=remedy)
        find(error, Severity.ERROR if profile.trader_simulator.enabled else Severity.WARNING)
    for pair, field in _pairs(profile):
        _check_pair(profile, pair, field, find)
    _check_asset(profile.reference_market, file, "config.trading.reference-market", find)
    for asset in held:
        _check_asset(asset, file, f"{_PORTFOLIO}.{asset}", find)


def _check_exchanges(profile: Profile, known: Collection[str] | None, find: Find) -> None:
    file, field = _file_of(profile), "config.exchanges"
    if not profile.enabled_exchanges():
        remedy = 'write for instance {"binance": {"enabled": true}}'
        find(ProfileError("no exchange is enabled", file=file, field=field, remedy=remedy), Severity.WARNING)
    for name in profile.enabled_exchanges() if known is not None else ():
        if name not in (known or ()):
            likely = did_you_mean(name, known or (), "it can be used with candles of its name only")
            find(ProfileError("unknown exchange", file=file, field=f"{field}.{name}", remedy=likely), Severity.WARNING)


def _pairs(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, currency in profile.crypto_currencies.items():
        for pair in currency.pairs if currency.enabled else ():
            yield pair, f"config.crypto-currencies.{name}.pairs"


def _check_pair(profile: Profile, pair: str, field: str, find: Find) -> None:
    if pair == CONFIG_WILDCARD:
        return
    file, symbol = _file_of(profile), parse_symbol(pair)
    if pair.islower():
        remedy = f"did you mean {pair.upper()}?"
        find(ProfileError(f"exchanges write {pair} otherwise", file=file, field=field, remedy=remedy), Severity.WARNING)
    held = profile.trader_simulator.starting_portfolio
    is_held = symbol.base in held or symbol.quote in held or symbol.settlement_asset in held
    if profile.trader_simulator.enabled and held and not is_held:
        message = f"{pair} cannot be traded with a portfolio of {', '.join(held)}"
        remedy = f"add {symbol.quote} to starting-portfolio, or choose another pair"
        find(ProfileError(message, file=file, field=field, remedy=remedy), Severity.ERROR)


def _check_asset(asset: str, file: Path, field: str, find: Find) -> None:
    if any(sign in asset for sign in "/: ") or not asset:
        remedy = "write one asset, like USDT"
        find(ProfileError(f"{asset!r} is no asset", file=file, field=field, remedy=remedy), Severity.ERROR)
    elif asset.islower():
        remedy = f"did you mean {asset.upper()}?"
        message = f"exchanges write {asset} otherwise"
        find(ProfileError(message, file=file, field=field, remedy=remedy), Severity.WARNING)


def _file_of(profile: Profile) -> Path:
    return (profile.path or Path()) / PROFILE_FILE
