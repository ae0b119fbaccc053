# SPDX-License-Identifier: Apache-2.0
"""Regular expressions of users, looked for in messages of strangers, that cannot keep the bot busy for long.

Python's engine tries every way in which a pattern can match. There are exponentially many where something that can be
repeated in several ways is repeated itself, as in ``(a+)+``: such patterns are refused. Otherwise their number grows
with the length of the text to the power of the repetitions that may share it: those that take almost anything have to
be few, and lines short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from octobot_commons.errors import SettingError

#: Longer lines are no signals, and neither is what comes after this many lines.
LONGEST_LINE: Final = 150
MOST_LINES: Final = 40
#: Of repetitions of what matches almost anything, such as ``.*``, in one pattern.
MOST_WIDE_REPETITIONS: Final = 3

_TOKEN = re.compile(
    r"(?P<class>\[\^?\]?(?:\\.|[^\\\]])*\])|(?P<escape>\\.)|(?P<open>\((?:\?[^)]?)?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<repeat>[*+?]|\{(?P<least>\d*)(?P<to>,)?(?P<most>\d*)\})[?+]?|(?P<other>.)",
    re.DOTALL,
)
_WIDE_ESCAPES = frozenset({r"\S", r"\D", r"\W"})


class SignalPattern:
    """A pattern that is looked for in each line of a message by itself.

    Args:
        file, field: of the setting, for messages.
        needs_group: what it finds is that of its first group.

    Raises:
        SettingError: it is no regular expression, lacks the group, or could keep the bot busy.
    """

    def __init__(self, text: str, *, file: str | None, field: str, needs_group: bool = False) -> None:
        try:
            self._pattern = re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            remedy = "correct it, or test it at a site for regular expressions"
            message = f"{text!r} is no regular expression: {error}"
            raise SettingError(message, file=file, field=field, remedy=remedy) from error
        if needs_group and not self._pattern.groups:
            message, remedy = f"{text!r} has no group", "put round brackets around the part that is looked for"
            raise SettingError(message, file=file, field=field, remedy=remedy)
        if self._pattern.search("") is not None:
            message, remedy = f"{text!r} is found in every message", "add the words that make a message a signal"
            raise SettingError(message, file=file, field=field, remedy=remedy)
        problem = _problem_of(text)
        if problem is not None:
            remedy = "write it with fewer repetitions: one message could keep the bot busy"
            raise SettingError(f"{text!r} {problem}", file=file, field=field, remedy=remedy)

    def find(self, message: str) -> str | None:
        """The first group, or the whole, of the first line in which the pattern is found; None where it is in none."""
        for line in message.splitlines()[:MOST_LINES]:
            found = None if len(line) > LONGEST_LINE else self._pattern.search(line.strip())
            if found is not None:
                group: str | None = found[1 if self._pattern.groups else 0]
                return None if group is None else group.strip()
        return None


def _problem_of(pattern: str) -> str | None:
    """What is wrong with the repetitions of a pattern that compiles."""
    wide = 0
    for is_wide, varies, times in _repetitions(pattern):
        if varies and times > 1:
            return "repeats what can itself be repeated in several ways"
        wide += is_wide and times > 1
    if wide > MOST_WIDE_REPETITIONS:
        return f"repeats what matches almost anything more than {MOST_WIDE_REPETITIONS} times"
    return None


def _repetitions(pattern: str) -> Iterator[tuple[bool, bool, float]]:
    """(whether it takes almost anything, whether it can be matched in several ways, how often at most) of each."""
    groups = [False]
    varies = is_wide = False
    for token in _TOKEN.finditer(pattern):
        kind, text = token.lastgroup, token[0]
        if token["repeat"]:
            least, most = _times(token)
            yield is_wide, varies, most
            groups[-1] |= least != most
        elif kind == "open":
            groups.append(False)
        elif kind == "close":
            varies = groups.pop()
            is_wide = False
            groups[-1] |= varies
        elif kind == "or":
            groups[-1] = True
        else:
            varies = False
            is_wide = text == "." or text.startswith("[^") or any(escape in text for escape in _WIDE_ESCAPES)


def _times(token: re.Match[str]) -> tuple[float, float]:
    """How often at least and at most."""
    simple: dict[str, tuple[float, float]] = {"*": (0, float("inf")), "+": (1, float("inf")), "?": (0, 1)}
    if token["repeat"] in simple:
        return simple[token["repeat"]]
    least = float(token["least"] or 0)
    if not token["to"]:
        return least, least
    return least, float(token["most"]) if token["most"] else float("inf")
