"""The microscope in the window: acts on calls and rounds that open its page, and marks on what was wrong."""

from weakref import WeakKeyDictionary

from workbench.core.errors import WorkbenchError
from workbench.core.mark import Mark
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, SpotAct, Workplace
from workbench.gui.microscope.ablation_bar import TASK as EVIDENCE
from workbench.gui.microscope.marks_page import MarksPage
from workbench.gui.microscope.microscope_page import VOTES, MicroscopePage
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.viewmodels.microscope.marks import MarkList
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.runs.run_place import Spot, SpotKind
from workbench.viewmodels.shared.plain import one_line

_PLACES: frozenset[SpotKind] = frozenset({"call", "round"})
_CALLS: frozenset[SpotKind] = frozenset({"call"})
_MARKS = "Marked decisions"
_MARKS_PAGE = PageKey(MarksPage, "marks")


class MicroscopeFeature(Feature):
    """One page for each decision; one list of marks for all."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._marks: MarkList | None = None
        self._shown: WeakKeyDictionary[ChatPane, tuple[tuple[Mark, ...], int, int]] = WeakKeyDictionary()
        self._asking: list[str] = []
        """The tasks that may be asking; a page that is closed goes on until it is done."""

    @property
    def marks(self) -> MarkList:
        """The marks of the project, read with the first use."""
        if self._marks is None:
            self._marks = MarkList(self.place.session)
            self._marks.changed.connect(self._show_marks)
        return self._marks

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers."""
        return (
            Command("marks", f"{_MARKS}: what was called wrong", "Project", self.list_marks, icon="note"),
            Command("microscope", "Why this tool? The newest call under the microscope", "Run", self.open_newest),
        )

    def spot_acts(self) -> tuple[SpotAct, ...]:
        """Look at the decision that led to a call or to what a round said; call it wrong; ask again."""
        return (
            SpotAct("microscope", "Why this tool? (microscope)", _PLACES, self.open),
            SpotAct("mark-wrong", "Mark as wrong…", _PLACES, self.mark),
            SpotAct("ask-again", "Ask again ×N…", _PLACES, self.ask_again),
        )

    def open(self, spot: Spot) -> MicroscopePage | None:
        """The page of the decision at a place of a run; None, and a word about it, where there is none."""
        place = self.place
        try:
            replays = place.features.of(ReplayFeature).replays
            point = PointViewModel(place.session, replays, spot.run_id, spot.span)
        except WorkbenchError as error:
            place.toasts.tell(f"This decision cannot be looked at: {error.message}", tone="warn")
            return None
        key = f"microscope:{spot.run_id}:{point.point}:{point.call}"
        title = f"Why {one_line(point.chosen_tool or 'no call', 40)}?"
        return place.documents.show_page(PageKey(MicroscopePage, key), title, lambda: self._make_page(point))

    def mark(self, spot: Spot) -> None:
        """Say what would have been right there."""
        page = self.open(spot)
        if page is not None:
            page.mark.begin()

    def ask_again(self, spot: Spot) -> None:
        """Get ready to ask again; nothing is sent before Start is pressed."""
        page = self.open(spot)
        if page is not None:
            page.show_panel(VOTES)
            page.votes.ask.trials.setFocus()
            page.votes.ask.trials.selectAll()

    def open_newest(self) -> None:
        """The newest call of the open conversation, or else what it said last."""
        pane = self.place.pane
        rows = pane.conversation.trace.rows if pane is not None else []
        found = next((row for kind in ("call", "round") for row in reversed(rows) if row.kind == kind), None)
        if found is None:
            self.place.toasts.tell("There is no decision in this conversation yet.")
        else:
            self.open(Spot("call" if found.kind == "call" else "round", found.run_id, found.span, found.call_id))

    def list_marks(self) -> MarksPage:
        """Everything that was called wrong."""
        place = self.place
        return place.documents.show_page(
            _MARKS_PAGE, _MARKS, lambda: MarksPage(_MARKS, self.marks, place.look, place.toasts, self.open_mark)
        )

    def open_mark(self, run_id: str, span: str) -> None:
        """The decision of a mark."""
        kind: SpotKind = "call" if "/call-" in span else "round"
        self.open(Spot(kind, run_id, span))  # type: ignore[arg-type]

    def show_pane(self, pane: ChatPane) -> None:
        """Its cards and the rows of its trace say what was called wrong, looked at anew only where something is new."""
        if not self.marks.marks and pane not in self._shown:
            return
        chat, trace = pane.conversation.chat, pane.conversation.trace
        state = (self.marks.marks, len(chat.entries), len(trace.all_rows))
        if self._shown.get(pane) != state:
            self._shown[pane] = state
            chat.show_marks(self.marks.words)
            trace.show_marks(self.marks.words)

    def refresh(self) -> None:
        """The project was read anew: other edits, other variants."""
        for page in self.place.documents.pages(MicroscopePage):
            page.refresh()

    async def put_away(self) -> None:
        """Nothing is asked any more; what has come is kept."""
        for name in self._asking:
            self.place.tasks.cancel(name)
            await self.place.tasks.finish(name)
        await self.place.tasks.end_all(EVIDENCE)

    def _make_page(self, point: PointViewModel) -> MicroscopePage:
        place = self.place
        page = MicroscopePage(
            point,
            place.look,
            place.tasks,
            marks=self.marks,
            toasts=place.toasts,
            show_live=place.opening.live,
            follow=place.line.follow,
        )
        self._asking.append(page.votes.ask.task)
        return page

    def _show_marks(self) -> None:
        for pane in self.place.documents.panes():
            self.show_pane(pane)
