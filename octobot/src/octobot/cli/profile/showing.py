# SPDX-License-Identifier: Apache-2.0
"""`octobot profile show`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from octobot.cli.tables import print_json
from octobot_commons.configuration import Profile, find_profile, load_profile
from octobot_commons.configuration.profile import DEFAULT_LEVERAGE, ExchangeConfig


@click.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Everything that is read of it, as one object.")
def show(name: str, as_json: bool) -> None:
    """Show a profile: what it trades, where, with which money, tentacles and settings. NAME may be a folder."""
    profile = load_profile(find_profile(name))
    if as_json:
        print_json({"path": str(profile.path), **profile.to_dict()})
    else:
        click.echo("\n".join((*_head(profile), "", *_tentacles(profile))))


def _head(profile: Profile) -> Iterator[str]:
    yield f"Profile         {profile.name} ({profile.profile_id})"
    yield f"Folder          {profile.path}"
    if profile.description:
        yield f"Description     {profile.description}"
    exchanges, pairs = profile.enabled_exchanges(), profile.symbols_by_cryptocurrency()
    yield f"Exchanges       {_joined(_exchange_text(name, one) for name, one in exchanges.items())}"
    yield f"Pairs           {_joined(symbol for symbols in pairs.values() for symbol in symbols)}"
    simulator = profile.trader_simulator
    held = _joined(f"{amount:f} {asset}" for asset, amount in simulator.starting_portfolio.items())
    fees = f"fees {simulator.fees.maker:f} % maker, {simulator.fees.taker:f} % taker"
    yield f"Simulator       {_switched(simulator.enabled)}, starts with {held}, {fees}"
    yield f"Trader          {_switched(profile.trader_enabled)}"
    yield f"Reference       {profile.reference_market}, risk {profile.risk:f}"


def _tentacles(profile: Profile) -> Iterator[str]:
    setup = profile.tentacles_setup
    yield "Tentacles"
    for name in setup.activated_names():
        yield f"  {name}"
        for key, value in setup.get_config(name).items():
            yield f"    {key} = {json.dumps(value)}"


def _exchange_text(name: str, exchange: ExchangeConfig) -> str:
    leverage = "" if exchange.leverage == DEFAULT_LEVERAGE else f" with a leverage of {exchange.leverage.normalize():f}"
    return f"{name} {exchange.exchange_type}{leverage}"


def _switched(is_on: bool) -> str:
    return "on" if is_on else "off"


def _joined(texts: Iterator[str]) -> str:
    return ", ".join(texts) or "-"
