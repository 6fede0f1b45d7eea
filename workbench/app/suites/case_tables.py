"""Cases from tables: JSON lines, a list of flat objects, or CSV with a header."""

from collections.abc import Iterable, Iterator, Mapping

from workbench.app.suites.case_text import missing_cells
from workbench.core.errors import MalformedJson, ProjectError
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.suite.case import Case
from workbench.core.suite.case_import import CaseImportRow, ImportReport
from workbench.core.suite.case_line import read_case
from workbench.core.suite.suite import lines_of

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "case", "case_id", "name"),
    "request": ("request", "prompt", "query", "question", "input", "message", "user", "utterance"),
    "expected": ("expected", "expected_tool", "expectedtool", "expectedtools", "expected_tools", "tool", "tool_name"),
    "arguments": ("arguments", "args", "expected_arguments", "parameters"),
    "also_ok": ("also_ok", "also", "alternatives"),
    "tags": ("tags", "category", "labels"),
    "cluster": ("cluster", "group", "template"),
    "split": ("split",),
    "notes": ("notes", "note", "comment"),
    "never": ("never",),
}
_NOTHING = frozenset({"", "none", "null", "no call", "no_call", "-"})
_SPLITS = {"train": "tune", "dev": "tune", "validation": "tune", "test": "held-out", "heldout": "held-out"}


def cases_of_lines(text: str) -> ImportReport:
    """JSON lines in the suite's own format, or flat ones with other names."""
    rows: list[tuple[str, JsonObject | str]] = []
    for number, line in enumerate(lines_of(text), 1):
        if line.strip():
            try:
                found = parse_strict(line)
                rows.append((f"line {number}", found if isinstance(found, dict) else "not an object"))
            except MalformedJson as error:
                rows.append((f"line {number}", f"not valid JSON: {error}"))
    if rows and isinstance(rows[0][1], dict) and "suite" in rows[0][1]:
        rows.pop(0)
    return _report("JSON lines", rows)


def cases_of_list(found: list[JsonValue]) -> ImportReport:
    """A JSON list of flat objects."""
    rows: list[tuple[str, JsonObject | str]] = [
        (f"entry {number}", each if isinstance(each, dict) else "not an object") for number, each in enumerate(found, 1)
    ]
    return _report("a list of objects", rows)


def cases_of_csv(table: list[dict[str, str]]) -> ImportReport:
    """A table with a header. Lists are separated by `;` or `|`; arguments are JSON."""
    rows = [
        (f"row {number}", _typed({name: cell for name, cell in row.items() if name}))
        for number, row in enumerate(table, 2)
    ]
    report = _report("CSV", rows)
    told = [_with_missing(row, words) for row, words in zip(report.rows, missing_cells(table), strict=True)]
    return ImportReport(report.format, tuple(told), report.cases)


def _with_missing(row: CaseImportRow, words: str) -> CaseImportRow:
    if not words:
        return row
    note = f"{row.note}; {words}" if row.note else words
    return CaseImportRow(row.case, "approximated" if row.status == "exact" else row.status, note)


def split_of(text: str) -> str:
    """The split of this name, or of another program's name for it."""
    return _SPLITS.get(text.strip().casefold(), text.strip())


def _typed(row: JsonObject) -> JsonObject | str:
    """The cells of a row as values."""
    renamed, left_out = _renamed(row)
    typed: JsonObject = {name: value for name, value in renamed.items() if value != "" or name == "expected"}
    typed |= {name: row[name] for name in left_out if row[name] != ""}
    for name in ("tags", "also_ok", "never", "expected"):
        value = typed.get(name)
        if isinstance(value, str):
            parts = [part.strip() for part in value.replace("|", ";").split(";") if part.strip()]
            typed[name] = list[JsonValue](parts) if name != "expected" or len(parts) > 1 else value.strip()
    arguments = typed.get("arguments")
    if isinstance(arguments, str):
        try:
            typed["arguments"] = parse_strict(arguments)
        except MalformedJson as error:
            return f"the arguments are not JSON: {error}"
    return typed


def _report(name: str, rows: Iterable[tuple[str, JsonObject | str]]) -> ImportReport:
    found: list[CaseImportRow] = []
    cases: list[Case] = []
    for place, row in rows:
        if isinstance(row, str):
            found.append(CaseImportRow(place, "unsupported", row))
            continue
        document, left_out = _renamed(row)
        document.setdefault("id", place.replace(" ", "-"))
        label = str(document["id"])
        try:
            case = read_case(dict(_normal(document)))
        except ProjectError as error:
            found.append(CaseImportRow(label, "unsupported", str(error)))
            continue
        if case.case_id in {each.case_id for each in cases}:
            found.append(CaseImportRow(label, "unsupported", "the id is taken by an earlier case"))
            continue
        cases.append(case)
        note = f"left out: {', '.join(left_out)}" if left_out else ""
        found.append(CaseImportRow(label, "approximated" if left_out else "exact", note))
    return ImportReport(name, tuple(found), tuple(cases))


def _renamed(row: Mapping[str, JsonValue]) -> tuple[JsonObject, list[str]]:
    """The row under a case's key names, and the unknown names."""
    if "turns" in row or "earlier" in row:
        return dict(row), []
    document: JsonObject = {}
    left_out = []
    own = {"match", "tools", "results"}
    for name, value in row.items():
        folded = name.strip().casefold().replace(" ", "_").replace("-", "_")
        meant = next((key for key, names in _NAMES.items() if folded in names), name if folded in own else None)
        if meant is None or meant in document:
            left_out.append(name)
        else:
            document[meant] = value
    return document, left_out


def _normal(document: JsonObject) -> Iterator[tuple[str, JsonValue]]:
    for name, value in document.items():
        match name:
            case "id":
                yield name, str(value)
            case "expected" if isinstance(value, str) and value.strip().casefold() in _NOTHING:
                yield name, None
            case "expected" if isinstance(value, str) and value.strip().casefold() in ("asks back", "asks_back"):
                yield name, {"asks_back": True}
            case "tags" if isinstance(value, str):
                yield name, [value]
            case "split" if isinstance(value, str):
                yield name, split_of(value)
            case _:
                yield name, value
