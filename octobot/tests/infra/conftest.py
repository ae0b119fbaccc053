# SPDX-License-Identifier: Apache-2.0
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def root() -> Path:
    """The repository; its tools are in no package, so tests of an installed package skip."""
    if not (ROOT / ".ci" / "monorepo.py").exists():
        pytest.skip("the repository's tools are not part of the package")
    return ROOT


@pytest.fixture
def tool(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports one of the repository's tools by its name in .ci."""
    monkeypatch.setattr(sys, "path", [str(root / ".ci"), *sys.path])
    return importlib.import_module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small repository with one package in order: octobot-commons 3.1.0."""
    folder = tmp_path / "octobot-commons"
    source = folder / "src" / "octobot_commons"
    source.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "octobot-commons"\nversion = "3.1.0"\nlicense = "Apache-2.0"\nrequires-python = ">=3.11"\n'
        'dependencies = ["async-channel>=3.0,<4", "numpy>=1.26"]\n'
    )
    (folder / "README.md").write_text("# octobot-commons\n\nBelow, not below\n3.0.\n")
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n## [3.1.0] - 2026-11-20\n\n## [3.0.0]\n")
    (source / "__init__.py").write_text('# SPDX-License-Identifier: Apache-2.0\n__version__ = "3.1.0"\n')
    (source / "py.typed").touch()
    for place in (tmp_path, folder):
        (place / "LICENSE").write_text("the licence")
    return tmp_path
