# SPDX-License-Identifier: Apache-2.0
"""Tables as the benchmarks of this package print them."""

import os
import platform

import async_channel as ac


def print_head(repetitions):
    print(f"async_channel {ac.__version__}, Python {platform.python_version()}, {platform.platform()}, ", end="")
    print(f"{os.cpu_count()} cores; medians of {repetitions} interleaved repetitions\n")


def print_table(title, heads, rows, width=17):
    """Rows are (name, cells); a cell is text."""
    print(f"{title:50}" + "".join(f"{head:>{width}}" for head in heads))
    for name, cells in rows:
        print(f"{name:50}" + "".join(f"{cell:>{width}}" for cell in cells))
    print()


def print_remarks(*lists):
    for lines in lists:
        for line in lines:
            print(line)
    print()
