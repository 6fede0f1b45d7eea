"""The text of a file that is being edited, with one undo history for all views of it."""

from abc import ABC, abstractmethod

from workbench.core.signal import Signal
from workbench.viewmodels.schema_editor.history import EditHistory, UndoStep, edit_between


class EditedText(ABC):
    """`text` is the source of truth. Subclasses define its meaning, and when it is broken."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.history = EditHistory()
        self.changed: Signal[[]] = Signal()
        self._read()

    @property
    @abstractmethod
    def is_broken(self) -> bool:
        """Whether the text cannot go into its file as it is."""

    def write(self, text: str, *, words: str, merge: str = "", place: str = "") -> None:
        """Set the text. `merge` names the place that is typed into, so that typing is undone word by word."""
        if text == self.text:
            return
        self.history.record(UndoStep(edit_between(self.text, text), place, merge, words))
        self._take(text)

    def undo(self) -> UndoStep | None:
        """Undo the last step, from whichever view."""
        step = self.history.undo()
        if step is not None:
            self._take(step.edit.undone(self.text))
        return step

    def redo(self) -> UndoStep | None:
        """Redo the last undone step."""
        step = self.history.redo()
        if step is not None:
            self._take(step.edit.done(self.text))
        return step

    def _take(self, text: str) -> None:
        self.text = text
        self._read()
        self.changed.emit()

    @abstractmethod
    def _read(self) -> None:
        """`text` has changed."""
