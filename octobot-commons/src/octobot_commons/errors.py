# SPDX-License-Identifier: Apache-2.0
"""The errors of this package, and the three bases that every other package's tree hangs from.

::

    OctoBotError
    ├── UserInputError               the user can repair it: a file, a setting, a name, an argument
    │   ├── ConfigurationError       a settings file cannot be used
    │   │   ├── ProfileError         a profile folder or its profile.json
    │   │   ├── SettingError         one tentacle setting has an unusable value
    │   │   └── UnknownSettingError  a settings file holds a key that nothing reads
    │   ├── ArchiveError             an archive or folder that is handed over holds what it must not
    │   ├── UnknownTentacleError     no installed tentacle has this name
    │   ├── TentacleFolderError      a folder of tentacles, or what it says of itself, cannot be used
    │   ├── TentacleLoadError        a tentacle was found but its module does not import
    │   ├── LookAheadError           a tentacle read what was not known yet at the time of a backtest
    │   ├── SymbolError              text that is no symbol (also a ValueError)
    │   ├── TimeFrameError           text that is no time frame (also a ValueError)
    │   └── DataError                a file of market data or stored runs cannot be used
    ├── EnvironmentFault             the outside world: network, disk, exchange
    └── BugError                     ours: please report
        ├── ClockError               a clock was asked to go backwards or nowhere
        ├── UnknownFeedError         a bot whose feeds nobody has created (also a LookupError)
        └── InputDeclarationError    a tentacle declares its user inputs inconsistently
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from os import PathLike, fspath


class OctoBotError(Exception):
    """An error that says where it happened and what to do about it.

    ``str()`` gives ``file: row 3, field: message (remedy)``, leaving out what is not known.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | PathLike[str] | None = None,
        field: str | None = None,
        row: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = None if file is None else fspath(file)
        self.field = field
        self.row = row
        self.remedy = remedy

    def __str__(self) -> str:
        place = ", ".join(part for part in (None if self.row is None else f"row {self.row}", self.field) if part)
        text = ": ".join(part for part in (self.file, place, self.message) if part)
        return f"{text} ({self.remedy})" if self.remedy else text


class UserInputError(OctoBotError):
    """The user can repair it: a file, a setting, a name, an argument."""


class ConfigurationError(UserInputError):
    """A settings file cannot be used."""


class ProfileError(ConfigurationError):
    """A profile folder or its profile.json cannot be used."""


class SettingError(ConfigurationError):
    """One tentacle setting has a value that cannot be used."""


class UnknownSettingError(ConfigurationError):
    """A settings file holds a key that nothing reads."""


class ArchiveError(UserInputError):
    """An archive or folder that is handed over is damaged, or holds what it must not; ``field`` is the path in it."""


class UnknownTentacleError(UserInputError):
    """No installed tentacle has this name."""


class TentacleFolderError(UserInputError):
    """A folder of tentacles, or what it says of itself, cannot be used."""


class TentacleLoadError(UserInputError):
    """A tentacle was found but could not be imported."""


class LookAheadError(UserInputError):
    """A tentacle read what was not known yet at the time of a backtest.

    ``field`` is the tentacle's name; ``file`` and ``row`` are where its code does it.
    """


class SymbolError(UserInputError, ValueError):
    """Text that is no symbol."""


class TimeFrameError(UserInputError, ValueError):
    """Text that is no time frame."""


class DataError(UserInputError):
    """A file of market data or of stored runs cannot be used."""


class EnvironmentFault(OctoBotError):  # noqa: N818 - the outside world's fault, read as a noun everywhere
    """The outside world failed: network, disk, exchange."""


class BugError(OctoBotError):
    """Our mistake: it should be reported."""


class ClockError(BugError):
    """A clock was asked to go backwards or to no time at all."""


class UnknownFeedError(BugError, LookupError):
    """A bot's feeds are asked for, and nobody has created them."""


class InputDeclarationError(BugError):
    """A tentacle declares its user inputs inconsistently."""


def suggest(name: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The candidate nearest to ``name``, ignoring letter case, or None when nothing is near.

    ``cutoff`` is how alike they must be, from 0 (not at all) to 1 (the same letters).
    """
    by_folded = {candidate.casefold(): candidate for candidate in sorted(candidates, reverse=True)}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[near[0]] if near else None


def did_you_mean(name: str, candidates: Iterable[str], otherwise: str | None = None) -> str | None:
    """A remedy: ``did you mean X?`` when a candidate is near ``name``, else ``otherwise``."""
    nearest = suggest(name, candidates)
    return f"did you mean {nearest}?" if nearest else otherwise
