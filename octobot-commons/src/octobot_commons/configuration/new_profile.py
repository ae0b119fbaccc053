# SPDX-License-Identifier: Apache-2.0
"""A new profile after the pattern of another, complete with the settings of all its tentacles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from octobot_commons.archives.writing import write_into
from octobot_commons.atomic_file import atomic_folder
from octobot_commons.configuration.json_file import json_text
from octobot_commons.configuration.profile import DEFAULT_LEVERAGE, ExchangeConfig, Profile
from octobot_commons.configuration.profile_file import PROFILE_FILE, profile_content
from octobot_commons.configuration.tentacles_setup import (
    ACTIVATION_KEY,
    SPECIFIC_CONFIG_FOLDER,
    TENTACLES_CONFIG_FILE,
)
from octobot_commons.configuration.user_profiles import new_profile_folder
from octobot_commons.configuration.validation import Problem, Severity, validate_profile
from octobot_commons.configuration.validation.requirements import EVALUATOR_KINDS
from octobot_commons.constants import CONFIG_WILDCARD
from octobot_commons.declared_settings import declare_settings
from octobot_commons.errors import ProfileError, UnknownTentacleError, did_you_mean
from octobot_commons.symbols import parse_symbol
from octobot_commons.tentacles_management import TentacleKind, TentacleRegistry

_TIME_FRAMES = "required_time_frames"
#: Where a strategy's settings name its evaluators, the first that does counts.
_NAMED_EVALUATORS = ("default_config", "required_evaluators")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProfile:
    """What is wanted; what is empty or None is as in the pattern."""

    profile_id: str
    name: str | None = None
    description: str = ""
    trading_mode: str | None = None
    strategies: Sequence[str] = ()
    evaluators: Sequence[str] = ()
    symbols: Sequence[str] = ()
    time_frames: Sequence[str] = ()
    exchange: str | None = None
    exchange_type: str | None = None
    leverage: Decimal | None = None
    reference_market: str | None = None
    portfolio: Mapping[str, Decimal] = field(default_factory=dict)
    risk: Decimal | None = None


def create_profile(
    wanted: NewProfile, pattern: Profile, registry: TentacleRegistry, exchange_names: Collection[str] | None = None
) -> tuple[Path, list[Problem]]:
    """Write a new profile of the user's own; returns its folder and what ``validate_profile`` remarks on it.

    Each activated tentacle has a settings file with everything that can be set: as in the pattern where that has
    settings of it, else its defaults.

    Raises:
        UserInputError: the name cannot be used or is taken, or a symbol is none.
        UnknownTentacleError: a tentacle is not installed, or is of another kind.
        ProfileError: it would not run; it is not made then, and every reason is told.
    """
    folder = new_profile_folder(wanted.profile_id)
    activation, settings = _tentacles(wanted, pattern, registry)
    files = {
        PROFILE_FILE: json_text(_about(wanted, pattern)),
        TENTACLES_CONFIG_FILE: json_text({ACTIVATION_KEY: activation}),
        **{f"{SPECIFIC_CONFIG_FOLDER}/{name}.json": json_text(content) for name, content in settings.items()},
    }
    with atomic_folder(folder) as part:
        write_into(files, part)
        problems = validate_profile(part, registry, exchange_names)
        wrong = [problem for problem in problems if problem.severity is Severity.ERROR]
        if wrong:
            lines = "\n".join(f"  {problem}" for problem in wrong)
            raise ProfileError(f"profile {wanted.profile_id} is not made, as it would not run:\n{lines}")
    return folder, problems


def _about(wanted: NewProfile, pattern: Profile) -> dict[str, Any]:
    content = profile_content(pattern)
    config = content["config"]
    if wanted.symbols:
        config["crypto-currencies"] = _crypto_currencies(wanted.symbols, pattern)
    if wanted.exchange or wanted.exchange_type or wanted.leverage is not None:
        (known, like) = next(iter(pattern.enabled_exchanges().items()), (None, ExchangeConfig()))
        kind = wanted.exchange_type or like.exchange_type
        exchange = {"enabled": True, "exchange-type": kind}
        leverage = wanted.leverage or (like.leverage if kind == like.exchange_type else DEFAULT_LEVERAGE)
        if leverage != DEFAULT_LEVERAGE:
            exchange["leverage"] = leverage
        config["exchanges"] = {wanted.exchange or known: exchange}
    if wanted.reference_market:
        config["trading"]["reference-market"] = wanted.reference_market
    if wanted.risk is not None:
        config["trading"]["risk"] = wanted.risk
    if wanted.portfolio:
        config["trader-simulator"]["starting-portfolio"] = dict(wanted.portfolio)
    about = {"id": wanted.profile_id, "name": wanted.name or wanted.profile_id, "description": wanted.description}
    return {"config": config, "profile": about}


def _crypto_currencies(symbols: Sequence[str], pattern: Profile) -> dict[str, Any]:
    """Each pair under the name that the pattern gives its base, else under the base itself."""
    names = {
        parse_symbol(pair).base: name
        for name, pairs in pattern.symbols_by_cryptocurrency().items()
        for pair in pairs
        if pair != CONFIG_WILDCARD
    }
    currencies: dict[str, Any] = {}
    for symbol in dict.fromkeys(str(parse_symbol(symbol)) for symbol in symbols):
        base = parse_symbol(symbol).base
        currencies.setdefault(names.get(base, base), {"enabled": True, "pairs": []})["pairs"].append(symbol)
    return currencies


def _tentacles(
    wanted: NewProfile, pattern: Profile, registry: TentacleRegistry
) -> tuple[dict[str, dict[str, bool]], dict[str, dict[str, Any]]]:
    """What is activated, by category, and the settings of all of it."""
    known = [name for name in pattern.tentacles_setup.activated_names() if name in registry]
    modes = [wanted.trading_mode] if wanted.trading_mode else _of_kinds(known, registry, TentacleKind.TRADING_MODE)
    strategies = list(wanted.strategies) or _of_kinds(known, registry, TentacleKind.STRATEGY)
    settings = {name: _settings(name, pattern, registry) for name in dict.fromkeys((*modes, *strategies))}
    evaluators = list(wanted.evaluators)
    if not evaluators and wanted.strategies:
        evaluators = [name for strategy in strategies for name in _named_by(settings[strategy]) if name in registry]
    evaluators = evaluators or _of_kinds(known, registry, *EVALUATOR_KINDS)
    settings |= {name: _settings(name, pattern, registry) for name in evaluators}
    _check_kind(modes, registry, TentacleKind.TRADING_MODE)
    _check_kind(strategies, registry, TentacleKind.STRATEGY)
    _check_kind(evaluators, registry, *EVALUATOR_KINDS)
    if wanted.time_frames:
        for name in strategies:
            settings[name][_TIME_FRAMES] = list(wanted.time_frames)
    activation = {
        "Evaluator": dict.fromkeys(sorted({*evaluators, *strategies}), True),
        "Trading": dict.fromkeys(modes, True),
    }
    return activation, dict(sorted(settings.items()))


def _of_kinds(names: Sequence[str], registry: TentacleRegistry, *kinds: TentacleKind) -> list[str]:
    return [name for name in names if registry.info(name).kind in kinds]


def _check_kind(names: Sequence[str], registry: TentacleRegistry, *kinds: TentacleKind) -> None:
    for name in names:
        if registry.info(name).kind not in kinds:
            fitting = [one for one in registry.names() if registry.info(one).kind in kinds]
            message = f"{name} is no {' or '.join(kinds)} tentacle"
            raise UnknownTentacleError(message, remedy=did_you_mean(name, fitting, f"these are: {', '.join(fitting)}"))


def _settings(name: str, pattern: Profile, registry: TentacleRegistry) -> dict[str, Any]:
    inputs, problems = declare_settings(registry.load_for(name, pattern.tentacles_setup), pattern.tentacles_setup)
    if problems:
        raise problems[0]
    return inputs.config


def _named_by(settings: dict[str, Any]) -> list[str]:
    lists = (settings.get(key) or () for key in _NAMED_EVALUATORS)
    return next((list(names) for names in lists if names and CONFIG_WILDCARD not in names), [])
