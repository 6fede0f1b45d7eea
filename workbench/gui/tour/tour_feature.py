"""The guided tour as a feature of the window: the strip, the command, and the conversation it watches."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from workbench.app.parts import HasProject
from workbench.core.errors import WorkbenchError
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.tour.tour_strip import TourStrip
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.tour.tour import TourViewModel

_TASK = "tour"


class TourFeature(Feature[HasProject]):
    """Each step uses a new conversation, so that earlier messages cannot affect the choice."""

    def __init__(self, context: WindowContext, parts: HasProject) -> None:
        super().__init__(context, parts)
        self.tour = TourViewModel(self.parts, context.read_again, lambda: context.commands.shown_keys("next-approval"))
        self.strip = TourStrip(context.look)
        self._pane: ChatPane | None = None

    def commands(self) -> tuple[Command, ...]:
        """The command; the tour can be taken again at any time."""
        return (Command("tour", "Guided tour: run, approve, break it and fix it", "Help", self.start),)

    def begin(self) -> None:
        """Add the strip above the tabs."""
        center = self.context.as_window.centralWidget()
        column = center.layout() if center is not None else None
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, self.strip)
        self.strip.go_asked.connect(self.go)
        self.strip.end_asked.connect(lambda: self._start(self.tour.end()))
        self.strip.compare_asked.connect(self.compare)
        listen(self.strip, self.tour.changed, self._show)
        listen(self.strip, self.context.commands.keys_changed, self._show)
        listen(self.strip, self.context.approvals.arrived, lambda _: self._on_asked())

    def take_pane(self, pane: ChatPane) -> None:
        """Offer the tour in empty conversations."""
        pane.first_view.offer_tour(lambda: self.tour.is_offered)
        pane.first_view.tour_asked.connect(self.start)
        listen(pane, pane.conversation.changed, lambda: self._on_changed(pane))

    def start(self) -> None:
        """Begin at the first step."""
        if not (self.tour.is_on or self.tour.is_offered):
            words = "The tour needs the weather desk sample with its original current_time tool. Open the sample first."
            self.context.toasts.tell(words, tone="warn")
            return
        self._start(self.tour.start())

    def go(self) -> None:
        """Carry out the step: prepare, write its message into a new conversation, and send it."""
        if self.tour.step == "end":
            self._start(self.tour.end())
        else:
            self._start(self._ask())

    def compare(self) -> None:
        """Compare the tour's first answer with the later ones."""
        if len(self.tour.runs) > 1:
            self.context.features.of(CompareFeature).compare(self.tour.runs)

    async def _ask(self) -> None:
        await self.tour.prepare()
        pane = self._pane = self.context.opening.new_conversation()
        pane.composer.editor.setPlainText(self.tour.prompt)
        self.context.run()
        self._show()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        async def tell() -> None:
            try:
                await work
            except WorkbenchError as error:
                self.context.toasts.tell(one_line(f"{error.message} {error.hint}".strip(), 240), tone="error")

        watched = tell()
        if not self.context.tasks.start(_TASK, watched):
            work.close()

    def _on_asked(self) -> None:
        if self._pane is not None and self._pane.conversation.is_running:
            self.tour.ask()

    def _on_changed(self, pane: ChatPane) -> None:
        conversation = pane.conversation
        if pane is not self._pane or not self.tour.is_on:
            return
        run_id = conversation.last_run
        if run_id is not None and not conversation.is_running and not conversation.is_interrupted:
            self.tour.take_run(run_id, conversation.events_of(run_id))
        self._show()

    def _show(self) -> None:
        is_running = self._pane is not None and self._pane.conversation.is_running
        self.strip.show_card(self.tour.card, is_running=is_running)

    async def put_away(self) -> None:
        """Restore a changed description, or the next start would find it changed."""
        self.tour.leave()
