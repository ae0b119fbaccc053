# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from hypothesis import settings

# The same examples in every run, and no time limit that a busy machine would break.
settings.register_profile("octobot", derandomize=True, deadline=None)
settings.load_profile("octobot")
