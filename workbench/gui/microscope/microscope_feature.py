"""The microscope in the window: acts on calls and rounds that open its page, and marks on what was wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId, SpanPath
from workbench.core.mark import Mark
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.gui.routing.routing_feature import RoutingFeature
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.microscope.marks import MarkList
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind
from workbench.viewmodels.shared.plain import one_line

if TYPE_CHECKING:
    from workbench.gui.microscope.marks_page import MarksPage
    from workbench.gui.microscope.microscope_page import MicroscopePage
    from workbench.viewmodels.microscope.point import DecisionParts, PointViewModel

_PLACES: frozenset[RunPlaceKind] = frozenset({"call", "round"})
_MARKS = "Decisions marked wrong"
_READ_MARKS = "read the marks"
_PAGE: PageKey[MicroscopePage] = PageKey("microscope")
_MARKS_PAGE: PageKey[MarksPage] = PageKey("marks")


class MicroscopeFeature(Feature["DecisionParts"]):
    """One page for each decision; one list of marks for all."""

    def __init__(self, context: WindowContext, parts: DecisionParts) -> None:
        super().__init__(context, parts)
        self.marks = MarkList(parts)
        """The marks of the project."""
        self._shown: WeakKeyDictionary[ChatPane, tuple[tuple[Mark, ...], int, int]] = WeakKeyDictionary()
        self.save_case: Callable[[RunPlace], object] = lambda run_place: None
        """Makes a case of a marked decision; the feature of suites says how."""
        self._asking: list[str] = []
        """The tasks that may be asking; a page that is closed goes on until it is done."""

    def begin(self) -> None:
        """Marks are shown as soon as they are read."""
        self.marks.changed.connect(self._show_marks)
        self.context.tasks.start(_READ_MARKS, self.marks.load())

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers."""
        return (
            Command("marks", f"{_MARKS}", "Project", self.list_marks, icon="note", opens_page=True),
            Command(
                "microscope",
                "Why this tool? Open the newest call in the microscope",
                "Run",
                self.open_newest,
                opens_page=True,
            ),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """Look at the decision that led to a call or to what a round said; call it wrong; ask again."""
        return (
            PlaceAction("microscope", "Why this tool? (microscope)", _PLACES, self.open),
            PlaceAction("mark-wrong", "Mark as wrong…", _PLACES, self.mark),
            PlaceAction("ask-again", "Ask again ×N…", _PLACES, self.ask_again),
        )

    def open(self, run_place: RunPlace, then: Callable[[MicroscopePage], object] = lambda page: None) -> None:
        """Open the page of the decision at a place of a run, and do something with it `then`."""

        async def opened() -> None:
            page = await self.page(run_place)
            if page is not None:
                then(page)

        self.context.tasks.start(f"microscope {run_place.run_id} {run_place.span}", opened())

    async def page(self, run_place: RunPlace) -> MicroscopePage | None:
        """The page of the decision at a place of a run; None, and a word about it, where there is none."""
        from workbench.viewmodels.microscope.point import PointViewModel

        context = self.context
        replays = context.features.of(ReplayFeature).replays
        try:
            point = await asyncio.to_thread(PointViewModel, self.parts, replays, run_place.run_id, run_place.span)
            await context.tasks.finish(_READ_MARKS)
        except WorkbenchError as error:
            context.toasts.tell(f"Cannot inspect this decision: {error.message}", tone="warn")
            return None
        key = _PAGE.of(f"{run_place.run_id}:{point.point}:{point.call}")
        title = f"Why {one_line(point.chosen_tool or 'no call', 40)}?"
        return context.documents.show_page(key, title, lambda: self._make_page(point))

    def mark(self, run_place: RunPlace) -> None:
        """Say what would have been right there."""
        self.open(run_place, lambda page: page.mark.begin())

    def ask_again(self, run_place: RunPlace) -> None:
        """Get ready to ask again; nothing is sent before Start is pressed."""
        self.open(run_place, _get_ready)

    def open_newest(self) -> None:
        """The newest call of the open conversation, or else what it said last."""
        pane = self.context.pane
        if pane is None:
            self.context.toasts.tell("Open a conversation first: the microscope shows one of its decisions.")
            return
        found = next(
            (row for kind in ("call", "round") for row in reversed(pane.conversation.trace.rows) if row.kind == kind),
            None,
        )
        if found is None:
            self.context.toasts.tell("No decisions in this conversation yet.")
        else:
            self.open(RunPlace("call" if found.kind == "call" else "round", found.run_id, found.span, found.call_id))

    def list_marks(self) -> MarksPage:
        """Everything that was called wrong."""
        from workbench.gui.microscope.marks_page import MarksPage

        context = self.context
        return context.documents.show_page(
            _MARKS_PAGE,
            _MARKS,
            lambda: MarksPage(
                _MARKS, self.marks, context.look, context.toasts, self.open_mark, lambda *mark: self._save_mark(*mark)
            ),
        )

    def open_mark(self, run_id: str, span: str) -> None:
        """The decision of a mark."""
        self.open(_place_of_mark(run_id, span))

    def _save_mark(self, run_id: str, span: str) -> None:
        self.save_case(_place_of_mark(run_id, span))

    def show_pane(self, pane: ChatPane) -> None:
        """Its cards and the rows of its trace say what was called wrong, updated only where something is new."""
        if not self.marks.marks and pane not in self._shown:
            return
        chat, trace = pane.conversation.chat, pane.conversation.trace
        state = (self.marks.marks, len(chat.entries), len(trace.all_rows))
        if self._shown.get(pane) != state:
            self._shown[pane] = state
            chat.show_marks(self.marks.words)
            trace.show_marks(self.marks.words)

    def refresh(self) -> None:
        """The project was reloaded: other edits, other variants."""
        for page in self.context.documents.pages(_PAGE):
            page.refresh()

    async def put_away(self) -> None:
        """Nothing is asked anymore; what has come is kept."""
        from workbench.gui.microscope.ablation_bar import TASK as EVIDENCE

        await self.context.tasks.finish(_READ_MARKS)
        for name in self._asking:
            self.context.tasks.cancel(name)
            await self.context.tasks.finish(name)
        await self.context.tasks.end_all(EVIDENCE)

    def _make_page(self, point: PointViewModel) -> MicroscopePage:
        from workbench.gui.microscope.microscope_page import MicroscopePage

        context = self.context
        page = MicroscopePage(
            point,
            context.look,
            context.tasks,
            marks=self.marks,
            toasts=context.toasts,
            show_live=context.opening.live,
            follow=context.work.begin,
        )
        editor = context.features.of(SchemaEditorFeature)
        page.tool_asked.connect(editor.show_tool)
        page.description_written.connect(editor.describe)
        page.case_asked.connect(lambda: self._save_mark(point.run_id, str(point.point)))
        routing = context.features.of(RoutingFeature)
        page.head.cause_asked.connect(lambda: routing.show_cause(point.run_id, SpanPath(str(point.point))))
        self._asking.append(page.votes.ask.task)
        return page

    def _show_marks(self) -> None:
        for pane in self.context.documents.panes():
            self.show_pane(pane)


def _place_of_mark(run_id: str, span: str) -> RunPlace:
    kind: RunPlaceKind = "call" if "/call-" in span else "round"
    return RunPlace(kind, RunId(run_id), SpanPath(span))


def _get_ready(page: MicroscopePage) -> None:
    from workbench.gui.microscope.microscope_page import VOTES

    page.show_panel(VOTES)
    page.votes.ask.trials.setFocus()
    page.votes.ask.trials.selectAll()
