#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the Python to develop with (the first of 3.11-3.13 found, else a newer one), or with --all one line
# "3.X path" for each of 3.11-3.13. A pyenv shim may stand on PATH without its Python, so each one is run.

versions="3.11 3.12 3.13"
pyenv_root=${PYENV_ROOT:-$(pyenv root 2>/dev/null || echo "$HOME/.pyenv")}

describe() { # prints "3.X path" of a working CPython
    "$1" -c 'import sys; print("%d.%d %s" % (sys.version_info[:2] + (sys.executable,)))' 2>/dev/null
}

find_version() { # prints "3.X path" of one that has the version asked for
    for candidate in "python$1" python3 "$pyenv_root"/versions/"$1".*/bin/python; do
        found=$(describe "$candidate") || continue
        [ "${found%% *}" = "$1" ] && echo "$found" && return
    done
    return 1
}

if [ "$1" = --all ]; then
    for version in $versions; do find_version "$version"; done
    exit 0
fi

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ -n "$PYTHON" ]; then
    is_new_enough "$PYTHON" && describe "$PYTHON" | cut -d' ' -f2- && exit
    found=$(describe "$PYTHON")
    echo "PYTHON=$PYTHON is ${found:-no Python that runs}: name a Python 3.11 or newer, or leave PYTHON out" >&2
    exit 1
fi

default=$(describe python3)
case "${default%% *}" in 3.11 | 3.12 | 3.13) echo "${default#* }" && exit ;; esac
for version in 3.13 3.12 3.11; do
    found=$(find_version "$version") && echo "${found#* }" && exit
done
is_new_enough python3 && echo "${default#* }" && exit
echo "no Python 3.11 or newer found (python3 is ${default:-missing}): install one, or say make PYTHON=/path/to/python" >&2
exit 1
