"""Nothing that is printed acts on the terminal, whatever the terminal can show."""

import io
import json

import pytest

from workbench.app.runs.report_line import ReportLine
from workbench.cli.terminal import Terminal

HOSTILE = "a\x1b[31m\x9b2J\u202egnp\u200b\ud800\U000e0041 é"


def terminal_on(monkeypatch: pytest.MonkeyPatch, encoding: str) -> tuple[Terminal, io.BytesIO, io.BytesIO]:
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, encoding=encoding, write_through=True))
    monkeypatch.setattr("sys.stderr", io.TextIOWrapper(err, encoding=encoding, write_through=True))
    return Terminal(), out, err


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_hostile_text_is_shown_and_not_obeyed(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    terminal, out, err = terminal_on(monkeypatch, encoding)
    terminal.line(ReportLine(HOSTILE))
    terminal.say(HOSTILE)
    terminal.ask(HOSTILE)
    terminal.complain(HOSTILE)
    for shown in (out.getvalue(), err.getvalue()):
        text = shown.decode(encoding)
        assert text.strip()
        assert not set(text) & set("\x1b\x9b\u202e\u200b\ud800\U000e0041")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_is_as_harmless_and_still_the_same_document(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    terminal, out, _ = terminal_on(monkeypatch, encoding)
    terminal.json(json.dumps({"text": HOSTILE}, ensure_ascii=False))
    text = out.getvalue().decode(encoding)
    assert json.loads(text) == {"text": HOSTILE}
    assert not set(text) & set("\x1b\x9b\u202e\u200b\ud800\U000e0041")
