"""The content of a file in any format: JSON with comments, JSON lines, or YAML; bounded, and nothing is run."""

import json
import re
from pathlib import Path

from workbench.app.imports.yaml_text import read_yaml
from workbench.core.errors import MalformedJson, ProjectError
from workbench.core.json_file import without_comments
from workbench.core.json_text import JsonValue, parse_strict
from workbench.store.small_file import read_file

MAX_BYTES = 64_000_000
_YAML_KEY = re.compile(r"""^(?:---|%YAML|["']?[A-Za-z][\w.-]*["']?:(?:\s|$))""", re.MULTILINE)
_LONG = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\d.eE+])(-?\d{19,300})(?![\d.eE])')
_NO_LIMIT = 1_000_000_000


def text_of_file(path: Path) -> str:
    """The text of a file. Raises `ProjectError` for a file that is too large or not text, and `OSError`."""
    return text_of_bytes(read_file(path, MAX_BYTES))


def text_of_bytes(content: bytes) -> str:
    """The text in UTF-8, or in UTF-16 or UTF-32 with or without a byte order mark. Raises `ProjectError`."""
    if len(content) > MAX_BYTES:
        raise ProjectError(f"it is larger than {MAX_BYTES // 1_000_000} MB", hint="Split it.")
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ProjectError(f"it is not text: {error.reason} at byte {error.start:,}") from None


def read_document(text: str) -> JsonValue:
    """The value of a text. JSON lines are a list. Raises `MalformedJson` with the place."""
    start = text.lstrip()[:1]
    if start not in ("{", "[") and _YAML_KEY.search(text[:20_000]):
        return read_yaml(text)
    try:
        return _json(text)
    except MalformedJson as error:
        lines = text.splitlines() if start == "{" else []
        if len(lines) > 1 and error.line and "Extra data" in error.message:
            return [_json(line) for line in lines if line.strip()]
        plain = without_comments(text)
        if plain != text:
            return _json(plain)
        is_open = text.rstrip()[-1:] != {"{": "}", "[": "]"}.get(start, "")
        if start in ("{", "[") and (is_open or len(text) - _offset(text, error) < 3):
            raise MalformedJson(
                "it ends in the middle; the file was probably cut off", line=error.line, column=error.column
            ) from None
        raise


def _json(text: str) -> JsonValue:
    try:
        return parse_strict(text, max_chars=MAX_BYTES, max_depth=_NO_LIMIT)
    except MalformedJson as error:
        if "does not fit in 64 bits" not in error.message:
            raise
    return parse_strict(_LONG.sub(_as_float, text), max_chars=MAX_BYTES, max_depth=_NO_LIMIT)


def _as_float(found: re.Match[str]) -> str:
    """A bound that some program rounded means about as much."""
    return found[0] if found[1] is None else repr(float(found[1]))


def _offset(text: str, error: MalformedJson) -> int:
    place = 0
    for _ in range(error.line - 1):
        place = text.find("\n", place) + 1
    return place + max(error.column - 1, 0)
