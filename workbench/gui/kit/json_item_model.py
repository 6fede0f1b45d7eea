"""The rows of a JSON tree for Qt, which requests a row's children when it is expanded."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from workbench.gui.kit.listening import listen
from workbench.gui.kit.look_delegate import Index
from workbench.viewmodels.shared.json_node import JsonNode
from workbench.viewmodels.shared.json_row import row_words
from workbench.viewmodels.shared.json_tree import JsonTree

_NOWHERE = QModelIndex()
_WORDS = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))


class JsonItemModel(QAbstractItemModel):
    """One column: the delegate paints the pieces of a row."""

    def __init__(self, tree: JsonTree, parent: QObject) -> None:
        super().__init__(parent)
        self._tree = tree
        self._tops = tree.tops
        listen(self, tree.changed, self._take)

    def _take(self) -> None:
        self.beginResetModel()
        self._tops = self._tree.tops
        self.endResetModel()

    @staticmethod
    def node(index: Index) -> JsonNode | None:
        """The row at a place."""
        held = index.internalPointer() if index.isValid() else None
        return held if isinstance(held, JsonNode) else None

    def index_of(self, node: JsonNode) -> QModelIndex:
        """The place of a row."""
        return self.createIndex(node.row, 0, node)

    def _below(self, parent: Index) -> list[JsonNode]:
        node = self.node(parent)
        return node.children if node is not None else self._tops

    # overrides of Qt

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        rows = self._below(parent)
        return self.createIndex(row, column, rows[row]) if column == 0 and 0 <= row < len(rows) else QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        node = self.node(index)
        above = node.parent if node is not None else None
        return QModelIndex() if above is None or above is self._tree.root else self.index_of(above)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self._below(parent))

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 1

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        node = self.node(parent)
        return node.can_open if node is not None else bool(self._tops)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index) if role in _WORDS else None
        return row_words(node) if node is not None else None
