"""Tests of promptfoo in files of their own: CSV with `__expected` columns, JSON lines, or lists in JSON and YAML."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.app.suites.case_text import document_in, missing_cells, table_in, text_in, yaml_in
from workbench.app.suites.formats.promptfoo import REMARK, UNREAD
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
    return any(_EXPECTED.fullmatch(name.strip()) for row in table for name in row)


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
    for row, missing in zip(table, missing_cells(table), strict=True):
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
        tests.append({**test, "assert": assertions, **({REMARK: missing} if missing else {})})
    return tests


def with_tests_of_files(document: JsonObject, path: Path) -> JsonObject:
    """The configuration with the tests of the files it names, as far as they lie in its folder; others stay names. For
    one that cannot be read there is a test that says why."""
    tests = document.get("tests")
    if not isinstance(tests, list | str):
        return document
    listed = [tests] if isinstance(tests, str) else _tests("test-", enumerate(tests, 1), dict, str)
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
    """The tests of a file, never none: one that cannot be read says so. Raises `UsageError`."""
    text = text_in(file)
    match file.suffix.casefold():
        case ".csv":
            found = list[JsonValue](tests_of_table(table_in(text, file)))
        case ".jsonl":
            lines = ((number, document_in(line)) for number, line in enumerate(lines_of(text), 1) if line.strip())
            found = list(_tests(f"{file.name}, line ", lines, dict))
        case suffix:
            document = yaml_in(text, file) if suffix in (".yaml", ".yml") else document_in(text)
            if not isinstance(document, list):
                raise UsageError(f"{file.name} holds no list of tests")
            found = list(_tests(f"{file.name}, entry ", enumerate(document, 1), dict))
    if not found:
        raise UsageError(f"{file.name} holds no tests")
    return found


def _tests(place: str, entries: Iterable[tuple[int, JsonValue]], *kinds: type) -> Iterator[JsonValue]:
    """Each entry that is of these kinds; in place of another stands a test that says so, at `place` and its number."""
    for number, entry in entries:
        yield entry if isinstance(entry, kinds) else {UNREAD: "it is not an object", "description": f"{place}{number}"}


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
