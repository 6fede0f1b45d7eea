"""The trace pane: filter box, table, totals."""

import time

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from workbench.gui.kit.labels import ElidedLabel, label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import ticker
from workbench.gui.look.look import Look
from workbench.gui.trace.filter_line import FilterLine
from workbench.gui.trace.overview_strip import OverviewStrip
from workbench.gui.trace.trace_keys import KEYS_TIP
from workbench.gui.trace.trace_table import TraceTable
from workbench.viewmodels.trace.row_filter import FILTER_HELP, completions
from workbench.viewmodels.trace.trace import TraceViewModel
from workbench.viewmodels.trace.trace_column import ALWAYS, COLUMNS, ColumnName
from workbench.viewmodels.trace.trace_row import TraceRow

_TICK_MS = 100


class TraceView(QWidget):
    """Shows a `TraceViewModel`."""

    place_menu_asked = Signal(object, QPoint)
    """The person wants to see what can be done with a row (a `RunPlace`), at that point of the screen."""
    columns_chosen = Signal(object)
    """Other columns are shown now: a frozenset of their names."""

    def __init__(self, trace: TraceViewModel, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.trace = trace
        self._look = look
        self._said: tuple[str, str, bool, str] | None = None
        self.filter = FilterLine(lambda text: completions(text, trace.all_rows))
        self.filter.setText(trace.filter_text)
        self.filter.textChanged.connect(trace.filter_by)
        self.axis_button = self._button("", self.switch_axis)
        self.waiting_button = self._button("Exclude time spent waiting for you", self._leave_out)
        self.waiting_button.setCheckable(True)
        self.columns_button = self._button("Columns of the trace", lambda: self.open_columns())
        self.table = TraceTable(trace, look)
        self.overview = OverviewStrip(trace, look)
        self._follows = True
        """Whether the newest row is kept in view: until somebody scrolls away or selects a row."""
        self._run_count = 0
        self.table.verticalScrollBar().actionTriggered.connect(self._on_scrolled)
        self.filter.left.connect(self._go_to_table)
        self.table.place_menu_asked.connect(self.place_menu_asked)
        self.table.columns_asked.connect(self.open_columns)
        self._trouble = ElidedLabel("", "caption")
        set_role(self._trouble, "tone", "warn")
        self._totals = ElidedLabel("", "caption")
        self.whole_button = self._button("Show the whole time axis", trace.zoom.show_whole)
        self._empty = label("Spans appear here during a run.", "hint", wraps=True, parent=self.table)
        self._lay_out()
        self._timer = ticker(self, _TICK_MS, self._on_tick)
        for signal in (trace.inserted, trace.reset, trace.figures_changed):
            listen(self, signal, self._on_rows_changed)
        listen(self, trace.changed, lambda first, last: self._on_rows_changed())
        listen(self, trace.selected, self._on_selected)
        listen(self, trace.zoom.changed, self._on_zoom)
        look.follow(self, self._take_look)
        self._take_look()

    def show_row(self, row: TraceRow) -> None:
        """Select a row and bring it into view."""
        self.table.go_to(row)

    def _go_to_table(self) -> None:
        self.table.setFocus()
        if self.table.current_row is None:
            self.table.walk("step", 1)

    def switch_axis(self) -> None:
        """Logarithmic or linear."""
        self.trace.zoom.switch_kind()

    def leave_out_waiting(self, *, is_on: bool) -> None:
        """Leave out how long a person was waited for, in times, totals and waterfall."""
        self.trace.leave_out_waiting(is_on=is_on)
        self._say("Waiting for you: excluded" if is_on else "Waiting for you: included")

    def show_columns(self, names: frozenset[ColumnName]) -> None:
        """Show these columns."""
        self.table.show_columns(names)

    def open_columns(self, point: QPoint | None = None) -> QMenu:
        """Offer the columns in a menu that stays open while one chooses."""
        menu = _StayingMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Columns of the trace")
        shown = self.table.shown_columns
        for column in COLUMNS:
            action = menu.addAction(column.heading)
            action.setCheckable(True)
            action.setChecked(column.name in shown)
            action.setEnabled(column.name != ALWAYS)
            action.setToolTip(column.about)
            action.toggled.connect(lambda is_on, name=column.name: self._show_column(name, is_on=is_on))
        corner = self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft())
        menu.popup(point or corner)
        return menu

    def _show_column(self, name: ColumnName, *, is_on: bool) -> None:
        names = frozenset(self.table.shown_columns)
        self.show_columns(names | {name} if is_on else names - {name})
        self.columns_chosen.emit(frozenset(self.table.shown_columns))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 8, 6)
        row.setSpacing(4)
        row.addWidget(self.filter, 1)
        for button in (self.axis_button, self.waiting_button, self.columns_button):
            row.addWidget(button)
        said = QHBoxLayout()
        said.setContentsMargins(12, 0, 12, 4)
        said.addWidget(self._trouble)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 8, 5)
        foot.addWidget(self._totals, 1)
        foot.addWidget(self.whole_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addLayout(said)
        column.addWidget(self.overview)
        column.addWidget(self.table, 1)
        column.addLayout(foot)

    def _button(self, name: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "quiet")
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda _=False: act())  # type: ignore[operator]
        return button

    def _leave_out(self) -> None:
        self.leave_out_waiting(is_on=self.waiting_button.isChecked())

    def _on_tick(self) -> None:
        if not self.trace.is_live or not self.isVisible():
            self._timer.stop()
            return
        self.trace.tick(time.time())
        self._draw_again()

    def _on_rows_changed(self) -> None:
        if self.trace.is_live and not self._timer.isActive():
            self._timer.start()
        self.table.take_content()
        self._draw_again()
        if len(self.trace.runs) != self._run_count:
            self._run_count, self._follows = len(self.trace.runs), True
        if self._follows and self.trace.is_live:
            self.table.scrollToBottom()

    def _on_scrolled(self) -> None:
        bar = self.table.verticalScrollBar()
        self._follows = bar.sliderPosition() >= bar.maximum()

    def _on_selected(self, row: TraceRow | None) -> None:
        self._follows = self._follows and row is None

    def _on_zoom(self) -> None:
        self._draw_again()
        self.overview.update()
        self._say(f"Time axis: {self.trace.zoom.words(self.trace.axis_s)}")

    def _fit_empty(self) -> None:
        self._empty.move(self._look.px(14), self.table.header.sizeHint().height() + self._look.px(10))
        self._empty.setFixedWidth(max(1, self.table.width() - 2 * self._empty.x()))
        self._empty.adjustSize()

    def _draw_again(self) -> None:
        trace = self.trace
        has_rows = bool(trace.rows)
        self._empty.setVisible(not has_rows)
        self.overview.setVisible(bool(trace.all_rows))
        self.overview.follow()
        if not has_rows:
            words = "No spans match this filter." if trace.all_rows else "Spans appear here during a run."
            self._empty.setText(words)
            self._fit_empty()
        self.table.waterfall.axis = trace.zoom.axis(trace.axis_s)
        self._totals.setText(trace.totals_text)
        zoom = trace.zoom
        shown_range = zoom.words(trace.axis_s) if zoom.window is not None else ""
        said = (trace.filter_trouble, zoom.kind, trace.figures.leaves_out_waiting, shown_range)
        if said != self._said:  # rows come often, the rest changes seldom
            self._said = said
            self._trouble.setText(trace.filter_trouble)
            self._trouble.setVisible(bool(trace.filter_trouble))
            self.filter.setAccessibleDescription(trace.filter_trouble or FILTER_HELP)
            self._show_switches(shown_range)
        self.table.viewport().update()
        self.table.header.viewport().update()

    def _show_switches(self, shown_range: str) -> None:
        zoom = self.trace.zoom
        words = "logarithmic" if zoom.kind == "log" else "linear"
        self.axis_button.setText("Log" if zoom.kind == "log" else "Linear")
        self.axis_button.setAccessibleName(f"Time axis: {words}")
        self.axis_button.setToolTip(plain_tip(f"The time axis is {words}. Press to switch.\n{KEYS_TIP}"))
        is_out = self.trace.figures.leaves_out_waiting
        if self.waiting_button.isChecked() is not is_out:
            self.waiting_button.setChecked(is_out)
        self.waiting_button.setToolTip(
            "Time spent waiting for you is excluded from times, totals, and the waterfall. Press to include it."
            if is_out
            else "Time spent waiting for you is included in times, totals, and the waterfall. Press to exclude it."
        )
        self.whole_button.setVisible(zoom.window is not None)
        if zoom.window is not None:
            self.whole_button.setText(f"{shown_range}  ✕")
            self.whole_button.setAccessibleName(f"Shown: {shown_range}. Show the whole axis")
            self.whole_button.setToolTip("Show the whole axis (0)")

    def _say(self, words: str) -> None:
        """For screen readers; what is said is seen as well."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.table, words))

    def _take_look(self) -> None:
        self.waiting_button.setIcon(self._look.icon("hand"))
        self.columns_button.setIcon(self._look.icon("columns"))
        self._on_rows_changed()

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_empty()

    def showEvent(self, event: QShowEvent) -> None:
        """Open rows have not grown while nobody looked."""
        super().showEvent(event)
        self._timer.start()
        self._on_tick()


class _StayingMenu(QMenu):
    """Ticking an entry leaves the menu open, so that several can be ticked; Esc or a click beside it closes it."""

    # overrides of Qt

    def mouseReleaseEvent(self, event: object) -> None:
        action = self.actionAt(event.position().toPoint())  # type: ignore[attr-defined]
        if isinstance(action, QAction) and action.isCheckable() and action.isEnabled():
            action.toggle()
            return
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]
