# SPDX-License-Identifier: Apache-2.0
"""Every program that trades imports this package, so it must stay cheap to import."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import octobot_commons

#: The modules that may import numpy, because they are about arrays.
ON_ARRAYS = {"octobot_commons.data_util"}
HEAVY = ("numpy", "ccxt", "pandas", "importlib.metadata", "aiohttp")


def test_nothing_heavy_is_imported() -> None:
    names = {module.name for module in pkgutil.walk_packages(octobot_commons.__path__, "octobot_commons.")}
    assert names > ON_ARRAYS
    imports = "; ".join(f"import {name}" for name in sorted(names - ON_ARRAYS))
    program = f"import sys; {imports}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
