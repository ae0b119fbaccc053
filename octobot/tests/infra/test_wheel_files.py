# SPDX-License-Identifier: Apache-2.0
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Tool = Callable[[str], ModuleType]


def test_a_wheel_that_fits_this_python_is_pinned_by_file(tool: Tool, tmp_path: Path) -> None:
    other = f"cp3{sys.version_info.minor + 1}"
    for name in (
        "octobot_commons-3.0.0-py3-none-any.whl",
        f"async_channel-3.0.0-{other}-{other}-linux_x86_64.whl",
        "async_channel-3.0.0-py3-none-any.whl",
        "octobot_trading-3.0.0-cp311-cp311-imaginary_os.whl",
    ):
        (tmp_path / name).touch()
    assert tool("constraints").constraints(tmp_path) == [
        f"async-channel @ {tmp_path.as_uri()}/async_channel-3.0.0-py3-none-any.whl",
        f"octobot-commons @ {tmp_path.as_uri()}/octobot_commons-3.0.0-py3-none-any.whl",
    ]


def test_every_promised_wheel_is_expected(tool: Tool) -> None:
    expected = tool("check_wheel_builds").expected
    assert len(expected("linux")) == 12
    assert expected("windows") == {"cp311-win_amd64", "cp312-win_amd64", "cp313-win_amd64"}


def test_missing_and_surplus_wheels_are_named(tool: Tool) -> None:
    assert tool("check_wheel_builds").differences({"cp311-x", "cp310-x"}, {"cp311-x", "cp312-x"}) == [
        "would not build cp312-x",
        "would also build cp310-x",
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("octobot-trading[ccxt]>=3.0,<4", "octobot-trading"),
        ("numpy", "numpy"),
        ("async_channel @ file:///x.whl", "async-channel"),
    ],
)
def test_requirement_names(tool: Tool, line: str, name: str) -> None:
    assert tool("monorepo").requirement_name(line) == name


def test_a_package_is_built_after_the_siblings_that_it_requires(tool: Tool) -> None:
    monorepo = tool("monorepo")
    built: set[str] = set()
    for package in monorepo.packages():
        assert set(package.sibling_requirements) <= built
        built.add(package.name)
    (trading,) = monorepo.packages(["octobot-trading"])
    names = [package.name for package in monorepo.with_siblings([trading])]
    assert names == ["async-channel", "octobot-commons", "octobot-trading"]
