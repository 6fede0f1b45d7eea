"""Lines of the audit that a disk did not take are written later, many at once."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbench.app.service import audit_log
from workbench.app.service.audit_log import AuditLog
from workbench.store.line_file import add_lines
from workbench.store.redaction import Redactor


def test_what_waited_for_the_disk_is_written_in_large_blocks_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[int] = []

    def counted(path: Path, lines: Sequence[bytes]) -> int:
        writes.append(len(lines))
        return add_lines(path, lines)

    log = AuditLog(tmp_path, Redactor())
    log.path.mkdir()
    log._waiting.extend(json.dumps({"act": str(number)}).encode() for number in range(2_500))
    log.add(0.0, "a", "2500")
    assert log.failure
    log.path.rmdir()
    monkeypatch.setattr(audit_log, "add_lines", counted)
    log.add(0.0, "a", "2501")
    assert writes == [1_000], "who adds a line waits for a part of the others only"
    assert log.failure
    log.try_again()
    assert writes == [1_000, 1_000, 502]
    assert not log.failure
    assert [int(json.loads(line)["act"]) for line in log.path.read_text().splitlines()] == [*range(2_502)]
