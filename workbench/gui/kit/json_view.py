"""Text that may be JSON: a tree to fold, find and copy in, or the text itself when it is none or a person says so."""

from functools import cached_property

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from workbench.gui.kit.json_tree_view import COPY_PATH, COPY_VALUE, JsonTreeView
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.json_tree import JsonTree
from workbench.viewmodels.shared.plain import SHOWN_CHARS

_ROWS_OF_A_PAGE, _ROWS_OF_A_CARD = 200, 40


class JsonView(QWidget):
    """One view for arguments, results, requests, answers and events."""

    form_made = Signal(QWidget)
    """Its tree or its text is there from now on."""

    def __init__(
        self, look: Look, name: str, *, max_lines: int = 12, rows: int = 0, max_chars: int = SHOWN_CHARS
    ) -> None:
        """`name` is read out; `max_lines` is how many lines are shown before it scrolls (0: fill the room), `rows` how
        many are unfolded at first, and `max_chars` how much of a text that is not JSON is shown."""
        super().__init__()
        self.tree = JsonTree(rows or (_ROWS_OF_A_CARD if max_lines else _ROWS_OF_A_PAGE))
        self.is_wrapping = True
        self._look = look
        self._name = name
        self._max_lines = max_lines
        self._max_chars = max_chars
        self._wants_text = False
        self._can_be_json = True
        self._whole = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._show_form()

    @cached_property
    def rows(self) -> JsonTreeView:
        """The tree; made when it is first needed, as the text is."""
        rows = JsonTreeView(self.tree, self._look, self._name, max_lines=self._max_lines)
        rows.menu_asked.connect(self.open_menu)
        if not self.is_wrapping:
            rows.wrap(is_on=False)
        self._take(rows)
        return rows

    @cached_property
    def text(self) -> PlainView:
        """The text."""
        text = PlainView(self._look, self._name, is_json=True, max_lines=self._max_lines)
        text.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        text.customContextMenuRequested.connect(lambda point: self.open_menu(text.mapToGlobal(point)))
        if not self.is_wrapping:
            text.wrap(is_on=False)
        self._take(text)
        return text

    def _take(self, form: QWidget) -> None:
        form.hide()
        self._column.addWidget(form, 0 if self._max_lines else 1)
        for other in self.forms:  # by itself Qt puts it behind everything else in the window
            self.setTabOrder(other, form)
        self.form_made.emit(form)

    @property
    def whole_text(self) -> str:
        """The text as it was given."""
        return self._whole

    @property
    def forms(self) -> list[JsonTreeView | PlainView]:
        """Those of the two that were made."""
        return [self.__dict__[name] for name in ("rows", "text") if name in self.__dict__]

    @property
    def body(self) -> JsonTreeView | PlainView:
        """The form that is shown."""
        return self.rows if self.is_tree else self.text

    @property
    def is_tree(self) -> bool:
        """Whether it is shown as a tree."""
        return self.tree.root is not None and not self._wants_text

    def show_text(self, text: str, *, is_json: bool = True) -> None:
        """Show this text; what is not `is_json` stays a text whatever it looks like."""
        if (text, is_json) == (self._whole, self._can_be_json) and text:
            return
        self._whole, self._can_be_json = text, is_json
        self.tree.show(text if is_json else "")
        self._show_form()

    def show_as_text(self, *, is_on: bool) -> None:
        """Show JSON as text, to select a part of it; or as a tree."""
        self._wants_text = is_on
        self._show_form()

    def wrap(self, *, is_on: bool) -> None:
        """Wrap long lines, or cut them off."""
        self.is_wrapping = is_on
        for form in self.forms:
            form.wrap(is_on=is_on)

    def copy_whole(self) -> None:
        """Put the whole text onto the clipboard."""
        QGuiApplication.clipboard().setText(self._whole)

    def open_menu(self, point: QPoint) -> QMenu:
        """Offer what can be done here, at `point` of the screen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(f"Actions for {self._name}")
        if self.is_tree:
            has_row = self.rows.current is not None
            for words, keys, act in (
                ("Copy value", COPY_VALUE, self.rows.copy_value),
                ("Copy path", COPY_PATH, self.rows.copy_path),
            ):
                menu.addAction(f"{words}\t{keys}", act).setEnabled(has_row)
        else:
            menu.addAction(f"Copy selection\t{COPY_VALUE}", self.text.copy).setEnabled(
                self.text.textCursor().hasSelection()
            )
        menu.addAction("Copy all", self.copy_whole)
        menu.addSeparator()
        if self.is_tree:
            menu.addAction("Unfold all\t*", lambda: self.tree.fold_all(is_open=True))
            menu.addAction("Fold all", lambda: self.tree.fold_all(is_open=False))
            menu.addSeparator()
        self._add_switch(menu, "Wrap lines", self.is_wrapping, lambda is_on: self.wrap(is_on=is_on))
        if self.tree.root is not None:
            self._add_switch(menu, "Show as text", self._wants_text, lambda is_on: self.show_as_text(is_on=is_on))
        menu.popup(point)
        return menu

    @staticmethod
    def _add_switch(menu: QMenu, words: str, is_on: bool, act: object) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.toggled.connect(act)

    def _show_form(self) -> None:
        is_tree = self.is_tree
        if not is_tree:
            shown = self.tree.indented if self.tree.root is not None else self._whole
            self.text.show_text(shown, max_chars=self._max_chars)
            if self.text.colors is not None:
                self.text.colors.switch(is_on=self._can_be_json)
        had_focus = self.body is not self.focusProxy() and self.isAncestorOf(self.window().focusWidget())
        self.setFocusProxy(self.body)
        for form in self.forms:
            form.setVisible(form is self.body)
        if had_focus:
            self.body.setFocus()

    # overrides of Qt

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
