"""Tests of promptfoo in files of their own: CSV with `__expected` columns, JSON lines, or lists in JSON and YAML."""

import re
from collections.abc import Iterator
from pathlib import Path

from workbench.app.suites.case_text import document_in, table_in, text_in, yaml_in
from workbench.app.suites.formats.promptfoo import UNREAD
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.suite.suite import lines_of

_FILE = "file://"
_EXPECTED = re.compile(r"__expected\d*")
_SHORT = re.compile(
    r"(?P<kind>(?:not-)?[a-z0-9-]+(?::[a-z0-9-]+)?)(?:\((?P<threshold>[\d.]+)\))?(?::(?P<value>.*))?", re.DOTALL
)
_REQUESTS = ("prompt", "request", "question", "query", "input", "message", "user")
_METADATA = "__metadata:"


def is_promptfoo_table(table: list[dict[str, str]]) -> bool:
    """Whether a CSV is a table of promptfoo's tests."""
    return any(_EXPECTED.fullmatch(name.strip()) for row in table[:1] for name in row)


def document_of_table(table: list[dict[str, str]]) -> JsonObject:
    """A configuration with these tests. Its prompt is the variable called prompt, request, question or the like, or the
    only one."""
    tests = tests_of_table(table)
    names = list(dict.fromkeys(name for test in tests for name in _variables(test)))
    request = next((name for known in _REQUESTS for name in names if name.casefold() == known), "")
    if not request and len(names) == 1:
        request = names[0]
    return {"prompts": [f"{{{{{request or 'prompt'}}}}}"], "tests": list[JsonValue](tests)}


def tests_of_table(table: list[dict[str, str]]) -> list[JsonObject]:
    """A test for each row: `__description`, `__expected…`, `__threshold` and `__metadata:…` are special, all other
    columns are variables."""
    tests: list[JsonObject] = []
    for row in table:
        values: JsonObject = {}
        metadata: JsonObject = {}
        test: JsonObject = {"vars": values, "metadata": metadata}
        assertions: list[JsonValue] = []
        for heading, cell in row.items():
            name = heading.strip()
            if _EXPECTED.fullmatch(name):
                assertions += [_assertion(cell.strip())] if cell.strip() else []
            elif name == "__description":
                test["description"] = cell
            elif name.startswith(_METADATA):
                metadata[name.removeprefix(_METADATA).removesuffix("[]")] = cell
            elif not name.startswith("__"):
                values[name] = cell
        tests.append({**test, "assert": assertions})
    return tests


def with_tests_of_files(document: JsonObject, path: Path) -> JsonObject:
    """The configuration with the tests of the files it names, as far as they lie in its folder; others stay names. For
    one that cannot be read there is a test that says why."""
    tests = document.get("tests")
    listed: list[JsonValue] = tests if isinstance(tests, list) else [tests]
    if not any(isinstance(each, str) for each in listed):
        return document
    return {**document, "tests": [test for each in listed for test in _resolved(each, path.parent)]}


def _resolved(entry: JsonValue, folder: Path) -> Iterator[JsonValue]:
    try:
        file = (folder / entry.removeprefix(_FILE)).resolve() if isinstance(entry, str) else None
        if file is None or not file.is_relative_to(folder.resolve()):
            yield entry
        else:
            yield from _tests_in(file)
    except (UsageError, OSError, ValueError) as error:
        yield {UNREAD: f"its tests cannot be read: {error}", "description": entry}


def _tests_in(file: Path) -> list[JsonValue]:
    text = text_in(file)
    match file.suffix.casefold():
        case ".csv":
            return list[JsonValue](tests_of_table(table_in(text, file)))
        case ".jsonl":
            return [document_in(line) for line in lines_of(text) if line.strip()]
        case ".yaml" | ".yml":
            document = yaml_in(text, file)
        case _:
            document = document_in(text)
    if not isinstance(document, list):
        raise UsageError(f"{file.name} holds no list of tests")
    return document


def _assertion(text: str) -> JsonObject:
    """`tool-call-f1(0.9): a, b`, `not-trajectory:tool-used: c`; a text without a type is compared as it is."""
    found = _SHORT.fullmatch(text)
    if found is None or (found["value"] is None and not found["kind"].startswith(("is-", "not-"))):
        return {"type": "equals", "value": text}
    assertion: JsonObject = {"type": found["kind"]}
    value = (found["value"] or "").strip()
    try:
        assertion["value"] = parse_strict(value) if value[:1] in ("{", "[") else value
    except MalformedJson:
        assertion["value"] = value
    if found["threshold"]:
        assertion["threshold"] = found["threshold"]
    return assertion


def _variables(test: JsonObject) -> JsonObject:
    found = test["vars"]
    assert isinstance(found, dict)
    return found
