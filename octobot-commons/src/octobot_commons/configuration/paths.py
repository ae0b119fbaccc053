# SPDX-License-Identifier: Apache-2.0
"""Where a user's files are."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

#: Environment variable that moves the user folder.
HOME_VARIABLE = "OCTOBOT_HOME"


def user_folder() -> Path:
    """The folder of a user's profiles, data, state and logs; it may not exist yet.

    ``OCTOBOT_HOME`` where that is set, else where the platform keeps an application's data.
    """
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser() if home else platformdirs.user_data_path("octobot", appauthor=False)


def profiles_folder() -> Path:
    """The folder of the user's own profiles."""
    return user_folder() / "profiles"


def tentacles_folder() -> Path:
    """The folder of the tentacles that the user has dropped in."""
    return user_folder() / "tentacles"
