"""A duel of two descriptions: words that attract the request, without sampling; swapped sentences, with sampling."""

from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.heat_text import HeatText
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.ablation_bar import TASK, AblationBar
from workbench.gui.microscope.change_row import ChangeRow
from workbench.gui.microscope.scroll_panel import ScrollPanel
from workbench.viewmodels.microscope.ablation_series import ShownAblation
from workbench.viewmodels.microscope.duel import WITH_SAMPLING, WITHOUT_SAMPLING, Duel, DuelSide
from workbench.viewmodels.microscope.effect_words import votes_words
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.what_if import Bar, bar_of
from workbench.viewmodels.shared.plain import one_line

_NUMBERS = count(1)


class DuelPanel(ScrollPanel):
    """Two tools of one decision."""

    tool_asked = Signal(str)
    """The person wants to edit this tool."""
    description_written = Signal(str, str)
    """A tool, and its new description."""

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("Duel")
        self.duel = Duel(point)
        self._look = look
        self._tasks = tasks
        self.boxes = (ChoiceBox("First tool"), ChoiceBox("Second tool"))
        self.measure = ChoiceBox("Text comparison method")
        for box in self.boxes:
            box.picked.connect(lambda _: self.choose(self.boxes[0].currentData(), self.boxes[1].currentData()))
        self.measure.picked.connect(lambda key: self._do(self.duel.measure_by(key)))
        self.verdict = label("", "strong", wraps=True)
        self.caption = label("", "caption", wraps=True)
        self.sides = (
            _SideCard(look, "first", self._present),
            _SideCard(look, "second", self._present),
        )
        self.bar = AblationBar(self.duel.series, look, tasks, verb="Exchange sentences")
        self.rows: list[ChangeRow] = []
        head = QHBoxLayout()
        head.setSpacing(10)
        for widget in (self.boxes[0], label("against", "caption"), self.boxes[1], label("by", "caption"), self.measure):
            head.addWidget(widget)
        head.addStretch(1)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        for side in self.sides:
            cards.addWidget(side, 1)
            side.tool_asked.connect(self.tool_asked)
            side.description_written.connect(self.description_written)
        self.column.addLayout(head)
        self.column.addWidget(label(WITHOUT_SAMPLING, "heading"))
        self.column.addWidget(self.verdict)
        self.column.addWidget(self.caption)
        self.column.addLayout(cards)
        self.column.addWidget(label(WITH_SAMPLING, "heading"))
        self.column.addWidget(self.bar)
        self.column.addStretch(1)
        self._refresh()
        listen(self, self.duel.changed, self._refresh)
        self._do(self.duel.compare_texts())

    def choose(self, one: str, other: str) -> None:
        """Compare two other tools."""
        self._do(self.duel.choose(one, other))

    def _present(self, tool: str) -> str | None:
        found = self.duel.point.parts.project.toolset.named(tool)
        return found.description if found is not None else None

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(f"{TASK}duel {next(_NUMBERS)}", work)

    def _refresh(self) -> None:
        duel = self.duel
        names = [(name, one_line(name, 64)) for name in duel.point.toolset.names]
        for box, name in zip(self.boxes, duel.names, strict=True):
            box.show_choices(names, name)
            box.setEnabled(not duel.series.is_running)
        self.measure.show_choices(duel.measures, duel.measure)
        self.verdict.setText(duel.verdict)
        self.caption.setText(duel.label)
        for card, side in zip(self.sides, (*duel.sides, None, None), strict=False):
            card.show_side(side)
        if [row.row for row in self.rows] != duel.series.rows:
            self._make_rows(duel.series.rows)
        for row in self.rows:
            bar: Bar | None = bar_of(row.row)
            votes = votes_words(row.row.found.distribution) if row.row.found is not None else ""
            row.show_row(bar, votes, is_running=duel.series.is_running)

    def _make_rows(self, rows: list[ShownAblation]) -> None:
        for old in self.rows:
            old.setParent(None)
            old.deleteLater()
        self.rows = []
        for row in rows:
            shown = ChangeRow(row, self._look)
            shown.ticked.connect(lambda is_on, row=row: self.duel.series.tick(row, is_on=is_on))
            self.rows.append(shown)
            self.column.insertWidget(self.column.count() - 1, shown)


class _SideCard(QFrame):
    """One tool: its description with tinted words, and the words that add most."""

    tool_asked = Signal(str)
    description_written = Signal(str, str)

    def __init__(self, look: Look, which: str, present: Callable[[str], str | None]) -> None:
        """`present` returns a tool's current description in the project, None for a tool without a file."""
        super().__init__()
        self._tool = ""
        self._present = present
        self.edit = QPushButton("Edit")
        self.edit.setProperty("role", "link")
        self.edit.clicked.connect(self._open_box)
        self.box = QPlainTextEdit()
        self.box.setAccessibleName(f"The {which} description")
        self.box.setProperty("role", "input")
        self.box.setTabChangesFocus(True)
        self.box.setFixedHeight(look.px(110))
        self.save = QPushButton("Save description")
        self.save.clicked.connect(self._save)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self._close_box)
        self._buttons, flow = flow_row()
        flow.addWidget(self.save)
        flow.addWidget(self.cancel)
        self.open_tool = QPushButton("Open tool")
        self.open_tool.setProperty("role", "link")
        self.open_tool.setToolTip("Edit the description; the votes then compare before and after")
        self.open_tool.clicked.connect(lambda: self.tool_asked.emit(self._tool))
        self.setProperty("role", "card")
        self.name = label("", "mono-strong")
        self.similarity = label("", "caption")
        self.text = HeatText(look, f"Words of the {which} description")
        self.strongest = label("", "hint", wraps=True)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.similarity)
        head.addWidget(self.edit)
        head.addWidget(self.open_tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.box)
        column.addWidget(self._buttons)
        column.addWidget(self.strongest)
        column.addStretch(1)
        self._close_box()

    def _open_box(self) -> None:
        self.box.setPlainText(self._present(self._tool) or "")
        for part in (self.box, self._buttons):
            part.show()
        self.box.setFocus()

    def _close_box(self) -> None:
        for part in (self.box, self._buttons):
            part.hide()

    def _save(self) -> None:
        self._close_box()
        self.description_written.emit(self._tool, self.box.toPlainText())

    def show_side(self, side: DuelSide | None) -> None:
        """Show this side, or nothing."""
        self.setVisible(side is not None)
        if side is not None:
            if self._tool != side.tool:
                self._close_box()
            self._tool = side.tool
            has_file = self._present(side.tool) is not None
            name = one_line(side.tool, 64)
            for button in (self.edit, self.open_tool):
                button.setVisible(has_file)
            self.edit.setAccessibleName(f"Edit the description of {name}")
            self.box.setAccessibleName(f"Description of {name}")
            self.save.setAccessibleName(f"Save the description of {name}")
            self.cancel.setAccessibleName(f"Leave the description of {name} as it is")
            self.open_tool.setAccessibleName(f"Open the tool {one_line(side.tool, 64)}")
            self.name.setText(one_line(side.tool, 64))
            self.similarity.setText(f"{side.similarity} like the request")
            self.text.show_lines(side.lines)
            self.text.setVisible(bool(side.lines))
            self.strongest.setText(f"Attracts by: {side.strongest}")
