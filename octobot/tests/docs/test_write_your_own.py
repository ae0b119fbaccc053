# SPDX-License-Identifier: Apache-2.0
"""The README's "Write your own": its commands, as they stand there, from nothing to a first backtest in a minute."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

_SECONDS = 60.0


def test_from_nothing_to_a_first_backtest_in_a_minute(root: Path, tmp_path: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    section = readme.partition("### Write your own\n")[2]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    commands = block[1].strip().splitlines()
    assert [shlex.split(command)[1] for command in commands] == [
        "profile", "tentacles", "tentacles", "tentacles", "backtest",
    ]  # fmt: skip
    environment = {**os.environ, "OCTOBOT_HOME": str(tmp_path / "home")}
    started, done = time.perf_counter(), None
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/octobot"
        done = subprocess.run(
            [sys.executable, "-m", "octobot", *arguments], env=environment, capture_output=True, text=True, check=False,
            timeout=_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert time.perf_counter() - started < _SECONDS
    assert done is not None
    trades = re.search(r"^Trades +([\d,]+)  \(", done.stdout, re.MULTILINE)
    assert trades is not None
    assert trades[1] != "0"
