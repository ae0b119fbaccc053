# SPDX-License-Identifier: Apache-2.0
"""The options that choose stored series, the same for every command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from octobot.cli.dates import parse_frames
from octobot_commons.enums import TimeFrames
from octobot_commons.errors import DataError, did_you_mean
from octobot_trading.history import StoredItem
from octobot_trading.history.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; an empty field lets everything through."""

    exchanges: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    time_frames: tuple[TimeFrames, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.exchanges or self.symbols or self.kinds or self.time_frames)

    def matching(self, items: Iterable[StoredItem]) -> list[StoredItem]:
        """Those of ``items`` that every filter lets through."""
        return [
            one
            for one in items
            if _allows(self.exchanges, one.exchange_name)
            and _allows(self.symbols, one.symbol)
            and _allows(self.kinds, one.kind)
            and _allows(self.time_frames, one.time_frame)
        ]

    def select(self, items: Sequence[StoredItem]) -> list[StoredItem]:
        """As ``matching``.

        Raises:
            DataError: nothing passes; names the option that lets nothing through.
        """
        found = self.matching(items)
        if not found:
            raise self._nothing(items)
        return found

    def _nothing(self, items: Sequence[StoredItem]) -> DataError:
        if not items:
            return DataError("nothing is stored yet", remedy="import with `octobot data import FILE`")
        for field, wanted, held in (
            ("--exchange", self.exchanges, [one.exchange_name for one in items]),
            ("--symbol", self.symbols, [one.symbol for one in items]),
            ("--kind", self.kinds, [one.kind for one in items]),
            ("--time-frame", self.time_frames, [one.time_frame or "none" for one in items]),
        ):
            unknown = [name for name in wanted if name not in held]
            if wanted and len(unknown) == len(wanted):
                hint = f"stored: {', '.join(dict.fromkeys(held))}"
                remedy = did_you_mean(unknown[0], held, hint)
                return DataError(f"no {unknown[0]} is stored", field=field, remedy=remedy)
        return DataError("no stored series fits all of these filters", remedy="see `octobot data list`")


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the four options; its function gets them as ``filters_of`` takes them."""
    for option in (
        click.option(
            "--time-frame", "time_frames", metavar="TF", multiple=True, callback=parse_frames, help="Like 1h; several."
        ),
        click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="What it is; several."),
        click.option("--symbol", "symbols", metavar="S", multiple=True, help="Pair, like BTC/USDT; several."),
        click.option("--exchange", "exchanges", metavar="E", multiple=True, help="Exchange; several."),
    ):
        command = option(command)
    return command


def filters_of(options: dict[str, Any]) -> Filters:
    """Take the filters out of a command's options."""
    return Filters(*(options.pop(name) for name in ("exchanges", "symbols", "kinds", "time_frames")))


def _allows(wanted: Sequence[object], value: object) -> bool:
    return not wanted or value in wanted
