# SPDX-License-Identifier: Apache-2.0
"""A connection to the outside world: its settings, its life, its health."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from octobot_commons.configuration.tentacles_setup import TentaclesSetupConfig
from octobot_commons.errors import SettingError
from octobot_commons.tentacles_management.abstract_tentacle import AbstractTentacle


class ServiceHealth(NamedTuple):
    """``problem`` says what is wrong and what may help, in words for a user."""

    is_healthy: bool
    problem: str | None = None


class Service(AbstractTentacle):
    """Logs in somewhere once, for all feeds that need it.

    ``init_user_inputs`` declares its settings; those that ``REQUIRED_SETTINGS`` names must not be left empty.
    """

    #: Keys of user inputs without which it cannot start.
    REQUIRED_SETTINGS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, tentacles_setup_config: TentaclesSetupConfig | None = None) -> None:
        super().__init__(tentacles_setup_config)
        self._is_running = False

    async def prepare(self) -> None:
        """Get ready, such as to check the settings where they lead; called once, before ``start``."""

    async def start(self) -> None:
        """Connect. EnvironmentFault where the outside world does not answer."""

    async def stop(self) -> None:
        """Disconnect."""

    def get_is_running(self) -> bool:
        """Whether it has been started and not stopped since."""
        return self._is_running

    def get_health(self) -> ServiceHealth:
        """Whether feeds may rely on it now."""
        return ServiceHealth(True) if self._is_running else ServiceHealth(False, f"{self.get_name()} is not running")

    # What this package uses

    async def start_service(self) -> None:
        """Check the settings, prepare and start.

        Raises:
            SettingError: a required setting is empty.
            EnvironmentFault: the outside world does not answer.
        """
        self.load_config()
        self._check_required_settings()
        await self.prepare()
        await self.start()
        self._is_running = True

    async def stop_service(self) -> None:
        """Stop; it counts as stopped whatever ``stop`` raises."""
        self._is_running = False
        await self.stop()

    def _check_required_settings(self) -> None:
        for key in self.REQUIRED_SETTINGS:
            if self.specific_config.get(key) in (None, "", [], {}):
                raise SettingError(
                    f"{self.get_name()} needs this setting",
                    file=self.tentacles_setup_config.config_file(type(self)),
                    field=key,
                    remedy="fill it in, or deactivate what needs the service",
                )
