# SPDX-License-Identifier: Apache-2.0
"""Print the import paths of the compiled modules of the packages named (all six by default), for stubtest."""

import sys

from monorepo import packages

if __name__ == "__main__":
    print(*[module for package in packages(sys.argv[1:]) for module in package.compiled_modules])
