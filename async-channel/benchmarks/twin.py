# SPDX-License-Identifier: Apache-2.0
"""The plain-Python twin of the compiled core, out of the tests."""

import importlib.util
from pathlib import Path


def load_reference():
    path = Path(__file__).parents[1] / "tests" / "reference" / "core.py"
    spec = importlib.util.spec_from_file_location("reference_core", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
