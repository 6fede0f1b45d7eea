"""What readers of other formats share: a case and its row of the report, or only the row."""

from collections.abc import Callable, Iterable

import msgspec

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case import Case
from workbench.core.suite.case_import import CaseImportRow, ImportReport, ImportStatus
from workbench.core.suite.case_line import read_case


class Unsupported(Exception):
    """A case cannot be expressed; the message says why. `status` is `unsupported` or `unresolved`."""

    def __init__(self, message: str, status: ImportStatus = "unsupported") -> None:
        super().__init__(message)
        self.status = status


class Draft(msgspec.Struct):
    """A case as a line would have it, and what was lost on the way."""

    document: JsonObject
    lost: list[str] = []


def report_of(
    name: str, entries: Iterable[tuple[str, JsonObject]], draft: Callable[[JsonObject], Draft]
) -> ImportReport:
    """The report of (label, entry) pairs; an entry that cannot be expressed has a row that says why."""
    rows: list[CaseImportRow] = []
    cases: list[Case] = []
    ids: set[str] = set()
    for label, entry in entries:
        try:
            made = draft(entry)
            case = read_case(made.document)
        except (Unsupported, ProjectError) as error:
            rows.append(
                CaseImportRow(label, error.status if isinstance(error, Unsupported) else "unsupported", str(error))
            )
            continue
        if case.case_id in ids:
            rows.append(CaseImportRow(label, "unsupported", "its id is taken by an earlier case"))
            continue
        ids.add(case.case_id)
        cases.append(case)
        note = "; ".join(dict.fromkeys(made.lost))
        rows.append(CaseImportRow(case.case_id, "approximated" if note else "exact", note))
    return ImportReport(name, tuple(rows), tuple(cases))


def objects(value: JsonValue) -> list[JsonObject]:
    """The objects of a list; an empty list for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: JsonValue) -> list[str]:
    """The texts of a list, or the one text; an empty list for anything else."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def literal(value: JsonValue) -> JsonValue:
    """A value that is meant as it is, also where it looks like a matcher."""
    if isinstance(value, dict):
        if any(key.startswith("$") for key in value):
            return {"$equals": value}
        return {key: literal(each) for key, each in value.items()}
    return [literal(each) for each in value] if isinstance(value, list) else value
