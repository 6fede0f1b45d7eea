"""Routing examples from recorded turns and from tune cases: a request, for the tool that is right."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.app.imports.tool_adding import listed
from workbench.app.routing.finding_texts import edit_finding_texts, with_finding_texts
from workbench.app.suites.case_making import case_as_it_went, case_of_mark
from workbench.app.suites.suite_files import SuiteFiles
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import RunEvent
from workbench.core.ids import RunId, turn_span
from workbench.core.mark import Mark
from workbench.core.routing.search_tool import SEARCH_TOOL
from workbench.core.tool import Toolset


def add_example(
    folder: Path, tools: Toolset, files: SuiteFiles, events: Sequence[RunEvent], turn: int, marks: Iterable[Mark]
) -> Undoable:
    """Add the request of a recorded turn to the examples of the right tool: the one that a mark expects,
    else the first one that was called and not rejected. A held-out request is refused.

    Raises `UsageError` when it is held out, already known, or right for no tool of the project.
    """
    run_id = events[0].run_id if events else RunId("")
    own = [mark for mark in marks if mark.run_id == run_id and mark.point.partition("/")[0] == turn_span(turn)]
    case = case_of_mark(own[-1], events, "new") if own else case_as_it_went(events, turn, "new")
    wanted = next((call.tool for call in case.turns[0].expected.calls if call.tool != SEARCH_TOOL.name), "")
    tool, request = tools.named(wanted), " ".join(case.request.split())
    if tool is None:
        raise UsageError(
            "no tool of the project was right in this turn", hint="Mark the decision with the tool that is right."
        )
    if _plain(request) in map(_plain, tool.examples):
        raise UsageError(f"{tool.name} already has this example")
    if (suite := _held_out(files).get(_plain(request))) is not None:
        raise UsageError(
            f"the suite {suite} holds this request out to measure with",
            hint="An example of it would make the measurement worthless; use another request.",
        )
    return edit_finding_texts(folder, tool.name, tool.search_text, (*tool.examples, request))


def add_tune_cases(folder: Path, tools: Toolset, files: SuiteFiles, name: str) -> Undoable:
    """Add the requests of a suite's tune cases to the examples of the tools that they expect first. Requests that any
    suite holds out are skipped, as are cases about other tools or without an expected call.

    Raises `UsageError` when none is new.
    """
    held_out = _held_out(files)
    found = {tool.name: list(tool.examples) for tool in tools}
    for case in files.load(name).of_split("tune"):
        turn = case.turns[0]
        wanted = turn.expected.calls[0].tool if turn.expected.calls and not case.offers else ""
        request = " ".join(turn.request.split())
        plain, known = _plain(request), found.get(wanted)
        if known is not None and plain and plain not in held_out and plain not in map(_plain, known):
            known.append(request)
    new = {tool.name: found[tool.name] for tool in tools if len(found[tool.name]) > len(tool.examples)}
    if not new:
        raise UsageError(f"no tune case of {name} is a new example")
    count = sum(len(examples) - len(own.examples) for own in tools if (examples := new.get(own.name)))
    wanted_files: dict[Path, bytes | None] = dict(
        with_finding_texts(folder, own.name, own.search_text, tuple(new[own.name])) for own in tools if own.name in new
    )
    return change_files(f"Added {count} example{'s' if count > 1 else ''} to {listed(tuple(new))}", wanted_files)


def _held_out(files: SuiteFiles) -> dict[str, str]:
    """The requests that suites hold out → the suite."""
    found: dict[str, str] = {}
    for name in files.names():
        try:
            suite = files.load(name)
        except WorkbenchError:
            continue
        found.update((_plain(turn.request), name) for case in suite.of_split("held-out") for turn in case.turns)
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!?")
