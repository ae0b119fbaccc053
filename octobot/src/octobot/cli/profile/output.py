# SPDX-License-Identifier: Apache-2.0
"""Problems as lines and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from octobot_commons.configuration.validation import Problem, Severity


def problem_lines(problems: Sequence[Problem], least: Severity = Severity.REMARK) -> Iterator[str]:
    """A line for each, the worst first, and one that counts them; ``least`` is the mildest that is shown."""
    for problem in problems:
        if problem.severity <= least:
            yield str(problem)
    counts = Counter(problem.severity for problem in problems)
    named = [_counted(counts[severity], severity.name.lower()) for severity in Severity if counts[severity]]
    yield ", ".join(named) if named else "nothing is wrong"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
