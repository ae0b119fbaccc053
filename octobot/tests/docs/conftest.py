# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def root() -> Path:
    """The repository; documents that name all of it are in no package, so tests of an installed package skip."""
    if not (_ROOT / "README.md").exists() or not (_ROOT / "octobot-trading").exists():
        pytest.skip("the repository is not part of the package")
    return _ROOT
