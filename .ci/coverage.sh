#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Coverage of Python and Cython. Counting the lines of compiled modules slows them several times, so they are built
# from a copy of the packages in .cov/tree, which stands before the installed ones on the path.
# PY is the Python to use; the arguments name the packages to measure.
set -eu
cd "$(dirname "$0")/.."
tree=.cov/tree
mkdir -p "$tree"
# Tests look for recorded market data beside the repository.
[ -e ../shared ] && ln -sfn ../../shared .cov/shared

"$PY" .ci/copy_tree.py "$tree"
cd "$tree"

# A compiled module names its source as setup.py sees it, src/async_channel/_core.pyx: let that path lead there.
mkdir -p src
for source in */src/*/; do ln -sfn "../$source" "src/$(basename "$source")"; done
rm -f src/*.egg-info
for setup in */setup.py; do
    echo "--> building ${setup%/setup.py} with line tracing"
    # Cython itself compares a .c file with its .pyx only, not with the directives in setup.py.
    find "$(dirname "$setup")/src" -name '*.c' ! -newer "$setup" -delete
    (cd "$(dirname "$setup")" && CYTHON_LINE_TRACE=1 "$PY" setup.py -q build_ext --inplace >/dev/null)
done

tests=""
imports=""
for package in "$@"; do
    tests="$tests $package/tests"
    imports="$imports,$(echo "$package" | tr - _)"
done
export PYTHONPATH="$PWD/src"
status=0
# shellcheck disable=SC2086
"$PY" -m coverage run --source "${imports#,}" -m pytest -q -p no:cacheprovider $tests || status=$?
"$PY" -m coverage report
"$PY" -m coverage html -q -d ../html
echo "line by line: .cov/html/index.html"
exit "$status"
