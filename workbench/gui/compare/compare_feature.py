"""Comparing as a feature of the window: a baseline, a choice of runs, a page for each comparison, an export."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from workbench.app.parts import HasPrices, HasRedactor, HasRuns
from workbench.core.errors import WorkbenchError
from workbench.core.ids import RunId
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, PlaceAction, WindowContext
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.trouble import error_words

if TYPE_CHECKING:
    from workbench.app.compare.comparisons import ComparedRuns
    from workbench.gui.compare.compare_page import ComparePage
    from workbench.gui.compare.run_picker import RunPicker
    from workbench.viewmodels.compare.comparison import ComparisonViewModel
    from workbench.viewmodels.compare.run_choice import RunChoice

_CHOICE: PageKey[RunPicker] = PageKey("choose runs")
_COMPARISON: PageKey[ComparePage] = PageKey("compare")
_RUN: frozenset[RunPlaceKind] = frozenset({"run"})


class CompareParts(HasRuns, HasPrices, HasRedactor, Protocol):
    """What runs are compared with."""


class CompareFeature(Feature[CompareParts]):
    """Knows the baseline, as long as the window is open."""

    def __init__(self, context: WindowContext, parts: CompareParts) -> None:
        super().__init__(context, parts)
        self.baseline: RunId | None = None
        self.dialog: QFileDialog | None = None

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers about comparing."""
        return (
            Command(
                "compare-baseline",
                "Compare with baseline",
                "Replay",
                self.compare_with_baseline,
                ("F6",),
                "compare",
            ),
            Command("set-baseline", "Set open run as baseline", "Replay", self.take_open_run, ("Shift+F6",)),
            Command("compare", "Compare runs…", "Replay", lambda: self.choose(self.baseline), ("Ctrl+F6",), "compare"),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """A run can be compared, and be what others are compared with."""
        return (
            PlaceAction("compare", "Compare with…", _RUN, lambda run_place: self.choose(run_place.run_id)),
            PlaceAction("set-baseline", "Set as baseline", _RUN, lambda run_place: self.take(run_place.run_id)),
            PlaceAction("compare-baseline", "Compare with baseline", _RUN, self._compare_place, self._is_other),
        )

    def item_actions(self) -> tuple[ItemAction, ...]:
        """The newest run of a conversation."""
        words = "Compare the last run with…"
        return (ItemAction("compare", words, self._choose_for_item, lambda item: item.kind == "conversation"),)

    def take(self, run_id: RunId) -> None:
        """Hold other runs against this one from now on."""
        before, self.baseline = self.baseline, run_id

        def back() -> None:
            self.baseline = before

        keys = self.context.commands.shown_keys("compare-baseline")
        words = f"Open another run and press {keys}." if keys else "Compare other runs with it."
        self.context.toasts.tell(f"“{self._title(run_id)}” is now the baseline. {words}", back)

    def take_open_run(self) -> None:
        """The same with the newest run of the open conversation."""
        run_id = self._open_run()
        if run_id is not None:
            self.take(run_id)

    def compare_with_baseline(self) -> None:
        """The open run against the baseline; against its parent when it is a fork and there is none."""
        run_id = self._open_run()
        if run_id is None:
            return
        if self.baseline is not None and self.baseline != run_id:
            self.compare([self.baseline, run_id])
            return
        row = self.context.history.tree.row(run_id)
        if row is not None and row.parent_run is not None and row.fork_seq is not None:
            self.compare([row.parent_run, run_id])
        else:
            self.take(run_id)

    def choose(self, baseline: RunId | None) -> None:
        """Choose runs to compare; the baseline is chosen already."""
        if baseline is not None:
            self.baseline = baseline
        self.context.tasks.start("choose runs", self._choose(baseline))

    def compare(self, runs: Sequence[RunId]) -> None:
        """Compare these runs on a page of their own, the first being the baseline."""
        self.context.tasks.start(f"compare {' '.join(runs)}", self._compare(tuple(runs)))

    def copy(self, comparison: ComparisonViewModel) -> None:
        """What is shown, as Markdown, onto the clipboard."""
        text = self.parts.redactor.text(comparison.markdown())
        QGuiApplication.clipboard().setText(text)
        self.context.toasts.tell("Copied the comparison as Markdown", tone="ok")

    def export(self, comparison: ComparisonViewModel) -> None:
        """Ask for a file, without stopping anything else meanwhile."""
        dialog = self.dialog = QFileDialog(self.context.as_window, "Export the comparison", "comparison.html")
        dialog.setNameFilter("Web pages (*.html)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix("html")
        dialog.setModal(False)
        dialog.fileSelected.connect(lambda name: self.write(comparison, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def write(self, comparison: ComparisonViewModel, path: Path) -> None:
        """Write the page; the file's earlier content can be restored."""
        from workbench.app.exports.export_files import write_exports

        try:
            done = write_exports({path: self.parts.redactor.text(comparison.page())})
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(error.message, 200), tone="error")
            return
        undo = partial(self.take_back, done.undo, of_project=False)
        self.context.toasts.tell(one_line(done.words, 200), undo, tone="ok")

    def _compare_place(self, run_place: RunPlace) -> None:
        if self.baseline is not None:
            self.compare([self.baseline, run_place.run_id])

    def _choose_for_item(self, item: ExplorerItem) -> None:
        self.choose(self.context.history.tree.newest_of(item.run_id))

    def _is_other(self, run_place: RunPlace) -> bool:
        return self.baseline is not None and self.baseline != run_place.run_id

    def _open_run(self) -> RunId | None:
        run_id = self.context.pane.conversation.last_run if self.context.pane is not None else None
        if run_id is None:
            self.context.toasts.tell("Open a run to compare first.", tone="warn")
        return run_id

    def _title(self, run_id: RunId) -> str:
        row = self.context.history.tree.row(run_id)
        return one_line(row.title, 40) if row is not None else run_id

    async def _choose(self, baseline: RunId | None) -> None:
        from workbench.gui.compare.run_picker import RunPicker

        choice = await asyncio.to_thread(self._choice, baseline)
        key = _CHOICE.of(str(baseline))
        self._close(key)
        page = self.context.documents.show_page(key, "Compare…", lambda: RunPicker(choice))
        page.compared.connect(lambda runs: self._chosen(key, runs))
        page.list.setFocus()

    def _choice(self, baseline: RunId | None) -> RunChoice:
        from workbench.viewmodels.compare.run_choice import RunChoice

        return RunChoice(self.parts.runs.tree().newest(), baseline)

    def _chosen(self, key: PageKey[RunPicker], runs: list[RunId]) -> None:
        self._close(key)
        self.compare(runs)

    def _close(self, key: PageKey[Any]) -> None:
        page = self.context.documents.page(key)
        if page is not None:
            self.context.documents.close_page(page)

    async def _compare(self, runs: tuple[RunId, ...]) -> None:
        from workbench.gui.compare.compare_page import ComparePage
        from workbench.viewmodels.compare.comparison import ComparisonViewModel

        try:
            compared = await asyncio.to_thread(self._compared, runs)
        except WorkbenchError as error:
            self.context.toasts.tell(f"Cannot compare these runs: {error_words(error)}", tone="warn")
            return
        comparison = ComparisonViewModel(compared)
        key = _COMPARISON.of(" ".join(runs))
        self._close(key)
        page = self.context.documents.show_page(
            key,
            f"Compare: {one_line(compared.comparison.runs[0].message, 20)}",
            lambda: ComparePage(
                comparison,
                self.context.look,
                copy=lambda: self.copy(comparison),
                export=lambda: self.export(comparison),
                choose=lambda: self.choose(runs[0]),
            ),
        )
        page.only.setFocus()

    def _compared(self, runs: tuple[RunId, ...]) -> ComparedRuns:
        from workbench.app.compare.comparisons import compare_runs

        return compare_runs([tuple(self.parts.runs.load(run)) for run in runs], self.parts.prices.list)
