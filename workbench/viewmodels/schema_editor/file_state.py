"""The file behind the editor: saved, unsaved, changed by somebody else, or gone. It never overwrites unseen."""

from typing import Literal

from workbench.app.schema_editor.tool_editing import TextFile
from workbench.core.errors import ProjectError, StoreError
from workbench.core.signal import Signal
from workbench.viewmodels.schema_editor.edited_text import EditedText

FileStanding = Literal["saved", "unsaved", "draft", "changed", "gone", "refused"]


class OpenFileState:
    """Saves a document. `standing` says how the file and the text relate."""

    def __init__(self, file: TextFile, document: EditedText) -> None:
        self.file = file
        self.standing: FileStanding = "saved"
        self.trouble = ""
        """Why the last attempt to write failed; empty when it did not."""
        self.notice = ""
        """Something to know about how the text came here; empty mostly."""
        self.changed: Signal[[]] = Signal()
        self.written: Signal[[]] = Signal()
        """The file holds something else now, and so does the project."""
        self._document = document
        self._restore()

    @property
    def is_dirty(self) -> bool:
        """Whether the file does not hold the text as it is."""
        return self._document.text != self.file.text

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.path.name

    def text_changed(self) -> None:
        """The document was edited."""
        if self.standing in ("saved", "unsaved", "draft", "refused"):
            self._set_state("unsaved" if self.is_dirty else "saved")

    @property
    def can_be_saved(self) -> bool:
        """Whether the text may be saved in the file."""
        return not self._document.is_broken

    def save(self) -> bool:
        """Put the text where it belongs: into the file, or beside it while it is broken or would overwrite something.

        Whether the file now holds the text.
        """
        self.look_at_disk()
        try:
            if self.standing in ("changed", "gone") or not self.can_be_saved:
                if self.is_dirty:
                    self.file.keep_draft(self._document.text)
                    self._set_state("draft" if self.standing not in ("changed", "gone") else self.standing)
                return False
            if self.is_dirty:
                self.write_file(self._document.text)
                self._set_state("saved")
                self.written.emit()
            return True
        except (StoreError, OSError) as error:
            self._set_state("refused", str(error))
            return False

    def write_file(self, text: str) -> None:
        """Write the file. Raises `StoreError`."""
        self.file.save(text)

    def keep_draft(self) -> None:
        """Keep a text that is not saved, so that it comes back with the file."""
        if self.is_dirty:
            try:
                self.file.keep_draft(self._document.text)
            except (StoreError, OSError) as error:
                self._set_state("refused", str(error))

    def look_at_disk(self) -> None:
        """Notice what other programs did. A text without edits of its own follows the file; Undo goes back."""
        state = self.file.disk_state
        if state == "same":
            if self.standing in ("changed", "gone"):
                self._set_state("unsaved" if self.is_dirty else "saved")
        elif state == "gone":
            self._set_state("gone")
        elif self._document.text == self.file.text:
            self.load()
        elif self.standing != "changed":
            self._set_state("changed")

    def load(self) -> None:
        """Take the text from the disk, as an edit that can be undone."""
        try:
            text = self.file.reload()
        except ProjectError as error:
            self._set_state("refused", error.message)
            return
        self._document.write(text, words="Load the file as it is on disk")
        self.file.drop_draft()
        self._set_state("saved")

    def keep_mine(self) -> bool:
        """Write the text over what is on disk, now that the person has been told."""
        if not self.can_be_saved:
            return False
        try:
            self.write_file(self._document.text)
        except (StoreError, OSError) as error:
            self._set_state("refused", str(error))
            return False
        self._set_state("saved")
        self.written.emit()
        return True

    def bring_back(self) -> bool:
        """Create the deleted file again with the editor's text."""
        return self.keep_mine()

    def _restore(self) -> None:
        """Restore a text that was kept because it could not be saved in the file."""
        found = self.file.draft()
        if found is None:
            return
        text, is_current = found
        if text == self.file.text:
            self.file.drop_draft()
            return
        self._document.write(text, words="Restore the unsaved text")
        self.standing = "draft" if is_current else "changed"
        self.notice = "Restored unsaved text from last time. Undo reverts to the file."

    def _set_state(self, standing: FileStanding, trouble: str = "") -> None:
        if (standing, trouble) != (self.standing, self.trouble):
            self.standing, self.trouble = standing, trouble
            self.changed.emit()
