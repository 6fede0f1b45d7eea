"""The bar above the editor: the view, the tool's tokens, its saved state, and its actions."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QTabBar, QWidget

from workbench.app.models.wires import WIRES
from workbench.gui.kit.flow_layout import TwoParts
from workbench.gui.kit.icon_button import icon_button
from workbench.gui.kit.labels import ElidedLabel, label, plain_tip, set_role
from workbench.gui.kit.listening import listen
from workbench.gui.kit.undo_keys import show_undo
from workbench.gui.look.look import Look
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.file_state import FileStanding
from workbench.viewmodels.shared.plain import one_line

VIEWS = ("Form", "JSON", "Both")
STANDINGS: dict[FileStanding, tuple[str, str]] = {
    "saved": ("saved", ""),
    "unsaved": ("unsaved", ""),
    "draft": ("kept as a draft", "warn"),
    "changed": ("changed on disk", "warn"),
    "gone": ("deleted", "warn"),
    "refused": ("not saved", "error"),
}


MenuEntry = tuple[str, str, Callable[[], object]]
"""An entry of the menu: its words, keys to show, and action."""


class EditorHeader(QFrame):
    """Emits the user's requests; the page acts on them."""

    view_chosen = Signal(str)
    try_asked = Signal()
    side_asked = Signal()

    def __init__(self, editor: SchemaEditorViewModel, look: Look, entries: tuple[MenuEntry, ...]) -> None:
        """`entries` are the menu's entries."""
        super().__init__()
        self._editor = editor
        self._look = look
        self._entries = entries
        self.extra_entries: list[Callable[[], Sequence[MenuEntry]]] = []
        """Sources of more entries, called when the menu opens."""
        self.setProperty("role", "dock-header")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.views = QTabBar()
        self.views.setAccessibleName("Views of the tool")
        self.views.setDrawBase(False)
        self.views.setExpanding(False)
        self.views.setUsesScrollButtons(False)
        for number, view in enumerate(VIEWS, start=1):
            self.views.addTab(view)
            self.views.setTabToolTip(number - 1, f"{view} (Alt+{number})")
        self.views.currentChanged.connect(lambda place: self.view_chosen.emit(VIEWS[place]))
        self.views.tabBarClicked.connect(lambda place: self.view_chosen.emit(VIEWS[place]) if place >= 0 else None)
        self._tokens, self._standing = ElidedLabel("", "hint"), label("", "hint")
        self._tokens.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.undo = icon_button("undo", editor.undo, look)
        self.redo = icon_button("redo", editor.redo, look)
        self.side = icon_button("panel-right", self.side_asked.emit, look)
        self.side.setCheckable(True)
        self.side.setAccessibleName("Preview and changes")
        self.side.setToolTip("What is sent and what changed (Alt+4)")
        self.more = icon_button("more", self._open_menu, look)
        self.more.setAccessibleName("More actions for the tool")
        self.more.setToolTip("More")
        self._menu = QMenu(self)
        self._menu.setAccessibleName("More actions for the tool")
        self.try_it = QPushButton("Try it")
        self.try_it.setAccessibleName("Try the tool in a conversation")
        self.try_it.setToolTip("Start a conversation in which the model must call this tool")
        self.try_it.clicked.connect(self.try_asked)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addStretch(1)
        row.addWidget(self._tokens)
        row.addSpacing(8)
        row.addWidget(self._standing)
        row.addSpacing(8)
        for button in (self.undo, self.redo, self.side, self.more):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.try_it)
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 0, 8, 0)
        line.addWidget(TwoParts(self.views, bar))
        self._take_look()
        self.refresh()
        listen(self, editor.changed, self.refresh)
        listen(self, editor.file.changed, self.refresh)
        look.follow(self, self._take_look)

    def choose(self, view: str) -> None:
        """Show this view as chosen."""
        self.views.setCurrentIndex(VIEWS.index(view))

    def refresh(self) -> None:
        """Show the current figures, saved state, and undo steps."""
        words, tone = STANDINGS[self._editor.file.standing]
        self._standing.setText(words)
        set_role(self._standing, "tone", tone)
        show_undo(self.undo, self.redo, self._editor.document.history)
        self.try_it.setEnabled(self._editor.file.standing in ("saved", "unsaved"))

    def show_tokens(self, tokens: int) -> None:
        """Show about how many tokens the tool costs."""
        self._tokens.setText(f"≈ {tokens:,} tokens" if tokens else "")
        self._tokens.setToolTip(f"Estimated tokens this tool adds to a request for {WIRES[0].label}")

    def show_exact(self, tokens: int, by: str) -> None:
        """Show a vendor's exact count; it is valid until the next edit."""
        self._tokens.setText(f"{tokens:,} tokens · {one_line(by, 28)}")
        self._tokens.setToolTip(plain_tip(f"Tokens this tool adds to a request, counted by the vendor of {by}"))

    def _open_menu(self) -> None:
        self._menu.clear()
        for words, keys, act in self._entries:
            action = self._menu.addAction(f"{words}\t{keys}" if keys else words)
            action.triggered.connect(lambda _=False, act=act: act())
        extra_entries = [entry for entries in self.extra_entries for entry in entries()]
        if extra_entries:
            self._menu.addSeparator()
        for words, keys, act in extra_entries:
            shown = one_line(words, 100).replace("&", "&&")
            action = self._menu.addAction(f"{shown}\t{keys}" if keys else shown)
            action.triggered.connect(lambda _=False, act=act: act())
        self._menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _take_look(self) -> None:
        self.setMinimumHeight(self._look.px(38))
        self.try_it.setIcon(self._look.icon("play", "accent"))
