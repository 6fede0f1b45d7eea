"""The page that compares runs: totals, what they were made with, and their rounds side by side."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from workbench.gui.compare.round_box import RoundBox
from workbench.gui.kit.diff_view import DiffView
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea, action_button
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.compare.comparison import ComparisonViewModel

_PIECE = 60
"""How many rounds are shown before more are asked for."""
_AT_ONCE = 4


class ComparePage(QWidget):
    """One comparison."""

    def __init__(
        self,
        comparison: ComparisonViewModel,
        look: Look,
        *,
        copy: Callable[[], object],
        export: Callable[[], object],
        choose: Callable[[], object],
    ) -> None:
        super().__init__()
        self.comparison = comparison
        self._look = look
        self.boxes: list[RoundBox] = []
        self._wanted = 0
        self._growing = delay(self, 0, self._grow)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.only = QCheckBox("Show only differences")
        self.only.toggled.connect(lambda is_on: comparison.show_only_differences(only=is_on))
        self.next_button = action_button("Next difference", "Go to next difference", lambda: self.step(1))
        self.previous_button = action_button("Previous", "Go to previous difference", lambda: self.step(-1))
        self.copy_button = action_button("Copy as Markdown", "Copy the comparison as Markdown", copy)
        self.export_button = action_button("Export as HTML…", "Export the comparison as a single HTML file", export)
        self.choose_button = action_button("Other runs…", "Choose other runs to compare", choose)
        self.more = action_button("", "Show more rounds", self._show_more, role="link")
        self.hidden = label("", "caption")
        self._inner = QWidget()
        self._inner.setProperty("role", "page")
        self._column = QVBoxLayout(self._inner)
        self._column.setContentsMargins(28, 8, 28, 28)
        self._column.setSpacing(10)
        self.area = ScrollArea("Comparison", self._inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._bar())
        outer.addWidget(self.area, 1)
        for words in comparison.deltas:
            self._column.addWidget(label(words, "", wraps=True))
        self._add_causes()
        self._column.addWidget(label("Round by round", "heading"))
        self._column.addWidget(self.hidden)
        self._column.addWidget(self.more)
        self._column.addWidget(label("Totals", "heading"))
        self._add_totals()
        self._column.addStretch(1)
        listen(self, comparison.changed, self.show_rows)
        self.show_rows()

    def show_rows(self) -> None:
        """Lay the rounds out again."""
        for box in self.boxes:
            self._column.removeWidget(box)
            box.deleteLater()
        self.boxes = []
        self.hidden.setText(self.comparison.hidden_words)
        self.hidden.setVisible(bool(self.comparison.hidden_words))
        self._show_more()

    def step(self, by: int) -> None:
        """Put the focus on the next, or the previous, round that differs."""
        different = [box for box in self.boxes if not box.row.is_same]
        if not different:
            return
        focused = next((place for place, box in enumerate(different) if box.hasFocus()), -1 if by > 0 else 0)
        box = different[(focused + by) % len(different)]
        box.setFocus()
        self.area.ensureWidgetVisible(box, 0, self._look.px(40))

    def _show_more(self) -> None:
        self._wanted = min(len(self.boxes) + _PIECE, len(self.comparison.rows))
        self._grow()

    def _grow(self) -> None:
        """Lay a few rounds out, and let the window have its turn before the next ones."""
        rows = self.comparison.rows
        for row in rows[len(self.boxes) : min(len(self.boxes) + _AT_ONCE, self._wanted)]:
            box = RoundBox(row, self.comparison.letters, self._look)
            self.boxes.append(box)
            self._column.insertWidget(self._column.indexOf(self.more), box)
        if len(self.boxes) < self._wanted:
            self._growing.start()
        left = len(rows) - self._wanted
        self.more.setText(f"Show {min(left, _PIECE)} of {left:,} more rounds")
        self.more.setVisible(left > 0)

    def _bar(self) -> QWidget:
        bar = QWidget()
        column = QVBoxLayout(bar)
        column.setContentsMargins(28, 18, 28, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label(self.comparison.heading, "heading"))
        head.addWidget(label(self.comparison.title, "muted"))
        head.addStretch(1)
        column.addLayout(head)
        row, flow = flow_row()
        self.only.setMinimumHeight(self._look.px(30))
        for widget in (
            self.only,
            self.previous_button,
            self.next_button,
            self.copy_button,
            self.export_button,
            self.choose_button,
        ):
            flow.addWidget(widget)
        column.addWidget(row)
        return bar

    def _add_totals(self) -> None:
        rows, letters = self.comparison.totals, self.comparison.letters
        table = RowsTable("Totals of the runs", ("", *letters), self._look, wide=len(letters))
        table.show_rows(rows, None)
        for place in range(1, len(letters) + 1):
            table.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        height = table.verticalHeader().defaultSectionSize() * len(rows)
        table.setFixedHeight(table.horizontalHeader().sizeHint().height() + height + 6)
        self._column.addWidget(table)

    def _add_causes(self) -> None:
        for cause in self.comparison.causes:
            self._column.addWidget(label(cause.heading, "heading"))
            if cause.remark:
                self._column.addWidget(label(cause.remark, "muted", wraps=True))
                continue
            view = DiffView(self._look, cause.heading, max_lines=12)
            view.show_parts([(line.place, line.pieces) for line in cause.lines])
            self._column.addWidget(view)
