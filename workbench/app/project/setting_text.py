"""One setting of workbench.toml, changed in its text: comments, order and everything else stay as they are. Pure."""

import tomllib
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from workbench.core.errors import ProjectError
from workbench.core.project_folder import PROJECT_FILE

SettingValue = str | int | float | bool | dict[str, Any]
SettingPath = tuple[str, ...]
"""The names that lead to a setting, such as ("request", "temperature")."""


def setting_in(document: dict[str, Any], path: SettingPath) -> Any:
    """What a parsed file says there; None where it says nothing."""
    found: Any = document
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def with_setting(text: str, path: SettingPath, value: SettingValue | None) -> str:
    """The text with one setting changed; None takes it out, so that its default holds.

    Raises `ProjectError` where the text cannot be changed so.
    """
    name = ".".join(path)
    try:
        before = tomllib.loads(text)
        if setting_in(before, path) == value and type(setting_in(before, path)) is type(value):
            return text
        document: Any = tomlkit.parse(text)
        _put(document, path, value)
        after = tomlkit.dumps(document)
        is_right = _pruned(tomllib.loads(after), path) == _pruned(_expected(before, path, value), path)
    except (tomllib.TOMLDecodeError, TOMLKitError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ProjectError(f"{name} cannot be saved: {error}", where=PROJECT_FILE, hint="Edit it as text.") from None
    if not is_right:
        raise ProjectError(f"{name} cannot be saved in this file", where=PROJECT_FILE, hint="Edit it as text.")
    return after


def toml_string(text: str) -> Any:
    """A text as a person would write it: on several lines where it has some and needs no escape."""
    is_plain = "\n" in text and '"""' not in text and "\\" not in text and "\r" not in text and not text.endswith('"')
    return tomlkit.value(f'"""\n{text}"""') if is_plain else tomlkit.string(text)


def _put(document: Any, path: SettingPath, value: SettingValue | None) -> None:
    *tables, name = path
    table = document
    for step in tables:
        if step not in table:
            if value is None:
                return
            table[step] = tomlkit.table()
        table = table[step]
    if value is None:
        table.pop(name, None)
    elif isinstance(value, dict):
        table[name] = _table(value, table.get(name))
    else:
        table[name] = toml_string(value) if isinstance(value, str) else value


def _table(value: dict[str, Any], known: Any) -> Any:
    """The table that is there with what differs changed, or a new one."""
    made = known if isinstance(known, dict) else tomlkit.table()
    for name in [name for name in made if name not in value]:
        del made[name]
    for name, one in value.items():
        if isinstance(one, dict):
            inline = tomlkit.inline_table()
            inline.update(one)
            one = inline
        if name not in made or made[name] != one:
            made[name] = toml_string(one) if isinstance(one, str) else one
    return made


def _pruned(document: dict[str, Any], path: SettingPath) -> dict[str, Any]:
    """Without the tables on the way to the setting that have nothing in them."""
    name, *rest = path
    inner = document.get(name)
    if not rest or not isinstance(inner, dict):
        return document
    kept = _pruned(inner, tuple(rest))
    return {**document, name: kept} if kept else {key: one for key, one in document.items() if key != name}


def _expected(document: dict[str, Any], path: SettingPath, value: SettingValue | None) -> dict[str, Any]:
    name, *rest = path
    inner = document.get(name)
    if rest:
        if value is None and name not in document:
            return document
        return {**document, name: _expected(inner if isinstance(inner, dict) else {}, tuple(rest), value)}
    if value is None:
        return {key: one for key, one in document.items() if key != name}
    return {**document, name: value}
