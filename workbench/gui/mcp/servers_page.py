"""The MCP servers of the project. None starts before somebody has reviewed it."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import PageFrame, action_button
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.mcp.server_box import ServerBox
from workbench.gui.mcp.sign_in_box import task_of
from workbench.viewmodels.mcp.server_list import ServerCard, ServerList

_ABOUT = (
    "A server is someone else's program, or an address your data is sent to. It is started only after you have "
    "approved exactly what is shown; a changed command, or a changed script, asks again."
)


class ServersPage(PageFrame):
    """Shows a `ServerList`; a configuration file of another host can be dropped on it."""

    def __init__(self, name: str, servers: ServerList, look: Look, tasks: Tasks) -> None:
        super().__init__(name)
        self.servers = servers
        self._look = look
        self._tasks = tasks
        self._boxes: dict[str, ServerBox] = {}
        self.setAcceptDrops(True)
        self.take = action_button("Import mcpServers JSON…", "Import servers from a file", self._ask_for_file)
        self.undo = action_button("Undo", "Undo the import", lambda: tasks.start("import servers", servers.undo()))
        self.message = label("", "", wraps=True)
        self._empty = label("This project has no MCP servers. Import a file, or drop one here.", "hint", wraps=True)
        self._list = QWidget()
        self._list.setProperty("role", "clear")
        self._stack = QVBoxLayout(self._list)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(12)
        top = QWidget()
        row = QVBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        holder, buttons = flow_row()
        buttons.addWidget(self.take)
        buttons.addWidget(self.undo)
        row.addWidget(holder)
        row.addWidget(self.message)
        self.add_section(name, _ABOUT, top, self._empty, self._list)
        self.refresh = servers.refresh
        self._show()
        listen(self, servers.changed, self._show)
        self.destroyed.connect(lambda *_: _leave(servers, tasks))

    def box(self, name: str) -> ServerBox:
        """The box of a server."""
        return self._boxes[name]

    def take_file(self, file: Path) -> None:
        """Add the servers of this file."""
        self._tasks.start("import servers", self.servers.take_file(file))

    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self, "Import MCP servers", "", "JSON (*.json);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.take_file(Path(file)))
        dialog.open()

    def _show(self) -> None:
        cards = {card.name: card for card in self.servers.cards}
        for name, box in list(self._boxes.items()):
            if cards.get(name) != box.card:
                self._take_away(name)
        for place, card in enumerate(cards.values()):
            if card.name not in self._boxes:
                self._boxes[card.name] = self._make(card, place)
        self._empty.setVisible(not cards)
        self.undo.setVisible(self.servers.can_undo)
        self.message.setText(self.servers.message)
        self.message.setVisible(bool(self.servers.message))
        set_role(self.message, "tone", "ok" if self.servers.is_good else "warn")

    def _make(self, card: ServerCard, place: int) -> ServerBox:
        box = ServerBox(card, self.servers, self._look, self._tasks)
        self._stack.insertWidget(place, box)
        return box

    def _take_away(self, name: str) -> None:
        box = self._boxes.pop(name)
        focused = self.window().focusWidget()
        if focused is not None and box.isAncestorOf(focused):
            self.take.setFocus()
        self._stack.removeWidget(box)
        box.hide()
        QTimer.singleShot(0, box, box.deleteLater)

    # overrides of Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            if url.isLocalFile():
                self.take_file(Path(url.toLocalFile()))


def _leave(servers: ServerList, tasks: Tasks) -> None:
    """Nobody is left to approve a sign-in."""
    servers.close()
    for card in servers.cards:
        tasks.cancel(task_of(card))
