"""Rerun as a feature of the window: one run, or every recorded one, over its own recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.ids import RunId, SpanPath
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.viewmodels.runs.run_place import RunPlace
from workbench.viewmodels.shared.progress import Progress

if TYPE_CHECKING:
    from workbench.gui.replay.rerun_all_page import RerunAllPage
    from workbench.gui.replay.rerun_page import RerunPage
    from workbench.viewmodels.replay.rerun_report import RerunBatch

_ALL = "rerun all"
_PAGE: PageKey[RerunPage] = PageKey("rerun")
_ALL_PAGE: PageKey[RerunAllPage] = PageKey(_ALL)


class RerunFeature(Feature[object]):
    """Nothing of a rerun is stored; the pages are all there is of it."""

    def __init__(self, context: WindowContext, parts: object) -> None:
        super().__init__(context, parts)
        self._running: set[str] = set()

    def commands(self) -> tuple[Command, ...]:
        """Rerun the open run, or all of them."""
        return (
            Command("rerun", "Rerun over its recording", "Replay", self.rerun_open, ("Ctrl+F5",), "rerun"),
            Command("rerun-all", "Rerun all recorded runs", "Replay", self.rerun_all, ("Ctrl+Shift+F5",), "rerun"),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """A run can be run again."""
        return (PlaceAction("rerun", "Rerun over its recording", frozenset({"run"}), self._rerun_place),)

    def rerun_open(self) -> None:
        """The newest run of the open conversation."""
        run_id = self.context.pane.conversation.last_run if self.context.pane is not None else None
        if run_id is None:
            self.context.toasts.tell("Open a run to rerun first.", tone="warn")
        else:
            self.rerun(run_id)

    def rerun(self, run_id: RunId) -> None:
        """Run one again and show what came of it."""
        name = f"rerun {run_id}"
        progress = Progress("Rerunning", "run", stop=lambda: self.context.tasks.cancel(name))
        self._running.add(name)
        self.context.work.begin(progress)
        if not self.context.tasks.start(name, self._rerun(run_id, progress)):
            progress.finish()

    def rerun_all(self) -> None:
        """Run all of them again, newest first."""
        from workbench.viewmodels.replay.rerun_report import RerunBatch

        batch = RerunBatch(self.context.features.of(ReplayFeature).replays)
        page = self.context.documents.show_page(_ALL_PAGE, "Rerun of all runs", lambda: self._make_all(batch))
        self._start_all(page)

    async def put_away(self) -> None:
        """Nothing runs on in a window that goes."""
        for name in (*self._running, _ALL):
            self.context.tasks.cancel(name)
            await self.context.tasks.finish(name)

    def _rerun_place(self, run_place: RunPlace) -> None:
        self.rerun(run_place.run_id)

    async def _rerun(self, run_id: RunId, progress: Progress) -> None:
        from workbench.gui.replay.rerun_page import RerunPage
        from workbench.viewmodels.replay.rerun_report import rerun_one, title_of

        try:
            row = self.context.history.tree.row(run_id)
            title = title_of(row) if row is not None else run_id
            result = await rerun_one(self.context.features.of(ReplayFeature).replays, run_id, title)
        finally:
            progress.finish()
        documents, key = self.context.documents, _PAGE.of(run_id)
        known = documents.page(key)
        if known is not None:
            documents.close_page(known)
        page = documents.show_page(key, "Rerun", lambda: RerunPage(result, self.context.look))
        page.open_asked.connect(self._open)
        page.again_asked.connect(lambda: self.rerun(run_id))
        page.open_button.setFocus()

    def _make_all(self, batch: RerunBatch) -> RerunAllPage:
        from workbench.gui.replay.rerun_all_page import RerunAllPage

        page = RerunAllPage(batch, self.context.look)
        page.opened.connect(self._open)
        page.stop_asked.connect(lambda: self.context.tasks.cancel(_ALL))
        page.again_asked.connect(lambda: self._start_all(page))
        return page

    def _start_all(self, page: RerunAllPage) -> None:
        if self.context.tasks.is_running(_ALL):
            return
        progress = Progress("Rerunning all runs", "run", stop=lambda: self.context.tasks.cancel(_ALL))
        self.context.work.begin(progress)
        self.context.tasks.start(_ALL, self._run_all(page.batch, progress))

    async def _run_all(self, batch: RerunBatch, progress: Progress) -> None:
        try:
            await batch.run(self.context.history.tree.newest(), progress.tell)
        finally:
            progress.finish()

    def _open(self, run_id: str, place: str) -> None:
        self.context.opening.run(RunId(run_id), lambda pane: self._arrive(pane, RunId(run_id), SpanPath(place)))

    def _arrive(self, pane: ChatPane, run_id: RunId, span: SpanPath) -> None:
        row = pane.conversation.trace.row_at(run_id, span) if span else None
        self.context.features.of(TraceFeature).show_row(row)
