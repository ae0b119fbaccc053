# SPDX-License-Identifier: Apache-2.0
"""Signals are known again, after a restart too."""

from __future__ import annotations

from pathlib import Path

import pytest

from octobot_commons.errors import DataError, EnvironmentFault
from octobot_tentacles.trading_modes.remote_signals import executed
from octobot_tentacles.trading_modes.remote_signals.executed import ExecutedSignals


def test_a_signal_is_new_once() -> None:
    signals = ExecutedSignals()
    assert [signals.add(one) for one in ("a", "b", "a")] == [True, True, False]
    assert ExecutedSignals().add("a")


def test_a_file_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "signals.json"
    assert ExecutedSignals(path).add("ä\n")
    again = ExecutedSignals(path, known=["of an order"])
    assert not again.add("ä\n")
    assert not again.add("of an order")
    assert again.add("c")


def test_the_last_ones_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executed, "CAPACITY", 3)
    signals = ExecutedSignals(tmp_path / "signals.json")
    for one in "abcd":
        assert signals.add(one)
    again = ExecutedSignals(tmp_path / "signals.json")
    assert [again.add(one) for one in "dcb"] == [False, False, False]
    assert again.add("a")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"signals": [1]}', b"\xff", b'{"signals": [], "more": 1}'])
def test_a_file_of_something_else_ends_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signals.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"signals\.json") as caught:
        ExecutedSignals(path)
    assert caught.value.remedy


def test_a_file_that_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        ExecutedSignals(tmp_path)
