"""The list of variants, and what is shown instead while there are none."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.gui.kit.labels import label
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.variants.variant_rows import VariantRow

_ABOUT = (
    "A variant is a named set of changes to tools, instructions, tool choice or model. Try it without changing "
    "the project, compare it, then promote or delete it."
)


class VariantList(QListWidget):
    """Delete throws the chosen one away."""

    def __init__(self, remove: Callable[[], object]) -> None:
        super().__init__()
        self._remove = remove
        self.setProperty("role", "list")
        self.setAccessibleName("Variants")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def show_rows(self, rows: tuple[VariantRow, ...], selected: str) -> None:
        """Show these, one of them chosen."""
        wanted = [(row.name, _row_text(row)) for row in rows]
        known = [(self.item(n).data(Qt.ItemDataRole.UserRole), self.item(n).text()) for n in range(self.count())]
        if wanted != known:
            self.clear()
            for name, text in wanted:
                item = QListWidgetItem(text, self)
                item.setData(Qt.ItemDataRole.UserRole, name)
        names = [name for name, _ in wanted]
        self.setCurrentRow(names.index(selected) if selected in names else -1)

    # overrides of Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            self._remove()
        else:
            super().keyPressEvent(event)


class NoVariants(QWidget):
    """One sentence about what would be here."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 28)
        column.setSpacing(10)
        column.addWidget(label("No variants yet", "heading"))
        column.addWidget(label(_ABOUT, "muted", wraps=True))
        column.addWidget(
            label("Edit a tool, then press “New from my edits”, or start with an empty variant.", "muted", wraps=True)
        )
        column.addStretch(1)


def _row_text(row: VariantRow) -> str:
    return f"{'⚠ ' if row.problem else ''}{one_line(row.name, 64)}\n{row.summary}"
