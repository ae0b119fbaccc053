# SPDX-License-Identifier: Apache-2.0
import os

from Cython.Build import cythonize
from setuptools import Extension, setup

EXTENSIONS = [
    Extension("octobot_evaluators.matrix._note", ["src/octobot_evaluators/matrix/_note.pyx"]),
    Extension("octobot_evaluators.matrix._matrix", ["src/octobot_evaluators/matrix/_matrix.pyx"]),
    Extension("octobot_evaluators.matrix._note_writer", ["src/octobot_evaluators/matrix/_note_writer.pyx"]),
    Extension("octobot_evaluators.matrix._cycle", ["src/octobot_evaluators/matrix/_cycle.pyx"]),
]

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
        },
    )
)
