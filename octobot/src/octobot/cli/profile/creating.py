# SPDX-License-Identifier: Apache-2.0
"""`octobot profile create`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from octobot.cli.dates import parse_frames
from octobot.cli.profile.exchanges import known_exchanges
from octobot.cli.profile.output import problem_lines
from octobot_commons.configuration import find_profile, load_profile
from octobot_commons.configuration.new_profile import NewProfile, create_profile
from octobot_commons.configuration.profile_file import EXCHANGE_TYPES
from octobot_commons.configuration.validation import Severity
from octobot_commons.enums import TimeFrames
from octobot_commons.tentacles_management import TentacleRegistry


def _parse_portfolio(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, Decimal]:
    portfolio = {}
    for value in values:
        asset, _, amount = value.partition("=")
        try:
            portfolio[asset] = Decimal(amount)
            is_usable = bool(asset) and portfolio[asset].is_finite() and portfolio[asset] >= 0
        except InvalidOperation:
            is_usable = False
        if not is_usable:
            raise click.BadParameter(f"{value!r} is no amount of an asset; write USDT=1000", ctx, param)
    return portfolio


@click.command()
@click.argument("name")
@click.option("--like", default="daily_trading", show_default=True, help="Profile to take from what is not given here.")
@click.option("--title", help="Name to show; default NAME.")
@click.option("--description", default="", help="What it is for.")
@click.option("--trading-mode", help="What turns notes into orders.")
@click.option("--strategy", "strategies", multiple=True, help="Repeatable.")
@click.option("--evaluator", "evaluators", multiple=True,
              help="Repeatable; default, where strategies are given: those that they name.")  # fmt: skip
@click.option("--symbol", "symbols", multiple=True, help="Pair to trade, like BTC/USDT; repeatable.")
@click.option("--time-frame", "time_frames", multiple=True, callback=parse_frames, help="Of strategies; repeatable.")
@click.option("--exchange", help="Where to trade.")
@click.option("--exchange-type", type=click.Choice(EXCHANGE_TYPES), help="Which of its markets.")
@click.option("--leverage", help="Of futures, for instance 3; default 1.", type=click.FloatRange(1))
@click.option("--reference-market", help="Asset in which the account is valued.")
@click.option("--portfolio", multiple=True, metavar="ASSET=AMOUNT", callback=_parse_portfolio,
              help="What a simulation starts with, like USDT=1000; repeatable.")  # fmt: skip
@click.option("--risk", help="Above 0, at most 1.", type=click.FloatRange(0, 1, min_open=True))
def create(
    name: str, like: str, title: str | None, description: str, trading_mode: str | None, strategies: tuple[str, ...],
    evaluators: tuple[str, ...], symbols: tuple[str, ...], time_frames: tuple[TimeFrames, ...], exchange: str | None,
    exchange_type: str | None, leverage: float | None, reference_market: str | None, portfolio: dict[str, Decimal],
    risk: float | None,
) -> None:  # fmt: skip
    """Make a profile of your own that can run, or none and say why it could not.

    Its files hold everything that can be set. NAME is that of its folder: letters, digits, - and _.
    """
    registry = TentacleRegistry.discover()
    wanted = NewProfile(
        profile_id=name,
        name=title,
        description=description,
        trading_mode=trading_mode,
        strategies=strategies,
        evaluators=evaluators,
        symbols=symbols,
        time_frames=[time_frame.value for time_frame in time_frames],
        exchange=exchange,
        exchange_type=exchange_type,
        leverage=None if leverage is None else Decimal(str(leverage)),
        reference_market=reference_market,
        portfolio=portfolio,
        risk=None if risk is None else Decimal(str(risk)),
    )
    folder, problems = create_profile(wanted, load_profile(find_profile(like)), registry, known_exchanges(registry))
    click.echo(f"made {folder}")
    if problems:
        click.echo("\n".join(problem_lines(problems, Severity.WARNING)), err=True)
