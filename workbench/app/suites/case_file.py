"""Reads a case file in any known format, recognized by its content, not its name."""

from collections.abc import Callable
from pathlib import Path

from workbench.app.suites.case_tables import cases_of_csv, cases_of_lines, cases_of_list
from workbench.app.suites.case_text import document_in, table_in, text_in, yaml_in
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
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.case_template import cases_of_templates, is_template_file
from workbench.core.suite.suite import lines_of
from workbench.core.tool import Toolset


def read_cases(path: Path, toolset: Toolset = Toolset()) -> ImportReport:  # noqa: B008 — it is a tuple
    """The cases of a file, with a report. `toolset` says which tools only read, for formats that need to know. Raises
    `UsageError` when the file is not understood."""
    text = text_in(path)
    if path.suffix.casefold() == ".csv":
        table = table_in(text, path)
        return cases_of_promptfoo(document_of_table(table)) if is_promptfoo_table(table) else cases_of_csv(table)
    document = yaml_in(text, path) if path.suffix.casefold() in (".yaml", ".yml") else document_in(text)
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
        document = document_in(line) if line.startswith("{") else None
        if isinstance(document, dict):
            found.append(document)
    return found
