"""The log without keys, in which foreign text is harmless.

Vendors' libraries log headers as soon as somebody turns their logging on, and a server's words can be in any message:
they must neither control the terminal in which the log is read nor look like a line of it.
"""

import logging

from workbench.app.redaction.redacted_text import keep_keys_out_of_sight, keyless
from workbench.core.visible_text import visible, visible_line
from workbench.store.redaction import Redactor


def redact_log(redactor: Redactor) -> None:
    """From now on no log record of any library shows a key that `redactor` knows."""
    keep_keys_out_of_sight(redactor)
    if logging.getLogRecordFactory() is logging.LogRecord:
        logging.setLogRecordFactory(RedactedRecord)


class RedactedRecord(logging.LogRecord):
    """A record whose message and traceback pass every redactor when they are formatted."""

    def getMessage(self) -> str:  # noqa: N802 — the library's own spelling
        """The message without any key, on one line, with nothing hidden in it."""
        return visible_line(keyless(super().getMessage()))

    @property
    def exc_text(self) -> str | None:
        """The traceback, which formatters keep here, without any key."""
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self._exc_text = visible(keyless(text)) if text else text
