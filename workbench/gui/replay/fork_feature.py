"""Forks as a feature of the window: from any place of a run, shown in their tabs and as a tree."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from workbench.app.parts import HasModels, HasProject, HasRuns, HasTools
from workbench.app.runs.live_run import LiveRun
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.replay.fork_banner import ForkBanner, put_on_top
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.viewmodels.replay.fork_tree import ForkFacts, fork_facts, fork_trees, is_fork_row
from workbench.viewmodels.runs.run_place import RunPlace, place_of_row
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.trouble import error_words

if TYPE_CHECKING:
    from workbench.app.replay.replays import Replays
    from workbench.gui.replay.fork_page import ForkPage
    from workbench.gui.replay.forks_page import ForksPage

FORKS = "Forks"
_PAGE: PageKey[ForkPage] = PageKey("fork")
_TREE: PageKey[ForksPage] = PageKey("forks")
_LISTED = 2_000


class ForkFeatureParts(HasProject, HasTools, HasModels, HasRuns, Protocol):
    """What forks need, and what they may change."""


class ForkFeature(Feature[ForkFeatureParts]):
    """Prepares and launches forks, and shows in every tab where it was forked."""

    def __init__(self, context: WindowContext, parts: ForkFeatureParts) -> None:
        super().__init__(context, parts)
        self._banners: dict[ChatPane, ForkBanner] = {}
        self._facts: dict[RunId, ForkFacts | None] = {}

    def commands(self) -> tuple[Command, ...]:
        """The commands: fork the open conversation, show the tree."""
        return (
            Command("fork", "Fork from the selected step…", "Replay", self.fork_selected, ("Ctrl+Shift+B",), "fork"),
            Command(
                "forks",
                "Forks: the tree of runs",
                "Replay",
                self.show_tree,
                ("Ctrl+Shift+G",),
                "fork",
                opens_page=True,
            ),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """Actions that fork from a place."""
        return (
            PlaceAction("fork", "Fork from here…", frozenset({"message", "round", "run"}), self.fork),
            PlaceAction("fork-before", "Fork before this call…", frozenset({"call"}), self.fork),
            PlaceAction(
                "fork-after",
                "Fork after this call…",
                frozenset({"call"}),
                lambda run_place: self.fork(run_place, is_after=True),
                lambda run_place: run_place.is_settled,
            ),
        )

    def take_pane(self, pane: ChatPane) -> None:
        """Add the line above a conversation."""
        banner = self._banners[pane] = ForkBanner(self.context.look)
        put_on_top(pane, banner)
        banner.parent_asked.connect(lambda: self._open_parent(banner))
        banner.compare_asked.connect(lambda: self._compare(banner))
        banner.forks_asked.connect(lambda: self.show_tree(banner.run_id))
        listen(pane, pane.conversation.changed, lambda: self.show_pane(pane))
        listen(pane, pane.conversation.chat.inserted, lambda _: self._look_again(pane))
        pane.destroyed.connect(lambda *_: self._banners.pop(pane, None))

    def show_pane(self, pane: ChatPane) -> None:
        """Show where it was forked, and its forks."""
        banner = self._banners.get(pane)
        run_id = pane.conversation.last_run
        if banner is None or run_id is None or not pane.conversation.holds(run_id):
            return  # a playback shows only a part of the run, which says nothing about the whole
        self._read_facts(pane, run_id)
        facts = self._facts.get(run_id)
        tree = self.context.history.tree
        parent = tree.row(facts.parent) if facts is not None else None
        forks = [fork for held in pane.conversation.runs for fork in self._real_forks(tree.forks_of(held))]
        banner.show_fork(run_id, facts, one_line(parent.title, 60) if parent is not None else "", len(forks))

    def _read_facts(self, pane: ChatPane, run_id: RunId) -> None:
        """Check a fork again while its own part has not begun."""
        facts = self._facts.get(run_id)
        if run_id not in self._facts or (facts is not None and not facts.point):
            events = list(pane.conversation.events_of(run_id))
            if events:
                self._facts[run_id] = fork_facts(events)

    def _look_again(self, pane: ChatPane) -> None:
        banner = self._banners.get(pane)
        if banner is not None and banner.facts is not None and not banner.facts.point:
            self.show_pane(pane)

    def refresh(self) -> None:
        """The project was reloaded: a page that prepares a fork reads the current tools."""
        for page in self.context.documents.pages(_PAGE):
            page.show_preview()

    # the actions

    def fork(self, run_place: RunPlace, *, is_after: bool = False) -> None:
        """Prepare a fork at a place of a run."""
        point = f"after:{run_place.span}" if is_after else (run_place.span or "turn-1")
        self.context.tasks.start(f"fork {run_place.run_id} {point}", self.prepare(run_place.run_id, point))

    def fork_selected(self) -> None:
        """Prepare a fork at the trace's selection, else at the beginning of the newest run."""
        pane = self.context.pane
        if pane is None or pane.conversation.last_run is None:
            self.context.toasts.tell("Open a run to fork first.", tone="warn")
            return
        row = pane.conversation.trace.selection
        self.fork((place_of_row(row) if row is not None else None) or RunPlace("run", pane.conversation.last_run))

    def show_tree(self, selected: RunId | None = None) -> ForksPage:
        """Show the tree of forks in a tab."""
        page = self.context.documents.show_page(_TREE, FORKS, self._make_tree)
        self.context.tasks.start("forks", self._read_tree(page, selected or None))
        return page

    @property
    def replays(self) -> Replays:
        """The view-model of forks."""
        return self.context.features.of(ReplayFeature).replays

    async def prepare(self, run_id: RunId, point: str) -> ForkPage | None:
        """Show the page that prepares a fork of a run at a point; None, with a message, if that is impossible."""
        from workbench.gui.replay.fork_page import ForkPage
        from workbench.viewmodels.replay.fork_form import ForkForm

        try:
            recording = await asyncio.to_thread(self.replays.recording, run_id)
            form = ForkForm(self.parts, self.replays, recording, point)
        except WorkbenchError as error:
            self.context.toasts.tell(f"Cannot fork this: {error_words(error)}", tone="warn")
            return None
        key = _PAGE.of(f"{run_id} {point}")
        page = self.context.documents.show_page(key, "Fork…", lambda: ForkPage(form, self.context.look))
        if page.form is form:
            page.launched.connect(lambda live: self._launched(page, live))
            page.left.connect(lambda: self._close(page))
        page.point.setFocus()
        return page

    def _launched(self, page: ForkPage, live: object) -> None:
        assert isinstance(live, LiveRun)
        self._close(page)
        self.context.opening.live(live)

    def _close(self, page: ForkPage) -> None:
        self.context.documents.close_page(page)

    def _open_parent(self, banner: ForkBanner) -> None:
        if banner.facts is not None:
            self.context.open_run(banner.facts.parent)

    def _compare(self, banner: ForkBanner) -> None:
        if banner.facts is not None and banner.run_id is not None:
            self.context.features.of(CompareFeature).compare([banner.facts.parent, banner.run_id])

    def _make_tree(self) -> ForksPage:
        from workbench.gui.replay.forks_page import ForksPage

        page = ForksPage(self.context.look)
        page.opened.connect(lambda run_id: self.context.open_run(RunId(run_id)))
        page.menu_asked.connect(
            lambda run_id, where: self.context.features.open_menu(RunPlace("run", run_id), where, page)
        )
        return page

    async def _read_tree(self, page: ForksPage, selected: RunId | None) -> None:

        tree = await asyncio.to_thread(self.parts.runs.tree)
        rows = tree.newest(_LISTED)
        for row in rows:
            if is_fork_row(row) and row.run_id not in self._facts:
                self._facts[row.run_id] = await asyncio.to_thread(self._facts_of, row.run_id)
        nodes = fork_trees(rows, self._facts.get)
        if page is self.context.documents.page(_TREE):
            page.show_nodes(nodes)
            page.select(selected or page.selected)
            page.tree.setFocus()

    def _facts_of(self, run_id: RunId) -> ForkFacts | None:
        try:
            return fork_facts(self.parts.runs.load(run_id))
        except WorkbenchError:
            return None

    def _real_forks(self, rows: list[RunRow]) -> list[RunRow]:
        """Without edited messages: the conversation shows these as versions of one another."""
        return [row for row in rows if row.fork_seq is None or row.fork_seq > 1 or self._facts.get(row.run_id)]
