# SPDX-License-Identifier: Apache-2.0
"""Say what this machine lacks to build the project, with the remedy, before pip fails in the middle of it."""

import importlib.util
import os
import platform
import shutil
import sys
import sysconfig
from pathlib import Path

INSTALL_COMPILER = {
    "Darwin": "xcode-select --install",
    "Linux": "apt install build-essential (Debian, Ubuntu) or dnf install gcc (Fedora)",
}


def missing() -> list[str]:
    """One line for each thing that is missing, remedy included."""
    found = []
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        found.append(f"{sys.executable} has no venv module: apt install python{version}-venv (Debian, Ubuntu)")
    if os.name != "posix":
        return found
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        remedy = INSTALL_COMPILER.get(platform.system(), "install gcc or clang")
        found.append(f"no C compiler ({compiler}): {remedy}, or name yours with CC=")
    header = Path(sysconfig.get_path("include"), "Python.h")
    if not header.exists():
        found.append(f"no {header}: apt install python{version}-dev (Debian, Ubuntu)")
    return found


if __name__ == "__main__":
    problems = missing()
    for problem in problems:
        print(f"cannot build here: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)
