# SPDX-License-Identifier: Apache-2.0
"""Every tentacle has a page that names all of its settings."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from octobot_commons.configuration import TentaclesSetupConfig, installed_profiles
from octobot_commons.declared_settings import declare_settings
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
    assert [key for key in settings_of(name) if f"`{key}`" not in page] == []
    for heading in ("## Settings", "## Example"):
        assert heading in page


def settings_of(name: str) -> list[str]:
    """What it declares, and what its files in installed profiles hold besides."""
    info = TentacleRegistry.discover().info(name)
    if info.kind == "COLLECTOR":  # it is in no profile
        return []
    files = [folder / "specific_config" / f"{name}.json" for folder in installed_profiles().values()]
    stored = [key for file in files if file.is_file() for key in json.loads(file.read_text())]
    return sorted({*declare_settings(info.load(), TentaclesSetupConfig()).inputs.keys(), *stored})
