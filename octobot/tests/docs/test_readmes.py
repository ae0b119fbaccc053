# SPDX-License-Identifier: Apache-2.0
"""What the READMEs show works: code, options, targets, links."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import click
import pytest

from octobot.backtesting import BacktestRequest, run_backtest
from octobot.cli.backtest import backtest
from octobot.cli.data import check_data, collect_data, delete_data, export_data, import_data, list_data, resample_data
from octobot.cli.runs import compare_runs, delete_runs, list_runs, report_run, show_run
from octobot.cli.tentacles import new_tentacle, pack_tentacle
from octobot.cli.verify import look_ahead, warmup
from octobot_commons.configuration import installed_profiles

_READMES = [
    "README.md",
    "async-channel/README.md",
    "octobot-commons/README.md",
    "octobot-trading/README.md",
    "octobot-evaluators/README.md",
    "octobot-tentacles/README.md",
    "octobot/README.md",
    "octobot/docs/market-data.md",
]
_MARCH_2024, _APRIL_2024 = 1709251200.0, 1711929600.0


def _blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


async def test_the_evaluator_of_ones_own_trades(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's three files, in place of an installation of its package."""
    readme = root / "README.md"
    (module,), (project,), (activation,) = (_blocks(readme, kind) for kind in ("python", "toml", "json"))
    (tmp_path / "my_evaluators.py").write_text(module)
    metadata = tmp_path / "my_evaluators-0.1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: my-evaluators\nVersion: 0.1\n")
    found = re.search(r'\[project\.entry-points\."(.*)"\]\n(\w+) = "(.*)"', project)
    assert found is not None
    (metadata / "entry_points.txt").write_text(f"[{found[1]}]\n{found[2]} = {found[3]}\n")
    monkeypatch.syspath_prepend(tmp_path)
    profile = tmp_path / "my_profile"
    profile.mkdir()
    (profile / "profile.json").write_bytes((installed_profiles()["daily_trading"] / "profile.json").read_bytes())
    (profile / "tentacles_config.json").write_text(activation)
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))

    request = BacktestRequest(str(profile), start_time=_MARCH_2024, end_time=_APRIL_2024)
    result = await run_backtest(request)

    assert set(result.notes) == {"TrendEvaluator", "SimpleStrategyEvaluator"}
    assert result.fills


@pytest.mark.parametrize("name", _READMES)
def test_code_can_be_parsed_and_its_imports_found(name: str, root: Path) -> None:
    for block in _blocks(root / name, "python"):
        # An ellipsis stands for what the reader has.
        tree = compile(block.replace("…", "..."), name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                module = importlib.import_module(node.module)
                assert [found.name for found in node.names if not hasattr(module, found.name)] == []


@pytest.mark.parametrize("name", _READMES)
def test_links_lead_somewhere(name: str, root: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (root / name).read_text(encoding="utf-8"))
    assert [link for link in links if not ((root / name).parent / link).exists()] == []


@pytest.mark.parametrize(
    "command",
    [backtest, import_data, compare_runs, delete_runs, list_runs, report_run, show_run, new_tentacle, pack_tentacle],
    ids=lambda command: str(command.name),
)
def test_every_option_is_documented(command: click.Command, root: Path) -> None:
    text = (root / "octobot" / "README.md").read_text(encoding="utf-8")
    options = [option.opts[-1] for option in command.params if isinstance(option, click.Option)]
    assert [option for option in options if f"`{option}" not in text] == []


@pytest.mark.parametrize("command", [look_ahead, warmup], ids=lambda command: str(command.name))
def test_every_option_of_octobot_verify_is_documented(command: click.Command, root: Path) -> None:
    text = "".join(
        (root / "octobot" / name).read_text(encoding="utf-8") for name in ("docs/look-ahead.md", "README.md")
    )
    options = [option.opts[-1] for option in command.params if isinstance(option, click.Option)]
    assert [option for option in options if f"`{option}" not in text] == []


@pytest.mark.parametrize(
    "command",
    [check_data, collect_data, delete_data, export_data, list_data, resample_data],
    ids=lambda command: str(command.name),
)
def test_every_option_of_octobot_data_is_documented(command: click.Command, root: Path) -> None:
    text = (root / "octobot" / "docs" / "market-data.md").read_text(encoding="utf-8")
    options = [option.opts[0] for option in command.params if isinstance(option, click.Option)]
    assert [option for option in options if f"`{option}" not in text] == []


def test_make_has_the_targets(root: Path) -> None:
    named = set(re.findall(r"^(?:.*`)?make ([a-z-]+)", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "help"} < named
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets
