# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Tool = Callable[[str], ModuleType]


def found(tool: Tool, tree: Path) -> list[str]:
    check_metadata, package = tool("check_metadata"), tool("monorepo").Package("octobot-commons", tree)
    return [line for check in check_metadata.CHECKS for line in check(package)]


def test_a_package_in_order_passes(tool: Tool, tree: Path) -> None:
    assert found(tool, tree) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("src/octobot_commons/__init__.py", "3.1.0", "3.0.9", "says 3.0.9, pyproject.toml 3.1.0"),
        ("src/octobot_commons/__init__.py", "# SPDX", "#  SPDX", "its first line is not"),
        ("CHANGELOG.md", "## [3.1.0]", "## [3.1.1]", "its newest entry is ['3.1.1']"),
        ("README.md", "3.0", "4", 'no note that octobot-commons "below 3.0"'),
        ("pyproject.toml", "async-channel>=3.0,<4", "async-channel>=3.0", "is not a range"),
        ("pyproject.toml", "numpy>=1.26", "numpy==1.26", "pins a run dependency"),
        ("LICENSE", "the", "another", "LICENSE differs"),
    ],
)
def test_a_disagreement_is_named(tool: Tool, tree: Path, file: str, old: str, new: str, complaint: str) -> None:
    path = tree / "octobot-commons" / file
    path.write_text(path.read_text().replace(old, new))
    (line,) = found(tool, tree)
    assert complaint in line


def test_compiled_modules_are_private_and_have_stubs(tool: Tool, tree: Path) -> None:
    folder = tree / "octobot-commons"
    (folder / "setup.py").write_text('# SPDX-License-Identifier: Apache-2.0\n"octobot_commons._core"\n')
    (folder / "src/octobot_commons/_core.pyx").write_text(
        "# SPDX-License-Identifier: Apache-2.0\nfrom async_channel._core cimport Mailbox\nfrom libc.math cimport fabs\n"
    )
    assert found(tool, tree) == [
        "_core.pyx: no .pyi beside it",
        "_core.pyx: cimports async_channel; compiled modules are private to their package",
    ]
