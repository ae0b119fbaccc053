# SPDX-License-Identifier: Apache-2.0
"""What was found, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from octobot.verify.findings import Finding, FindingKind
from octobot.verify.look_ahead import LookAheadReport
from octobot.verify.warmup import Need, WarmupReport

_SAID = {
    FindingKind.READ_AHEAD: "reads what is not known yet",
    FindingKind.FUTURE: "notes what depends on later data",
    FindingKind.EARLIER_RUN: "remembers an earlier run",
    FindingKind.NOT_REPEATABLE: "does not come to the same again",
    FindingKind.IN_CONSTRUCTION: "keeps candles in construction",
    FindingKind.DATED_AHEAD: "dates a note ahead",
    FindingKind.BACK_DATED: "dates a note back",
    FindingKind.OUTSIDE: "reads what cannot be varied",
}


def look_ahead_lines(report: LookAheadReport) -> Iterator[str]:
    """The report, a finding in a few lines each."""
    for finding in report.findings:
        yield f"{finding.tentacle or 'somebody'} {_SAID[finding.kind]}"
        yield from (f"    {line}" for line in _details(finding))
    if report.affected:
        yield f"Differ as what they are made of does: {', '.join(report.affected)}"
    for name, count in sorted(report.notes.items()):
        yield f"{name:<44} {count:>8} notes{'' if count else ', so nothing was compared'}"
    verdict = f"{len(report.findings)} findings" if report.findings else "nothing found"
    yield f"{verdict}: {report.runs} runs of {report.profile}, cut at {len(report.cuts)} times"


def warmup_rows(report: WarmupReport) -> Iterator[tuple[str, ...]]:
    """Tentacle, symbol, time frame, candles needed, candles declared, and what is to be said of it."""
    for need in report.needs:
        declared = "" if need.declared is None else str(need.declared)
        yield need.tentacle, need.symbol or "", need.time_frame or "", _needed(need), declared, _remark(need, report)


def _needed(need: Need) -> str:
    return (
        "?" if need.candles is None and need.told is None else str(need.told if need.candles is None else need.candles)
    )


def _remark(need: Need, report: WarmupReport) -> str:
    if need.candles is None and need.told is None:
        return f"its notes never agree, whatever is loaded (up to {report.loaded})"
    if not need.is_enough:
        return f"more than is {'loaded' if need.declared is None else 'declared'}"
    if need.candles is None:
        return "it must be told of them one by one; loading them is not enough"
    return f"there are only {need.available} before the start" if need.available < report.loaded else ""


def _details(finding: Finding) -> Iterator[str]:
    about = " ".join(part for part in (finding.symbol, finding.time_frame) if part)
    yield f"{moment(finding.time)} {about}".rstrip()
    if finding.message is not None:
        yield finding.message
    if finding.file is not None:
        yield f"{finding.file}, line {finding.line}"
    if finding.what == "eval_time" and finding.run is None:
        yield f"dated {moment(finding.found)}, it can be of {moment(finding.expected)}"
    elif finding.what is not None:
        expected, found = _value(finding.expected), _value(finding.found)
        yield f"{finding.what}: {expected} on the whole data, {found} in this run: {finding.run}"


def moment(time: float) -> str:
    """Unix seconds as a date and time, UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _value(value: Any) -> str:
    return "nothing" if value is None else str(value)
