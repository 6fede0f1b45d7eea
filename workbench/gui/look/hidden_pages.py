"""Hidden pages get a new look only when they are shown: with many open pages, they would be most of the work."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QStackedWidget, QTextEdit, QWidget

_STYLED = Qt.WidgetAttribute.WA_WState_Polished
_APART = Qt.WidgetAttribute.WA_SetStyle


class HiddenPages(QObject):
    """Keeps them out of reach of the application's style sheet.

    Workaround (no upstream issue known): `QApplication::setStyle` styles every widget of the program, shown or not,
    unless these two attributes say that it has a style of its own. Remove when Qt styles hidden widgets only
    when they are shown.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._late: dict[Callable[[], None], None] = {}

    def set_apart(self) -> None:
        """Remove the old style from every covered page, without a new one yet."""
        style = self._app.style()
        for widget in self._covered():
            if not widget.testAttribute(_APART):
                style.unpolish(widget)
                widget.setAttribute(_STYLED, False)
                widget.setAttribute(_APART)

    def is_held(self, owner: QObject, listener: Callable[[], None]) -> bool:
        """Whether the owner is on such a page; then the listener is called when the page is shown."""
        if not isinstance(owner, QWidget) or not owner.testAttribute(_APART):
            return False
        self._late[listener] = None
        return True

    def forget(self, listener: Callable[[], None]) -> None:
        """Stop calling this listener."""
        self._late.pop(listener, None)

    def _catch_up(self) -> None:
        style = self._app.style()
        covered = self._covered()
        apart = (widget for widget in self._app.allWidgets() if widget.testAttribute(_APART))
        widgets = [widget for widget in apart if widget not in covered]
        for widget in widgets:
            widget.setAttribute(_APART, False)
            widget.setAttribute(_STYLED)
            style.polish(widget)
        for widget in widgets:
            QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
        for listener in tuple(self._late):
            if listener in self._late:  # an earlier listener may have ended its owner
                del self._late[listener]
                listener()  # one on another page is held again
        show_placeholders(widgets)

    def _covered(self) -> set[QWidget]:
        """The pages that others cover, from now on watched, with what is on them. Not by `QStackedWidget.widget`: it
        ties a page to the Python object of its stack, and when one that Qt made goes, Python takes texts on the page
        for deleted."""
        widgets = self._app.allWidgets()
        stacks = [(widget, widget.currentIndex()) for widget in widgets if isinstance(widget, QStackedWidget)]
        hidden = [widget for widget in widgets if widget.isHidden()]
        pages = {page for stack, shown in stacks for page in hidden if stack.indexOf(page) not in (-1, shown)}
        for page in pages:
            page.installEventFilter(self)
        found: dict[QWidget | None, bool] = {None: False}

        def is_covered(widget: QWidget | None) -> bool:
            if widget not in found:
                assert widget is not None
                found[widget] = widget in pages or (not widget.isWindow() and is_covered(widget.parentWidget()))
            return found[widget]

        return {widget for widget in widgets if is_covered(widget)}

    # overrides of Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            if watched.testAttribute(_APART):
                self._catch_up()
        return super().eventFilter(watched, event)


def show_placeholders(widgets: Iterable[QWidget]) -> None:
    """What Qt paints placeholders with keeps its old size otherwise."""
    for widget in widgets:
        if isinstance(widget, QPlainTextEdit | QTextEdit):
            widget.viewport().setFont(widget.font())
