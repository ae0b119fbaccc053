# SPDX-License-Identifier: Apache-2.0
"""The setting ``pair_settings``: one entry for each pair, registered and checked."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

from octobot_commons.user_inputs import UserInputs
from octobot_tentacles.trading_modes.ladder.settings import LadderSettings, MirrorSettings
from octobot_tentacles.trading_modes.settings_form import SettingsForm

KEY: Final = "pair_settings"


def read_entries(
    ui: UserInputs,
    inputs: dict[str, Any],
    defaults: list[dict[str, Any]],
    read: Callable[[SettingsForm], LadderSettings],
) -> list[LadderSettings]:
    """The checked entries, at least one: an empty list stands for the first default, which is scaled to every pair.

    Entries keep the keys that they were written with: what they leave out is not written into them, as the defaults
    that profiles know leave out some too.

    Raises:
        UserInputError: an entry is no object, one of its settings cannot be used, or two are of the same pair.
    """
    form = SettingsForm(ui, inputs)
    entries = form.entries(KEY, defaults, "One entry for each pair.")
    if not entries:
        ui = UserInputs({KEY: copy.deepcopy(defaults[:1])}, ui.tentacle_name, ui.file)
        entries = SettingsForm(ui, {}).entries(KEY, defaults, "")
    checked: list[LadderSettings] = []
    for index, entry in enumerate(entries):
        written = set(entry)
        try:
            checked.append(read(SettingsForm(ui, inputs, (KEY, index))))
        finally:
            for key in set(entry) - written:
                del entry[key]
    pairs = [one.pair.upper() for one in checked]
    for pair in pairs:
        if pairs.count(pair) > 1:
            raise form.refuse(KEY, f"{pair} has several entries", "keep one of them")
    return checked


def read_mirrors(
    form: SettingsForm, *, reinvest: bool, keeps_volume: bool = False, allow_instant_fill: bool = True
) -> MirrorSettings:
    """The settings of mirror orders that both modes have; ``reinvest`` is the default of ``reinvest_profits``."""
    return MirrorSettings(
        ignore_fees=form.flag("ignore_exchange_fees", False, "Mirror orders: do not take fees off their volume."),
        reinvest_profits=form.flag(
            "reinvest_profits", reinvest, "Mirror orders: buy with all that the sell brought in."
        ),
        keeps_volume=keeps_volume,
        delay_seconds=float(form.decimal("mirror_order_delay", 0, "Mirror orders: seconds to wait before each.")),
        allow_instant_fill=allow_instant_fill,
    )
