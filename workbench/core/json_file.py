"""JSON files of other programs, as editors and shells write them: with comments, trailing commas, byte order marks.

Only files that are brought in are read so. A project's own files are strict.
"""

import json
import re

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonValue, parse_strict

_STRING = r'"(?:[^"\\\n]|\\.)*"?'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING = re.compile(rf"{_STRING}|,(?=\s*[}}\]])", re.DOTALL)


def read_json_file(content: bytes) -> JsonValue:
    """The value in `content`: UTF-8, or UTF-16 and UTF-32 with or without their mark. Raises `MalformedJson`."""
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise MalformedJson(f"it is not text: {error}") from None
    try:
        return parse_strict(text)
    except MalformedJson:
        plain = without_comments(text)
        if plain == text:
            raise
    return parse_strict(plain)


def without_comments(text: str) -> str:
    """`text` with blanks for comments and trailing commas, so that every place stays where it is."""
    return _TRAILING.sub(_blank, _COMMENT.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else re.sub(r"[^\n]", " ", found[0])
