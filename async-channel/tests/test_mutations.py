# SPDX-License-Identifier: Apache-2.0
"""Plants one bug at a time into a copy of this package, compiles that and has this suite find it."""

import importlib.util
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
if not (PACKAGE.parent / ".ci" / "mutations.py").exists() or not (PACKAGE / "src").exists():
    pytest.skip("bugs are planted in a clone of the repository", allow_module_level=True)

# Under a name that no other package's tests have.
_spec = importlib.util.spec_from_file_location("async_channel_mutants", Path(__file__).with_name("mutants.py"))
_mutants = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_mutants)
MUTANTS = _mutants.MUTANTS

from mutations import reason_not_to_build, run, sound_copy, source_of, survivors  # noqa: E402

# A bug that was found need not be made small.
QUICK = """
from hypothesis import Phase
quick = settings(settings.get_profile("repeatable"), phases=[Phase.generate], report_multiple_bugs=False)
settings.register_profile("quick", quick)
settings.load_profile("quick")
"""
# The first two find most of the bugs, and soon.
FIRST = ["test_core_against_reference.py", "test_live_against_reference.py"]
LEFT_OUT = ["test_mutations.py", "test_planted_bugs.py", "test_example.py", "test_testing.py", "test_testing_loop.py"]
WHERE = """
from async_channel import _engine, live
print(_engine.__file__, live.__file__)
"""


def check(folder, mutant=None):
    tests = [f"tests/{name}" for name in FIRST]
    tests += sorted(
        f"tests/{path.name}" for path in (folder / "tests").glob("test_*.py") if path.name not in FIRST + LEFT_OUT
    )
    return run(folder, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", *tests)


@pytest.fixture
def original(tmp_path):
    """A copy without a bug, which passes."""
    reason = reason_not_to_build()
    if reason is not None:
        pytest.skip(reason)
    folder = sound_copy(PACKAGE, tmp_path / "original", QUICK, WHERE)
    checked = check(folder)
    assert checked.returncode == 0, checked.stdout
    return folder


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_text_to_replace_is_there_once(mutant):
    assert source_of(PACKAGE, mutant).read_text().count(mutant.text) == 1
    assert mutant.text != mutant.replacement


@pytest.mark.long
def test_every_planted_bug_is_found(original, tmp_path):
    alive = survivors(original, tmp_path, MUTANTS, check)
    assert not alive, "\n".join(alive)
