# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octobot_commons.configuration.validation.credentials import find_credentials, without_credentials

KEYS = ["api-key", "api_secret", "apiPassword", "API-Passphrase", "secret", "password", "token", "private-key"]


@pytest.mark.parametrize("key", KEYS)
def test_keys_are_found_wherever_they_are(key: str) -> None:
    content = {"config": {"exchanges": {"binance": {key: "abc", "enabled": True}}}, "list": [{}, {key: "x"}]}
    assert list(find_credentials(content)) == [f"config.exchanges.binance.{key}", f"list[1].{key}"]
    assert without_credentials(content) == {"config": {"exchanges": {"binance": {"enabled": True}}}, "list": [{}, {}]}


@pytest.mark.parametrize("value", ["", None, True, 5, "your-api-key-here", "YOUR-SECRET", "<key>", "***"])
def test_what_is_to_be_filled_in_is_no_key(value: Any) -> None:
    assert list(find_credentials({"api-key": value})) == []


def test_what_only_sounds_alike_is_none() -> None:
    content = {"tokens": ["BTC"], "crypto-currencies": {"Token": {"pairs": ["TOKEN/USDT"]}}, "key": "x"}
    assert list(find_credentials(content)) == []


CONTENTS = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "a", "b"]), inner, max_size=4),
    max_leaves=20,
)


@given(CONTENTS)
def test_nothing_but_keys_is_taken_out(content: Any) -> None:
    cleaned = without_credentials(content)
    assert list(find_credentials(cleaned)) == []
    assert json.dumps(without_credentials(cleaned)) == json.dumps(cleaned)
    if not list(find_credentials(content)):
        assert cleaned == content
