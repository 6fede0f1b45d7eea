"""One strip of tabs with their pages: pinned tabs first, dragged into order, and a list of all when they overflow."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QMenu, QSplitter, QTabBar, QTabWidget, QToolButton, QWidget

from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import one_line

_CROSS_PX = 20
_LEAST_PX = 200
_USUAL_PX = 340
_LOW_PX = 360
_SIDES = (QTabBar.ButtonPosition.RightSide, QTabBar.ButtonPosition.LeftSide)


class TabBar(QTabBar):
    """Emits when the room for its tabs changes."""

    laid_out = Signal()

    @property
    def wanted_width(self) -> int:
        """The total width of all tabs."""
        return sum(self.tabSizeHint(place).width() for place in range(self.count()))

    # overrides of Qt

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        self.laid_out.emit()


class TabGroup(QTabWidget):
    """`name` sets a page's title. Closing is requested here and done by the owner."""

    close_asked = Signal(QWidget)
    menu_asked = Signal(QWidget, QPoint)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self.pinned: set[QWidget] = set()
        self._bar = TabBar(self)
        self.setTabBar(self._bar)
        self.setTabsClosable(True)
        self.setMovable(True)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.setAccessibleName(name)
        self._bar.setAccessibleName("Tabs")
        self._bar.setDrawBase(False)
        self._bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._bar.customContextMenuRequested.connect(self._ask_menu)
        self._bar.tabMoved.connect(lambda *_: self._sort())
        self._bar.installEventFilter(self)
        self.all_tabs = QToolButton(self)
        self.all_tabs.setAccessibleName("All open tabs")
        self.all_tabs.setToolTip("All open tabs")
        self.all_tabs.clicked.connect(self.list_tabs)
        self.setCornerWidget(self.all_tabs, Qt.Corner.TopRightCorner)
        self.all_tabs.hide()
        self.tabCloseRequested.connect(lambda place: self.close_asked.emit(self.widget(place)))
        self._bar.laid_out.connect(self._show_list)
        look.follow(self, self._show_icons)
        self._show_icons()

    def name(self, page: QWidget, title: str) -> None:
        """Set the title of a page's tab."""
        place = self.indexOf(page)
        self._size_buttons()
        self.setTabText(place, title.replace("&", "&&"))
        self.setTabToolTip(place, one_line(title, 200) if len(title) > len(one_line(title, 30)) else "")
        for side in _SIDES:
            button = self._bar.tabButton(place, side)
            if button is not None:
                button.setAccessibleName(f"Close {title}")

    def title(self, page: QWidget) -> str:
        """The title of its tab."""
        return self.tabText(self.indexOf(page)).replace("&&", "&")

    def pin(self, page: QWidget, *, is_pinned: bool) -> None:
        """Pin a tab: in front and without a close button; or unpin it."""
        if is_pinned == (page in self.pinned):
            return
        title, was_current = self.title(page), self.currentWidget() is page
        place = self.indexOf(page)
        if is_pinned:
            self.pinned.add(page)
            for side in _SIDES:
                self._bar.setTabButton(place, side, None)
        else:  # a tab gets its button when it is put in
            self.pinned.discard(page)
            self.blockSignals(True)
            self.removeTab(place)
            self.insertTab(place, page, "")
            if was_current:
                self.setCurrentWidget(page)
            self.blockSignals(False)
        self.name(page, title)
        self._sort()
        self._show_icons()

    def take_out(self, page: QWidget) -> tuple[str, bool]:
        """Remove a page to move it to another group; return its title and whether it was pinned."""
        found = self.title(page), page in self.pinned
        self.pinned.discard(page)
        self.removeTab(self.indexOf(page))
        return found

    def move_to(self, page: QWidget, place: int) -> None:
        """Move its tab to a place, as far as pinned tabs allow."""
        self._bar.moveTab(self.indexOf(page), max(0, min(place, self.count() - 1)))

    def move_by(self, by: int) -> None:
        """Move the open tab."""
        page = self.currentWidget()
        if page is not None:
            self.move_to(page, self.currentIndex() + by)

    def shown_pages(self) -> list[QWidget]:
        """Its pages in the order of the tabs."""
        found = (self.widget(place) for place in range(self.count()))
        return [page for page in found if page is not None]

    def list_tabs(self) -> None:
        """A menu of all tabs, the open one checked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, page in enumerate(self.shown_pages()):
            words = f"{self.tabText(place)}{'   pinned' if page in self.pinned else ''}"
            act = menu.addAction(words)
            act.triggered.connect(partial(self.setCurrentIndex, place))
            act.setCheckable(True)
            act.setChecked(place == self.currentIndex())
        menu.popup(self.all_tabs.mapToGlobal(QPoint(0, self.all_tabs.height())))

    def _sort(self) -> None:
        """Pinned tabs come first."""
        order = sorted(range(self.count()), key=lambda place: self.widget(place) not in self.pinned)
        if order != list(range(self.count())):
            pages = self.shown_pages()
            for place, page in enumerate(pages[was] for was in order):
                if self.indexOf(page) != place:
                    self._bar.moveTab(self.indexOf(page), place)

    def _show_icons(self) -> None:
        self.all_tabs.setIcon(self._look.icon("chevron-down"))
        for place in range(self.count()):
            is_pinned = self.widget(place) in self.pinned
            if is_pinned or not self.tabIcon(place).isNull():  # setting an icon lays out all tabs again
                self.setTabIcon(place, self._look.icon("pin") if is_pinned else QIcon())
        self._size_buttons()
        self._bar.setIconSize(QSize(self._look.px(14), self._look.px(14)))  # and lays the tabs out again

    def _size_buttons(self) -> None:
        """The crosses grow with the text; Qt gives them one size."""
        size = QSize(self._look.px(_CROSS_PX), self._look.px(_CROSS_PX))
        for button in (self._bar.tabButton(place, side) for place in range(self.count()) for side in _SIDES):
            if button is not None and button.size() != size:
                button.resize(size)

    def _show_list(self) -> None:
        self.all_tabs.setVisible(self._bar.wanted_width > self.width() - self._look.px(8))

    def _ask_menu(self, point: QPoint) -> None:
        place = self._bar.tabAt(point)
        if place >= 0:
            self.menu_asked.emit(self.widget(place), self._bar.mapToGlobal(point))

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        """No page, visible or not, keeps the window from shrinking: pages fold and scroll. Two strips share it."""
        hint, beside = super().minimumSizeHint(), self.parentWidget()
        is_split = isinstance(beside, QSplitter) and beside.count() > 1
        width, height = (self._look.px(most) for most in (_LEAST_PX if is_split else _USUAL_PX, _LOW_PX))
        return QSize(min(hint.width(), width), min(hint.height(), height))

    def tabRemoved(self, index: int) -> None:
        super().tabRemoved(index)
        self.pinned &= set(self.shown_pages())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The middle button closes a tab, as in every browser."""
        if (
            watched is self._bar
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            place = self._bar.tabAt(event.position().toPoint())
            if place >= 0:
                self.close_asked.emit(self.widget(place))
                return True
        return super().eventFilter(watched, event)
