"""The log without keys: the vendors' libraries write headers into it as soon as somebody turns their logging on."""

import logging
import weakref

from workbench.store.redaction import Redactor

_redactors: "weakref.WeakSet[Redactor]" = weakref.WeakSet()


def keep_keys_out_of_the_log(redactor: Redactor) -> None:
    """From now on no log record, of whatever library, shows a key that `redactor` knows."""
    _redactors.add(redactor)
    if logging.getLogRecordFactory() is logging.LogRecord:
        logging.setLogRecordFactory(KeylessRecord)


class KeylessRecord(logging.LogRecord):
    """A record whose message and traceback go through every redactor the moment they become text."""

    def getMessage(self) -> str:  # noqa: N802 — the library's own spelling
        """The message without any key."""
        return _without_keys(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        """The traceback, which formatters keep here, without any key."""
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        self._exc_text = _without_keys(text) if text else text


def _without_keys(text: str) -> str:
    for redactor in tuple(_redactors):
        text = redactor.text(text)
    return text
