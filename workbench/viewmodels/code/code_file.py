"""A code file in an editor: saved only on purpose, since saving may let it run."""

from typing import Protocol

from workbench.app.parts import HasProject, HasTrust
from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.viewmodels.schema_editor.edited_text import EditedText
from workbench.viewmodels.schema_editor.file_state import OpenFileState


class CodeParts(HasProject, HasTrust, Protocol):
    """What saving code needs."""


class CodeText(EditedText):
    """Any text; whether it is valid code turns out when it runs."""

    @property
    def is_broken(self) -> bool:
        """Never: a code file may contain anything."""
        return False

    def _read(self) -> None:
        pass


class CodeFileState(OpenFileState):
    """Saves through the project, so that a trusted project stays trusted after the person's own edit."""

    def __init__(self, file: TextFile, document: CodeText, parts: CodeParts) -> None:
        self._parts = parts
        super().__init__(file, document)

    def write_file(self, text: str) -> None:
        """Write the text as the person's own edit; raises `StoreError`."""
        held = self.file.encoded(text)
        self._parts.edit_code(f"Edited {self.file.path.name}", {self.file.path: held})
        self.file.save(text)  # it is already there, and only has to be recorded


class CodeFile:
    """The view-model of one file."""

    def __init__(self, file: TextFile, parts: CodeParts) -> None:
        self.document = CodeText(file.text)
        self.file: OpenFileState = CodeFileState(file, self.document, parts)
        self.changed: Signal[[]] = Signal()
        self.refused: Signal[[str]] = Signal()
        self._parts = parts
        self.document.changed.connect(self._on_text_changed)

    @property
    def trust_words(self) -> str:
        """Whether saving lets the code run; empty if nothing in the project needs trust."""
        seen = self._parts.trust_seen
        if seen.trusts_code:
            return "This project's code is trusted. Saving keeps it so."
        return "" if seen.is_trusted else "This project's code is not trusted. Saving does not run it."

    def write(self, text: str) -> None:
        """The text was edited."""
        self.document.write(text, words="Edit the code", merge="code")

    def undo(self) -> None:
        """Undo the last edit."""
        self.document.undo()

    def redo(self) -> None:
        """Redo it."""
        self.document.redo()

    def save(self) -> bool:
        """Save at the person's request; return whether the file holds the text."""
        self.document.history.pause()
        try:
            return self.file.save()
        except WorkbenchError as error:  # the project itself cannot be read
            self.refused.emit(f"{error.message}. {error.hint}".strip())
            return False

    def keep(self) -> None:
        """The page is left: unsaved text is kept beside the project's history, and restored later."""
        self.file.keep_draft()

    def _on_text_changed(self) -> None:
        self.file.text_changed()
        self.changed.emit()
