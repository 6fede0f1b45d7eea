"""What stands between the text and its file, said with a way out."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from workbench.core.signal import Signal
from workbench.gui.kit.labels import label
from workbench.gui.kit.listening import listen
from workbench.viewmodels.schema_editor.edited_text import EditedText
from workbench.viewmodels.schema_editor.file_state import OpenFileState
from workbench.viewmodels.shared.plain import one_line


class EditedFile(Protocol):
    """A text in a file, as the banner sees it. `refused` tells what could not be done."""

    @property
    def file(self) -> OpenFileState: ...
    @property
    def document(self) -> EditedText: ...
    @property
    def refused(self) -> Signal[[str]]: ...
    def save(self) -> bool: ...
    def undo(self) -> None: ...


class FileBanner(QFrame):
    """Hidden while all is well. Nothing here waits for an answer."""

    def __init__(self, editor: EditedFile) -> None:
        super().__init__()
        self._editor = editor
        self._passing = ""
        self.setProperty("role", "banner")
        self.setAccessibleName("About the file")
        self.text = label("", wraps=True)
        self.text.setProperty("tone", "warn")
        self.buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 6, 12, 6)
        self._row.setSpacing(8)
        self._row.addWidget(self.text, 1)
        self.refresh()
        listen(self, editor.file.changed, self.refresh)
        listen(self, editor.refused, self.say)
        listen(self, editor.document.changed, self._on_text_changed)

    def say(self, words: str) -> None:
        """Something that could not be done; gone with the next edit."""
        self._passing = words
        self.refresh()

    def refresh(self) -> None:
        """Say what there is to say."""
        words, ways = self._content()
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(text, act) for text, act in ways]
        self.text.setText(one_line(words, 400))
        self.setVisible(bool(words))

    def _content(self) -> tuple[str, tuple[tuple[str, Callable[[], object]], ...]]:
        file = self._editor.file
        match file.standing:
            case "changed":
                words = f"{file.name} was changed by another program. Your text is kept and theirs is not overwritten."
                return words, (("Load theirs", file.load), ("Keep mine", file.keep_mine))
            case "gone":
                return f"{file.name} was deleted. Your text is still here.", (("Restore", file.bring_back),)
            case "refused":
                return f"Not saved: {file.trouble}", (("Try again", self._editor.save),)
        if file.notice:
            return file.notice, (("Revert to file", self._editor.undo), ("Dismiss", self._dismiss))
        return self._passing, ((("Dismiss", self._dismiss),) if self._passing else ())

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _=False: act())
        self._row.addWidget(button)
        return button

    def _on_text_changed(self) -> None:
        if self._passing or self._editor.file.notice:
            self._dismiss()

    def _dismiss(self) -> None:
        self._passing = ""
        self._editor.file.notice = ""
        self.refresh()
