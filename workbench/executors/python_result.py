"""What a Python function returned, as JSON, with its files apart. Runs in the child process; standard library only.

Nothing is guessed: a value that has no plain JSON meaning is refused with its place, because a model would
take a `repr` for a fact.
"""

import base64
import dataclasses
import datetime
import decimal
import enum
import json
import math
import os
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from workbench.core.result_file import KEPT_CHARS, KEPT_FILES, ResultFile

MAX_CHARS = 10_000_000
_MAX_DEPTH = 100


class NotJson(TypeError):
    """A returned value has no JSON meaning; the text says which, where, and what to return instead."""


class Files:
    """The files in a result, as far as they are kept."""

    def __init__(self) -> None:
        self.kept: list[dict[str, str]] = []
        self._room = KEPT_CHARS

    def take(self, file: ResultFile, path: str) -> str:
        """Keep it where there is room; the words that stand for it. Raises `NotJson`."""
        for field, kind in (("data", bytes | bytearray | memoryview), ("mime_type", str), ("name", str)):
            if not isinstance(given := getattr(file, field), kind):
                raise NotJson(f"the result has a ResultFile{_at(path)} whose {field} is a {type(given).__name__}")
        data = base64.b64encode(file.data).decode()
        if len(data) > self._room or len(self.kept) == KEPT_FILES:
            return f"{file.words[:-1]}, too much to keep]"
        self._room -= len(data)
        self.kept.append({"data": data, "mime_type": file.kind, "name": file.name})
        return file.words


def encode_result(value: object, files: Files | None = None) -> str:
    """`value` as JSON text in ASCII, or `NotJson`; `files` gets the files in it."""
    text = json.dumps(json_value(value, files or Files()), allow_nan=False)
    if len(text) > MAX_CHARS:
        raise NotJson(f"the result has {len(text):,} characters as JSON; the limit is {MAX_CHARS:,}")
    return text


def json_value(value: object, files: Files, path: str = "", depth: int = 0) -> Any:
    """`value` made of dict, list, str, int, float, bool and None only. `path` is its JSON pointer.

    Raises `NotJson` for what cannot be made so.
    """
    if depth > _MAX_DEPTH:
        raise NotJson(f"the result is nested deeper than {_MAX_DEPTH} levels, or contains itself{_at(path)}")
    match value:
        case None | bool():
            return value
        case enum.Enum():
            return json_value(value.value, files, path, depth + 1)
        case str():
            return str(value).encode("utf-8", "replace").decode("utf-8")
        case int():
            return int(value)
        case float():
            if not math.isfinite(value):
                raise NotJson(f"the result has {value} {_at(path) or 'as its value'}, which JSON does not have")
            return float(value)
        case bytes() | bytearray() | memoryview():
            raise NotJson(f"the result has bytes{_at(path)}; return text, or a ResultFile of them")
        case dict():
            return _object(value, files, path, depth)
        case tuple() if hasattr(value, "_asdict"):
            return _object(value._asdict(), files, path, depth)
        case list() | tuple() | set() | frozenset():
            return _array(value, files, path, depth)
    return _from_class(value, files, path, depth)


def _from_class(value: object, files: Files, path: str, depth: int) -> Any:
    if isinstance(value, ResultFile):
        return files.take(value, path)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return _object(fields, files, path, depth)
    match value:
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case datetime.timedelta():
            return value.total_seconds()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case os.PathLike():
            return os.fspath(value) if isinstance(os.fspath(value), str) else os.fsdecode(value)
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):  # a pydantic model, without importing pydantic
        return json_value(dump(mode="json"), files, path, depth + 1)
    to_list: Callable[[], object] | None = getattr(value, "tolist", None)
    if callable(to_list) and not isinstance(value, type):  # arrays and scalars of numpy and similar libraries
        return json_value(to_list(), files, path, depth + 1)
    raise NotJson(
        f"the result has a {type(value).__name__}{_at(path)}, which is not JSON; "
        "return a dict, a list, text, a number, a dataclass or a pydantic model"
    )


def _object(fields: dict[Any, object], files: Files, path: str, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in fields.items():
        name = key.value if isinstance(key, enum.Enum) else key
        if not isinstance(name, str | int | float) or isinstance(name, bool):
            raise NotJson(f"the result has the key {key!r}{_at(path)}; keys of a JSON object are text")
        found[str(name)] = json_value(item, files, f"{path}/{name}", depth + 1)
    return found


def _array(items: Iterable[object], files: Files, path: str, depth: int) -> list[Any]:
    return [json_value(item, files, f"{path}/{index}", depth + 1) for index, item in enumerate(items)]


def _at(path: str) -> str:
    return f" at {path}" if path else ""
