# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from octobot_commons.configuration import find_profile, installed_profiles
from octobot_commons.errors import ProfileError


@pytest.fixture(autouse=True)
def user_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("OCTOBOT_HOME", str(home))
    return home


def test_installed_profiles_are_found_without_importing(installed: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert installed_profiles()["tests_daily"] == installed
    assert "profile_package_for_tests" not in sys.modules
    assert "tests_empty" not in installed_profiles()
    messages = {record.getMessage() for record in caplog.records}
    for name, value in (("empty", "profile_package_for_tests.profiles.none"), ("gone", "package_that_is_gone.profile")):
        text = f"profile-package-for-tests declares profile tests_{name} in {value}, which has no profile.json"
        assert text in messages


def test_profiles_are_found_by_path_then_in_the_users_folder_then_installed(
    installed: Path, profile_folder: Path, user_home: Path
) -> None:
    assert find_profile(str(profile_folder)) == profile_folder
    assert find_profile(str(profile_folder / "profile.json")) == profile_folder
    assert find_profile("tests_daily") == installed
    own = shutil.copytree(profile_folder, user_home / "profiles" / "tests_daily")
    assert find_profile("tests_daily") == own


def test_an_unknown_profile_names_the_nearest(installed: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        find_profile("tests_dayly")
    assert str(caught.value) == "no profile 'tests_dayly' (did you mean tests_daily?)"
    with pytest.raises(ProfileError, match=r"no profile 'zzzzzz' \(known profiles: .*tests_daily.*\)"):
        find_profile("zzzzzz")


def test_no_profiles_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["octobot_commons.configuration.installed_profiles"]
    monkeypatch.setattr(module, "installed_profiles", dict)
    with pytest.raises(ProfileError, match=r"no profile 'x' \(give the path of a profile folder\)"):
        find_profile("x")
