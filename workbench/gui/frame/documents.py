"""The tabs in the middle: conversations, and documents to read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.document_page import DocumentPage
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line

_LAST_TAB = 9

W = TypeVar("W", bound=QWidget)


@dataclass(frozen=True)
class PageKey(Generic[W]):
    """The page of a kind that goes by this name; it is open once at most."""

    kind: type[W]
    name: str


class Documents(QTabWidget):
    """Opens, finds, names and closes tabs."""

    pane_closing = Signal(object)
    """A `ChatPane` is about to go."""
    tab_closing = Signal(object)
    """Any widget is about to go; it is whole until the signal has been heard."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setDocumentMode(True)
        self.setAccessibleName("Open documents")
        self.tabBar().setAccessibleName("Tabs")
        self.tabBar().setDrawBase(False)
        self.tabCloseRequested.connect(self.close_tab)

    @property
    def pane(self) -> ChatPane | None:
        """The conversation in the open tab, if that is one."""
        current = self.currentWidget()
        return current if isinstance(current, ChatPane) else None

    def panes(self) -> list[ChatPane]:
        """All conversations, in the order of their tabs."""
        return list(self.pages(ChatPane))

    def add_pane(self, pane: ChatPane) -> None:
        """Open a conversation in a tab and show it."""
        self.setCurrentIndex(self.addTab(pane, ""))
        self.name_pane(pane)

    def name_pane(self, pane: ChatPane) -> None:
        """Write the conversation's title on its tab; a dot says that it is running."""
        place = self.indexOf(pane)
        mark = " ●" if pane.conversation.is_running else ""
        self._name(place, f"{pane.conversation.title}{mark}")

    def read(
        self, key: str, title: str, about: str, text_of: Callable[[], str], *, is_json: bool = False
    ) -> DocumentPage:
        """Open a document to read, or show the tab that has it already."""
        return self.show_page(
            PageKey(DocumentPage, key),
            one_line(title.rpartition("/")[2], 30),
            lambda: DocumentPage(self._look, title, about, text_of(), is_json=is_json),
        )

    def pages(self, kind: type[W]) -> tuple[W, ...]:
        """Every open page of a kind, in the order of the tabs."""
        widgets = (self.widget(place) for place in range(self.count()))
        return tuple(widget for widget in widgets if isinstance(widget, kind))

    def page(self, key: PageKey[W]) -> W | None:
        """The open page of that key, if there is one."""
        return next((page for page in self.pages(key.kind) if page.objectName() == key.name), None)

    def show_page(self, key: PageKey[W], title: str, make: Callable[[], W]) -> W:
        """Show the page of that key; it is made when no tab has it."""
        known = self.page(key)
        if known is not None:
            self.setCurrentWidget(known)
            return known
        page = make()
        page.setObjectName(key.name)
        place = self.addTab(page, "")
        self._name(place, title)
        self.setCurrentIndex(place)
        return page

    def name_page(self, page: QWidget, title: str) -> None:
        """Write another title on a page's tab."""
        place = self.indexOf(page)
        if place >= 0:
            self._name(place, title)

    def close_page(self, page: QWidget) -> None:
        """Close the tab of a page, if it has one."""
        self.close_tab(self.indexOf(page))

    def close_tab(self, place: int) -> None:
        """Close a tab; one whose run is going on stays."""
        widget = self.widget(place)
        if widget is None or (isinstance(widget, ChatPane) and widget.conversation.is_running):
            return
        self.tab_closing.emit(widget)
        if isinstance(widget, ChatPane):
            self.pane_closing.emit(widget)
        self.removeTab(place)
        widget.deleteLater()

    def step(self, by: int) -> None:
        """Go to a neighboring tab, around the corner."""
        self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def go_to(self, number: int) -> None:
        """Go to a tab by its number, from 1; 9 is the last one."""
        self.setCurrentIndex(self.count() - 1 if number == _LAST_TAB else min(number, self.count()) - 1)

    def _name(self, place: int, title: str) -> None:
        self.setTabText(place, title.replace("&", "&&"))
        for side in (QTabBar.ButtonPosition.RightSide, QTabBar.ButtonPosition.LeftSide):
            button = self.tabBar().tabButton(place, side)
            if button is not None:
                button.setAccessibleName(f"Close {title}")
