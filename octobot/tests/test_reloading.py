# SPDX-License-Identifier: Apache-2.0
"""A tentacle is exchanged while a replay runs: from the next message on, or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from octobot.backtesting import BacktestRequest, BacktestResult
from octobot.backtesting.plan import make_plan
from octobot.backtesting.run import run_plan
from octobot.pipeline import Pipeline
from octobot.reloading import reload_tentacle
from octobot_commons.causality import Horizon
from octobot_commons.configuration import installed_profiles
from octobot_commons.errors import SettingError, TentacleLoadError, UserInputError
from octobot_commons.tentacles_management import TentacleRegistry
from octobot_commons.tentacles_management.installation import install
from octobot_evaluators.matrix import get_matrix
from octobot_trading.exchange_channel import get_chan

OLD_STYLE = Path(__file__).parent / "tentacle_packages" / "old_style"
START, END = 1_609_459_200.0, 1_614_556_800.0
_MODE = """
from octobot_tentacles.trading_modes.daily import DailyTradingMode


class MyDailyTradingMode(DailyTradingMode):
    pass
"""
_NAMES = ["WaveMomentumEvaluator", "BandPositionEvaluator", "WeightedMeanStrategyEvaluator"]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile of tentacles in folders, its trading mode included."""
    monkeypatch.setenv("OCTOBOT_HOME", str(tmp_path / "home"))
    package = tmp_path / "package"
    mode = package / "Trading" / "Mode" / "my_daily"
    mode.mkdir(parents=True)
    (mode / "metadata.json").write_text('{"version": "1", "tentacles": ["MyDailyTradingMode"], "api": 3}')
    (mode / "my_daily.py").write_text(_MODE)
    install(package)
    install(OLD_STYLE)
    folder = tmp_path / "waves"
    folder.mkdir()
    shutil.copy(installed_profiles()["daily_trading"] / "profile.json", folder)
    active = {"Evaluator": dict.fromkeys(_NAMES, True), "Trading": {"MyDailyTradingMode": True}}
    (folder / "tentacles_config.json").write_text(json.dumps({"tentacle_activation": active}))
    return folder


def file_of(tmp_path: Path, name: str) -> Path:
    return next((tmp_path / "home" / "tentacles").glob(f"*/*/{name}/{name}.py"))


