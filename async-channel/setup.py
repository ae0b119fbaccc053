# SPDX-License-Identifier: Apache-2.0
import os
import sys

from Cython.Build import cythonize
from setuptools import Extension, setup

SOURCE = "src/async_channel/"
PARTS = ["_mailbox.pxi", "_core.pxi", "_routes.pxi", "_live.pxi"]
EXTENSIONS = [
    Extension("async_channel._engine", [SOURCE + "_engine.pyx"], depends=[SOURCE + part for part in PARTS]),
]

# Debug information, symbols and tables that only a debugger reads would make the installed modules four times larger;
# what -O3 unrolls gains nothing measurable here.
if os.name == "posix":
    for extension in EXTENSIONS:
        extension.extra_compile_args += ["-O2", "-g0", "-fno-asynchronous-unwind-tables"]
if sys.platform == "linux":
    for extension in EXTENSIONS:
        extension.extra_link_args += ["-Wl,-s", "-Wl,-z,noseparate-code"]

# `make cov` counts the lines of the .pyx files too; such a build is several times slower and is never released.
LINE_TRACE = os.environ.get("CYTHON_LINE_TRACE") == "1"
if LINE_TRACE:
    for extension in EXTENSIONS:
        extension.define_macros += [("CYTHON_TRACE_NOGIL", "1"), ("CYTHON_USE_SYS_MONITORING", "0")]

setup(
    ext_modules=cythonize(
        EXTENSIONS,
        compiler_directives={
            "language_level": 3,
            "auto_pickle": False,
            "autotestdict": False,
            "linetrace": LINE_TRACE,
            # Plain built-in methods are smaller and faster to call; the signatures are for inspect and stubtest.
            "binding": False,
            "embedsignature": True,
            "embedsignature.format": "clinic",
        },
    )
)
