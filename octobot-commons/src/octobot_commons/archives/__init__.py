# SPDX-License-Identifier: Apache-2.0
"""Folders and zip archives of small files that people hand over: checked whole before anything of them is kept.

::

    limits.py    how much there may be
    names.py     paths that are the same files on every system, inside the folder
    zips.py      reading archives, whatever they claim
    folders.py   reading folders
    writing.py   folders and archives that appear whole or not at all
"""

from __future__ import annotations

from octobot_commons.archives.limits import DEFAULT_LIMITS, Limits
from octobot_commons.archives.names import check_names
from octobot_commons.archives.reading import check_and_unpack, read_files
from octobot_commons.archives.writing import write_folder, write_zip

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "check_and_unpack",
    "check_names",
    "read_files",
    "write_folder",
    "write_zip",
]
