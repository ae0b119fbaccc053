# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.errors import ConfigurationError, EnvironmentFault, ProfileError


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": row 1: is not JSON: Expecting value at column 1 (correct this line)"),
        (
            b'{"a": 1,\n "b" 2}',
            ": row 2: is not JSON: Expecting ':' delimiter at column 6 (correct this line)",
        ),
        (b"[]", ": must hold a JSON object (start it with { and end it with })"),
        (b'{"a": NaN}', ": NaN is no usable number"),
        (b'{"a": -Infinity}', ": -Infinity is no usable number"),
        (b'{"a": {"b": 1, "c": 2, "b": 3}}', ": 'b' is given twice in the same object"),
        (b'{"a": "\xff"}', ": is not UTF-8 text (save it as UTF-8)"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        read_json_object(file, ProfileError)
    assert str(caught.value) == f"{file}{message}"


def test_numbers_and_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'\xef\xbb\xbf{"a": 0.10, "b": 1}')
    assert read_json_object(file) == {"a": 0.1, "b": 1}
    assert str(read_json_object(file, parse_float=Decimal)["a"]) == "0.10"


def test_missing_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"b\.json: no such file \(look elsewhere\)$"):
        read_json_object(tmp_path / "b.json", remedy_if_missing="look elsewhere")
    (tmp_path / "a").write_text("")
    with pytest.raises(ConfigurationError, match=r"no such file$"):
        read_json_object(tmp_path / "a" / "b.json")


def test_a_file_that_cannot_be_read_is_the_outside_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be read: Is a directory"):
        read_json_object(tmp_path)
