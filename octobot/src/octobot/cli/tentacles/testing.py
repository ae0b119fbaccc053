# SPDX-License-Identifier: Apache-2.0
"""`octobot tentacles test`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import click

from octobot.cli.failures import ExitCode
from octobot_commons.errors import EnvironmentFault, TentacleFolderError
from octobot_commons.tentacles_management.folders import TESTS_FOLDER
from octobot_commons.tentacles_management.installation import find_installed

_NO_TESTS = 5


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("pytest_options", metavar="[PYTEST OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
def test_tentacle(name: str, pytest_options: tuple[str, ...]) -> None:
    """Run the tests of a folder in the user's tentacles folder; NAME is the folder's or one of its tentacles'.

    They run in a process of their own, in the order and with the options of pytest. The exit code is 6 where one fails.
    """
    folder = find_installed(name).path
    tests = folder / TESTS_FOLDER
    if not tests.is_dir():
        raise _without_tests(tests)
    if importlib.util.find_spec("pytest") is None:
        raise EnvironmentFault("pytest is not installed", remedy="pip install pytest")
    code = _run_pytest(folder, tests, pytest_options)
    if code == _NO_TESTS:
        raise _without_tests(tests)
    if code:
        sys.exit(ExitCode.FOUND)


# pytest would take the command for a test of ours.
test_tentacle.__test__ = False  # type: ignore[attr-defined]


def _run_pytest(folder: Path, tests: Path, options: tuple[str, ...]) -> int:
    """Neither a configuration that lies further up nor what a run leaves behind concerns the folder."""
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(folder)]
    command += ["-p", "no:cacheprovider", "--import-mode=importlib", *_asyncio_options(), str(tests), *options]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, cwd=folder, check=False).returncode


def _asyncio_options() -> list[str]:
    """Tests that are coroutines run where the plugin for them is installed."""
    if importlib.util.find_spec("pytest_asyncio") is None:
        return []
    return ["-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"]


def _without_tests(tests: Path) -> TentacleFolderError:
    return TentacleFolderError("holds no tests", file=tests, remedy="write one in a file test_….py")
