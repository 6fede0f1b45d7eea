"""New suites, and cases brought into them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from workbench.app.suites.case_file import read_cases
from workbench.app.suites.case_making import case_as_it_went, case_of_mark, free_id
from workbench.app.suites.suite_files import SuiteFiles
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import StoreError, UsageError
from workbench.core.event import RunEvent
from workbench.core.ids import RunId, turn_span
from workbench.core.mark import Mark
from workbench.core.suite.case import Case
from workbench.core.suite.case_import import CaseImportRow, ImportReport
from workbench.core.suite.suite import Suite
from workbench.core.tool import Toolset


def new_suite(
    files: SuiteFiles, name: str, marks: Iterable[Mark], events_of: Callable[[RunId], Sequence[RunEvent]]
) -> Undoable:
    """A new suite with a case for every marked decision whose run is still there. Raises `UsageError` when there is one
    of that name."""
    if name in files.names():
        raise UsageError(f"the suite {name!r} already exists", hint="Choose another name.")
    cases: list[Case] = []
    for mark in marks:
        try:
            case = case_of_mark(mark, tuple(events_of(mark.run_id)), mark.mark_id)
        except (StoreError, UsageError):
            continue
        if case.key not in {each.key for each in cases}:
            case_id = free_id(case.request, [each.case_id for each in cases])
            cases.append(msgspec.structs.replace(case, case_id=case_id))
    return files.save(Suite(name=name, cases=tuple(cases)))


def bring_cases(files: SuiteFiles, name: str, path: Path, toolset: Toolset) -> ImportReport:
    """Add the cases of a file to a suite, which is made where there is none. Cases that are there already, and ids that
    are taken, are reported. Raises `UsageError` when nothing can be made of the file."""
    report = read_cases(path, toolset)
    suite = files.load(name) if name in files.names() else Suite(name=name)
    keys, ids = {case.key for case in suite.cases}, {case.case_id for case in suite.cases}
    added: list[Case] = []
    refused: dict[str, str] = {}
    for case in report.cases:
        if case.key in keys or case.case_id in ids:
            is_known = case.key in keys
            refused[case.case_id] = "the suite already has it" if is_known else "its id is taken by another case"
            continue
        added.append(case)
        keys.add(case.key)
        ids.add(case.case_id)
    if added:
        files.save(msgspec.structs.replace(suite, cases=(*suite.cases, *added)))
    rows = (
        CaseImportRow(row.case, "unsupported", refused[row.case]) if row.case in refused else row for row in report.rows
    )
    return ImportReport(report.format, tuple(rows), tuple(added))


def add_turn(
    files: SuiteFiles, name: str, events: Sequence[RunEvent], turn: int, marks: Iterable[Mark] = ()
) -> Undoable:
    """Add a recorded turn to a suite, which is made where there is none. What a mark in it says is right is expected,
    else the calls as they were made. Raises `UsageError` when the run has no such turn, or the suite has the case."""
    run_id = events[0].run_id if events else RunId("")
    own = [mark for mark in marks if mark.run_id == run_id and mark.point.partition("/")[0] == turn_span(turn)]
    is_there = name in files.names()
    known = files.load(name).cases if is_there else ()
    made = case_of_mark(own[-1], events, "new") if own else case_as_it_went(events, turn, "new")
    same = next((case for case in known if case.key == made.key), None)
    if same is not None:
        raise UsageError(f"{name} already has this case: {same.case_id}")
    case = msgspec.structs.replace(made, case_id=free_id(made.request, [case.case_id for case in known]))
    return files.add(name, case) if is_there else files.save(Suite(name=name, cases=(case,)))
