"""The editor of one tool in a tab: form, JSON, problems, preview and changes put together."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from workbench.app.microscope.sentence_heat import HeatStore
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import WorkbenchError
from workbench.core.json_place import steps
from workbench.core.tool import Tool
from workbench.gui.kit.file_watch import FileWatch
from workbench.gui.kit.find_bar import JsonPane
from workbench.gui.kit.listening import listen
from workbench.gui.kit.timers import delay
from workbench.gui.kit.undo_keys import UndoKeys
from workbench.gui.look.look import Look
from workbench.gui.schema_editor.editor_header import VIEWS, EditorHeader
from workbench.gui.schema_editor.file_banner import FileBanner
from workbench.gui.schema_editor.form_view import FormView
from workbench.gui.schema_editor.json_editor import JsonEditor
from workbench.gui.schema_editor.problems_panel import ProblemsPanel
from workbench.gui.schema_editor.side_panel import SidePanel
from workbench.viewmodels.schema_editor.editor import SchemaEditorViewModel
from workbench.viewmodels.schema_editor.problem import EditorProblem

SAVE_MS = 1_000
_CHECK_MS = 120
_NARROW = 820
_LOW = 620


class EditorPage(QWidget):
    """Saves one second after the last key, and at once when it is left."""

    title_changed = Signal()
    written = Signal()
    """The tool's file holds something else now."""
    try_asked = Signal(str)
    """The person wants to try the tool of that name."""
    copied = Signal(object)
    """A copy of the tool was made; its path."""
    new_asked = Signal()
    """The person wants a new tool."""

    def __init__(
        self,
        file: TextFile,
        look: Look,
        toolset: Callable[[], Sequence[Tool]] = tuple,
        heats: HeatStore | None = None,
    ) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._look = look
        self._check_timer = delay(self, _CHECK_MS, self._check)
        self._save_timer = delay(self, SAVE_MS, lambda: self.editor.save())
        self.editor = SchemaEditorViewModel(
            file, toolset=toolset, heats=heats, later=lambda _: self._check_timer.start()
        )
        editor = self.editor
        self._keys = UndoKeys(editor.undo, editor.redo, self)
        self.header = EditorHeader(editor, look, self._menu_entries())
        self.banner = FileBanner(editor)
        self.form = FormView(editor, look, self._keys)
        self.json = JsonEditor(editor, look, self._keys)
        self.side = SidePanel(editor, look, self._keys)
        self.problems = ProblemsPanel(editor.problems, look, self._keys)
        self.views = QSplitter(Qt.Orientation.Horizontal)
        self.views.addWidget(self.form)
        self.json_pane = JsonPane(self.json, look)
        self.views.addWidget(self.json_pane)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.views)
        self.split.addWidget(self.side)
        for splitter in (self.views, self.split):
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.header, self.banner):
            column.addWidget(widget)
        column.addWidget(self.split, 1)
        column.addWidget(self.problems)
        self.side.hide()
        self._watch = FileWatch(self.path, self._look_at_disk, self)
        self._connect()
        self.show_view("JSON" if editor.document.is_broken else "Form")
        self._show_tokens()

    def add_strip(self, strip: QWidget) -> None:
        """Put something about the whole tool between the header and the views."""
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(2, strip)

    @property
    def title(self) -> str:
        """The tab's title; a dot says that the file does not hold the text yet."""
        return f"{self.editor.file.name}{' ●' if self.editor.file.is_dirty else ''}"

    @property
    def path(self) -> Path:
        """The tool's file."""
        return self.editor.file.file.path

    @property
    def view(self) -> str:
        """Which of `VIEWS` is shown."""
        return VIEWS[self.header.views.currentIndex()]

    def show_view(self, view: str) -> None:
        """Show the form, the JSON, or both."""
        if self.views.isHidden() and not self.side.isHidden():
            self.toggle_side()
        self.header.choose(view)
        focus = self.window().focusWidget()
        was_json = focus is not None and self.json_pane.isAncestorOf(focus)
        was_form = focus is not None and self.form.isAncestorOf(focus)
        self.form.setVisible(view != "JSON")
        self.json_pane.setVisible(view != "Form")
        if was_json and view == "Form":
            self.form.focus_outline()
        elif was_form and view == "JSON":
            self.json.setFocus()
        if view == "Both":
            half = max(self.views.width() // 2, 1)
            self.views.setSizes([half, half])
        if view != "Form" and not self.editor.document.is_broken:
            self.json.go_to_place(self.editor.form.selected)

    def toggle_side(self) -> None:
        """Show or hide preview and changes."""
        self.side.setVisible(self.side.isHidden())
        self.header.side.setChecked(not self.side.isHidden())
        self._share_room()

    def show_side(self, title: str) -> None:
        """Show the preview or the changes."""
        if self.side.isHidden():
            self.toggle_side()
        self.side.open_page(title)

    def go_to_line(self, line: int) -> None:
        """Show a line of the JSON, counted from 1."""
        self.show_view("JSON")
        text = self.editor.document.text
        start = len("\n".join(text.split("\n")[: max(0, line - 1)])) + (line > 1)
        self.json.go_to(start, start)
        self.json.setFocus()

    def go_to(self, problem: EditorProblem) -> None:
        """Go to a problem's place, in the view that is open; broken JSON is fixed in the JSON."""
        editor = self.editor
        is_form = self.view == "Form"
        self.show_view("JSON" if is_form and editor.document.is_broken else self.view)
        if self.view != "Form":
            self.json.go_to(problem.start, problem.end)
        if editor.document.is_broken or self.view == "JSON":
            self.json.setFocus()
            return
        editor.form.select(problem.path)
        row = editor.form.row
        inside = steps(problem.path[len(row.core if problem.path.startswith(row.core) else row.path) :])
        self.form.details.focus_field(inside[0] if inside else "name")

    def save(self) -> None:
        """Save on purpose."""
        self._save_timer.stop()
        self.editor.save(on_purpose=True)

    def _connect(self) -> None:
        editor = self.editor
        self.header.view_chosen.connect(self.show_view)
        self.header.side_asked.connect(self.toggle_side)
        self.header.try_asked.connect(self.try_it)
        self.problems.jump_asked.connect(self.go_to)
        self.problems.fix_asked.connect(editor.fix)
        self.problems.fix_all_asked.connect(editor.fix_all)
        self.json.place_changed.connect(editor.form.select)
        listen(self, editor.document.changed, self._on_edited)
        listen(self, editor.file.changed, self.title_changed.emit)
        listen(self, editor.file.written, self.written.emit)
        listen(self, editor.form.selection_changed, self._show_place)
        for keys, act in (
            ("Ctrl+S", self.save),
            ("Alt+1", lambda: self.show_view("Form")),
            ("Alt+2", lambda: self.show_view("JSON")),
            ("Alt+3", lambda: self.show_view("Both")),
            ("Alt+4", self.toggle_side),
            ("Shift+Alt+F", editor.lay_out),
            ("Alt+F8", lambda: self.problems.step(1)),
            ("Shift+Alt+F8", lambda: self.problems.step(-1)),
            ("Alt+Return", self.problems.fix_current),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _menu_entries(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        return (
            ("Save and rename file to match the tool", "Ctrl+S", self.save),
            ("Format JSON", "Shift+Alt+F", self.editor.lay_out),
            ("Next problem", "Alt+F8", lambda: self.problems.step(1)),
            ("Fix the chosen problem", "Alt+Return", lambda: self.problems.fix_current()),
            ("Fix all problems that have a fix", "", self.editor.fix_all),
            ("New tool", "", self.new_asked.emit),
            ("Duplicate the tool", "", self._duplicate),
            ("Delete the tool", "", self.editor.file.delete),
        )

    def _on_edited(self) -> None:
        self._save_timer.start()
        self.title_changed.emit()

    def _show_tokens(self) -> None:
        self.header.show_tokens(self.editor.tokens)

    def _show_place(self) -> None:
        """In both views, the JSON follows the outline; it never takes the focus."""
        if self.view == "Both" and not self.json.hasFocus() and not self.editor.document.is_broken:
            self.json.go_to_place(self.editor.form.selected)

    def try_it(self) -> None:
        """Save, and ask for a conversation in which the model must call this tool."""
        if self.editor.save():
            self.try_asked.emit(self.editor.name)

    def _duplicate(self) -> None:
        try:
            self.copied.emit(self.editor.file.duplicate())
        except WorkbenchError as error:
            self.banner.say(f"{error.message}. {error.hint}".strip())

    def _look_at_disk(self) -> None:
        self._watch.follow(self.path)
        self.editor.file.look_at_disk()

    def _check(self) -> None:
        self.editor.problems.check()
        self._show_tokens()

    def _share_room(self) -> None:
        """The side beside the views, below them where it is narrow, alone where it is low as well."""
        is_narrow = self.width() < self._look.px(_NARROW)
        whole = self.split.height() if is_narrow else self.split.width()
        self.views.setVisible(self.side.isHidden() or not is_narrow or whole >= self._look.px(_LOW))
        self.split.setOrientation(Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal)
        first = round(whole * (0.5 if is_narrow else 0.58))
        self.split.setSizes([first, max(whole - first, 1)])

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        old, new = event.oldSize(), event.size()
        narrow, low = self._look.px(_NARROW), self._look.px(_LOW)
        if (old.width() < narrow, old.height() < low) != (new.width() < narrow, new.height() < low):
            self._share_room()

    def hideEvent(self, event: QHideEvent) -> None:
        """The tab is left or closed: what waits to be saved is saved now."""
        super().hideEvent(event)
        if self._save_timer.isActive():
            self._save_timer.stop()
            self.editor.save()
