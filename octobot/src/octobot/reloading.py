# SPDX-License-Identifier: Apache-2.0
"""Puts a changed tentacle in the place of its older self while the pipeline runs.

What can fail comes first: the new class is imported beside the old one, its settings are checked on a copy, its
instances are made and prepared. Then, between two messages, they are subscribed and the old ones taken off. Where one
cannot be started, all new ones are taken off again; the old ones have never stopped.
"""

from __future__ import annotations

import copy
import dataclasses

from octobot.pipeline import Pipeline
from octobot_commons.configuration import Profile, TentaclesSetupConfig
from octobot_commons.errors import UserInputError
from octobot_commons.logging import get_logger
from octobot_commons.tentacles_management import TentacleInfo
from octobot_evaluators.evaluators import AbstractEvaluator, register_cells
from octobot_trading.modes import AbstractTradingMode


async def reload_tentacle(pipeline: Pipeline, info: TentacleInfo) -> None:
    """Let a running pipeline use a tentacle as its files are now, and its settings as the profile's file has them.

    Raises:
        TentacleLoadError: it cannot be imported.
        SettingError, UnknownSettingError: the settings are none that it takes.
        UserInputError: it is not running, or comes with a package.
        Exception: what it raised when it was made, prepared or started. Whatever is raised, the old one goes on.
    """
    new_class, keep = info.import_anew()
    setup = copy.deepcopy(pipeline.profile.tentacles_setup)
    settings = info.default_settings()
    if settings is not None:
        setup.set_default_file(info.name, settings)
    setup.reload_config(new_class)
    if issubclass(new_class, AbstractEvaluator):
        await _replace_evaluators(pipeline, new_class, setup)
    elif issubclass(new_class, AbstractTradingMode):
        await _replace_modes(pipeline, new_class, setup)
    else:
        raise _not_running(info.name)
    pipeline.profile.tentacles_setup.take_settings(new_class, setup)
    keep()


async def _replace_evaluators(
    pipeline: Pipeline, new_class: type[AbstractEvaluator], setup: TentaclesSetupConfig
) -> None:
    old = [one for one in pipeline.evaluators if one.get_name() == new_class.get_name()]
    if not old:
        raise _not_running(new_class.get_name())
    new = pipeline.create_evaluators([new_class], setup, is_awaited=False)
    for one in new:
        await one.prepare()
    try:
        for one in new:
            register_cells(one, pipeline.symbols)
            await one.start_prepared()
    except BaseException:
        for one in new:
            await one.stop_evaluator(keeps_notes=True)
        for one in old:
            register_cells(one, pipeline.symbols)
        raise
    place = pipeline.evaluators.index(old[0])
    pipeline.evaluators[place : place + len(old)] = new
    for one in new:
        one.tentacles_setup_config = pipeline.profile.tentacles_setup
    for one in old:
        try:
            await one.stop_evaluator(keeps_notes=True)
        except Exception as error:  # noqa: BLE001 - it is gone already, whatever it says
            get_logger("Reload").exception(error, True, f"{one.get_name()} did not stop well: {error}")


async def _replace_modes(pipeline: Pipeline, new_class: type[AbstractTradingMode], setup: TentaclesSetupConfig) -> None:
    old = list(pipeline.modes)
    if not old or old[0].get_name() != new_class.get_name():
        raise _not_running(new_class.get_name())
    accounts = list(dict.fromkeys(mode.exchange_manager for mode in old))
    try:
        for account in accounts:
            # As at the start: what a mode keeps in its live settings is no business of the other accounts' modes.
            own = setup if account is pipeline.exchange_manager else copy.deepcopy(setup)
            profile: Profile = dataclasses.replace(pipeline.profile, tentacles_setup=own)
            for mode in await pipeline.start_modes(new_class, profile, account):
                _take_over(mode, old)
    except BaseException:
        for mode in [mode for mode in pipeline.modes if mode not in old]:
            await pipeline.stop_mode(mode)
        raise
    for mode in old:
        await pipeline.stop_mode(mode)


def _take_over(mode: AbstractTradingMode, old: list[AbstractTradingMode]) -> None:
    """The new mode goes on from what the old one of its account and symbol has decided last."""
    older = next(
        (one for one in old if one.exchange_manager is mode.exchange_manager and one.symbol == mode.symbol), None
    )
    by_name = {} if older is None else {type(producer).__name__: producer for producer in older.producers}
    for producer in mode.producers:
        if type(producer).__name__ in by_name:
            producer.take_over(by_name[type(producer).__name__])


def _not_running(name: str) -> UserInputError:
    return UserInputError("is not running", field=name, remedy="activate it in the profile and start again")
