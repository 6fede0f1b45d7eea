"""Reads a file of cases in whatever format it is: it is recognized by its content, not by its name."""

from pathlib import Path

from workbench.app.suites.case_tables import cases_of_csv, cases_of_lines, cases_of_list
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonValue, parse_strict
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.case_template import cases_of_templates, is_template_file

MAX_BYTES = 64_000_000


def read_cases(path: Path) -> ImportReport:
    """The cases of a file, with a report. Raises `UsageError` when nothing can be made of it."""
    text = _text(path)
    if path.suffix.casefold() == ".csv":
        return cases_of_csv(text)
    document = _document(text)
    match document:
        case list():
            return cases_of_list(document)
        case dict() if is_template_file(document):
            return cases_of_templates(document)
        case None | dict():
            if "{" in text[:1000]:
                return cases_of_lines(text)
    raise UsageError(
        f"{path.name} holds no cases that can be read",
        hint="Give JSON lines, a JSON list of objects, CSV, or templates.",
    )


def _document(text: str) -> JsonValue:
    """The file as one JSON document; None where it is none, such as JSON lines."""
    try:
        return parse_strict(text, max_chars=MAX_BYTES)
    except MalformedJson:
        return None


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name} is larger than {MAX_BYTES:,} bytes", hint="Split it.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None
