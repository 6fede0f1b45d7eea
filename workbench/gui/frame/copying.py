"""Copying: the conversation as Markdown, a request as curl or Python. A toast says what is on the clipboard."""

from PySide6.QtGui import QGuiApplication

from workbench.app.runs.request_copy import CopyForm
from workbench.core.errors import WorkbenchError
from workbench.gui.kit.toasts import Toasts
from workbench.viewmodels.conversation.conversation import ConversationViewModel

_WORDS: dict[CopyForm, str] = {"curl": "as curl", "python": "as Python"}


class Copying:
    """Puts texts onto the clipboard."""

    def __init__(self, toasts: Toasts) -> None:
        self._toasts = toasts

    def markdown(self, conversation: ConversationViewModel | None) -> None:
        """The whole conversation as Markdown."""
        if conversation is None or conversation.is_fresh:
            self._toasts.tell("There is nothing to copy yet.", tone="warn")
            return
        QGuiApplication.clipboard().setText(conversation.markdown())
        self._toasts.tell("Copied the conversation as Markdown", tone="ok")

    def request(self, conversation: ConversationViewModel | None, form: CopyForm) -> None:
        """The request of the selected span, or the newest one. Keys appear by name."""
        if conversation is None:
            return
        try:
            text = conversation.request_copy(form, conversation.trace.selection)
        except WorkbenchError as error:
            self._toasts.tell(f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".strip(), tone="warn")
            return
        QGuiApplication.clipboard().setText(text)
        self._toasts.tell(f"Copied the request {_WORDS[form]}, keys by name only", tone="ok")
