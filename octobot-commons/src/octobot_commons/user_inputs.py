# SPDX-License-Identifier: Apache-2.0
"""The settings that a tentacle declares, read from its live configuration and completed with defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from octobot_commons.enums import UserInputTypes
from octobot_commons.errors import InputDeclarationError, SettingError, UnknownSettingError, suggest
from octobot_commons.reporting import Report, raise_at_once
from octobot_commons.setting_values import InvalidValueError, ValueRules, plain

#: How alike to a declared nested key an undeclared one must be to count as misspelt.
_MISSPELT = 0.8

#: Stands for a value that was reported.
_UNUSABLE = object()

#: Where a value is: keys of objects and indexes of lists, from the outside in.
_Path = tuple[str | int, ...]


@dataclass(slots=True, eq=False)
class UserInput:
    """One declared input, for a screen to show. ``children`` are the inputs nested in it, by key."""

    name: str
    key: str
    rules: ValueRules
    value: Any
    properties: dict[str, Any]
    parent: UserInput | None = None
    children: dict[str, UserInput] = field(default_factory=dict)

    def lineage(self) -> list[UserInput]:
        """The inputs from the outermost one down to this one."""
        return [*(self.parent.lineage() if self.parent else ()), self]


class UserInputs:
    """Declares the inputs of one tentacle against its live configuration.

    Args:
        config: the live configuration; declaring an input completes it with the default.
        tentacle_name: for messages.
        file: where the configuration was read from, for messages.
        report: told of values that cannot be used, as a ``SettingError``; where it returns, the default replaces them.
    """

    def __init__(
        self,
        config: dict[str, Any],
        tentacle_name: str,
        file: str | PathLike[str] | None = None,
        report: Report = raise_at_once,
    ) -> None:
        self._report = report
        self.config = config
        self.tentacle_name = tentacle_name
        self.file = file
        #: The declared inputs by key, nested ones in their parents' ``children``.
        self.registered: dict[str, UserInput] = {}
        self._by_recency: dict[_Path, UserInput] = {}
        self._completed: set[_Path] = set()
        self._growable: set[_Path] = set()
        self._unsaved_elements: dict[_Path, dict[str, Any]] = {}

    def keys(self) -> tuple[str, ...]:
        """The top-level keys that were declared."""
        return tuple(self.registered)

    def user_input(
        self,
        name: str,
        input_type: UserInputTypes | str,
        default: Any,
        inputs: MutableMapping[str, Any] | None,
        *,
        min_val: float | None = None,
        max_val: float | None = None,
        options: Iterable[Any] | None = None,
        parent_input_name: str | None = None,
        array_indexes: Sequence[int] | None = None,
        title: str | None = None,
        item_title: str | None = None,
        other_schema_values: Mapping[str, Any] | None = None,
        editor_options: Mapping[str, Any] | None = None,
        show_in_summary: bool = True,
        show_in_optimizer: bool = True,
        order: int | None = None,
        **other_properties: Any,
    ) -> Any:
        """Declare an input and return its configured value, which is ``default`` where none is saved.

        The key in the configuration is ``name`` with ``_`` for spaces. Objects and lists are returned live: what is
        changed in them is changed in the configuration.

        An input with ``parent_input_name`` is nested in that input, found at any depth (the one declared last, where
        several have that name). Each list of objects on the way takes the next of ``array_indexes``, 0 when there are
        no more. An empty list is first given the elements that the index needs. A list that was saved with elements is
        not made longer: for an element that it lacks, the default is returned and nothing is stored.

        ``inputs`` is given the declared top-level inputs by key. From ``title`` on, properties are for screens only.

        Raises:
            SettingError: the saved value has another type, is out of range, or is none of the options.
            InputDeclarationError: no such parent, a parent that holds no inputs, or indexes that make no sense.
        """
        key = _key_of(name)
        rules = ValueRules(
            UserInputTypes(input_type), default, min_val, max_val, None if options is None else tuple(options)
        )
        parent = None if parent_input_name is None else self._parent(parent_input_name, key)
        path, container = self._locate(parent, array_indexes or (), key)
        path = (*path, key)
        value = self._value(container, path, rules)
        properties = {
            "title": title or name,
            "item_title": item_title,
            "other_schema_values": plain(other_schema_values or {}),
            "editor_options": plain(editor_options or {}),
            "show_in_summary": show_in_summary,
            "show_in_optimizer": show_in_optimizer,
            "order": order,
            **other_properties,
        }
        self._register(UserInput(name, key, rules, value, properties, parent), inputs)
        return value

    def check_nested_keys(self) -> None:
        """Report a nested key that looks like a declared one misspelt, as an ``UnknownSettingError`` that names both.

        Other undeclared nested keys are let be.
        """
        for declared in self.registered.values():
            self._check_keys_in(declared, self.config.get(declared.key), (declared.key,))

    def check_undeclared(self, types: Mapping[str, UserInputTypes]) -> None:
        """Report a setting of another type that stands in the file without being declared, as a ``SettingError``."""
        for key, input_type in types.items():
            value = self.config.get(key)
            if key not in self.registered and value is not None:
                self._checked(value, (key,), ValueRules(input_type))

    def _value(self, container: dict[str, Any], path: _Path, rules: ValueRules) -> Any:
        key = path[-1]
        assert isinstance(key, str)
        if key not in container:
            container[key] = rules.initial_value()
            self._completed.add(path)
            self._growable.add(path)
        elif container[key] is None and rules.initial_value() is not None:
            # Screens and hand-written files say "not set" with null.
            container[key] = rules.initial_value()
        elif container[key] == []:
            self._growable.add(path)
        usable = self._checked(container[key], path, rules)
        if usable is _UNUSABLE:
            usable = container[key] = rules.initial_value()
            self._growable.add(path)
        return usable

    def _checked(self, value: Any, path: _Path, rules: ValueRules) -> Any:
        try:
            return rules.check(value)
        except InvalidValueError as error:
            unusable = SettingError(str(error), file=self.file, field=_dotted(path), remedy=error.remedy)
        self._report(unusable)
        return _UNUSABLE

    def _register(self, declared: UserInput, inputs: MutableMapping[str, Any] | None) -> None:
        siblings = self.registered if declared.parent is None else declared.parent.children
        known = siblings.get(declared.key)
        if known is not None:
            # Declared again, for another element of a list: what was nested in it stays.
            declared.children = known.children
            for child in declared.children.values():
                child.parent = declared
        siblings[declared.key] = declared
        if declared.parent is None and inputs is not None:
            inputs[declared.key] = declared
        place: _Path = tuple(ancestor.key for ancestor in declared.lineage())
        self._by_recency.pop(place, None)
        self._by_recency[place] = declared

    def _parent(self, parent_name: str, key: str) -> UserInput:
        parent_key = _key_of(parent_name)
        for declared in reversed(self._by_recency.values()):
            if declared.key == parent_key:
                if declared.rules.input_type not in (UserInputTypes.OBJECT, UserInputTypes.OBJECT_ARRAY):
                    raise self._misdeclared(
                        key, f"its parent {parent_name!r} is neither an object nor a list of objects"
                    )
                return declared
        known = {declared.key for declared in self._by_recency.values()}
        nearest = suggest(parent_key, known)
        raise self._misdeclared(
            key,
            f"its parent {parent_name!r} is not declared",
            f"did you mean {nearest}?" if nearest else "declare the parent first",
        )

    def _locate(self, parent: UserInput | None, array_indexes: Sequence[int], key: str) -> tuple[_Path, dict[str, Any]]:
        container = self.config
        path: _Path = ()
        indexes = list(array_indexes)
        for ancestor in parent.lineage() if parent else ():
            path = (*path, ancestor.key)
            if ancestor.rules.input_type is UserInputTypes.OBJECT:
                container.setdefault(ancestor.key, {})
                container = self._object(container, ancestor.key, path)
            else:
                index = indexes.pop(0) if indexes else 0
                if index < 0:
                    raise self._misdeclared(key, f"array_indexes={list(array_indexes)} has a negative index")
                container = self._element(container, ancestor.key, path, index)
                path = (*path, index)
        if indexes:
            raise self._misdeclared(key, f"array_indexes={list(array_indexes)} has more indexes than there are lists")
        return path, container

    def _element(self, holder: dict[str, Any], key: str, path: _Path, index: int) -> dict[str, Any]:
        array = holder.setdefault(key, [])
        if not isinstance(array, list):
            self._report(SettingError(f"expected a list, got {array!r}", file=self.file, field=_dotted(path)))
            array = holder[key] = []
        if not array:
            self._growable.add(path)
        if index >= len(array):
            if path not in self._growable:
                return self._unsaved_elements.setdefault((*path, index), {})
            array.extend({} for _ in range(index + 1 - len(array)))
        return self._object(array, index, (*path, index))

    def _object(self, holder: Any, place: str | int, path: _Path) -> dict[str, Any]:
        if not isinstance(holder[place], dict):
            message = f"expected an object, got {holder[place]!r}"
            self._report(SettingError(message, file=self.file, field=_dotted(path)))
            holder[place] = {}
        content: dict[str, Any] = holder[place]
        return content

    def _check_keys_in(self, declared: UserInput, content: Any, path: _Path) -> None:
        if not declared.children:
            return
        for place, element in _elements(content, path):
            for key in element:
                if key not in declared.children:
                    self._check_undeclared(key, declared, element, place)
            for child in declared.children.values():
                self._check_keys_in(child, element.get(child.key), (*place, child.key))

    def _check_undeclared(self, key: str, declared: UserInput, element: dict[str, Any], place: _Path) -> None:
        unset = [child for child in declared.children if child not in element or (*place, child) in self._completed]
        nearest = suggest(key, unset, cutoff=_MISSPELT)
        if nearest is not None:
            message, remedy = f"{self.tentacle_name} has no such setting", f"did you mean {nearest}?"
            self._report(UnknownSettingError(message, file=self.file, field=_dotted((*place, key)), remedy=remedy))

    def _misdeclared(self, key: str, what: str, remedy: str | None = None) -> InputDeclarationError:
        return InputDeclarationError(f"{self.tentacle_name} declares {key!r}: {what}", remedy=remedy)


def _key_of(name: str) -> str:
    return name.replace(" ", "_")


def _dotted(path: _Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _elements(content: Any, path: _Path) -> Iterator[tuple[_Path, dict[str, Any]]]:
    if isinstance(content, dict):
        yield path, content
    elif isinstance(content, list):
        yield from (((*path, index), element) for index, element in enumerate(content) if isinstance(element, dict))
