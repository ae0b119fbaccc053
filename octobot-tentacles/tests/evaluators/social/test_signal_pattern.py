# SPDX-License-Identifier: Apache-2.0
"""SignalPattern: which patterns are refused, and what is looked at."""

from __future__ import annotations

import pytest

from octobot_commons.errors import SettingError
from octobot_tentacles.evaluators.social.signal_pattern import LONGEST_LINE, MOST_LINES, SignalPattern


def pattern_of(text: str) -> SignalPattern:
    return SignalPattern(text, file="settings.json", field="pattern")


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("Pair: (.*)$", "Pair: BTC/USDT", "BTC/USDT"),
        (r"Pair\s*:\s*([A-Z]+)\s*[/-]\s*([A-Z]+)\s*$", "Pair : BTC / USDT", "BTC"),
        (r"(?i)pair (\w{2,10}/\w{2,10})", "PAIR btc/usdt!", "btc/usdt"),
        (r"\[(?:BUY|LONG)\]", "a [LONG] b", "[LONG]"),
        (r"(?P<side>BUY){1,3}", "BUYBUY", "BUY"),
        (r"[]+*]+x", "]+*x", "]+*x"),
        (r"\(a+\)+", "(aa))", "(aa))"),
        (r"(ab){2}(c+)?d", "ababccd", "ab"),
        (r"a{2,}b{,3}c", "aabc", "aabc"),
        ("(x)?y", "y", None),
    ],
)
def test_usual_patterns_are_taken(text: str, line: str, found: str | None) -> None:
    assert pattern_of(text).find(f"first\n {line} \nlast") == found


@pytest.mark.parametrize(
    "text",
    ["(a+)+x", "(a*)*x", "(?:a?){30}x", "((ab)+c?)*x", "(a|aa)+x", "(?:x[a-z]{1,3})+y", "(a+){2}x", r"((\d+\s?)+z)"],
)
def test_repetitions_of_repetitions_are_refused(text: str) -> None:
    with pytest.raises(
        SettingError, match=r"settings.json: pattern: .* repeats what can itself be repeated .*\(write it"
    ):
        pattern_of(text)


@pytest.mark.parametrize("text", [".*a.*b.*c.*d", r"[^a]+b\S+c\D*d[\W\w]*e"])
def test_many_repetitions_of_anything_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="repeats what matches almost anything more than 3 times"):
        pattern_of(text)


def test_the_longest_line_and_the_last_line_count() -> None:
    pattern = pattern_of("a(b+)$")
    longest = "a" + "b" * (LONGEST_LINE - 1)
    assert pattern.find(longest) == longest[1:]
    assert pattern.find(longest + "b") is None
    assert pattern.find("\n" * (MOST_LINES - 1) + "ab") == "b"
    assert pattern.find("\n" * MOST_LINES + "ab") is None


def test_the_worst_message_for_a_pattern_that_is_taken() -> None:
    """Three repetitions share a line of the greatest length: done within seconds, however slow the machine."""
    assert pattern_of("x.*x.*x.*y").find(("x" * LONGEST_LINE + "\n") * 2) is None
