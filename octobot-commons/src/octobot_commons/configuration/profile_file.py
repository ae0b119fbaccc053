# SPDX-License-Identifier: Apache-2.0
"""From a profile folder to a ``Profile``, or to an error that names file, field and remedy."""

from __future__ import annotations

from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Annotated, Any

import msgspec

from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.configuration.profile import (
    DEFAULT_FEE_PERCENT,
    DEFAULT_RISK,
    CryptoCurrency,
    ExchangeConfig,
    FeesConfig,
    Profile,
    TraderSimulatorConfig,
)
from octobot_commons.configuration.section import convert_section, read_number
from octobot_commons.configuration.tentacles_setup import TENTACLES_CONFIG_FILE, TentaclesSetupConfig
from octobot_commons.constants import CONFIG_WILDCARD, DEFAULT_REFERENCE_MARKET
from octobot_commons.errors import ProfileError, did_you_mean
from octobot_commons.symbols import is_symbol

PROFILE_FILE = "profile.json"
EXCHANGE_TYPES = ("spot", "margin", "future", "option")

_SIMULATOR = "config.trader-simulator"
_Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Section(msgspec.Struct, rename="kebab", kw_only=True):
    """Keys we read; others are let through unless they look like one of ours misspelt."""


class _File(_Section):
    config: dict[str, Any]
    profile: dict[str, Any] = {}


class _About(_Section):
    id: _Name | None = None
    name: str | None = None
    description: str | None = None


class _Config(_Section):
    crypto_currencies: dict[str, Any] = {}
    exchanges: dict[str, Any] = {}
    trader: dict[str, Any] = {}
    trader_simulator: dict[str, Any] = {}
    trading: dict[str, Any] = {}


class _Currency(_Section):
    enabled: bool = True
    pairs: list[str] = []
    quote: str | None = None


class _Exchange(_Section):
    enabled: bool = True
    exchange_type: str = "spot"


class _Trader(_Section):
    enabled: bool = False
    load_trade_history: bool = True


class _Simulator(_Section):
    enabled: bool = False
    fees: dict[str, Any] = {}
    starting_portfolio: dict[str, Any] = {}


class _Fees(_Section):
    maker: Any = DEFAULT_FEE_PERCENT
    taker: Any = DEFAULT_FEE_PERCENT


class _Trading(_Section):
    reference_market: _Name = DEFAULT_REFERENCE_MARKET
    risk: Any = DEFAULT_RISK


def load_profile(path: str | PathLike[str]) -> Profile:
    """Read a profile folder (or the profile.json in it), OctoBot 2.x's included.

    Keys that we do not use are let through, unless they look like one that we do.

    Raises:
        ProfileError: profile.json or tentacles_config.json is missing or holds something unusable.
    """
    given = Path(path)
    folder = given.parent if given.name == PROFILE_FILE else given
    file = folder / PROFILE_FILE
    remedy = "a profile is a folder that holds profile.json" if folder.is_dir() else "give an existing profile folder"
    content = read_json_object(file, ProfileError, parse_float=Decimal, remedy_if_missing=remedy)
    top = convert_section(content, _File, file, "")
    about = convert_section(top.profile, _About, file, "profile")
    config = convert_section(top.config, _Config, file, "config")
    trader = convert_section(config.trader, _Trader, file, "config.trader")
    trading = convert_section(config.trading, _Trading, file, "config.trading")
    risk = read_number(trading.risk, file, "config.trading.risk")
    if not 0 < risk <= 1:
        message = f"{risk} is no usable risk"
        raise ProfileError(message, file=file, field="config.trading.risk", remedy="above 0, at most 1")
    name = folder.resolve().name
    return Profile(
        profile_id=about.id or name,
        name=about.name or name,
        description=about.description or "",
        path=folder,
        crypto_currencies=_crypto_currencies(config.crypto_currencies, file),
        exchanges=_exchanges(config.exchanges, file),
        trader_enabled=trader.enabled,
        load_trade_history=trader.load_trade_history,
        trader_simulator=_trader_simulator(config.trader_simulator, file),
        reference_market=trading.reference_market,
        risk=risk,
        tentacles_setup=TentaclesSetupConfig.load(folder / TENTACLES_CONFIG_FILE),
    )


def _crypto_currencies(section: dict[str, Any], file: Path) -> dict[str, CryptoCurrency]:
    currencies = {}
    for name, content in section.items():
        field = f"config.crypto-currencies.{name}"
        currency = convert_section(content, _Currency, file, field)
        for index, pair in enumerate(currency.pairs):
            if pair != CONFIG_WILDCARD and not is_symbol(pair):
                message, remedy = f"{pair!r} is no symbol", "write it BASE/QUOTE, like BTC/USDT"
                raise ProfileError(message, file=file, field=f"{field}.pairs[{index}]", remedy=remedy)
        currencies[name] = CryptoCurrency(enabled=currency.enabled, pairs=currency.pairs, quote=currency.quote)
    return currencies


def _exchanges(section: dict[str, Any], file: Path) -> dict[str, ExchangeConfig]:
    exchanges = {}
    for name, content in section.items():
        field = f"config.exchanges.{name}"
        exchange = convert_section(content, _Exchange, file, field)
        if exchange.exchange_type not in EXCHANGE_TYPES:
            message = f"{exchange.exchange_type!r} is no exchange type"
            remedy = did_you_mean(exchange.exchange_type, EXCHANGE_TYPES, f"one of {' '.join(EXCHANGE_TYPES)}")
            raise ProfileError(message, file=file, field=f"{field}.exchange-type", remedy=remedy)
        exchanges[name] = ExchangeConfig(enabled=exchange.enabled, exchange_type=exchange.exchange_type)
    return exchanges


def _trader_simulator(section: dict[str, Any], file: Path) -> TraderSimulatorConfig:
    simulator = convert_section(section, _Simulator, file, _SIMULATOR)
    fees = convert_section(simulator.fees, _Fees, file, f"{_SIMULATOR}.fees")
    return TraderSimulatorConfig(
        enabled=simulator.enabled,
        fees=FeesConfig(
            maker=_fee(fees.maker, file, f"{_SIMULATOR}.fees.maker"),
            taker=_fee(fees.taker, file, f"{_SIMULATOR}.fees.taker"),
        ),
        starting_portfolio=_starting_portfolio(simulator.starting_portfolio, file),
    )


def _fee(content: Any, file: Path, field: str) -> Decimal:
    fee = read_number(content, file, field)
    if not -100 < fee < 100:
        raise ProfileError(f"{fee} % is no usable fee", file=file, field=field, remedy="0.1 means 0.1 %")
    return fee


def _starting_portfolio(section: dict[str, Any], file: Path) -> dict[str, Decimal]:
    portfolio = {}
    for asset, content in section.items():
        field = f"{_SIMULATOR}.starting-portfolio.{asset}"
        amount = read_number(content, file, field)
        if amount < 0:
            message, remedy = f"{amount} is below zero", "give what is owned at the start"
            raise ProfileError(message, file=file, field=field, remedy=remedy)
        portfolio[asset] = amount
    return portfolio
