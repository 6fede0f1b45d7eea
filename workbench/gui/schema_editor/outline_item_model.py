"""The outline's rows for Qt's tree."""

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from workbench.core.lint.finding import SEVERITIES, Severity
from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.look_delegate import Index
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.rows import FormRow
from workbench.viewmodels.shared.plain import one_line

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
WORST_ROLE = ROW_ROLE + 1
_MARKS: dict[Severity, str] = {"error": "has an error", "warning": "has a warning", "note": "has a note"}


class OutlineItemModel(QStandardItemModel):
    """Rebuilt when rows come or go; otherwise only what changed is told."""

    def __init__(self, editor: SchemaEditorViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._rows: tuple[FormRow, ...] = ()
        self._items: dict[str, QStandardItem] = {}

    def refresh(self) -> bool:
        """Take the rows as they are; whether the tree was built again."""
        rows = self._editor.form.rows
        shape = [(row.path, row.depth) for row in rows]
        is_new = shape != [(row.path, row.depth) for row in self._rows]
        self._rows = rows
        if is_new:
            self._build(rows)
        for row in rows:
            self._show(self._items[row.path], row)
        return is_new

    def index_of(self, path: str) -> QModelIndex:
        """The place of a row in the tree."""
        item = self._items.get(path)
        return item.index() if item is not None else QModelIndex()

    @staticmethod
    def row_of(index: Index) -> FormRow | None:
        """The row at a place."""
        held = index.data(ROW_ROLE)
        return held if isinstance(held, FormRow) else None

    def _build(self, rows: tuple[FormRow, ...]) -> None:
        self.clear()
        self._items = {}
        above: list[QStandardItem] = []
        for row in rows:
            item = QStandardItem()
            item.setEditable(False)
            del above[row.depth :]
            (above[-1] if above else self.invisibleRootItem()).appendRow(item)
            above.append(item)
            self._items[row.path] = item

    def _show(self, item: QStandardItem, row: FormRow) -> None:
        problems = self._editor.problems.of_row(row, self._rows) if self._editor.problems.items else ()
        worst = next((s for s in SEVERITIES if any(problem.severity == s for problem in problems)), None)
        if item.data(ROW_ROLE) == row and item.data(WORST_ROLE) == worst:
            return
        item.setData(row, ROW_ROLE)
        item.setData(worst, WORST_ROLE)
        item.setText(one_line(row.name, 80))
        words = [row.name, row.words, "required" if row.is_required else "", _MARKS[worst] if worst else ""]
        item.setData(", ".join(one_line(word, 80) for word in words if word), Qt.ItemDataRole.AccessibleTextRole)
        tips = [row.description, *(problem.message for problem in problems[:5])]
        item.setToolTip(plain_tip("\n".join(tip for tip in tips if tip)))
