# SPDX-License-Identifier: Apache-2.0
"""What code of a tentacle folder imports by the names of OctoBot 2, and that nobody else does."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from octobot_commons.configuration import TentaclesSetupConfig
from octobot_commons.errors import TentacleLoadError
from octobot_commons.tentacles_management import AbstractTentacle, TentacleRegistry
from octobot_commons.tentacles_management.loading import PACKAGE, LoadedFolder

_BASE = "from octobot_commons.tentacles_management import AbstractTentacle\n\n\n"
_CLASS = _BASE + "class {name}(AbstractTentacle):\n    where = {name!r}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "Evaluator/TA/trends", ["Up", "Down"], _CLASS.format(name="Up") + "\n\nclass Down(Up):\n    pass\n")
    write(tmp_path, "Evaluator/Strategies/mean", ["Mean"], _CLASS.format(name="Mean"), version="1.4.2")
    write(tmp_path, "Evaluator/Util/tools", ["Tools"], "class Tools:\n    answer = 42\n\n\nclass Hidden:\n    pass\n")
    return tmp_path


def write(root: Path, place: str, names: list[str], source: str, version: str = "1.0.0") -> Path:
    folder = root / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metadata.json").write_text(json.dumps({"version": version, "tentacles": names}))
    (folder / f"{folder.name}.py").write_text(source)
    return folder


def run(root: Path, source: str) -> ModuleType:
    """What a module of a folder is after it ran."""
    write(root, "Evaluator/TA/asking", ["Asking"], _BASE + source + "\n\n\nclass Asking(AbstractTentacle):\n    pass\n")
    return sys.modules[TentacleRegistry.discover(root).load("Asking").__module__]


def refused(root: Path, source: str) -> str:
    with pytest.raises(TentacleLoadError) as error:
        run(root, source)
    return str(error.value)


@pytest.mark.parametrize(
    "source",
    [
        "from tentacles.Evaluator.TA import Up",
        "from tentacles.Evaluator.TA import *",
        "import tentacles.Evaluator.TA as TA\nUp = TA.Up",
        "import tentacles.Evaluator.TA\nUp = tentacles.Evaluator.TA.Up",
        "import tentacles\nUp = tentacles.Evaluator.TA.Up",
        "from tentacles import Evaluator\nUp = Evaluator.TA.Up",
        "from tentacles.Evaluator import TA\nUp = TA.Up",
        "from tentacles.Evaluator.TA.trends import Up",
        "from tentacles.Evaluator.TA.trends.trends import Up",
        "def later():\n    from tentacles.Evaluator.TA import Up\n    return Up\n\n\nUp = later()",
    ],
)
def test_every_way_to_write_it(root: Path, source: str) -> None:
    found: Any = run(root, source).Up  # type: ignore[attr-defined]
    assert issubclass(found, AbstractTentacle)
    assert found.where == "Up"


def test_utilities_are_all_classes_of_their_folders(root: Path) -> None:
    module: Any = run(
        root, "from tentacles.Evaluator import Util as U\nfound = U.Tools.answer, U.Hidden.__name__, U.__all__"
    )
    assert module.found[:2] == (42, "Hidden")
    # Beside those of installed packages.
    assert {"Hidden", "Tools"} <= set(module.found[2])


def test_the_same_class_however_often_it_is_asked_for(root: Path) -> None:
    module: Any = run(root, "from tentacles.Evaluator.TA import Down, Up\nimport tentacles.Evaluator.TA as TA")
    assert module.TA.Up is module.Up
    assert issubclass(module.Down, module.Up)


def test_the_manager_s_functions(root: Path) -> None:
    module: Any = run(
        root,
        "import octobot_tentacles_manager.api as api\n"
        "import octobot_tentacles_manager.api.configurator as configurator\n"
        "from octobot_tentacles_manager.api.inspector import check_tentacle_version",
    )
    setup = TentaclesSetupConfig(configs={"Up": {"length": 3}})
    assert module.api.get_tentacle_config is module.configurator.get_tentacle_config
    assert module.api.get_tentacle_config(setup, module.Asking) == {}
    live = module.api.get_tentacle_config(setup, "Up")
    assert live is setup.get_config("Up")
    check = module.check_tentacle_version
    asked = [("1.4.2", "Mean"), ("1.4", "mean"), ("1.10", "Mean"), ("1.0", "trends"), ("2", "Up"), ("1", "Nobody")]
    assert [check(version, name, "anyone") for version, name in asked] == [True, True, False, True, False, False]


def test_a_version_that_is_missing_is_logged_where_that_is_wanted(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    module: Any = run(root, "from octobot_tentacles_manager.api.inspector import check_tentacle_version as check")
    module.check("9", "Mean", "p", verbose=False)
    assert not caplog.records
    module.check("9", "Mean", "p")
    module.check("9", "Other", "p")
    assert [record.getMessage() for record in caplog.records] == [
        "Mean 9 is asked for and is there as 1.4.2", "Other 9 is asked for and is not there",
    ]  # fmt: skip


def test_the_old_services_are_there_and_empty(root: Path) -> None:
    module: Any = run(root, "import octobot_services.constants as constants\nimport octobot_services.api as api")
    assert not hasattr(module.constants, "anything")
    assert "octobot_services.enums has no Levels here" in refused(root, "from octobot_services.enums import Levels")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from tentacles.Evaluator.TA import Upp", "did you mean Up?"),
        ("from tentacles.Evaluator.Strategies import Up", "tentacles.Evaluator.Strategies has no Up here"),
        ("import tentacles.Services", "OctoBot 3 has nothing for tentacles.Services"),
        ("from octobot_tentacles_manager import cli", "octobot_tentacles_manager has no cli here"),
        ("import octobot_tentacles_manager.models", "nothing for octobot_tentacles_manager.models"),
    ],
)
def test_what_is_not_there_is_named_with_the_line(root: Path, source: str, said: str) -> None:
    message = refused(root, source)
    assert said in message
    assert f"{root}/Evaluator/TA/asking/asking.py: row 4, Asking" in message


def test_a_broken_one_that_is_imported_by_another_is_the_one_that_is_named(root: Path) -> None:
    write(root, "Evaluator/TA/broken", ["Broken"], "raise ValueError('its own')\n" + _CLASS.format(name="Broken"))
    assert "broken.py: row 1, Broken" in refused(root, "from tentacles.Evaluator.TA import Broken")


def test_nobody_else_finds_the_old_names(root: Path) -> None:
    before = set(sys.modules)
    run(root, "import tentacles.Evaluator.TA, octobot_services, octobot_tentacles_manager.api")
    assert {name.partition(".")[0] for name in set(sys.modules) - before} == {PACKAGE}
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("octobot_tentacles_manager")


def test_a_real_package_of_such_a_name_stays_what_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / "octobot_services").mkdir(parents=True)
    (tmp_path / "site" / "octobot_services" / "__init__.py").write_text("real = True\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.delitem(sys.modules, "octobot_services", raising=False)
    module: Any = run(root, "import octobot_services")
    assert not hasattr(module.octobot_services, "real")
    assert importlib.import_module("octobot_services").real
    monkeypatch.delitem(sys.modules, "octobot_services")


def test_each_load_is_another_and_leaves_when_it_is_let_go(root: Path) -> None:
    registry = TentacleRegistry.discover(root)
    folder = root / "Evaluator" / "TA" / "trends"
    (folder / "own.py").write_text("VALUE = 1\n")
    (folder / "trends.py").write_text("from .own import VALUE\nfrom . import own\n")
    one = LoadedFolder(folder, registry)
    first = one.import_module("trends")
    (folder / "own.py").write_text("VALUE = 2\n")
    other = LoadedFolder(folder, registry)
    second = other.import_module("trends")
    assert (first.VALUE, second.VALUE, first.own.VALUE) == (1, 2, 1)
    assert not list(folder.rglob("__pycache__")), "nothing is written beside the source"
    one.unload()
    assert {name for name in sys.modules if name.startswith(one.package)} == set()
    assert second.own.VALUE == 2
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{PACKAGE}.trends_999999")
