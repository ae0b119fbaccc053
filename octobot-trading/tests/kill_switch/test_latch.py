# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from octobot_commons.errors import EnvironmentFault, UserInputError
from octobot_trading.kill_switch import Latch, LatchState


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kill_switch.json"


def test_without_a_file_it_is_not_engaged(file: Path) -> None:
    latch = Latch(file)
    assert (latch.state, latch.fault, file.exists()) == (LatchState(), None, False)


def test_what_is_engaged_stays_so_in_another_process(file: Path) -> None:
    Latch(file).engage("too much", 5.0, flattens=True, order_ids={"binance": ["1", "2"]})
    assert Latch(file).state == LatchState(
        is_engaged=True, time=5.0, reason="too much", flattens=True, order_ids={"binance": ["1", "2"]}
    )


def test_engaging_again_adds_and_takes_nothing_away(file: Path) -> None:
    Latch(file).engage("first", 5.0, flattens=False, order_ids={"a": ["1"]})
    Latch(file).engage("second", 6.0, flattens=True, order_ids={"a": ["2", "1"], "b": ["3"]})
    Latch(file).engage("third", 7.0, flattens=False, order_ids={})
    assert Latch(file).state == LatchState(
        is_engaged=True, time=5.0, reason="first", flattens=True, order_ids={"a": ["1", "2"], "b": ["3"]}
    )


def test_a_release_needs_a_reason_and_keeps_it(file: Path) -> None:
    latch = Latch(file)
    with pytest.raises(UserInputError, match="is not engaged"):
        latch.release("why not", 1.0)
    latch.engage("too much", 5.0, flattens=True, order_ids={"a": ["1"]})
    for empty in ("", "  \n"):
        with pytest.raises(UserInputError, match=r"reason: the kill switch is released with a reason only \(give a"):
            latch.release(empty, 6.0)
    assert Latch(file).state.is_engaged
    latch.release("all is well", 6.0)
    released = Latch(file).state
    assert (released.is_engaged, released.released_time, released.release_reason) == (False, 6.0, "all is well")
    assert (released.reason, released.time) == ("too much", 5.0)
    latch.engage("again", 9.0, flattens=False, order_ids={})
    again = Latch(file).state
    assert (again.is_engaged, again.reason, again.time, again.flattens) == (True, "again", 9.0, False)
    assert again.release_reason == "all is well"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b'{"is_engaged": false, "what": 1}', b'{"is_engaged": "no"}', b"\xff\xfe", b"\0" * 99],
)  # fmt: skip
def test_what_cannot_be_read_is_engaged(file: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    latch = Latch(file)
    assert latch.state.is_engaged
    assert "kill_switch.json cannot be read" in str(latch.fault)
    assert "counts as engaged; release it with a reason once you know that trading may go on" in caplog.text
    assert file.read_bytes() == content
    latch.release("looked at it", 1.0)
    assert not Latch(file).state.is_engaged


def test_every_cut_of_a_file_is_engaged(file: Path) -> None:
    Latch(file).engage("too much", 5.0, flattens=True, order_ids={"binance": ["1"]})
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert Latch(file).state.is_engaged
    assert msgspec.json.decode(whole)["is_engaged"] is True


def test_a_folder_in_its_place_is_engaged_and_cannot_be_released(file: Path) -> None:
    file.mkdir(parents=True)
    latch = Latch(file)
    assert latch.state.is_engaged
    with pytest.raises(UserInputError, match="it is a folder"):
        latch.release("why", 1.0)
    assert latch.state.is_engaged


def test_what_cannot_be_written_is_engaged_here(file: Path) -> None:
    file.parent.write_bytes(b"in the way")
    latch = Latch(file)
    with pytest.raises(EnvironmentFault):
        latch.engage("too much", 5.0, flattens=False, order_ids={})
    assert latch.state.is_engaged
    with pytest.raises(EnvironmentFault):
        latch.release("all is well", 6.0)
    assert latch.state.is_engaged
