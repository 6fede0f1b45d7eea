"""Cases that come into a suite and change there: typed, imported, generated, or made of a recorded turn."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, get_args

import msgspec

from workbench.app.suites.case_generation import GenerationOrder, generate_cases
from workbench.app.suites.case_making import free_id
from workbench.app.suites.example_making import add_tune_cases
from workbench.app.suites.suite_making import add_turn
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.tools.tool_changes import Undoable
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.core.suite.case import Case, CaseTurn, Split
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.suite import Suite
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.suites.case_cells import edited_case, expected_of
from workbench.viewmodels.suites.suite_running import SuitesParts

FIRST_SUITE = "cases"
"""The suite that is made where a conversation is added and there is none."""


class ChosenSuite(Protocol):
    """The suite whose cases these are, and how its files are changed."""

    suite: Suite | None
    trouble: str
    changed: Signal[[]]
    done: Signal[[str, Undoable | None]]
    failed: Signal[[str]]

    @property
    def order(self) -> SuiteOrder: ...
    async def choose(self, name: str) -> None: ...
    async def refresh(self) -> None: ...
    async def change(self, act: Callable[[], Undoable]) -> bool: ...
    async def act(self, act: Callable[[], Undoable]) -> bool: ...
    def fail(self, error: WorkbenchError) -> None: ...


class CaseEditing:
    """Everything that adds or changes cases of the chosen suite; files are written on another thread."""

    def __init__(self, parts: SuitesParts, chosen: ChosenSuite, follow: Callable[[Progress], object]) -> None:
        self.report: ImportReport | None = None
        """What became of each case that was imported or generated last."""
        self.generated = ""
        """How far the generation is, in words; empty when none is under way."""
        self.tools_written: Signal[[]] = Signal()
        """Files of tools were changed, or put back."""
        self._parts = parts
        self._chosen = chosen
        self._follow = follow

    async def make_examples(self) -> None:
        """Give tools the requests of the tune cases as examples, for routing."""
        parts, name = self._parts, self._chosen.order.suite
        folder, tools, files = parts.project.folder, parts.project.toolset, parts.suites.files
        if await self._chosen.act(lambda: add_tune_cases(folder, tools, files, name)):
            self.tools_written.emit()

    async def bring(self, path: Path) -> ImportReport | None:
        """Add the cases of a file."""
        name = self._chosen.order.suite
        try:
            self.report = await asyncio.to_thread(self._parts.suites.bring, name, path)
        except WorkbenchError as error:
            self._chosen.fail(error)
            return None
        await self._chosen.choose(name)
        self._chosen.done.emit(self.report.words, None)
        return self.report

    async def generate(self, tool: str, count: int, model: str, split: Split) -> None:
        """Invent this many calls of a tool (of each, where none is named) and find a request for each."""
        chosen, name = self._chosen, self._chosen.order.suite
        order = GenerationOrder(suite=name, tools=(tool,) if tool else (), count=count, model=model, split=split)
        own = asyncio.current_task()
        progress = Progress("Generating cases", "case", stop=own.cancel if own is not None else None)

        def tell(done: int, wanted: int) -> None:
            progress.tell(done, wanted)
            self.generated = f"Generating… {done} of {wanted}"
            chosen.changed.emit()

        self.generated = "Generating…"
        self._follow(progress)
        chosen.changed.emit()
        failure: WorkbenchError | None = None
        try:
            self.report = await generate_cases(
                self._parts.suites.files, self._parts.toolset, self._parts.providers, order, tell
            )
            chosen.done.emit(f"Added {figures.count(self.report.taken, 'case')}", None)
        except WorkbenchError as error:
            failure = error
        finally:
            self.generated = ""
            progress.finish()
            await chosen.choose(name)
        if failure is not None:
            chosen.fail(failure)

    async def save_case(
        self, request: str, expected: str, arguments_json: str = "", split: Split = "tune", *, case_id: str = ""
    ) -> bool:
        """Add a case, or write another one in place of `case_id`; the rest of an edited case stays."""
        name, suite = self._chosen.order.suite, self._chosen.suite
        if suite is None:
            return False
        try:
            old = suite.case(case_id) if case_id else None
            turn = CaseTurn(_said(request), expected_of(expected, arguments_json))
            if old is not None:
                case = msgspec.structs.replace(old, turns=(*old.turns[:-1], turn), split=split)
            else:
                taken = [each.case_id for each in suite.cases]
                case = Case(case_id=free_id(request, taken), turns=(turn,), split=split)
        except WorkbenchError as error:
            self._chosen.fail(error)
            return False
        files = self._parts.suites.files
        if old is not None:
            return await self._chosen.change(lambda: files.replace(name, case_id, case))
        return await self._chosen.change(lambda: files.add(name, case))

    async def edit_case(self, case_id: str, column: str, text: str) -> bool:
        """Change one cell of a case in the table (a column of `CASE_COLUMNS`)."""
        name, suite = self._chosen.order.suite, self._chosen.suite
        case = suite.case(case_id) if suite is not None else None
        if case is None:
            return False
        try:
            changed = edited_case(case, column, text)
        except WorkbenchError as error:
            self._chosen.fail(error)
            return False
        if changed == case:
            return True
        return await self._chosen.change(lambda: self._parts.suites.files.replace(name, case_id, changed))

    async def delete_case(self, case_id: str) -> bool:
        """Take a case out of its file."""
        name = self._chosen.order.suite
        return await self._chosen.change(lambda: self._parts.suites.files.replace(name, case_id, None))

    async def add_turn(self, run_id: RunId, turn: int) -> bool:
        """Add a recorded turn to the chosen suite; the first one is made where there is none."""
        suites = self._parts.suites
        name = self._chosen.order.suite or next(iter(suites.files.names()), FIRST_SUITE)

        def add() -> Undoable:
            return add_turn(suites.files, name, tuple(self._parts.runs.load(run_id)), turn, suites.marks())

        is_done = await self._chosen.act(add)
        if is_done:
            await self._chosen.refresh()
        else:
            self._chosen.failed.emit(self._chosen.trouble)
        return is_done


def splits() -> tuple[Split, ...]:
    """The splits a case can be in."""
    return tuple(get_args(Split))


def _said(request: str) -> str:
    if not request.strip():
        raise UsageError("a case needs a request", hint="Type what the user says.")
    return request.strip()
