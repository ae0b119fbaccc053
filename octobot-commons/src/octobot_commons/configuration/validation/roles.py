# SPDX-License-Identifier: Apache-2.0
"""What a profile needs in order to run: one trading mode, and a strategy that wakes it where it needs one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from octobot_commons.configuration.profile import Profile
from octobot_commons.configuration.tentacles_setup import TENTACLES_CONFIG_FILE
from octobot_commons.errors import ProfileError


def role_problems(
    profile: Profile, modes: Collection[str], strategies: Collection[str], needs_strategy: bool
) -> Iterator[ProfileError]:
    """What is missing or too much among the activated trading modes and strategies, given by name.

    ``needs_strategy``: whether one of the modes does nothing without.
    """
    if len(modes) != 1:
        yield _problem(profile, f"needs exactly one trading mode, and activates {', '.join(modes) or 'none'}")
    if needs_strategy and not strategies:
        yield _problem(profile, "activates no strategy, so its trading mode would never be woken")


def _problem(profile: Profile, message: str) -> ProfileError:
    return ProfileError(
        f"profile {profile.profile_id} {message}",
        file=None if profile.path is None else profile.path / TENTACLES_CONFIG_FILE,
        field="tentacle_activation",
        remedy="change tentacles_config.json; `octobot tentacles list` shows what is installed",
    )
