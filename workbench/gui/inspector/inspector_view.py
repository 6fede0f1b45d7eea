"""The inspector pane: tabs over one text view, everything selectable and copyable."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QVBoxLayout, QWidget

from workbench.core.message import Attachment
from workbench.gui.inspector.stream_slider_panel import StreamSliderPanel
from workbench.gui.kit.diff_colors import DiffColors
from workbench.gui.kit.find_bar import FindBar
from workbench.gui.kit.json_view import JsonView
from workbench.gui.kit.labels import ElidedLabel, plain_tip
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import ScrollArea
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.inspector.inspector import TAB_NAMES, InspectorViewModel, TabName
from workbench.viewmodels.trace.trace_row import TraceRow

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader
    from workbench.gui.kit.attachments_view import AttachmentsView

_MAX_CHARS = 400_000
_ATTACHMENTS_HEIGHT = 260
_KEYS_TIP = "Alt+↑ ↓ span · Alt+← → sibling · Alt+Shift+← → same tool · Ctrl+F find"


class InspectorView(QWidget):
    """Shows an `InspectorViewModel`."""

    walk_asked = Signal(str, int)
    """Move to another span without leaving this pane: the way (`step`, `sibling`, `peer`), and 1 or -1."""

    def __init__(self, inspector: InspectorViewModel, look: Look, pictures: "Callable[[], PictureReader]") -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.inspector = inspector
        self._look = look
        self._pictures = pictures
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Inspector pages")
        self.tabs.setProperty("role", "pages")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)  # a narrow dock lacks room for all of them
        for name in TAB_NAMES:
            self.tabs.addTab(name)
        self.tabs.currentChanged.connect(lambda _: self._show_page())
        self._copy = QToolButton()
        self._copy.setAccessibleName("Copy this page")
        self._copy.setToolTip("Copy this page")
        self._copy.clicked.connect(self._copy_page)
        self.pin = QToolButton()
        self.pin.setProperty("role", "quiet")
        self.pin.setCheckable(True)
        self.pin.setText("Compare with…")
        self.pin.setAccessibleName("Compare this span with another")
        self.pin.setShortcut(QKeySequence("Ctrl+Shift+D"))
        self.pin.clicked.connect(self._pin)
        self._hint = ElidedLabel("", "hint")
        self.text = JsonView(look, "Inspector text", max_lines=0, max_chars=_MAX_CHARS)
        self.birth = StreamSliderPanel(look)
        self.facts = PlainView(look, "Response metrics", is_mono=False, max_lines=8)
        self.finder = FindBar(self.text, look, "Find in this page")
        self._facts_row = QWidget()
        facts = QVBoxLayout(self._facts_row)
        facts.setContentsMargins(12, 0, 12, 6)
        facts.addWidget(self.facts)
        hint_row = QHBoxLayout()
        hint_row.setContentsMargins(12, 4, 6, 2)
        hint_row.addWidget(self._hint, 1)
        hint_row.addWidget(self.pin)
        hint_row.addWidget(self._copy)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 6, 0)
        head.setSpacing(4)
        head.addWidget(self.tabs)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.birth)
        column.addLayout(hint_row)
        column.addWidget(self._facts_row)
        column.addWidget(self.finder)
        column.addWidget(self.text, 1)
        self.attachments: AttachmentsView | None = None
        self._attachments_room = ScrollArea("What the call returned beside text", sideways=True)
        self._attachments_room.setMaximumHeight(look.px(_ATTACHMENTS_HEIGHT))
        self._attachments_room.hide()
        column.addWidget(self._attachments_room)
        self._column = column
        self.setAccessibleName("Inspector")
        self.setAccessibleDescription(_KEYS_TIP)
        self.tabs.setToolTip(_KEYS_TIP)
        self._watch(self)
        self.text.form_made.connect(self._watch)
        self._shown_row: TraceRow | None = None
        self._take_look()
        self._show_page()
        listen(self, inspector.changed, self._on_row_changed)
        look.follow(self, self._take_look)

    def _watch(self, widget: QWidget) -> None:
        for part in (widget, *widget.findChildren(QWidget)):
            part.installEventFilter(self)

    @property
    def tab(self) -> TabName:
        """The open page."""
        return TAB_NAMES[max(0, self.tabs.currentIndex())]

    def open_tab(self, name: TabName) -> None:
        """Open a page."""
        self.tabs.setCurrentIndex(TAB_NAMES.index(name))

    def _on_row_changed(self) -> None:
        """If the page is empty for the new row, switch to the one with the most content."""
        if self.inspector.row is not self._shown_row and self._is_mute():
            self.open_tab(self.inspector.best_tab)
        self._shown_row = self.inspector.row
        self._show_page()

    def _is_mute(self) -> bool:
        """Whether the open page is empty; a difference is not computed only to find out."""
        return self.inspector.pinned is None if self.tab == "Diff" else not self.inspector.page(self.tab).text

    def _show_page(self) -> None:
        page = self.inspector.page(self.tab)
        self.birth.show_stream(self.inspector.scrub() if self.tab == "Events" else None)
        view = self._page_view
        self.text.setVisible(view is self.text)
        if view is self.text:
            self.text.show_text(page.text, is_json=page.language == "json")
        else:
            self.diff.show_text(page.text, max_chars=_MAX_CHARS)
        if "diff" in self.__dict__:
            self.diff.setVisible(view is self.diff)
        self._show_pin()
        self.finder.look_in(view)
        self.facts.show_text(page.facts)
        self._facts_row.setVisible(bool(page.facts))
        self._show_attachments(page.attachments)
        self._hint.setText(page.hint.replace("\n", " · "))
        self._copy.setEnabled(bool(page.text))

    def _show_attachments(self, attachments: tuple[Attachment, ...]) -> None:
        shown = self.attachments
        if shown is not None and shown.attachments != attachments:
            self._attachments_room.takeWidget()
            shown.deleteLater()
            self.attachments = shown = None
        if attachments and shown is None:
            from workbench.gui.kit.attachments_view import AttachmentsView  # few tools return any

            self.attachments = AttachmentsView(attachments, self._look, self._pictures)
            self._attachments_room.setWidget(self.attachments)
            self._watch(self.attachments)
        self._attachments_room.setVisible(bool(attachments))

    @cached_property
    def diff(self) -> PlainView:
        """The difference between two spans, created on first use."""
        diff = PlainView(self._look, "Difference", max_lines=0)
        self._diff_colors = DiffColors(diff.document(), self._look)
        self._column.addWidget(diff, 1)
        self._watch(diff)
        return diff

    @property
    def _page_view(self) -> JsonView | PlainView:
        return self.diff if self.tab == "Diff" else self.text

    def _pin(self) -> None:
        self.inspector.pin()
        if self.inspector.pinned is not None:
            self.open_tab("Diff")

    def _show_pin(self) -> None:
        pinned = self.inspector.pinned
        self.pin.setChecked(pinned is not None)
        self.pin.setEnabled(self.inspector.row is not None)
        words = f"Pinned: {pinned.text}" if pinned is not None else "Pin this span and compare it with the next one"
        keys = self.pin.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.pin.setToolTip(plain_tip(f"{words} ({keys})"))
        self.pin.setAccessibleDescription(words)

    def _copy_page(self) -> None:
        QGuiApplication.clipboard().setText(self._page_view.whole_text)

    def _act_for(self, event: QKeyEvent) -> Callable[[], object] | None:
        """This pane's keys override the window's while it has the focus."""
        keys = QKeySequence(event.keyCombination())
        by_alt = Qt.KeyboardModifier.AltModifier
        step = 1 if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if event.modifiers() == by_alt:
                return lambda: self.walk_asked.emit("step", step)
            case Qt.Key.Key_Left | Qt.Key.Key_Right if event.modifiers() == by_alt:
                return lambda: self.walk_asked.emit("sibling", step)
            case Qt.Key.Key_Left | Qt.Key.Key_Right if event.modifiers() == by_alt | Qt.KeyboardModifier.ShiftModifier:
                return lambda: self.walk_asked.emit("peer", step)
            case _ if keys == QKeySequence("Ctrl+F"):
                return self.finder.open
            case _ if keys == QKeySequence("F3") and self.finder.isVisible():
                return lambda: self.finder.step(1)
            case _ if keys == QKeySequence("Shift+F3") and self.finder.isVisible():
                return lambda: self.finder.step(-1)
            case _:
                return None

    def _take_look(self) -> None:
        self._copy.setIcon(self._look.icon("copy"))

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            act = self._act_for(event)
            if act is not None:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    act()
                return True
        return super().eventFilter(watched, event)
