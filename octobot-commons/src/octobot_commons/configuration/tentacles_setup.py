# SPDX-License-Identifier: Apache-2.0
"""Which tentacles a profile activates, and their settings."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from octobot_commons.configuration.json_file import read_json_object
from octobot_commons.errors import (
    ConfigurationError,
    ProfileError,
    UnknownSettingError,
    UnknownTentacleError,
    did_you_mean,
    suggest,
)
from octobot_commons.logging import get_logger
from octobot_commons.reporting import Report, raise_at_once

TENTACLES_CONFIG_FILE = "tentacles_config.json"
SPECIFIC_CONFIG_FOLDER = "specific_config"
ACTIVATION_KEY = "tentacle_activation"
SERVICES_CATEGORY = "Services"
_EXAMPLE = 'write {"Evaluator": {"ClassName": true}}'


class TentaclesSetupConfig:
    """The activated tentacles by class name, and each one's settings as a live dict.

    ``get_config`` returns the same dict each time, so what a tentacle completes in it is seen by everybody.
    """

    def __init__(
        self,
        activation: Mapping[str, bool] | None = None,
        configs: Mapping[str, dict[str, Any]] | None = None,
        folder: Path | None = None,
        categories: Mapping[str, str] | None = None,
    ) -> None:
        self.activation: dict[str, bool] = dict(activation or {})
        self.folder = folder
        #: The outermost group of tentacles_config.json that each name stands in.
        self.categories: dict[str, str] = dict(categories or {})
        self._configs: dict[str, dict[str, Any]] = dict(configs or {})
        self._default_files: dict[str, Path] = {}

    @classmethod
    def load(cls, file: Path, report: Report = raise_at_once) -> TentaclesSetupConfig:
        """Read a profile's tentacles_config.json; settings beside it are read when asked for.

        Reported as a ``ProfileError``: the file is missing or malformed. What is reported counts as not activated.
        """
        section = _activation_of(file, report)
        activation: dict[str, bool] = {}
        categories = {}
        for category, group in section.items():
            for name, is_activated in _flattened({category: group}, file, ACTIVATION_KEY, report):
                categories[name] = category
                if activation.setdefault(name, is_activated) != is_activated:
                    message, remedy = f"{name} is both activated and not", "keep one of them"
                    report(ProfileError(message, file=file, field=ACTIVATION_KEY, remedy=remedy))
        return cls(activation, folder=file.parent, categories=categories)

    def is_activated(self, name: str) -> bool:
        """Whether the profile activates the tentacle of this class name."""
        return self.activation.get(name, False)

    def activated_names(self) -> list[str]:
        """The class names that the profile activates, in its order."""
        return [name for name, is_activated in self.activation.items() if is_activated]

    def check_activated(self, known_names: Iterable[str]) -> list[str]:
        """The activated names, refusing one that is not among ``known_names``.

        Unknown services are left out with a warning instead: profiles of OctoBot 2.x activate its web interface and
        the like, which decide nothing about trading.

        Raises:
            UnknownTentacleError: names the file, the tentacle and the nearest known one.
        """
        known = set(known_names)
        usable = []
        for name in self.activated_names():
            if name in known:
                usable.append(name)
            elif self.is_service(name):
                get_logger("Profile").warning("service %s is not installed and stays off", name)
            else:
                raise self.unknown(name, known)
        return usable

    def is_service(self, name: str) -> bool:
        """Whether the profile names it among its services."""
        return self.categories.get(name) == SERVICES_CATEGORY

    def unknown(self, name: str, known_names: Iterable[str]) -> UnknownTentacleError:
        """What to say of an activated name that is not among ``known_names``."""
        is_service = self.is_service(name)
        message = "service is not installed and stays off" if is_service else "unknown tentacle"
        remedy = did_you_mean(name, known_names, None if is_service else "install it or set it to false")
        file = self.folder / TENTACLES_CONFIG_FILE if self.folder else None
        return UnknownTentacleError(message, file=file, field=name, remedy=remedy)

    def get_config(self, tentacle: type | str) -> dict[str, Any]:
        """The live settings of a tentacle: its file's content, {} where there is none.

        Raises:
            ConfigurationError: its file holds no JSON object.
        """
        name = _name_of(tentacle)
        config = self._configs.get(name)
        if config is None:
            config = self._configs[name] = self._read(tentacle, name)
        return config

    def set_default_file(self, tentacle: type | str, file: Path) -> None:
        """Let a tentacle without settings in the profile have those of ``file``; call it before they are asked for."""
        self._default_files[_name_of(tentacle)] = file

    def reload_config(self, tentacle: type | str) -> dict[str, Any]:
        """Read the settings file again into the live dict, forgetting what was changed in memory."""
        config = self.get_config(tentacle)
        if self.folder is not None:
            fresh = self._read(tentacle, _name_of(tentacle))
            config.clear()
            config.update(fresh)
        return config

    def take_settings(self, tentacle: type | str, other: TentaclesSetupConfig) -> None:
        """Let the live settings of a tentacle be those of another setup."""
        self._configs[_name_of(tentacle)] = other.get_config(tentacle)

    def config_file(self, tentacle: type | str) -> Path:
        """Where the settings of a tentacle are, or would be."""
        return (self.folder or Path()) / SPECIFIC_CONFIG_FOLDER / f"{_name_of(tentacle)}.json"

    def check_settings(
        self, tentacle: type | str, accepted_keys: Iterable[str], report: Report = raise_at_once
    ) -> None:
        """Report a setting that nothing reads, as an ``UnknownSettingError`` that names the nearest accepted one."""
        accepted = set(accepted_keys)
        for key in self.get_config(tentacle):
            if key not in accepted:
                known = f"it knows {', '.join(sorted(accepted))}" if accepted else "it has no settings"
                message, remedy = f"{_name_of(tentacle)} has no such setting", did_you_mean(key, accepted, known)
                report(UnknownSettingError(message, file=self.config_file(tentacle), field=key, remedy=remedy))

    def to_dict(self) -> dict[str, Any]:
        """The activated tentacles with their settings as they are now, ready for JSON."""
        return {name: copy.deepcopy(self.get_config(name)) for name in self.activated_names()}

    def _read(self, tentacle: type | str, name: str) -> dict[str, Any]:
        file = self.config_file(name)
        if self.folder is not None and file.exists():
            return read_json_object(file, ConfigurationError)
        if (
            self.folder is not None
            and isinstance(tentacle, type)
            and getattr(tentacle, "ALLOW_SUPER_CLASS_CONFIG", False)
        ):
            for parent in tentacle.__mro__[1:]:
                file = self.config_file(parent)
                if file.exists():
                    return read_json_object(file, ConfigurationError)
        default = self._default_files.get(name)
        return {} if default is None else read_json_object(default, ConfigurationError)


def _name_of(tentacle: type | str) -> str:
    if isinstance(tentacle, str):
        return tentacle
    get_name = getattr(tentacle, "get_name", None)
    return str(get_name()) if get_name is not None else tentacle.__name__


def _activation_of(file: Path, report: Report) -> dict[str, Any]:
    try:
        content = read_json_object(file, ProfileError, remedy_if_missing="a profile needs this file")
    except ProfileError as error:
        report(error)
        return {}
    section = content.get(ACTIVATION_KEY)
    if isinstance(section, dict):
        return section
    if section is None:
        found = suggest(ACTIVATION_KEY, content)
        remedy = f"rename {found!r}" if found else _EXAMPLE
        report(ProfileError("is missing", file=file, field=ACTIVATION_KEY, remedy=remedy))
    else:
        report(ProfileError("must be an object", file=file, field=ACTIVATION_KEY, remedy=_EXAMPLE))
    return {}


def _flattened(section: dict[str, Any], file: Path, field: str, report: Report) -> Iterator[tuple[str, bool]]:
    for key, value in section.items():
        where = f"{field}.{key}"
        if isinstance(value, bool):
            yield key, value
        elif isinstance(value, dict):
            yield from _flattened(value, file, where, report)
        else:
            message = f"expected true or false, got {value!r}"
            report(ProfileError(message, file=file, field=where, remedy="write true or false"))
