"""The problems below the editor: how many there are, and each with its place to jump to."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyle,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
)

from workbench.core.lint.finding import Severity
from workbench.gui.kit.labels import label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.look_delegate import Index, LookDelegate
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.problem import EditorProblem, grounds_words
from workbench.viewmodels.schema_editor.problem_list import ProblemList
from workbench.viewmodels.shared.plain import one_line

ICONS: dict[Severity, tuple[str, str]] = {
    "error": ("error", "error"),
    "warning": ("warn", "warn"),
    "note": ("note", "accent"),
}
_MOST_ROWS = 5
_ROLE = int(Qt.ItemDataRole.UserRole)


class ProblemsPanel(QFrame):
    """One line that counts, and a list that can be folded away. Enter jumps to the place."""

    jump_asked = Signal(object)
    """An `EditorProblem` to go to."""
    fix_asked = Signal(object)
    """An `EditorProblem` whose fix is wanted."""
    fix_all_asked = Signal()

    def __init__(self, problems: ProblemList, look: Look, keys: UndoKeys) -> None:
        super().__init__()
        self.setProperty("role", "composer")
        self._problems = problems
        self._look = look
        self._is_folded = False
        self._toggle = QToolButton()
        self._toggle.clicked.connect(self._fold)
        self._summary = label("", "muted")
        self._hint = label("Alt+F8 next", "hint")
        self.fix_button = QPushButton("Fix")
        self.fix_button.setAccessibleName("Fix the chosen problem")
        self.fix_button.clicked.connect(self.fix_current)
        self.fix_all = QPushButton("")
        self.fix_all.setAccessibleName("Fix all problems that have a fix")
        self.fix_all.clicked.connect(self.fix_all_asked)
        self._head = QHBoxLayout()
        self._head.setSpacing(6)
        self._head.addWidget(self._toggle)
        self._head.addWidget(self._summary, 1)
        self._head.addWidget(self.fix_button)
        self._head.addWidget(self.fix_all)
        self._head.addWidget(self._hint)
        self.list = QListWidget()
        self.list.setAccessibleName("Problems")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_RowDelegate(look, self.list, height=26))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._jump)
        self.list.itemClicked.connect(self._jump)
        self.list.currentRowChanged.connect(lambda _: self._show_fix())
        keys.watch(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.list)
        self._refresh()
        listen(self, problems.changed, self._refresh)
        look.follow(self, self._refresh)

    def step(self, by: int) -> None:
        """Jump to the next problem (1) or the one before (-1), wrapping around."""
        count = self.list.count()
        if count:
            current = self.list.currentRow()
            place = (current + by) % count if current >= 0 else (0 if by > 0 else count - 1)
            self.list.setCurrentRow(place)
            self._jump(self.list.item(place))

    def fix_current(self) -> None:
        """Apply the fix of the chosen problem, if it has one."""
        problem = self._chosen
        if problem is not None and problem.fix is not None:
            self.fix_asked.emit(problem)

    @property
    def _chosen(self) -> EditorProblem | None:
        item = self.list.currentItem()
        found = item.data(_ROLE) if item is not None else None
        return found if isinstance(found, EditorProblem) else None

    def _show_fix(self) -> None:
        problem = self._chosen
        fix = problem.fix if problem is not None and not self.list.isHidden() else None
        self.fix_button.setVisible(fix is not None)
        if fix is not None:
            self.fix_button.setText(one_line(fix.words, 60))
            self.fix_button.setToolTip(f"{fix.words} (Alt+Enter)")

    def _jump(self, item: QListWidgetItem) -> None:
        self.jump_asked.emit(item.data(_ROLE))

    def _fold(self) -> None:
        self._is_folded = not self._is_folded
        self._refresh()

    def _refresh(self) -> None:
        items = self._problems.items
        place = self.list.currentRow()
        self.list.clear()
        for problem in items:
            item = QListWidgetItem(f"{problem.severity}: {one_line(problem.message, 300)}, {problem.place}")
            item.setData(_ROLE, problem)
            item.setToolTip(plain_tip("\n\n".join(filter(None, (problem.message, grounds_words(problem.rule))))))
            self.list.addItem(item)
        self.list.setCurrentRow(min(place, len(items) - 1))
        is_shown = bool(items) and not self._is_folded
        self.list.setVisible(is_shown)
        self.list.setFixedHeight(min(len(items), _MOST_ROWS) * self._look.px(26) + 6)
        self._toggle.setVisible(bool(items))
        self._head.setContentsMargins(8 if items else 16, 2 if items else 5, 16, 2 if items else 5)
        self._toggle.setIcon(self._look.icon("chevron-down" if is_shown else "chevron-right"))
        self._toggle.setIconSize(QSize(self._look.px(14), self._look.px(14)))
        self._toggle.setAccessibleName("Hide problems" if is_shown else "Show problems")
        self._toggle.setToolTip(self._toggle.accessibleName())
        sign = {"error": "✗ ", "warning": "▲ ", "note": "• "}[items[0].severity] if items else "✓ "
        self._summary.setText(f"{sign}{self._problems.summary}")
        tone = {"error": "error", "warning": "warn"}.get(items[0].severity, "") if items else "ok"
        set_role(self._summary, "tone", tone)
        self._hint.setVisible(bool(items))
        self._show_fix()
        count = sum(problem.fix is not None for problem in items)
        self.fix_all.setText(f"Fix all {count}")
        self.fix_all.setVisible(count > 1 and is_shown)


class _RowDelegate(LookDelegate):
    # overrides of Qt

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem = index.data(_ROLE)
        if not isinstance(problem, EditorProblem):
            return
        look = self._look
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(option.rect, look.color("selection"))
        elif option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(option.rect, look.color("hover"))
        left = option.rect.left() + look.px(14)
        left += self.paint_icon(painter, *ICONS[problem.severity], left, option.rect) + look.px(8)
        right = option.rect.right() - look.px(16)
        painter.setFont(look.font(0.9))
        place = f"{problem.line}:{problem.column}"
        width = painter.fontMetrics().horizontalAdvance(place)
        painter.setPen(look.color("muted"))
        rect = QRect(right - width, option.rect.top(), width, option.rect.height())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), place)
        painter.setFont(look.font())
        painter.setPen(look.color("text"))
        room = right - width - look.px(12) - left
        words = painter.fontMetrics().elidedText(one_line(problem.message, 300), Qt.TextElideMode.ElideRight, room)
        rect = QRect(left, option.rect.top(), room, option.rect.height())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter), words)
        painter.restore()
