"""Forks as a tree: a run, its forks, their forks. Enter opens one, the menu offers what can be done with it."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.core.ids import RunId
from workbench.gui.kit.labels import label
from workbench.gui.look.look import Look
from workbench.viewmodels.replay.fork_tree import ForkNode
from workbench.viewmodels.shared.figures import count
from workbench.viewmodels.shared.tone import Tone

_COLUMNS = ("Run and its forks", "Variant", "Model", "Outcome", "When")
_ICONS: dict[Tone, tuple[str, str]] = {
    "ok": ("ok", "ok"),
    "warn": ("warn", "warn"),
    "error": ("error", "error"),
    "busy": ("busy", "accent"),
}
_ID = Qt.ItemDataRole.UserRole


class ForksPage(QWidget):
    """All runs that were forked. `opened` carries a run id."""

    opened = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._nodes: tuple[ForkNode, ...] = ()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tree = QTreeWidget()
        self.tree.setProperty("role", "table")
        self.tree.setColumnCount(len(_COLUMNS))
        self.tree.setHeaderLabels(list(_COLUMNS))
        self.tree.setAccessibleName("Runs and their forks")
        self.tree.header().setAccessibleName("Columns of forks")
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setUniformRowHeights(True)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.itemActivated.connect(lambda item, _: self.opened.emit(item.data(0, _ID)))
        self.tree.customContextMenuRequested.connect(self._ask_menu)
        self.about = label("", "muted", wraps=True)
        head = QHBoxLayout()
        head.setContentsMargins(28, 20, 28, 6)
        head.addWidget(label("Forks", "heading"))
        words = QHBoxLayout()
        words.setContentsMargins(28, 0, 28, 12)
        words.addWidget(self.about)
        body = QHBoxLayout()
        body.setContentsMargins(20, 0, 20, 20)
        body.addWidget(self.tree)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(words)
        column.addLayout(body, 1)
        look.follow(self, lambda: self.show_nodes(self._nodes))
        self.show_nodes(())

    def show_nodes(self, nodes: tuple[ForkNode, ...]) -> None:
        """Show these trees; the selected run stays selected."""
        selected = self.selected
        self._nodes = nodes
        self.tree.clear()
        for node in nodes:
            self.tree.addTopLevelItem(self._item(node))
        self.tree.expandAll()
        forks = sum(1 for node in nodes for _ in node.walk()) - len(nodes)
        self.about.setText(
            f"{count(forks, 'fork')} of {count(len(nodes), 'run')}. Enter opens a run; the menu compares it."
            if nodes
            else "No forks yet. Choose “Fork from here…” in the menu of any message, answer, or call."
        )
        self.select(selected)

    @property
    def selected(self) -> RunId | None:
        """The run whose row is selected."""
        item = self.tree.currentItem()
        return RunId(item.data(0, _ID)) if item is not None else None

    def select(self, run_id: RunId | None) -> None:
        """Select the row of a run, else the first one."""
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        for item in self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive, 0):
            if item.data(0, _ID) == run_id:
                self.tree.setCurrentItem(item)

    def _item(self, node: ForkNode) -> QTreeWidgetItem:
        item = QTreeWidgetItem([node.label, node.variant, node.model, node.outcome, node.when])
        item.setData(0, _ID, node.run_id)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, node.words)
        icon, token = _ICONS.get(node.tone, ("dot", "muted"))
        item.setIcon(3, self._look.icon(icon, token))
        if node.point:
            item.setIcon(0, self._look.icon("fork", "accent"))
        item.setSizeHint(0, QSize(0, self._look.px(28)))
        item.addChildren([self._item(fork) for fork in node.forks])
        return item

    def _ask_menu(self, where: QPoint) -> None:
        item = self.tree.itemAt(where)
        if item is not None:
            self.menu_asked.emit(item.data(0, _ID), self.tree.viewport().mapToGlobal(where))
