"""The variants of the project: a list, the chosen one's changes word by word, and its form."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys, show_undo
from workbench.gui.look.look import Look
from workbench.gui.recorded_calls.recorded_calls_strip import RecordedCallsStrip
from workbench.gui.variants.draft_form import DraftForm
from workbench.gui.variants.variant_list import NoVariants, VariantList
from workbench.viewmodels.recorded_calls.recorded_call_report import RecordedCallReportViewModel
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.variants.variants import VariantsViewModel

SAVE_MS = 600
SETTLE_MS = 700
_NARROW = 720


class VariantsPage(QWidget):
    """Shows a `VariantsViewModel`. Edits are saved after a pause, and when the page is left."""

    use_asked = Signal(str)
    """The person wants the next run to use this variant."""
    fork_asked = Signal(str)
    """The person wants to fork the newest run with this variant."""
    compare_asked = Signal(str)
    list_asked = Signal()
    """The person wants to see the recorded calls."""

    def __init__(
        self,
        variants: VariantsViewModel,
        report: RecordedCallReportViewModel,
        look: Look,
        tasks: Tasks,
        *,
        models: tuple[str, ...],
        judge: Callable[[], object],
    ) -> None:
        """`judge` checks the recorded calls against the chosen variant."""
        super().__init__()
        self.variants = variants
        self._look = look
        self._tasks = tasks
        self._is_showing = False
        self._shown = ""
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._keys = UndoKeys(self.undo_edit, self.redo_edit, self)
        self.list = VariantList(self._delete)
        self.list.currentItemChanged.connect(self._select)
        self.make = action_button("New from my edits", "New variant from my edits", self._open_make)
        self.make_empty = action_button("New, empty", "New, empty variant", self._make_empty)
        self._make_menu = QMenu(self)
        self._make_menu.setAccessibleName("New variant from my edits")
        for words, put_back in (
            ("Keep the edits in the project too", False),
            ("Restore the tools", True),
        ):
            self._make_menu.addAction(words).triggered.connect(
                lambda _=False, put_back=put_back: self._start(variants.make_of_edits(put_back=put_back))
            )
        self.recount = action_button("Count edits from now", "Start counting my edits now", variants.count_from_now)
        self.recount.setProperty("role", "link")
        self.take_back = action_button("", "Undo", lambda: self._start(variants.undo_act()), role="link")
        self._since = label("", "hint", wraps=True)
        self.name = QLineEdit()
        self.name.setAccessibleName("Variant name")
        self.name.editingFinished.connect(self._rename)
        self.problem = label("", "", wraps=True)
        self.problem.setProperty("tone", "warn")
        self.drop = action_button("Remove what no longer applies", "Remove what no longer applies", self._drop)
        self.banner = QFrame()
        self.banner.setProperty("role", "notice-warn")
        self.use = action_button("Use in the next run", "Use this variant in the next run", self._use, role="primary")
        self.promote = action_button(
            "Promote", "Promote: apply it to the project", lambda: self._start(variants.promote())
        )
        self.promote.setToolTip(
            "Writes its tools, instructions, tool choice, and model to the project's files. You can undo this."
        )
        self.fork = action_button("Fork the newest run…", "Fork the newest run with this variant", self._fork)
        self.compare = action_button("Compare…", "Compare runs", lambda: self.compare_asked.emit(variants.selected))
        self.copy = action_button("Duplicate", "Duplicate the variant", variants.duplicate)
        self.delete = action_button("Delete", "Delete the variant", self._delete)
        self.undo = action_button("Undo", "Undo", self.undo_edit)
        self.redo = action_button("Redo", "Redo", self.redo_edit)
        self.strip = RecordedCallsStrip(report, look, show=self.list_asked.emit, judge=judge, role="notice")
        self.diff = DiffView(look, "What the variant changes, word by word", max_lines=16)
        self.nothing = label("No changes: the project is already the same.", "muted", wraps=True)
        self.form = DraftForm(look, self._keys, models)
        self._save_timer = delay(self, SAVE_MS, variants.save)
        self._judge = judge
        self._judge_timer = delay(self, SETTLE_MS, judge)
        self._lay_out()
        self._take_look()
        self._open()
        self.refresh()
        listen(self, variants.changed, self.refresh)
        listen(self, variants.opened, self._open)
        look.follow(self, self._take_look)

    def undo_edit(self) -> None:
        """Undo the last edit of the form."""
        if self.variants.draft is not None:
            self.variants.draft.undo()

    def redo_edit(self) -> None:
        """Redo it."""
        if self.variants.draft is not None:
            self.variants.draft.redo()

    def refresh(self) -> None:
        """Show list and variant as they are now."""
        variants, row = self.variants, self.variants.row
        self._is_showing = True
        self.list.show_rows(variants.rows, variants.selected)
        self._is_showing = False
        self._since.setText(variants.baseline_words)
        self.take_back.setVisible(bool(variants.last_act))
        self.take_back.setText(one_line(f"Undo: {variants.last_act}", 60).replace("&", "&&"))
        self.take_back.setAccessibleName(f"Undo: {variants.last_act}")
        self._show_draft()
        problem = row.problem if row is not None else ""
        self.problem.setText(f"⚠ {problem}" if problem else "")
        self.banner.setVisible(bool(problem))
        self.drop.setVisible(variants.draft is not None)

    def focus_name(self) -> None:
        """Put the cursor into the name, with all of it selected."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def _open(self) -> None:
        """Another variant is shown."""
        draft = self.variants.draft
        self._save_timer.stop()
        if draft is not None:
            listen(self, draft.changed, lambda: self._show_draft() if self.variants.draft is draft else None)
            listen(self, draft.edited, lambda: self._save_timer.start() if self.variants.draft is draft else None)
            listen(self, draft.edited, lambda: self._judge_timer.start() if self.variants.draft is draft else None)
            self._judge()
        self._show_draft()

    def _show_draft(self) -> None:
        variants, draft = self.variants, self.variants.draft
        self._stack.setCurrentWidget(self._nothing_yet if not variants.selected else self._detail)
        if not self.name.hasFocus() or variants.selected != self._shown:
            self.name.setText(one_line(variants.selected, 200))
        self._shown = variants.selected
        for widget in (self._body, self.use, self.fork, self.promote, self.copy, self.undo, self.redo):
            widget.setVisible(draft is not None)
        if draft is None:
            return
        changes = variants.changes
        fits = not draft.misfits
        self.diff.show_parts(changes)
        self.diff.setVisible(bool(changes))
        self.nothing.setVisible(not changes and fits)
        self.use.setEnabled(fits)
        self.fork.setEnabled(fits)
        self.promote.setEnabled(fits and bool(changes))
        show_undo(self.undo, self.redo, draft)
        self.form.show_draft(draft)

    def _select(self, item: QListWidgetItem | None) -> None:
        if not self._is_showing and item is not None:
            self.variants.select(str(item.data(Qt.ItemDataRole.UserRole)))

    def _rename(self) -> None:
        name, shown = self.name.text().strip(), one_line(self.variants.selected, 200)
        if self._is_showing or name == shown:
            return
        if not name or not self.variants.rename(name):
            self.name.setText(shown)

    def _open_make(self) -> None:
        self._make_menu.popup(self.make.mapToGlobal(QPoint(0, self.make.height())))

    def _make_empty(self) -> None:
        self._start(self.variants.make_empty(), self.focus_name)

    def _use(self) -> None:
        if self.variants.save():
            self.use_asked.emit(self.variants.selected)

    def _fork(self) -> None:
        if self.variants.save():
            self.fork_asked.emit(self.variants.selected)

    def _drop(self) -> None:
        if self.variants.draft is not None:
            self.variants.draft.drop_misfits()
            self.variants.save()

    def _delete(self) -> None:
        self.variants.delete()

    def _start(self, work: Coroutine[Any, Any, Any], on_done: Callable[[], object] | None = None) -> None:
        self._tasks.start("variants", work, on_done)

    # putting it together

    def _lay_out(self) -> None:
        side = QWidget()
        side.setProperty("role", "clear")
        left = QVBoxLayout(side)
        left.setContentsMargins(16, 16, 12, 12)
        left.setSpacing(8)
        left.addWidget(label("Variants", "heading"))
        left.addWidget(self.list, 1)
        making, flow = flow_row()
        flow.addWidget(self.make)
        flow.addWidget(self.make_empty)
        flow.addWidget(self.recount)
        left.addWidget(making)
        left.addWidget(self._since)
        left.addWidget(self.take_back, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self.banner)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self.problem, 1)
        row.addWidget(self.drop, 0, Qt.AlignmentFlag.AlignTop)
        acts, buttons = flow_row()
        for button in (self.use, self.fork, self.promote, self.compare, self.copy, self.delete, self.undo, self.redo):
            buttons.addWidget(button)
        self._body = QWidget()
        self._body.setProperty("role", "clear")
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(10)
        parts: tuple[QWidget, ...] = (self.strip, label("What it changes", "strong"), self.diff, self.nothing)
        for part in parts:
            body.addWidget(part)
        body.addSpacing(8)
        body.addWidget(label("Edit", "strong"))
        body.addWidget(self.form)
        body.addStretch(1)
        inner = QWidget()
        inner.setProperty("role", "page")
        right = QVBoxLayout(inner)
        right.setContentsMargins(16, 16, 12, 24)
        right.setSpacing(12)
        for widget in (self.name, self.banner, acts, self._body):
            right.addWidget(widget)
        right.addStretch(1)
        self._detail = ScrollArea("The variant", inner, sideways=True)
        self._nothing_yet = NoVariants()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing_yet)
        self._stack.addWidget(self._detail)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(side)
        self.split.addWidget(self._stack)
        self.split.setChildrenCollapsible(False)
        self.split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
        self._keys.watch(self.name)
        self._keys.watch(self.list)

    def _take_look(self) -> None:
        self.list.setMinimumHeight(self._look.px(64))
        self._share_room()

    def _share_room(self) -> None:
        is_narrow = self.split.orientation() == Qt.Orientation.Vertical
        whole = self.height() if is_narrow else self.width()
        first = round(whole * 0.3) if is_narrow else self._look.px(250)
        self.split.setSizes([first, max(whole - first, 1)])

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list above the variant when the page is narrow."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._look.px(_NARROW)
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self.split.orientation() != wanted:
            self.split.setOrientation(wanted)
            self._share_room()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._save_timer.stop()
        self.variants.save()
