"""Anyone who logs a key logs its mark."""

import logging

import pytest

from workbench.app.redaction import redacted_text
from workbench.app.redaction.redacted_log import redact_log
from workbench.store.redaction import Redactor

KEY = "sk-canary-0123456789-WXYZ"
pytestmark = pytest.mark.log_expected


def test_no_log_record_shows_a_key_in_its_message_its_arguments_or_its_traceback(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)
    monkeypatch.setattr(redacted_text, "_redactors", ())  # other tests' projects may not be collected yet
    redactor = Redactor()
    redactor.add(KEY)
    redact_log(redactor)
    log = logging.getLogger("some.package")
    caplog.set_level(logging.DEBUG)
    log.debug("headers %s", {"authorization": f"Bearer {KEY}"})
    try:
        raise ValueError(f"refused {KEY}")
    except ValueError:
        log.exception("it failed with %s", KEY)
    assert KEY not in caplog.text
    assert caplog.text.count("[key …WXYZ]") == 3
