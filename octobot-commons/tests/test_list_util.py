# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from octobot_commons.list_util import deduplicate


def test_first_appearances_stay_in_order() -> None:
    assert deduplicate(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]
    assert deduplicate(iter([])) == []
