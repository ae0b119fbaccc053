# SPDX-License-Identifier: Apache-2.0
"""Plants one bug at a time into a copy of this package, compiles that and has this suite find it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from async_channel_mutants import MUTANTS

PACKAGE = Path(__file__).parents[1]
INI = """[pytest]
addopts = --import-mode=importlib --strict-markers -m "not long"
markers = long: as in the package
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
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


def run(folder, *command):
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "CFLAGS": "-O0"}
    environment.pop("CYTHON_LINE_TRACE", None)
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


def build(folder):
    built = run(folder, "setup.py", "build_ext", "--inplace", "-q")
    assert built.returncode == 0, built.stdout
    files = run(folder, "-c", WHERE).stdout.splitlines()[-1].split()
    assert len(files) == 2
    assert all(Path(file).is_relative_to(folder) for file in files), files


def check(folder):
    tests = [f"tests/{name}" for name in FIRST]
    tests += sorted(
        f"tests/{path.name}" for path in (folder / "tests").glob("test_*.py") if path.name not in FIRST + LEFT_OUT
    )
    return run(folder, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=line", *tests)


def plant(original, folder, mutant):
    """A copy of the folder with that bug in it, built."""
    shutil.copytree(original, folder)
    path = folder / "src" / "async_channel" / mutant.file
    source = path.read_text()
    assert source.count(mutant.text) == 1, f"{mutant.name}: the text to replace is not there once"
    path.write_text(source.replace(mutant.text, mutant.replacement))
    build(folder)


pytestmark = pytest.mark.skipif(
    not (PACKAGE / "src" / "async_channel" / "_engine.pyx").exists(), reason="no sources beside these tests"
)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A copy without a bug, which passes."""
    if importlib.util.find_spec("Cython") is None:
        pytest.skip("Cython is not installed")
    if shutil.which(os.environ.get("CC", "cc")) is None:
        pytest.skip("no C compiler here")
    folder = tmp_path_factory.mktemp("original") / "package"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("build", "dist", "__pycache__", ".*"))
    (folder / "pytest.ini").write_text(INI)
    conftest = folder / "tests" / "conftest.py"
    conftest.write_text(conftest.read_text() + QUICK)
    build(folder)
    checked = check(folder)
    assert checked.returncode == 0, checked.stdout
    return folder


@pytest.fixture(scope="module")
def outcomes(original, tmp_path_factory):
    """What becomes of each mutant that is to be tested, two at a time."""

    def outcome(mutant, folder):
        plant(original, folder, mutant)
        try:
            return check(folder)
        finally:
            shutil.rmtree(folder)

    parent = tmp_path_factory.mktemp("mutants")
    with ThreadPoolExecutor(2) as pool:
        yield lambda: {
            mutant: pool.submit(outcome, mutant, parent / str(number)) for number, mutant in enumerate(MUTANTS)
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_text_to_replace_is_there_once(mutant):
    assert (PACKAGE / "src" / "async_channel" / mutant.file).read_text().count(mutant.text) == 1
    assert mutant.text != mutant.replacement


@pytest.mark.long
def test_every_planted_bug_is_found(outcomes):
    survivors, broken = [], []
    for mutant, future in outcomes().items():
        result = future.result()
        if result.returncode == 0:
            survivors.append(f"{mutant.name}: {mutant.invariant}")
        elif result.returncode != 1:
            broken.append(f"{mutant.name} ended with {result.returncode}:\n{result.stdout}")
    assert not broken, "\n".join(broken)
    assert not survivors, "\n".join(survivors)
