# SPDX-License-Identifier: Apache-2.0
from Cython.Build import cythonize
from setuptools import Extension, setup

EXTENSIONS = [
    Extension("octobot_evaluators.matrix._matrix", ["src/octobot_evaluators/matrix/_matrix.pyx"]),
]

setup(
    ext_modules=cythonize(
        EXTENSIONS,
        compiler_directives={"language_level": 3, "auto_pickle": False, "autotestdict": False},
    )
)
