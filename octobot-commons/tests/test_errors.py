# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from octobot_commons import errors
from octobot_commons.errors import OctoBotError, did_you_mean, suggest


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({}, "is wrong"),
        ({"file": "a.csv"}, "a.csv: is wrong"),
        ({"file": Path("a.csv"), "row": 3}, "a.csv: row 3: is wrong"),
        ({"field": "close"}, "close: is wrong"),
        ({"file": "a.csv", "row": 3, "field": "close", "remedy": "mend it"}, "a.csv: row 3, close: is wrong (mend it)"),
        ({"row": 0}, "row 0: is wrong"),
    ],
)
def test_the_text_says_where_what_and_how_to_mend(details: dict[str, object], text: str) -> None:
    assert str(OctoBotError("is wrong", **details)) == text


def test_errors_survive_pickling() -> None:
    error = errors.DataError("is wrong", file="a.csv", row=3, field="close", remedy="mend it")
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is errors.DataError
    assert str(copied) == str(error)
    assert (copied.file, copied.row, copied.field, copied.remedy) == ("a.csv", 3, "close", "mend it")


def test_every_error_has_one_of_the_three_bases() -> None:
    bases = (errors.UserInputError, errors.EnvironmentFault, errors.BugError)
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, OctoBotError)]
    assert len(classes) > 10
    for error_class in classes:
        assert error_class is OctoBotError or sum(issubclass(error_class, base) for base in bases) == 1
        assert error_class.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("RSIMomentumEvaluatr", "RSIMomentumEvaluator"),
        ("rsimomentumevaluator", "RSIMomentumEvaluator"),
        ("Daily", "DailyTradingMode"),
        ("xyz", None),
        ("", None),
    ],
)
def test_suggest(name: str, nearest: str | None) -> None:
    assert suggest(name, ["DailyTradingMode", "RSIMomentumEvaluator"], cutoff=0.4) == nearest


def test_did_you_mean() -> None:
    assert did_you_mean("perid", ["period"]) == "did you mean period?"
    assert did_you_mean("xyz", ["period"], "known: period") == "known: period"
    assert did_you_mean("xyz", []) is None
