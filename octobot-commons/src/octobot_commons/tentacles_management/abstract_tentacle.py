# SPDX-License-Identifier: Apache-2.0
"""The base of every tentacle: a name, a logger and settings."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.enums import UserInputTypes
from octobot_commons.logging import BotLogger, get_logger
from octobot_commons.reporting import Report, raise_at_once
from octobot_commons.user_inputs import UserInputs

#: Settings that stand in files without being user inputs, whatever the kind of tentacle, and what they must be.
COMMON_FILE_SETTINGS: dict[str, UserInputTypes] = {
    "$schema": UserInputTypes.TEXT,  # for editors
    "default_config": UserInputTypes.STRING_ARRAY,
    "compatible_evaluator_types": UserInputTypes.STRING_ARRAY,
    "emit_trading_signals": UserInputTypes.BOOLEAN,
    "required_candles_count": UserInputTypes.INT,
    "required_evaluators": UserInputTypes.STRING_ARRAY,
    "required_strategies": UserInputTypes.STRING_ARRAY,
    "required_strategies_min_count": UserInputTypes.INT,
    "required_time_frames": UserInputTypes.STRING_ARRAY,
    "trading_strategy": UserInputTypes.TEXT,
}


class AbstractTentacle:
    """A named thing with settings.

    ``specific_config`` is the live dict of its settings, shared with whoever asks the setup for them; ``UI`` declares
    inputs in it. Declaring happens in ``load_config``, which whoever creates a tentacle calls once.
    """

    #: True when a class without a settings file takes the one of its nearest parent class that has one.
    ALLOW_SUPER_CLASS_CONFIG: ClassVar[bool] = False

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None = None) -> None:
        self.logger: BotLogger = get_logger(self.get_name())
        self.tentacles_setup_config = (
            TentaclesSetupConfig() if tentacles_setup_config is None else tentacles_setup_config
        )
        #: Told of settings that cannot be used; whoever wants all of them, not the first, replaces it before they load.
        self.report_setting: Report = raise_at_once
        self.specific_config: dict[str, Any] = self.tentacles_setup_config.get_config(type(self))
        self.UI = self._user_inputs()

    @classmethod
    def get_name(cls) -> str:
        """The class name, which is the tentacle's name in every file."""
        return cls.__name__

    @classmethod
    def get_file_settings(cls) -> tuple[str, ...]:
        """Settings its file may hold besides its user inputs; extend with ``(*super().get_file_settings(), …)``."""
        return tuple(COMMON_FILE_SETTINGS)

    @classmethod
    def make_for_settings(cls, tentacles_setup_config: TentaclesSetupConfig) -> Self:
        """An instance that does nothing but declare its settings; kinds that are made otherwise override this."""
        return cls(tentacles_setup_config)

    def init_user_inputs(self, inputs: dict[str, Any]) -> None:
        """Declare the user inputs with ``self.UI.user_input(…, inputs)`` and keep their values. Declares none here."""

    def load_config(self) -> None:
        """Declare the user inputs, completing the live settings with defaults, and refuse settings that nothing reads.

        Raises:
            SettingError: a saved value that its input does not take.
            UnknownSettingError: a saved setting that is neither an input nor one of ``get_file_settings()``.
        """
        self.UI = self._user_inputs()
        self.init_user_inputs(self.UI.registered)
        accepted = (*self.UI.keys(), *self.get_file_settings())
        self.tentacles_setup_config.check_settings(type(self), accepted, self.report_setting)
        self.UI.check_nested_keys()
        self.UI.check_undeclared(COMMON_FILE_SETTINGS)

    def reload_config(self) -> None:
        """Read the settings file again, into the same live dict, and declare the inputs anew."""
        self.tentacles_setup_config.reload_config(type(self))
        self.load_config()

    def _user_inputs(self) -> UserInputs:
        file = self.tentacles_setup_config.config_file(type(self))
        return UserInputs(self.specific_config, self.get_name(), file, self.report_setting)
