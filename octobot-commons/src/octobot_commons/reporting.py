# SPDX-License-Identifier: Apache-2.0
"""What becomes of the mistakes found in a user's files: the first one stops the reading, or all are collected."""

from __future__ import annotations

from collections.abc import Callable

from octobot_commons.errors import OctoBotError

#: Takes a mistake. Where it returns, reading goes on with what stands there left out.
Report = Callable[[OctoBotError], None]


def raise_at_once(error: OctoBotError) -> None:
    """The report of whoever needs all of it to be right."""
    raise error
