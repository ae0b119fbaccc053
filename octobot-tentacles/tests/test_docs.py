# SPDX-License-Identifier: Apache-2.0
"""Every tentacle has a page that names all of its settings."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from octobot_commons.configuration import installed_profiles
from octobot_commons.tentacles_management import TentacleRegistry

DOCS = Path(__file__).resolve().parents[1] / "docs"
NAMES = sorted(
    entry_point.name
    for entry_point in metadata.entry_points(group="octobot.tentacles")
    if entry_point.dist is not None and entry_point.dist.name == "octobot-tentacles"
)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_names_every_setting(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text()
    file = installed_profiles()["daily_trading"] / "specific_config" / f"{name}.json"
    # A collector is in no profile.
    settings = json.loads(file.read_text()) if TentacleRegistry.discover().info(name).kind != "COLLECTOR" else {}
    assert [key for key in settings if f"`{key}`" not in page] == []
    for heading in ("## Settings", "## Example"):
        assert heading in page
