"""Examples for routing from what was recorded: the request of a turn, for the tool that was right there."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.app.routing.finding_texts import edit_finding_texts
from workbench.app.suites.case_making import case_as_it_went, case_of_mark
from workbench.app.suites.suite_files import SuiteFiles
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import RunEvent
from workbench.core.ids import RunId, turn_span
from workbench.core.mark import Mark
from workbench.core.routing.search_tool import SEARCH_TOOL
from workbench.core.tool import Toolset


def add_example(
    folder: Path, tools: Toolset, files: SuiteFiles, events: Sequence[RunEvent], turn: int, marks: Iterable[Mark]
) -> Undoable:
    """Add the request of a recorded turn to the examples of the tool that was right there: the one that a mark expects,
    else the first one that was called and not rejected. A held-out request is refused.

    Raises `UsageError` when it is held out, known already, or right for no tool of the project.
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
        raise UsageError(f"{tool.name} has this example already")
    if (suite := _held_out_in(files, request)) is not None:
        raise UsageError(
            f"the suite {suite} holds this request out to measure with",
            hint="An example of it would make the measurement worthless; use another request.",
        )
    return edit_finding_texts(folder, tool.name, tool.search_text, (*tool.examples, request))


def _held_out_in(files: SuiteFiles, request: str) -> str | None:
    for name in files.names():
        try:
            suite = files.load(name)
        except WorkbenchError:
            continue
        for case in suite.of_split("held-out"):
            if any(_plain(turn.request) == _plain(request) for turn in case.turns):
                return name
    return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!?")
