# SPDX-License-Identifier: Apache-2.0
"""metadata.json: what is read, and what is said of one that cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from folder_files import GOOD, write_folder
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.errors import TentacleFolderError
from octobot_commons.tentacles_management.metadata import Metadata, read_metadata


def test_what_is_read(tmp_path: Path) -> None:
    whole = {
        "version": "1.2.0",
        "origin_package": "My-Tentacles",
        "tentacles": ["One", "Two"],
        "tentacles-requirements": ["other"],
        "api": 3,
        "a key of later versions": {"x": [1]},
    }
    found = read_metadata(write_folder(tmp_path / "whole", whole))
    assert found == Metadata("1.2.0", ["One", "Two"], "My-Tentacles", ["other"], 3)
    least = read_metadata(write_folder(tmp_path / "least"))
    assert least == Metadata("1.2.0", ["Mine"], "", None, 2)
    assert read_metadata(write_folder(tmp_path / "marked", b"\xef\xbb\xbf" + json.dumps(GOOD).encode())) == least


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("version", None, "version: expected text, got nothing"),
        ("version", 1.2, "version: expected text, got a number"),
        ("version", True, "version: expected text, got true or false"),
        ("version", ["1.2.0"], "version: expected text, got a list"),
        ("version", {}, "version: expected text, got an object"),
        ("version", "", "version: must not be empty"),
        ("version", "new", "version: 'new' is no version (write one like 1.2.0)"),
        ("version", "../1.2", "version: '../1.2' is no version"),
        ("version", "1.2\n", "is no version"),
        ("version", "1" * 201, "version: "),
        ("tentacles", None, "tentacles: expected a list, got nothing"),
        ("tentacles", "Mine", "tentacles: expected a list, got text"),
        ("tentacles", {"Mine": 1}, "tentacles: expected a list, got an object"),
        ("tentacles", [], 'tentacles: names no class (write ["ClassName"])'),
        ("tentacles", [1], "tentacles[0]: expected text, got a number"),
        ("tentacles", ["Mine", None], "tentacles"),
        ("tentacles", ["Mine", "Mine"], "tentacles: names a class twice (name it once)"),
        ("tentacles", ["../Mine"], "tentacles[0]: '../Mine' is no class name"),
        ("tentacles", ["Mine; import os"], "tentacles[0]: 'Mine; import os' is no class name"),
        ("tentacles", ["a.b"], "tentacles[0]: 'a.b' is no class name"),
        ("tentacles", [""], "tentacles[0]: must not be empty"),
        ("origin_package", 5, "origin_package: expected text, got a number"),
        ("origin_package", None, "origin_package: expected text, got nothing"),
        ("tentacles-requirements", "other", "tentacles-requirements: expected a list or nothing, got text"),
        ("tentacles-requirements", [3], "tentacles-requirements[0]: expected text, got a number"),
        ("api", "3", "api: expected a number, got text"),
        ("api", 2.5, "api: "),
        ("api", 4, "api: 4 is no version of the tentacle API (write 3, or leave it out)"),
        ("api", True, "api: expected a number, got true or false"),
    ],
)
def test_fields_of_a_wrong_type_or_value(tmp_path: Path, field: str, value: Any, message: str) -> None:
    folder = write_folder(tmp_path / "mine", {**GOOD, field: value})
    with pytest.raises(TentacleFolderError) as caught:
        read_metadata(folder)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{folder / 'metadata.json'}: ")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file (a tentacle folder needs this file)"),
        (b"", "is not JSON"),
        (b'{"version": "1",', "is not JSON"),
        (b"\xff\xfe{}", "is not UTF-8 text (save it as UTF-8)"),
        (b"[]", "must hold a JSON object"),
        (b'"text"', "must hold a JSON object"),
        (b"{}", "key 'version' is missing (add it)"),
        (b'{"version": "1"}', "key 'tentacles' is missing"),
        (b'{"version": "1", "version": "2", "tentacles": ["A"]}', "'version' is given twice"),
        (b'{"version": NaN, "tentacles": ["A"]}', "NaN is no usable number"),
        (b'{"versoin": "1", "tentacles": ["A"]}', "versoin: unknown key (did you mean version?)"),
        (
            b'{"version": "1", "tentacles": ["A"], "x": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
            "holds numbers or lists without end",
        ),
        (b" " * 70_000 + b"{}", "is larger than 65,536 bytes"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else None,
)
def test_files_that_are_none(tmp_path: Path, content: bytes | None, message: str) -> None:
    folder = write_folder(tmp_path / "mine", content)
    with pytest.raises(TentacleFolderError) as caught:
        read_metadata(folder)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{folder / 'metadata.json'}: ")


@pytest.mark.parametrize(
    ("older", "newer"), [("1.9.0", "1.10.0"), ("1", "1.0.1"), ("0.9", "1.0"), ("1.2.0", "1.2.1-beta")]
)
def test_versions_are_compared_by_their_numbers(older: str, newer: str) -> None:
    assert Metadata(older, ["A"]).version_order < Metadata(newer, ["A"]).version_order


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(["version", "tentacles", "origin_package", "tentacles-requirements", "api"])


@given(content=st.dictionaries(_FIELDS, _JSON).map(lambda changed: {**GOOD, **changed}) | _JSON)
def test_whatever_it_holds_it_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: Any) -> None:
    folder = write_folder(tmp_path_factory.mktemp("any") / "mine", content)
    try:
        found = read_metadata(folder)
    except TentacleFolderError as refused:
        assert refused.file == str(folder / "metadata.json")  # noqa: PT017 - either is right
    else:
        assert found.tentacles
        assert found.version_order
        assert all(name.isidentifier() for name in found.tentacles)
