# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Tool = Callable[[str], ModuleType]


def test_a_tag_releases_the_package_it_names(tool: Tool, tree: Path) -> None:
    package = tool("release_tag").released("octobot-commons-v3.1.0", tree)
    assert package.name == "octobot-commons"
    assert not package.is_compiled


@pytest.mark.parametrize("tag", ["octobot-commons-v3.1.1", "octobot-commons-v3.0.0"])
def test_a_tag_that_differs_from_the_version_is_refused(tool: Tool, tree: Path, tag: str) -> None:
    release_tag = tool("release_tag")
    with pytest.raises(release_tag.TagError, match=r"octobot-commons/pyproject\.toml 3\.1\.0"):
        release_tag.released(tag, tree)


@pytest.mark.parametrize("tag", ["v3.1.0", "octobot-commons-3.1.0", "octobot-common-v3.1.0", "octobot-commons-v3.1"])
def test_a_tag_of_no_package_is_refused(tool: Tool, tree: Path, tag: str) -> None:
    release_tag = tool("release_tag")
    with pytest.raises(release_tag.TagError, match="is not <package>-vX"):
        release_tag.released(tag, tree)


def test_a_version_without_a_dated_changelog_entry_is_refused(tool: Tool, tree: Path) -> None:
    release_tag = tool("release_tag")
    (tree / "octobot-commons" / "CHANGELOG.md").write_text("## [3.1.0] - unreleased\n")
    with pytest.raises(release_tag.TagError, match="no dated entry"):
        release_tag.released("octobot-commons-v3.1.0", tree)


def test_the_command_fails_and_says_why(tool: Tool, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool("release_tag").main("octobot-v0.0.0") == 1
    assert capsys.readouterr().err.startswith("not released: the tag says 0.0.0")
