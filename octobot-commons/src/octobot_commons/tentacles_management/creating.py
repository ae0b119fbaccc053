# SPDX-License-Identifier: Apache-2.0
"""Begins a tentacle: a folder that works at once, for its author to go on from."""

from __future__ import annotations

import ast
import json
import keyword
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from octobot_commons.archives.writing import write_into
from octobot_commons.errors import EnvironmentFault, UserInputError
from octobot_commons.tentacles_management.folders import PAGES_FOLDER, SETTINGS_FOLDER, TESTS_FOLDER, TentacleFolder
from octobot_commons.tentacles_management.installation import install
from octobot_commons.tentacles_management.kinds import FOLDER_OF_KIND, TentacleKind
from octobot_commons.tentacles_management.metadata import METADATA_FILE, OUR_API

#: What can be begun, by the name of its template.
NEW_KINDS = {
    "ta": TentacleKind.TA,
    "realtime": TentacleKind.REAL_TIME,
    "social": TentacleKind.SOCIAL,
    "strategy": TentacleKind.STRATEGY,
    "trading-mode": TentacleKind.TRADING_MODE,
}
_TEMPLATES = "templates"
_FIRST_VERSION = "0.1.0"
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9_]*", re.ASCII)
_WORD_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def create(kind: str, name: str, known_names: Sequence[str] = (), root: Path | None = None) -> TentacleFolder:
    """Write a tentacle with its settings, its page and its tests into the user's tentacles folder.

    Args:
        kind: one of ``NEW_KINDS``.
        name: its class name.
        known_names: the names that are taken.
        root: default: the user's tentacles folder.

    Raises:
        UserInputError: no such kind, no usable name, or one that is taken.
        EnvironmentFault: the disk.
    """
    if kind not in NEW_KINDS:
        raise UserInputError(f"there is no template of a {kind}", remedy=f"one of {', '.join(NEW_KINDS)}")
    _check_name(kind, name, known_names)
    module = module_name(name)
    place = Path(*FOLDER_OF_KIND[NEW_KINDS[kind]].split("/"), module)
    try:
        with TemporaryDirectory() as folder:
            write_into({path: text.encode() for path, text in _files(kind, name, module)}, Path(folder, place))
            (created,) = install(Path(folder), known_names=known_names, root=root).installed
    except OSError as error:
        raise EnvironmentFault(f"cannot be written: {error.strerror or error}", file=error.filename) from error
    return created


def module_name(class_name: str) -> str:
    """``my_rsi_evaluator`` for ``MyRSIEvaluator``."""
    name = _WORD_BORDER.sub("_", class_name).lower()
    return f"{name}_tentacle" if keyword.iskeyword(name) else name


def _check_name(kind: str, name: str, known_names: Sequence[str]) -> None:
    if not _CLASS_NAME.fullmatch(name) or keyword.iskeyword(name):
        words = re.findall(r"[A-Za-z0-9]+", name)
        likely = "".join(word[0].upper() + word[1:] for word in words)
        remedy = f"call it {likely}" if _CLASS_NAME.fullmatch(likely) else "begin with a capital letter, like MyTrend"
        raise UserInputError(f"{name!r} is no name of a class", field="name", remedy=remedy)
    if name in known_names:
        raise UserInputError(f"there is a tentacle {name} already", field="name", remedy="choose another name")
    if name in _imported_names(_rendered(kind, "tentacle.py.txt", "Other")):
        message = f"{name} is the name of something that it uses"
        raise UserInputError(message, field="name", remedy=f"choose another name, like My{name}")


def _imported_names(source: str) -> set[str]:
    imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom))
    return {(alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names}


def _files(kind: str, name: str, module: str) -> Iterator[tuple[str, str]]:
    metadata = {"version": _FIRST_VERSION, "api": OUR_API, "tentacles": [name], "tentacles-requirements": []}
    yield METADATA_FILE, json.dumps(metadata, indent=4) + "\n"
    yield f"{module}.py", _rendered(kind, "tentacle.py.txt", name)
    yield f"{SETTINGS_FOLDER}/{name}.json", _rendered(kind, "settings.json", name)
    yield f"{PAGES_FOLDER}/{name}.md", _rendered(kind, "page.md", name)
    yield f"{TESTS_FOLDER}/test_{module}.py", _rendered(kind, "test.py.txt", name)


def _rendered(kind: str, file: str, name: str) -> str:
    text = resources.files(__package__).joinpath(_TEMPLATES, kind, file).read_text(encoding="utf-8")
    return Template(text).substitute(name=name)
