# SPDX-License-Identifier: Apache-2.0

from octobot_trading.util import FloatArray

def parse(text: bytes, cells: int, places: tuple[int, ...], numeric_times: bool, start: int = 0) -> FloatArray | None:
    """A row of numbers for each place, times in seconds unless numeric; None if there is anything unusual.

    Usual is that every line from ``start`` on has so many ``cells``, none of them quoted or empty, the first place
    holding the time: a number, or ``YYYY-MM-DD[ HH:MM[:SS]]``.
    """
