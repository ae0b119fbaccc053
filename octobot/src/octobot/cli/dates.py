# SPDX-License-Identifier: Apache-2.0
"""Times and time frames on the command line. Dates are ISO 8601, UTC unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from octobot_commons.enums import TimeFrames
from octobot_commons.errors import TimeFrameError
from octobot_commons.time_frame_manager import parse_time_frame


def parse_date(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """An option's date or date with time as Unix seconds."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        message = f"{value!r} is no date; write 2023-01-31 or 2023-01-31T12:00"
        raise click.BadParameter(message, ctx, param) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def parse_frames(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[TimeFrames, ...]:
    """An option's time frames."""
    try:
        return tuple(parse_time_frame(value) for value in values)
    except TimeFrameError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def format_date(time: float) -> str:
    """Unix seconds as a date and minute, UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
