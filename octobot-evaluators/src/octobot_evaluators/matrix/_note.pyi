# SPDX-License-Identifier: Apache-2.0
from typing import Any, final

def month_seconds(time: float) -> float:
    """The length of the UTC calendar month that ``time`` falls in."""

@final
class Note:
    """What an evaluator wrote at one place of a matrix, and up to when it counts. Immutable; made by a matrix only.

    A note is *set* while its value is not None, not pending and no NaN.
    """

    def __init__(self, *args: object, **kwargs: object) -> None: ...
    @property
    def value(self) -> Any: ...
    @property
    def time(self) -> float:
        """What it was evaluated for (Unix time)."""

    @property
    def value_type(self) -> Any: ...
    @property
    def description(self) -> Any: ...
    @property
    def metadata(self) -> Any: ...
    @property
    def fresh_until(self) -> float:
        """From this time on it does not count any more, whatever its time frame says; infinite by default."""

    def is_set(self, now: float = ...) -> bool:
        """Whether there is a usable value and ``now < fresh_until``."""

    def is_valid(self, now: float, allowed_delta: float = 0.0) -> bool:
        """Whether ``now < time + time frame + allowed_delta`` and ``now < fresh_until``.

        Without a time frame there is no such limit; a month lasts as long as the calendar says.
        """
