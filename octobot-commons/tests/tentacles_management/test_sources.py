# SPDX-License-Identifier: Apache-2.0
"""What Python files define, told without running them."""

from __future__ import annotations

from pathlib import Path

import pytest
from folder_files import SIDE_EFFECT, was_imported, write_folder

from octobot_commons.errors import EnvironmentFault, TentacleFolderError
from octobot_commons.tentacles_management.kinds import TentacleKind
from octobot_commons.tentacles_management.sources import defined_classes, parse, python_files, told_kind

_GUARDED = """\
import octobot_evaluators.evaluators as evaluators
if check_tentacle_version("1.2.0", "mine", "origin"):
    try:
        import tulipy
        class Guarded(evaluators.TAEvaluator): pass
    except ImportError:
        class Fallback(evaluators.TAEvaluator): pass
    else:
        class Otherwise: pass
    finally:
        class Always: pass
else:
    class Old: pass
with something():
    class Within: pass
def function():
    class Hidden: pass
class Outer:
    class Inner: pass
"""


def test_classes_are_found_with_their_file_and_bases(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "mine",
        mine=SIDE_EFFECT + 'class Mine(evaluators.TAEvaluator, Mixin, make()):\n    """Says it."""\n',
        __init__="class Mine: pass\nclass Other(Mine): pass\n",
    )
    found = defined_classes(folder)
    assert list(found) == ["Mine", "Other"]
    mine = found["Mine"]
    assert (mine.module, mine.bases, mine.description) == ("mine", ("TAEvaluator", "Mixin"), "Says it.")
    assert found["Other"].module == "__init__"
    assert not was_imported(tmp_path)


def test_classes_that_depend_on_something_are_found(tmp_path: Path) -> None:
    found = defined_classes(write_folder(tmp_path / "mine", mine=_GUARDED))
    assert [*found] == ["Guarded", "Otherwise", "Always", "Fallback", "Old", "Within", "Outer"]


def test_bases_are_followed_within_the_folder(tmp_path: Path) -> None:
    source = "class A(B): pass\nclass B(C): pass\nclass C(strategy.StrategyEvaluator): pass\nclass D(E): pass\n"
    source += "class E(D): pass\nclass F(Unknown): pass\n"
    found = defined_classes(write_folder(tmp_path / "mine", mine=source))
    assert told_kind("A", found) is TentacleKind.STRATEGY
    assert [told_kind(name, found) for name in "DEF"] == [None, None, None]
    assert told_kind("NotThere", found) is None


@pytest.mark.parametrize(
    ("source", "row", "message"),
    [
        ("x = 1\ny = = 2\n", 2, "is no Python: invalid syntax"),
        ("def f(:\n", 1, "is no Python"),
        ("if True:\nx = 1\n", 2, "is no Python: expected an indented block"),
        ("x = 1\0", None, "null bytes"),
        (b"x = '\xff'\n", None, "is no Python"),
        (b"# coding: no-such-coding\nx = 1\n", None, "is no Python"),
        ("x = " + "(" * 5_000 + ")" * 5_000, None, "is no"),
        ("x = " + "-" * 200_000 + "1", None, "is no"),
        ("#" * (1 << 20) + "\n", None, "is larger than 1,048,576 bytes (split it)"),
    ],
    ids=range(9),
)
def test_what_is_no_python_names_file_and_line(
    tmp_path: Path, source: str | bytes, row: int | None, message: str
) -> None:
    folder = write_folder(tmp_path / "mine", mine=source)
    with pytest.raises(TentacleFolderError) as caught:
        defined_classes(folder)
    assert caught.value.file == str(folder / "mine.py")
    assert message in str(caught.value)
    assert row in (None, caught.value.row)
    assert caught.value.remedy


def test_what_a_source_would_warn_of_is_no_matter_yet(tmp_path: Path) -> None:
    parse(write_folder(tmp_path / "mine", mine='x = "\\d"\nassert (1, "always")\n') / "mine.py")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "mine.py").mkdir()
    with pytest.raises(EnvironmentFault, match=r"mine\.py: cannot be read"):
        parse(tmp_path / "mine.py")


def test_hidden_files_are_no_python(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine")
    (folder / "._mine.py").write_bytes(b"\0\x05\x16\x07")
    assert [file.name for file in python_files(folder)] == ["mine.py"]
    assert [*defined_classes(folder)] == ["Mine"]
