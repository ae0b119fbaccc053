# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# Test modules share what stands beside them.
sys.path.insert(0, str(Path(__file__).parent))

GOOD = """\
from octobot_commons.tentacles_management import AbstractTentacle

class AbstractTradingMode(AbstractTentacle): pass
class Good(AbstractTentacle): pass
class Mode(AbstractTradingMode): pass
class NoTentacle: pass
class Outer:
    class Inner(AbstractTentacle): pass
number = 5
"""
MODULES = {
    "__init__.py": "",
    "evaluators/__init__.py": "",
    "evaluators/ta/__init__.py": "",
    "evaluators/ta/good.py": GOOD,
    "plain.py": GOOD,
    "failing.py": "import math\n\nmath.floor('x')\n",
    "helper.py": "def fail():\n    raise RuntimeError('deep')\n",
    "deep.py": "from tentacle_package_for_tests.helper import fail\n\n\nfail()\n",
    "dependent.py": "import package_nobody_installed.part\n",
    "syntax.py": "x = 1\ny = = 2\n",
}
ENTRY_POINTS = """\
[octobot.tentacles]
Good = tentacle_package_for_tests.evaluators.ta.good:Good
Mode = tentacle_package_for_tests.plain:Mode
Inner = tentacle_package_for_tests.plain:Outer.Inner
Goood = tentacle_package_for_tests.plain:Goood
Number = tentacle_package_for_tests.plain:number
NoTentacle = tentacle_package_for_tests.plain:NoTentacle
Failing = tentacle_package_for_tests.failing:Failing
Deep = tentacle_package_for_tests.deep:Deep
Dependent = tentacle_package_for_tests.dependent:Dependent
Syntax = tentacle_package_for_tests.syntax:Syntax
Stale = tentacle_package_for_tests.gone:Stale
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package on the path that declares tentacles, many of them broken."""
    folder = tmp_path / "tentacle_package_for_tests"
    for name, text in MODULES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    declare(tmp_path, "tentacle-package-for-tests", "1.2", ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.startswith("tentacle_package_for_tests")]:
        del sys.modules[name]


def declare(site: Path, distribution: str, version: str, entry_points: str) -> None:
    metadata = site / f"{distribution.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(entry_points)
