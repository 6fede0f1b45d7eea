"""The explorer's sections as Qt's tree of rows. What stays the same stays in its place and is not laid out again."""

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.look_delegate import Index
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_INDEX = QModelIndex()


class ExplorerModel(QAbstractItemModel):
    """Two levels. An index of a section has the internal id 0, one of a row the number that its section's title got
    when it came first: Qt keeps ids as they are while sections come and go."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sections: list[ExplorerSection] = []
        self._titles: list[str] = []

    @property
    def sections(self) -> Sequence[ExplorerSection]:
        """What is shown."""
        return self._sections

    def show_sections(self, sections: Sequence[ExplorerSection]) -> None:
        """Change what is shown into this."""
        wanted = [section.title for section in sections]
        if [section.title for section in self._sections if section.title in wanted] != [
            title for title in wanted if any(section.title == title for section in self._sections)
        ]:
            self.beginResetModel()
            self._sections = list(sections)
            self.endResetModel()
            return
        for row in range(len(self._sections) - 1, -1, -1):
            if self._sections[row].title not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._sections[row]
                self.endRemoveRows()
        for row, section in enumerate(sections):
            if row == len(self._sections) or self._sections[row].title != section.title:
                self.beginInsertRows(QModelIndex(), row, row)
                self._sections.insert(row, section)
                self.endInsertRows()
            else:
                self._change(row, section)

    def place_of(self, kind: str, target: str) -> QModelIndex:
        """The index of the row of this kind and target; an invalid one when there is none."""
        for section in self._sections:
            for row, item in enumerate(section.items):
                if item.target == target and item.kind == kind:
                    return self.createIndex(row, 0, self._number(section))
        return QModelIndex()

    def held(self, index: Index) -> ExplorerItem | ExplorerSection | None:
        """What is in a row."""
        if not index.isValid():
            return None
        number = index.internalId()
        return self._sections[self._row_of(number)].items[index.row()] if number else self._sections[index.row()]

    def _number(self, section: ExplorerSection) -> int:
        if section.title not in self._titles:
            self._titles.append(section.title)
        return self._titles.index(section.title) + 1

    def _row_of(self, number: int) -> int:
        title = self._titles[number - 1]
        return next(row for row, section in enumerate(self._sections) if section.title == title)

    def _change(self, row: int, section: ExplorerSection) -> None:
        old, new = self._sections[row].items, section.items
        heading = self._sections[row].heading
        first = _shared(old, new)
        last = _shared(old[first:][::-1], new[first:][::-1])
        gone, added = len(old) - last - first, len(new) - last - first
        parent = self.index(row, 0)
        kept = min(gone, added)
        place = first + kept
        if kept:
            self._sections[row] = msgspec.structs.replace(section, items=(*new[:place], *old[place:]))
            self.dataChanged.emit(self.index(first, 0, parent), self.index(place - 1, 0, parent))
        if added > kept:
            self.beginInsertRows(parent, place, place + added - kept - 1)
            self._sections[row] = section
            self.endInsertRows()
        elif gone > kept:
            self.beginRemoveRows(parent, place, place + gone - kept - 1)
            self._sections[row] = section
            self.endRemoveRows()
        self._sections[row] = section
        if section.heading != heading:
            self.dataChanged.emit(parent, parent)

    # overrides of Qt

    def index(self, row: int, column: int, parent: Index = _NO_INDEX) -> QModelIndex:
        if column != 0 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, column, self._number(self._sections[parent.row()]) if parent.isValid() else 0)

    def parent(self, index: Index = _NO_INDEX) -> QModelIndex:  # type: ignore[override]
        number = index.internalId() if index.isValid() else 0
        return self.createIndex(self._row_of(number), 0, 0) if number else QModelIndex()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        if not parent.isValid():
            return len(self._sections)
        return 0 if parent.internalId() else len(self._sections[parent.row()].items)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 1

    def hasChildren(self, parent: Index = _NO_INDEX) -> bool:
        return self.rowCount(parent) > 0

    def flags(self, index: Index) -> Qt.ItemFlag:
        held = self.held(index)
        if held is None:
            return Qt.ItemFlag.NoItemFlags
        if isinstance(held, ExplorerItem) and held.kind == "hint":
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if isinstance(held, ExplorerItem):
            flags |= Qt.ItemFlag.ItemNeverHasChildren
            if held.kind == "conversation":
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = ITEM_ROLE) -> Any:
        held = self.held(index)
        if role == ITEM_ROLE or held is None:
            return held
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(held, ExplorerSection):
                return held.heading
            return " ".join(part for part in (held.label, held.detail) if part)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(held, ExplorerItem):
            return plain_tip(held.tip or held.label)
        return None


def _shared(left: Sequence[object], right: Sequence[object]) -> int:
    """How many of both are the same from the beginning."""
    for place, (mine, theirs) in enumerate(zip(left, right, strict=False)):
        if mine is not theirs and mine != theirs:
            return place
    return min(len(left), len(right))
