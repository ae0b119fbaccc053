# SPDX-License-Identifier: Apache-2.0
"""`octobot data resample`."""

from __future__ import annotations

from typing import cast

import click

from octobot.backtesting.data import store_path
from octobot.cli.data.filters import Filters
from octobot.cli.data.listing import stored_items
from octobot.cli.dates import parse_frames
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import UserInputError
from octobot_trading.history import CandleSeries, CandleStore, StoredItem, resample
from octobot_trading.history.kinds import CANDLES


def _parse_targets(ctx: click.Context, param: click.Parameter, value: str) -> tuple[TimeFrames, ...]:
    return parse_frames(ctx, param, tuple(dict.fromkeys(part.strip() for part in value.split(","))))


def _parse_origin(ctx: click.Context, param: click.Parameter, value: str) -> TimeFrames:
    return parse_frames(ctx, param, (value,))[0]


@click.command("resample")
@click.argument("symbol")
@click.option("--exchange", help="Where several exchanges' candles of it are stored.")
@click.option("--from", "origin", required=True, metavar="TF", callback=_parse_origin, help="Stored candles.")
@click.option("--to", "targets", required=True, metavar="TF,TF", callback=_parse_targets, help="Longer ones to store.")
def resample_data(symbol: str, exchange: str | None, origin: TimeFrames, targets: tuple[TimeFrames, ...]) -> None:
    """Derive longer candles of SYMBOL from stored ones and store them too, all of --to or none.

    A backtest derives what it needs by itself; this is for exports and other programs. The source of the new candles
    says `derived from`. Candles that are stored already have to have the same numbers, else nothing is stored. A first
    and a last candle of which only a part is known are left out.
    """
    item = _origin(symbol, exchange, origin)
    with CandleStore(store_path()) as store:
        series = cast(CandleSeries, store.load_item(item))
        derived = [resample(series, _longer(target, origin)) for target in targets]
        for one, done in zip(derived, store.import_derived(derived), strict=True):
            click.echo(
                f"{one.exchange_name} {one.symbol} {one.time_frame.value}: {done.added:,} candles derived from"
                f" {origin.value} and stored, {done.already_stored:,} there before, {one.quality.incomplete}"
                " incomplete left out"
            )


def _origin(symbol: str, exchange: str | None, time_frame: TimeFrames) -> StoredItem:
    exchanges = (exchange,) if exchange else ()
    found = Filters(exchanges, (symbol,), (CANDLES.name,), (time_frame,)).select(stored_items())
    if len(found) > 1:
        held = ", ".join(one.exchange_name for one in found)
        raise UserInputError(f"{symbol} is stored of {held}", field="--exchange", remedy="choose one of them")
    return found[0]


def _longer(target: TimeFrames, origin: TimeFrames) -> TimeFrames:
    if target is origin:
        raise UserInputError(f"{target.value} is what --from says", field="--to", remedy="name longer time frames")
    return target
