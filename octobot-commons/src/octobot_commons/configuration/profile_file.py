# SPDX-License-Identifier: Apache-2.0
"""From a profile folder to a ``Profile``, or to an error that names file, field and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Annotated, Any

import msgspec

from octobot_commons.configuration import protections_file
from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.configuration.profile import (
    DEFAULT_FEE_PERCENT,
    DEFAULT_LEVERAGE,
    DEFAULT_RISK,
    MAX_LEVERAGE,
    BacktestingConfig,
    CryptoCurrency,
    ExchangeConfig,
    FeesConfig,
    Profile,
    TraderSimulatorConfig,
)
from octobot_commons.configuration.section import convert_section, read_number, section_keys
from octobot_commons.configuration.tentacles_setup import TENTACLES_CONFIG_FILE, TentaclesSetupConfig
from octobot_commons.constants import CONFIG_WILDCARD, DEFAULT_REFERENCE_MARKET
from octobot_commons.errors import ProfileError, did_you_mean
from octobot_commons.reporting import Report, raise_at_once
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
    backtesting: dict[str, Any] = {}


class _Currency(_Section):
    enabled: bool = True
    pairs: list[Any] = []
    quote: str | None = None


class _Exchange(_Section):
    enabled: bool = True
    exchange_type: str = "spot"
    leverage: Any = DEFAULT_LEVERAGE


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
    protections: dict[str, Any] = {}


class _Backtesting(_Section):
    synthetic_symbols: list[Any] = []
    synthetic_exchanges: list[_Name] = []
    feeds: _Name | None = None


#: What the keys of ``config`` hold; of these, a section for each name that the user has chosen.
_SECTIONS: dict[str, type[_Section]] = {
    "trader": _Trader,
    "trader-simulator": _Simulator,
    "trading": _Trading,
    "backtesting": _Backtesting,
}
_NAMED_SECTIONS: dict[str, type[_Section]] = {"crypto-currencies": _Currency, "exchanges": _Exchange}


def load_profile(path: str | PathLike[str]) -> Profile:
    """Read a profile folder (or the profile.json in it), OctoBot 2.x's included.

    Keys that we do not use are let through, unless they look like one that we do.

    Raises:
        ProfileError: profile.json or tentacles_config.json is missing or holds something unusable.
    """
    return read_profile(path, raise_at_once)


def read_profile(path: str | PathLike[str], report: Report) -> Profile:
    """``load_profile`` that reports what cannot be used; a default takes its place, or it is left out."""
    given = Path(path)
    folder = given.parent if given.name == PROFILE_FILE else given
    file = folder / PROFILE_FILE
    top = convert_section(_content_of(file, report), _File, file, "", report)
    about = convert_section(top.profile, _About, file, "profile", report)
    config = convert_section(top.config, _Config, file, "config", report)
    trader = convert_section(config.trader, _Trader, file, "config.trader", report)
    trading = convert_section(config.trading, _Trading, file, "config.trading", report)
    name = folder.resolve().name
    return Profile(
        profile_id=about.id or name,
        name=about.name or name,
        description=about.description or "",
        path=folder,
        crypto_currencies=_crypto_currencies(config.crypto_currencies, file, report),
        exchanges=_exchanges(config.exchanges, file, report),
        trader_enabled=trader.enabled,
        load_trade_history=trader.load_trade_history,
        trader_simulator=_trader_simulator(config.trader_simulator, file, report),
        reference_market=trading.reference_market,
        risk=_risk(trading.risk, file, report),
        backtesting=_backtesting(config.backtesting, file, report),
        protections=protections_file.read_protections(trading.protections, file, report),
        tentacles_setup=TentaclesSetupConfig.load(folder / TENTACLES_CONFIG_FILE, report),
    )


def profile_content(profile: Profile) -> dict[str, Any]:
    """The profile.json of a profile, without what nothing reads; ``load_profile`` makes the same of it."""
    simulator = profile.trader_simulator
    config: dict[str, dict[str, Any]] = {
        "crypto-currencies": {name: asdict(one) for name, one in profile.crypto_currencies.items()},
        "exchanges": {
            name: {"enabled": one.enabled, "exchange-type": one.exchange_type}
            | ({} if one.leverage == DEFAULT_LEVERAGE else {"leverage": one.leverage})
            for name, one in profile.exchanges.items()
        },
        "trader": {"enabled": profile.trader_enabled, "load-trade-history": profile.load_trade_history},
        "trader-simulator": {
            "enabled": simulator.enabled,
            "fees": asdict(simulator.fees),
            "starting-portfolio": dict(simulator.starting_portfolio),
        },
        "trading": {"reference-market": profile.reference_market, "risk": profile.risk},
    }
    if profile.backtesting != BacktestingConfig():
        config["backtesting"] = {key.replace("_", "-"): each for key, each in asdict(profile.backtesting).items()}
    if guards := profile.protections.content():
        config["trading"]["protections"] = guards
    about = {"id": profile.profile_id, "name": profile.name, "description": profile.description}
    return {"config": config, "profile": about}


def unread_keys(content: dict[str, Any]) -> Iterator[str]:
    """The fields of a profile.json that are let through and that nothing reads."""
    yield from _unread(content, _File, "")
    sections = _section(content, "config")
    yield from _unread(_section(content, "profile"), _About, "profile.")
    yield from _unread(sections, _Config, "config.")
    for key, section_type in _SECTIONS.items():
        yield from _unread(_section(sections, key), section_type, f"config.{key}.")
    yield from _unread(_section(_section(sections, "trader-simulator"), "fees"), _Fees, f"{_SIMULATOR}.fees.")
    guards = _section(_section(sections, "trading"), "protections")
    yield from _unread(guards, protections_file.SECTION, f"{protections_file.PROTECTIONS}.")
    for key, guard_type in protections_file.SECTIONS.items():
        yield from _unread(_section(guards, key), guard_type, f"{protections_file.PROTECTIONS}.{key}.")
    for key, section_type in _NAMED_SECTIONS.items():
        for name in _section(sections, key):
            yield from _unread(_section(_section(sections, key), name), section_type, f"config.{key}.{name}.")


def _unread(section: dict[str, Any], section_type: type[msgspec.Struct], prefix: str) -> Iterator[str]:
    known = section_keys(section_type)
    return (f"{prefix}{key}" for key in section if key not in known)


def _section(content: dict[str, Any], key: str) -> dict[str, Any]:
    section = content.get(key)
    return section if isinstance(section, dict) else {}


def _content_of(file: Path, report: Report) -> dict[str, Any]:
    is_folder = file.parent.is_dir()
    remedy = "a profile is a folder that holds profile.json" if is_folder else "give an existing profile folder"
    try:
        return read_json_object(file, ProfileError, parse_float=Decimal, remedy_if_missing=remedy)
    except ProfileError as error:
        report(error)
        return {"config": {}}


def _risk(content: Any, file: Path, report: Report) -> Decimal:
    risk = read_number(content, file, "config.trading.risk", DEFAULT_RISK, report)
    if 0 < risk <= 1:
        return risk
    message = f"{risk} is no usable risk"
    report(ProfileError(message, file=file, field="config.trading.risk", remedy="above 0, at most 1"))
    return DEFAULT_RISK


def _backtesting(section: dict[str, Any], file: Path, report: Report) -> BacktestingConfig:
    given = convert_section(section, _Backtesting, file, "config.backtesting", report)
    symbols = _pairs(given.synthetic_symbols, file, "config.backtesting.synthetic-symbols", report)
    return BacktestingConfig(
        synthetic_symbols=symbols, synthetic_exchanges=given.synthetic_exchanges, feeds=given.feeds
    )


def _crypto_currencies(section: dict[str, Any], file: Path, report: Report) -> dict[str, CryptoCurrency]:
    currencies = {}
    for name, content in section.items():
        field = f"config.crypto-currencies.{name}"
        currency = convert_section(content, _Currency, file, field, report)
        pairs = _pairs(currency.pairs, file, f"{field}.pairs", report)
        currencies[name] = CryptoCurrency(enabled=currency.enabled, pairs=pairs, quote=currency.quote)
    return currencies


def _pairs(pairs: list[Any], file: Path, field: str, report: Report) -> list[str]:
    usable = []
    for index, pair in enumerate(pairs):
        if not isinstance(pair, str):
            where = f"{field}[{index}]"
            report(ProfileError(f"expected text, got {pair!r}", file=file, field=where, remedy="write it in quotes"))
        elif pair == CONFIG_WILDCARD or is_symbol(pair):
            usable.append(pair)
        else:
            message, remedy = f"{pair!r} is no symbol", "write it BASE/QUOTE, like BTC/USDT"
            report(ProfileError(message, file=file, field=f"{field}[{index}]", remedy=remedy))
    return usable


def _exchanges(section: dict[str, Any], file: Path, report: Report) -> dict[str, ExchangeConfig]:
    exchanges = {}
    for name, content in section.items():
        field = f"config.exchanges.{name}"
        exchange = convert_section(content, _Exchange, file, field, report)
        if exchange.exchange_type not in EXCHANGE_TYPES:
            message = f"{exchange.exchange_type!r} is no exchange type"
            remedy = did_you_mean(exchange.exchange_type, EXCHANGE_TYPES, f"one of {' '.join(EXCHANGE_TYPES)}")
            report(ProfileError(message, file=file, field=f"{field}.exchange-type", remedy=remedy))
            exchange = _Exchange(enabled=exchange.enabled)
        leverage = _leverage(exchange, file, f"{field}.leverage", report)
        exchanges[name] = ExchangeConfig(
            enabled=exchange.enabled, exchange_type=exchange.exchange_type, leverage=leverage
        )
    return exchanges


def _leverage(exchange: _Exchange, file: Path, field: str, report: Report) -> Decimal:
    leverage = read_number(exchange.leverage, file, field, DEFAULT_LEVERAGE, report)
    if leverage != DEFAULT_LEVERAGE and exchange.exchange_type != "future":
        message = f"{exchange.exchange_type} markets have no leverage"
        report(ProfileError(message, file=file, field=field, remedy='leave it out, or write "exchange-type": "future"'))
    elif not DEFAULT_LEVERAGE <= leverage <= MAX_LEVERAGE:
        remedy = f"give one from {DEFAULT_LEVERAGE} to {MAX_LEVERAGE}"
        report(ProfileError(f"a leverage of {leverage}", file=file, field=field, remedy=remedy))
    else:
        return leverage
    return DEFAULT_LEVERAGE


def _trader_simulator(section: dict[str, Any], file: Path, report: Report) -> TraderSimulatorConfig:
    simulator = convert_section(section, _Simulator, file, _SIMULATOR, report)
    fees = convert_section(simulator.fees, _Fees, file, f"{_SIMULATOR}.fees", report)
    return TraderSimulatorConfig(
        enabled=simulator.enabled,
        fees=FeesConfig(
            maker=_fee(fees.maker, file, f"{_SIMULATOR}.fees.maker", report),
            taker=_fee(fees.taker, file, f"{_SIMULATOR}.fees.taker", report),
        ),
        starting_portfolio=_starting_portfolio(simulator.starting_portfolio, file, report),
    )


def _fee(content: Any, file: Path, field: str, report: Report) -> Decimal:
    fee = read_number(content, file, field, DEFAULT_FEE_PERCENT, report)
    if -100 < fee < 100:
        return fee
    report(ProfileError(f"{fee} % is no usable fee", file=file, field=field, remedy="0.1 means 0.1 %"))
    return DEFAULT_FEE_PERCENT


def _starting_portfolio(section: dict[str, Any], file: Path, report: Report) -> dict[str, Decimal]:
    portfolio = {}
    for asset, content in section.items():
        field = f"{_SIMULATOR}.starting-portfolio.{asset}"
        amount = read_number(content, file, field, report=report)
        if amount < 0:
            message, remedy = f"{amount} is below zero", "give what is owned at the start"
            report(ProfileError(message, file=file, field=field, remedy=remedy))
        else:
            portfolio[asset] = amount
    return portfolio
