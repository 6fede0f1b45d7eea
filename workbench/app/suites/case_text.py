"""Case files as text, documents, and tables; errors name the file."""

import csv
import io
from pathlib import Path

from workbench.app.imports.yaml_text import read_yaml
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonValue, parse_strict

MAX_BYTES = 64_000_000


def text_in(path: Path) -> str:
    """The file's text. Raises `UsageError`."""
    try:
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name} is larger than {MAX_BYTES:,} bytes", hint="Split it.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # a name may hold characters that no file name can
        raise UsageError(f"{path.name} cannot be read: {error}") from None


def document_in(text: str) -> JsonValue:
    """A text as one JSON document; None if it is not one, such as JSON lines."""
    try:
        return parse_strict(text, max_chars=MAX_BYTES)
    except MalformedJson:
        return None


def yaml_in(text: str, path: Path) -> JsonValue:
    """A text as one YAML document. Raises `UsageError`."""
    try:
        return read_yaml(text)
    except MalformedJson as error:
        raise UsageError(f"{path.name} is not valid YAML: {error}") from None


def table_in(text: str, path: Path) -> list[dict[str, str]]:
    """The rows of a CSV text by the names in its header; cells that are missing are left out. Raises
    `UsageError`."""
    table = csv.DictReader(io.StringIO(text))
    try:
        return [
            {name: cell for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str)}
            for row in table
        ]
    except csv.Error as error:
        raise UsageError(f"{path.name} is not valid CSV: line {table.line_num + 1}: {error}") from None


def missing_cells(table: list[dict[str, str]]) -> list[str]:
    """For each row its missing columns, in words; empty when none is missing at its end."""
    names = list(dict.fromkeys(name for row in table for name in row))
    return [f"it has no cell for {', '.join(names[len(row) :])}" if len(row) < len(names) else "" for row in table]
