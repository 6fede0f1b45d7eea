"""The tabs in the middle: conversations and documents; and what Esc does in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeGuard, TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSplitter, QVBoxLayout, QWidget

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Actions
from workbench.gui.frame.document_page import DocumentPage
from workbench.gui.frame.tab_group import TabGroup
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.shared.plain import one_line

_LAST_TAB = 9
_NAME = "Open documents"

W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True)
class PageKey(Generic[W]):
    """The page with this name; it is open at most once.

    `W` is the page's type, which the key does not load: `_PAGE: PageKey[HelpPage] = PageKey("help")`.
    """

    name: str

    def of(self, which: str) -> "PageKey[W]":
        """The key of one of several pages of this kind."""
        return PageKey(f"{self.name}:{which}")

    def fits(self, widget: QWidget | None) -> TypeGuard[W]:
        """Whether a widget is this page, or one of this kind."""
        return widget is not None and f"{widget.objectName()}:".startswith(f"{self.name}:")


class Documents(QWidget):
    """Opens, finds, names and closes tabs, in one strip or in two side by side.

    Places count through both strips, from the left. A page opens in the strip that was used last, whose page is the
    open one.
    """

    turned = Signal()
    """Another page is the open one."""
    pane_closing = Signal(object)
    """A `ChatPane` is about to go."""
    tab_closing = Signal(object)
    """A page is about to go; it is intact until the signal has been handled."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(_NAME)
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._groups: list[TabGroup] = []
        self._active = self._new_group()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._splitter)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)

    # the strips

    @property
    def is_split(self) -> bool:
        """Whether there are two strips."""
        return len(self._groups) > 1

    @property
    def can_split(self) -> bool:
        """Whether the open page can move to the right: it is at the left, and another one stays there."""
        return self._active is self._groups[0] and self._active.count() > 1

    def split_right(self) -> None:
        """Show the open page at the right, beside the others."""
        page = self.currentWidget()
        if page is not None and self.can_split:
            self.show_right(page)
            page.setFocus()

    def show_right(self, page: QWidget) -> None:
        """Put a page into the right strip, unless it is the only one."""
        if self.count() < 2:
            return
        if self.is_split:
            self._carry(page, self._groups[1])
        else:
            self._carry(page, self._new_group())
            self._splitter.setSizes([self.width() // 2] * 2)

    def join_left(self) -> None:
        """Move the open page back to the left."""
        page = self.currentWidget()
        if page is not None and self._active is not self._groups[0]:
            self._carry(page, self._groups[0])
            page.setFocus()

    def is_pinned(self, page: QWidget) -> bool:
        """Whether its tab stays in front and cannot be closed by accident."""
        return any(page in group.pinned for group in self._groups)

    def is_right(self, page: QWidget) -> bool:
        """Whether it is in the right strip."""
        return self._group_of(page) is not self._groups[0]

    def pin(self, page: QWidget, *, is_pinned: bool) -> None:
        """Pin or unpin its tab."""
        self._group_of(page).pin(page, is_pinned=is_pinned)

    def pin_open(self) -> None:
        """Pin or unpin the open tab."""
        page = self.currentWidget()
        if page is not None:
            self.pin(page, is_pinned=not self.is_pinned(page))

    def move_open(self, by: int) -> None:
        """Move the open tab within its strip."""
        self._active.move_by(by)

    def move_tab(self, page: QWidget, place: int) -> None:
        """Put a tab at a place of its strip."""
        self._group_of(page).move_to(page, place)

    def _new_group(self) -> TabGroup:
        group = TabGroup(self._look, _NAME if not self._groups else "Documents at the right")
        group.currentChanged.connect(lambda _: self._on_turned(group))
        group.tabBarClicked.connect(lambda _: self._activate(group))
        group.close_asked.connect(lambda page: self.close_tab(self.indexOf(page)))
        group.menu_asked.connect(self._open_menu)
        self._groups.append(group)
        self._splitter.addWidget(group)
        return group

    def _carry(self, page: QWidget, to: TabGroup) -> None:
        title, is_pinned = self._group_of(page).take_out(page)
        to.addTab(page, "")
        to.name(page, title)
        to.pin(page, is_pinned=is_pinned)
        to.setCurrentWidget(page)
        self._activate(to)
        self._drop_empty()

    def _drop_empty(self) -> None:
        for group in [group for group in self._groups if not group.count()]:
            if self.is_split:
                self._groups.remove(group)
                group.hide()
                group.setParent(None)
                group.deleteLater()
        self._groups[0].setAccessibleName(_NAME)
        if self._active not in self._groups:
            self._activate(self._groups[0])

    def _group_of(self, page: QWidget) -> TabGroup:
        return next((group for group in self._groups if group.indexOf(page) >= 0), self._active)

    def _activate(self, group: TabGroup) -> None:
        if group is not self._active:
            self._active = group
            self.turned.emit()

    def _on_turned(self, group: TabGroup) -> None:
        if group is self._active:
            self.turned.emit()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or not self.is_split:
            return
        group = next((group for group in self._groups if group.isAncestorOf(new)), None)
        if group is not None:
            self._activate(group)

    def _open_menu(self, page: QWidget, point: QPoint) -> None:
        self.setCurrentWidget(page)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Close", lambda: self.close_tab(self.indexOf(page)))
        others = menu.addAction("Close others", lambda: self._close_others(page))
        others.setEnabled(self.count() > 1)
        menu.addSeparator()
        menu.addAction("Unpin" if self.is_pinned(page) else "Pin", self.pin_open)
        if self.is_right(page):
            menu.addAction("Move to the left", self.join_left)
        else:
            menu.addAction("Split right", self.split_right).setEnabled(self.can_split)
        menu.popup(point)

    def _close_others(self, page: QWidget) -> None:
        for other in tuple(self._widgets()):
            if other is not page and not self.is_pinned(other):
                self.close_tab(self.indexOf(other))

    # the tabs, through all strips

    def count(self) -> int:
        """How many tabs there are."""
        return sum(group.count() for group in self._groups)

    def widget(self, place: int) -> QWidget | None:
        """The page at a place; None where there is none."""
        for group in self._groups:
            if 0 <= place < group.count():
                return group.widget(place)
            place -= group.count()
        return None

    def indexOf(self, page: QWidget) -> int:
        """The place of a page; -1 when it has no tab."""
        return next((place for place in range(self.count()) if self.widget(place) is page), -1)

    def tabText(self, place: int) -> str:
        """What is written on the tab at a place."""
        page = self.widget(place)
        return self._group_of(page).tabText(self._group_of(page).indexOf(page)) if page is not None else ""

    def currentWidget(self) -> QWidget | None:
        """The open page."""
        return self._active.currentWidget()

    def currentIndex(self) -> int:
        """The place of the open page."""
        page = self.currentWidget()
        return self.indexOf(page) if page is not None else -1

    def setCurrentIndex(self, place: int) -> None:
        """Open the page at a place."""
        page = self.widget(place)
        if page is not None:
            self.setCurrentWidget(page)

    def setCurrentWidget(self, page: QWidget) -> None:
        """Open a page that has a tab."""
        group = self._group_of(page)
        group.setCurrentWidget(page)
        self._activate(group)

    @property
    def pane(self) -> ChatPane | None:
        """The conversation in the open tab, if that is one."""
        current = self.currentWidget()
        return current if isinstance(current, ChatPane) else None

    def panes(self) -> list[ChatPane]:
        """All conversations, in the order of their tabs."""
        return [widget for widget in self._widgets() if isinstance(widget, ChatPane)]

    def add_pane(self, pane: ChatPane) -> None:
        """Open a conversation in a tab and show it."""
        self._active.setCurrentIndex(self._active.addTab(pane, ""))
        self.name_pane(pane)

    def name_pane(self, pane: ChatPane) -> None:
        """Write the conversation's title on its tab; a dot says that it is running."""
        mark = " ●" if pane.conversation.is_running else ""
        self._group_of(pane).name(pane, f"{pane.conversation.title}{mark}")

    def read(
        self, key: str, title: str, about: str, text_of: Callable[[], str], *, is_json: bool = False
    ) -> DocumentPage:
        """Open a document, or show the tab that already has it."""
        return self.show_page(
            PageKey[DocumentPage](key),
            one_line(title.rpartition("/")[2], 30),
            lambda: DocumentPage(self._look, title, about, text_of(), is_json=is_json),
        )

    def pages(self, key: PageKey[W]) -> tuple[W, ...]:
        """Every open page of a kind, in the order of the tabs."""
        return tuple(widget for widget in self._widgets() if key.fits(widget))

    def _widgets(self) -> Iterator[QWidget]:
        return (page for group in self._groups for page in group.shown_pages())

    def page(self, key: PageKey[W]) -> W | None:
        """The open page of that key, if there is one."""
        return next((page for page in self.pages(key) if page.objectName() == key.name), None)

    def show_page(self, key: PageKey[W], title: str, make: Callable[[], W]) -> W:
        """Show the page of this key; it is created if no tab has it."""
        known = self.page(key)
        if known is not None:
            self.setCurrentWidget(known)
            return known
        page = make()
        page.setObjectName(key.name)
        place = self._active.addTab(page, "")
        self._active.name(page, title)
        self._active.setCurrentIndex(place)
        return page

    def name_page(self, page: QWidget, title: str) -> None:
        """Write another title on a page's tab."""
        if self.indexOf(page) >= 0:
            self._group_of(page).name(page, title)

    def close_page(self, page: QWidget) -> None:
        """Close the tab of a page, if it has one."""
        self.close_tab(self.indexOf(page))

    def close_tab(self, place: int) -> None:
        """Close a tab, unless its run is going on."""
        widget = self.widget(place)
        if widget is None or (isinstance(widget, ChatPane) and widget.conversation.is_running):
            return
        self.tab_closing.emit(widget)
        if isinstance(widget, ChatPane):
            self.pane_closing.emit(widget)
        self._group_of(widget).take_out(widget)
        widget.deleteLater()
        self._drop_empty()

    def step(self, by: int) -> None:
        """Go to a neighboring tab, wrapping around."""
        self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def go_to(self, number: int) -> None:
        """Go to a tab by its number, from 1; 9 is the last one."""
        self.setCurrentIndex(self.count() - 1 if number == _LAST_TAB else min(number, self.count()) - 1)


class Escape(QObject):
    """What Esc does when no box, bar, or list under the focus takes it: undo an approval, else stop. A composer shows
    Esc, or the key chosen instead, beside Stop only while it stops."""

    def __init__(
        self, window: QMainWindow, documents: Documents, approvals: ApprovalsViewModel, commands: Actions
    ) -> None:
        super().__init__(window)
        self._documents = documents
        self._approvals = approvals
        self._commands = commands
        self._last: ChatPane | None = None
        """The pane whose button last showed the keys."""
        documents.pane_closing.connect(self._forget)
        window.installEventFilter(self)  # keys arrive here when no widget below has taken them
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._soon = delay(self, 0, self._name)  # a new tab changes all of these
        application.focusChanged.connect(self._on_focus)
        documents.turned.connect(self._soon.start)
        listen(self, approvals.changed, self._soon.start)
        listen(self, commands.keys_changed, self._soon.start)

    def _name(self) -> None:
        """Ask the focused widget whether it wants the key, as Qt itself does before it looks for a shortcut."""
        if self._documents.pane is not None:
            self._documents.pane.held_bar.name_keys(self._commands.shown_keys("step-on"))
        focused = QApplication.focusWidget()
        if focused is None:  # in another program, or the window is closing
            return
        keys = self._commands.shown_keys("stop")
        if self._commands["stop"].shortcut() == QKeySequence("Esc"):
            asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
            asked.ignore()
            QApplication.sendEvent(focused, asked)
            keys = "" if asked.isAccepted() else keys
        if (last := self._last) is not None and last is not self._documents.pane:
            last.composer.name_stop("")
        self._last = self._documents.pane
        if self._last is not None:
            self._last.composer.name_stop(keys)

    def _on_focus(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._soon.start()

    def _forget(self, pane: ChatPane) -> None:
        if pane is self._last:
            self._last = None

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            held = [card for card in self._approvals.cards if card.is_held]
            if held and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if held and event.type() == QEvent.Type.KeyPress:
                for card in held:
                    card.take_back()
                return True
        return super().eventFilter(watched, event)
