"""Reads a file of cases in whatever format it is: it is recognized by its content, not by its name."""

from collections.abc import Callable
from pathlib import Path

from workbench.app.imports.yaml_text import read_yaml
from workbench.app.suites.case_tables import cases_of_csv, cases_of_lines, cases_of_list
from workbench.app.suites.formats.adk import cases_of_adk, is_adk
from workbench.app.suites.formats.agentevals import cases_of_agentevals, is_agentevals
from workbench.app.suites.formats.bfcl import cases_of_bfcl, is_bfcl
from workbench.app.suites.formats.mcpjam import cases_of_mcpjam, is_mcpjam
from workbench.app.suites.formats.promptfoo import cases_of_promptfoo, is_promptfoo
from workbench.app.suites.formats.promptfoo_table import (
    document_of_table,
    is_promptfoo_table,
    with_tests_of_files,
)
from workbench.app.suites.formats.tau import cases_of_tau, is_tau
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.case_template import cases_of_templates, is_template_file
from workbench.core.suite.suite import lines_of
from workbench.core.tool import Toolset

MAX_BYTES = 64_000_000


def read_cases(path: Path, toolset: Toolset = Toolset()) -> ImportReport:  # noqa: B008 — it is a tuple
    """The cases of a file, with a report. `toolset` says which tools only read, where a format needs to know. Raises
    `UsageError` when nothing can be made of the file."""
    text = _text(path)
    if path.suffix.casefold() == ".csv":
        if is_promptfoo_table(text):
            return cases_of_promptfoo(document_of_table(text))
        return cases_of_csv(text)
    document = _yaml(text, path) if path.suffix.casefold() in (".yaml", ".yml") else _document(text)
    if is_agentevals(document):
        return cases_of_agentevals(document)
    if isinstance(document, list):
        return cases_of_tau(document, toolset) if is_tau(document) else cases_of_list(document)
    if isinstance(document, dict):
        if is_promptfoo(document):
            document = with_tests_of_files(document, path)
        for recognizes, read in _DOCUMENTS:
            if recognizes(document):
                return read(document)
    lines = _objects(text)
    if lines and is_bfcl(lines[0]):
        return cases_of_bfcl(lines, path)
    if lines and is_agentevals(lines[0]):
        return cases_of_agentevals(list[JsonValue](lines))
    if lines:
        return cases_of_lines(text)
    raise UsageError(
        f"{path.name} holds no cases that can be read",
        hint="Give JSON lines, a list of objects in JSON or YAML, CSV, templates, or a suite of a known program.",
    )


_DOCUMENTS: tuple[tuple[Callable[[JsonObject], bool], Callable[[JsonObject], ImportReport]], ...] = (
    (is_template_file, cases_of_templates),
    (is_mcpjam, cases_of_mcpjam),
    (is_adk, cases_of_adk),
    (is_promptfoo, cases_of_promptfoo),
)


def _objects(text: str) -> list[JsonObject]:
    """The objects among the lines of a text."""
    found = []
    for line in lines_of(text):
        document = _document(line) if line.startswith("{") else None
        if isinstance(document, dict):
            found.append(document)
    return found


def _document(text: str) -> JsonValue:
    """A text as one JSON document; None where it is none, such as JSON lines."""
    try:
        return parse_strict(text, max_chars=MAX_BYTES)
    except MalformedJson:
        return None


def _yaml(text: str, path: Path) -> JsonValue:
    try:
        return read_yaml(text)
    except MalformedJson as error:
        raise UsageError(f"{path.name} is not valid YAML: {error}") from None


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UsageError(f"there is no file {path}")
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path.name} is larger than {MAX_BYTES:,} bytes", hint="Split it.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None
