"""Rows of `[executors]` for many tools at once, written into the text of workbench.toml. Pure.

New rows are appended as they are; editing the parsed file once per row would take minutes for a thousand. The result
is parsed and compared, so no file with other contents is written.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit

from workbench.app.project.setting_text import with_setting
from workbench.core.errors import ProjectError
from workbench.core.project_folder import PROJECT_FILE

_Row = Mapping[str, Any]


def rows_in(text: str) -> dict[str, dict[str, Any]]:
    """The rows of a file; none if it cannot be read."""
    try:
        found = tomllib.loads(text).get("executors")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {name: row for name, row in found.items() if isinstance(row, dict)} if isinstance(found, dict) else {}


def with_rows(text: str, rows: Mapping[str, _Row]) -> str:
    """The text with these rows. Raises `ProjectError` if they cannot be added."""
    held = rows_in(text)
    for name, row in rows.items():
        if name in held and held[name] != row:
            text = with_setting(text, ("executors", name), dict(row))
    fresh = {name: row for name, row in rows.items() if name not in held}
    if not fresh:
        return text
    after = f"{text.rstrip()}\n{''.join(f'{chr(10)}{row_text(name, row)}' for name, row in fresh.items())}".lstrip("\n")
    try:
        expected: dict[str, Any] = tomllib.loads(text)
        expected["executors"] = {**expected.get("executors", {}), **{name: dict(row) for name, row in fresh.items()}}
        is_right = tomllib.loads(after) == expected
    except (tomllib.TOMLDecodeError, TypeError, RecursionError) as error:
        raise ProjectError(
            f"the executors cannot be added: {error}",
            where=PROJECT_FILE,
            hint="Write each as its own table: [executors.NAME].",
        ) from None
    if not is_right:
        raise ProjectError("the executors cannot be added to this file", where=PROJECT_FILE)
    return after


def row_text(name: str, row: _Row) -> str:
    """One row as in the file."""
    table = tomlkit.table()
    for key, value in row.items():
        table[key] = _inline(value) if isinstance(value, dict) else value
    document = tomlkit.document()
    document["executors"] = tomlkit.table(is_super_table=True)
    document["executors"].append(name, table)
    return tomlkit.dumps(document)


def _inline(value: Mapping[str, Any]) -> Any:
    made = tomlkit.inline_table()
    for key, one in value.items():
        made[key] = _inline(one) if isinstance(one, dict) else one
    return made
