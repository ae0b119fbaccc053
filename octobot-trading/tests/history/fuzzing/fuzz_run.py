# SPDX-License-Identifier: Apache-2.0
"""Runs many damaged files through a reader; what fails is told with its seed and may be kept as a file."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from fuzz_mutations import damaged
from fuzz_oracle import check, forget_all
from fuzz_samples import Sample

from octobot_trading.history import CandleStore

#: CPU seconds after which an example of a few kilobytes counts as a hang.
_HANG_SECONDS = 5.0
#: Wall seconds after which the process is ended with its stack: a loop in C that no signal interrupts.
_STUCK_SECONDS = 120.0


class HangError(BaseException):
    """An example took too long; no reader may take it for an error of the file."""


@contextmanager
def limited() -> Iterator[None]:
    """At most so much CPU time."""

    def stop(number: int, frame: object) -> None:
        raise HangError

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, stop)
    # pytest may have put something without a descriptor in the place of sys.stderr.
    faulthandler.dump_traceback_later(_STUCK_SECONDS, exit=True, file=sys.__stderr__)
    signal.setitimer(signal.ITIMER_VIRTUAL, _HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGVTALRM, before)


def example(sample: Sample, seed: int, number: int) -> bytes:
    """The damaged file of a number."""
    return damaged(Random(f"{seed} {sample.name} {number}"), sample.layout, sample.data)


def run(
    sample: Sample, folder: Path, store: CandleStore, seed: int, goes_on: Callable[[int], bool]
) -> tuple[int, int, dict[str, str]]:
    """How many examples were read and how many of them gave series; each finding by its kind, with its first example.

    With ``OCTOBOT_FUZZ_KEEP`` the first file of each kind of finding is kept in that folder.
    """
    path = folder / sample.file
    findings: dict[str, str] = {}
    number = series = 0
    while goes_on(number):
        data = example(sample, seed, number)
        path.write_bytes(data)
        try:
            with limited():
                series += check(path, store)
        except (Exception, HangError) as error:  # noqa: BLE001 - this is what is looked for
            kind = f"{type(error).__name__} {_place(error)}"
            if kind not in findings:
                findings[kind] = f"seed {seed}, example {number} of {sample.name}: {error!r:.300}"
                _keep(data, sample, number)
            forget_all(store)
        number += 1
    return number, series, findings


def for_seconds(seconds: float) -> Callable[[int], bool]:
    """Goes on for so much CPU time."""
    end = time.process_time() + seconds
    return lambda number: time.process_time() < end


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _keep(data: bytes, sample: Sample, number: int) -> None:
    kept = os.environ.get("OCTOBOT_FUZZ_KEEP")
    if kept:
        (Path(kept) / f"{number}-{sample.name.replace(' ', '_')}-{sample.file}").write_bytes(data)
