# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from octobot_commons.configuration import profiles_folder, user_folder


def test_the_variable_moves_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "bot"))
    assert user_folder() == tmp_path / "bot"
    assert profiles_folder() == tmp_path / "bot" / "profiles"
    assert not user_folder().exists()


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("OCTOBOT_HOME", "~/bot")
    assert user_folder() == tmp_path / "bot"


@pytest.mark.parametrize("value", [None, ""])
def test_the_platforms_folder_otherwise(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv("OCTOBOT_HOME", raising=False)
    else:
        monkeypatch.setenv("OCTOBOT_HOME", value)
    assert user_folder().name == "octobot"
    assert user_folder().is_absolute()
