# SPDX-License-Identifier: Apache-2.0
"""Damaged files of every layout: no crash, no hang, no row lost without a word, and the store gives back what it got.

What is damaged and how: ``fuzzing/fuzz_mutations.py``; what has to hold: ``fuzzing/fuzz_oracle.py``. The seed
and the CPU seconds of the long run may be set by ``OCTOBOT_FUZZ_SEED`` and ``OCTOBOT_FUZZ_SECONDS``.
"""

from __future__ import annotations

import os

import pytest
from fuzz_run import for_seconds, run
from fuzz_samples import Sample, made_up, recorded

from octobot_trading.history import CandleStore

_QUICK_EXAMPLES = 10
_LONG_SECONDS = float(os.environ.get("OCTOBOT_FUZZ_SECONDS", "330"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory, recordings) -> list[Sample]:
    """Those made up and, where the recordings are at hand, those cut from them."""
    folder = tmp_path_factory.mktemp("samples")
    return [*made_up(folder), *(recorded(recordings) if recordings else ())]


@pytest.fixture
def store(tmp_path):
    with CandleStore(tmp_path / "store") as opened:
        # What is tested here is no loss of power.
        opened._connection.execute("PRAGMA synchronous = OFF")
        yield opened


def test_a_few_damaged_files_of_each_layout(samples, store, tmp_path):
    findings = {}
    for sample in samples:
        number, _, found = run(sample, tmp_path, store, 0, lambda number: number < _QUICK_EXAMPLES)
        assert number == _QUICK_EXAMPLES
        findings |= found
    assert not findings


@pytest.mark.long
def test_many_damaged_files_of_each_layout(samples, store, tmp_path, capsys):
    seed = int(os.environ.get("OCTOBOT_FUZZ_SEED", "1"))
    findings, told = {}, []
    for sample in samples:
        number, series, found = run(sample, tmp_path, store, seed, for_seconds(_LONG_SECONDS / len(samples)))
        told.append(f"{sample.name}: {number:,} examples, {series:,} gave series, {len(found)} kinds of findings")
        findings |= found
    with capsys.disabled():
        print("", f"seed {seed}", *told, *findings.values(), sep="\n")
    assert not findings