class Reloader:
    """Observes a run and calls ``act`` when candles of these times (hours after the start) have closed."""

    def __init__(self, hours: Iterable[int], act: Callable[[Reloader], Any]) -> None:
        self.times = {START + 3600.0 * hour for hour in hours}
        self.act = act
        self.failures: list[Exception] = []
        self.consumers: list[int] = []
        self.pipeline: Pipeline

    def make_horizon(self, now: Callable[[], float], files: Iterable[str]) -> Horizon:
        return Horizon(now, files)

    async def begin(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.channel = get_chan("OHLCV", pipeline.exchange_manager.id)
        await self.channel.new_consumer(self._on_candle, time_frame="1h", priority_level=2)

    async def history_is_evaluated(self) -> None:
        """Nothing is looked at then."""

    async def reload(self, *names: str) -> None:
        for name in names:
            await reload_tentacle(self.pipeline, self.registry.info(name))

    async def _on_candle(self, **_: Any) -> None:
        if self.pipeline.exchange_manager.clock.now() in self.times:
            self.registry = self.registry if hasattr(self, "registry") else TentacleRegistry.discover()
            try:
                await self.act(self)
            except Exception as error:  # noqa: BLE001 - what it was is the test's business
                self.failures.append(error)
            self.consumers.append(self._count())

    def _count(self) -> int:
        manager = self.pipeline.exchange_manager
        channels = [self.channel, get_chan("Mode", manager.id), get_chan("Kline", manager.id)]
        return sum(len(channel.get_consumers()) for channel in (*channels, self.pipeline.matrix_channel))


async def run(profile: Path, reloader: Reloader | None = None) -> BacktestResult:
    plan = make_plan(BacktestRequest(str(profile), start_time=START, end_time=END, all_notes=True))
    return await run_plan(plan, observer=reloader)


def outcome(result: BacktestResult) -> tuple[Any, ...]:
    """Of one time in the order of names: a version that came later is told later."""
    notes = sorted(result.notes["all"], key=lambda note: (note["time"], note["evaluator"], str(note["time_frame"])))
    fills = [fill.to_dict() for fill in result.fills]
    # The number at a group's end counts those of one instance.
    groups = [str(one["group_id"]).rpartition("-")[0] for one in result.orders]
    return result.final_portfolio, notes, fills, groups, [{**one, "group_id": ""} for one in result.orders]


async def test_the_same_files_again_change_nothing(profile: Path) -> None:
    """Every candle reaches one version, every note the strategy, every decision the mode: just once."""
    whole = await run(profile)
    assert len(whole.orders) > 20
    reloader = Reloader([50, 51, 400, 777], lambda one: one.reload(*_NAMES, "MyDailyTradingMode"))
    reloaded = await run(profile, reloader)
    assert reloader.failures == []
    assert len(set(reloader.consumers)) == 1
    assert outcome(reloaded) == outcome(whole)


async def test_a_new_version_notes_from_the_next_candle_on(profile: Path, tmp_path: Path) -> None:
    file = file_of(tmp_path, "wave_momentum")

    async def change(reloader: Reloader) -> None:
        file.write_text(file.read_text().replace("* 0.05)", "* 0.05)\n                self.eval_note = 0.125"))
        await reloader.reload("WaveMomentumEvaluator")

    reloader = Reloader([100], change)
    result = await run(profile, reloader)
    assert reloader.failures == []
    switched = START + 100 * 3600.0
    notes = [note for note in result.notes["all"] if note["evaluator"] == "WaveMomentumEvaluator"]
    assert len(notes) == len({(note["time"], note["time_frame"]) for note in notes})
    assert {note["note"] == 0.125 for note in notes if note["time"] <= switched} == {False}
    assert {note["note"] for note in notes if note["time"] > switched} == {0.125}
    hourly = [note["time"] for note in notes if note["time_frame"] == "1h"]
    assert len(hourly) == len(next(iter(result.candles.values())))


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("wave_momentum", "import numpy", "import numpy, nothing_of_that_name", TentacleLoadError),
        ("wave_momentum", "import numpy", "import numpy (", TentacleLoadError),
        ("wave_momentum", '"turns_only", enums.UserInputTypes.BOOLEAN, False', '"turns_only", "int", 3', SettingError),
        ("wave_momentum", "super().__init__(tentacles_setup_config)", "raise OSError('made')", OSError),
        ("band_position", "    def init_user",
         "    async def prepare(self): raise OSError('prepared')\n\n    def init_user", OSError),
        ("band_position", "    def init_user",
         "    async def start(self, bot_id):\n        await super().start(bot_id)\n        raise OSError('started')\n\n"
         "    def init_user", OSError),
        ("weighted_mean", "super().init_user_inputs(inputs)", "raise OSError('declared')", OSError),
        ("my_daily", "    pass", "    def get_mode_producer_classes(self): raise OSError('no producer')", OSError),
    ],
)  # fmt: skip
async def test_a_version_that_fails_leaves_the_old_one_running(
    profile: Path, tmp_path: Path, name: str, old: str, new: str, error: type[Exception]
) -> None:
    whole = await run(profile)
    file = file_of(tmp_path, name)
    original = file.read_text()
    assert old in original
    tentacle = {
        "wave_momentum": _NAMES[0], "band_position": _NAMES[1], "weighted_mean": _NAMES[2],
        "my_daily": "MyDailyTradingMode",
    }[name]  # fmt: skip

    async def change(reloader: Reloader) -> None:
        reloader.consumers.append(reloader._count())
        file.write_text(original.replace(old, new))
        await reloader.reload(tentacle)

    reloader = Reloader([100], change)
    reloaded = await run(profile, reloader)
    assert [type(one) for one in reloader.failures] == [error]
    assert len(set(reloader.consumers)) == 1
    assert outcome(reloaded) == outcome(whole)


async def test_new_settings_are_those_of_the_profile_s_file(profile: Path) -> None:
    async def change(reloader: Reloader) -> None:
        settings = profile / "specific_config" / "BandPositionEvaluator.json"
        settings.parent.mkdir(exist_ok=True)
        settings.write_text('{"period": 5}')
        await reloader.reload("BandPositionEvaluator")

    reloader = Reloader([100], change)
    result = await run(profile, reloader)
    assert reloader.failures == []
    setup = reloader.pipeline.profile.tentacles_setup
    running = [one for one in reloader.pipeline.evaluators if one.get_name() == "BandPositionEvaluator"]
    assert len(running) == 2
    assert {one.period for one in running} == {5}  # type: ignore[attr-defined]
    assert all(one.specific_config is setup.get_config("BandPositionEvaluator") for one in running)
    assert result.failures == {}


async def test_what_does_not_run_or_comes_with_a_package_is_refused(profile: Path) -> None:
    reloader = Reloader([100], lambda one: one.reload("PriceJumpEvaluator"))
    await run(profile, reloader)
    reloader_of_package = Reloader([100], lambda one: one.reload("RSIMomentumEvaluator"))
    await run(profile, reloader_of_package)
    for one, said in ((reloader, "is not running"), (reloader_of_package, "comes with octobot-tentacles")):
        (failure,) = one.failures
        assert isinstance(failure, UserInputError)
        assert said in str(failure)


async def test_a_removed_pipeline_leaves_no_subscription(profile: Path) -> None:
    reloader = Reloader([100], lambda one: one.reload(*_NAMES))
    await run(profile, reloader)
    with pytest.raises(Exception, match="no matrix"):
        get_matrix(reloader.pipeline.matrix_id)
