# SPDX-License-Identifier: Apache-2.0
"""The errors of this package.

::

    OctoBotError
    ├── UserInputError
    │   ├── AlertError                   the text of an alert that cannot be understood or followed
    │   ├── IndicatorInputError          an array or a period that an indicator cannot use (also a ValueError)
    │   ├── SignalError                  a remote trading signal that cannot be understood or followed
    │   └── DataError
    │       └── FeedDataError            an event of a feed is not as its page says
    └── EnvironmentFault
        └── MissingIndicatorLibraryError tulipy is not installed
"""

from __future__ import annotations

from octobot_commons.errors import DataError, EnvironmentFault, UserInputError


class IndicatorInputError(UserInputError, ValueError):
    """An array or a period that an indicator cannot use."""


class FeedDataError(DataError):
    """An event of a feed is not as its page says."""


class MissingIndicatorLibraryError(EnvironmentFault):
    """The library that computes indicators is not installed."""


class AlertError(UserInputError):
    """The text of an alert cannot be understood or followed."""


class SignalError(UserInputError):
    """A remote trading signal cannot be understood or followed."""
