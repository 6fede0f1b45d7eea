"""G13 · Hostile text is inert on every way out that is no window: the terminal, its questions, the log, a page."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.hostile_texts import HOSTILE, MARK, hidden_in
from tests.support.projects import make_project
from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from tests.support.tally import counted
from workbench.app.compare.comparison_page import comparison_page
from workbench.app.compare.comparisons import compare_runs
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.cli.approver import TerminalApprover
from workbench.cli.keyboard import Keyboard
from workbench.cli.main import main
from workbench.cli.terminal import Terminal
from workbench.core.approval import Decision, Question
from workbench.core.event import RunEvent, ToolCallSettled
from workbench.core.ids import CallId, RunId
from workbench.core.tool import Tool

LOUD = re.compile(r"https?://|file:|javascript:|data:|smb:", re.IGNORECASE)
_reached: list[str] = []
_is_watching = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _is_watching:
        return
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "webbrowser.open"):
        _reached.append(f"{event} {arguments!r:.120}")
    elif event == "open" and (MARK in repr(arguments[0]) or "/etc/passwd" in repr(arguments[0])):
        _reached.append(f"open {arguments[0]!r}")


sys.addaudithook(_audit)


@contextmanager
def nothing_is_reached() -> Iterator[None]:
    """No socket, no process, and none of the files that the texts name."""
    global _is_watching
    _reached.clear()
    _is_watching = True
    try:
        yield
    finally:
        _is_watching = False
    assert _reached == []


async def a_run(text: str) -> list[RunEvent]:
    """The text as message, answer, tool name, argument, result and description."""
    tool = Tool.make("look", text, schema("at", at=TEXT))
    run = ScriptedRun(
        script(calls(call("look", at=text), call(text[:200] or "?", at=text)), says(text)),
        tools=(tool,),
        bodies={"look": lambda arguments: text},
    )
    await run.run(text or "Go.")
    assert any(isinstance(event, ToolCallSettled) for event in run.log)
    return list(run.log)


class Elements(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.values: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.values += [f"{name}={value}" for name, value in attrs if name not in ("class", "content")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


async def test_a_comparison_page_shows_hostile_text_as_text() -> None:
    with counted("G13", "comparison page (HTML): no element, address or hidden character of theirs") as tally:
        plain = await a_run("plain")
        for name, text in HOSTILE.items():
            with tally.case(name), nothing_is_reached():
                page = comparison_page(compare_runs([plain, await a_run(text)]), title=text[:100])
                found = Elements()
                found.feed(page)
                assert found.tags.isdisjoint({"script", "img", "a", "iframe", "object", "link", "svg", "base", "form"})
                assert not any(LOUD.search(value) for value in found.values), found.values
                assert hidden_in("".join(found.text)) == []


async def test_the_question_at_the_terminal_shows_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    class NoLines(Keyboard):
        async def line(self, prompt: str) -> str | None:
            return None

    terminal = Terminal()
    with counted("G13", "approval at the terminal: no escape, no hidden character, no line of theirs") as tally:
        for name, text in HOSTILE.items():
            with tally.case(name), nothing_is_reached():
                tool = Tool.make(text[:100] or "?", text)
                arguments = json.dumps({text[:50] or "?": text, "list": [text]})
                asked = Question(CallId("r.1.1.1"), tool, arguments, text, "decision", "hash", remarks=(text,))
                decision = await TerminalApprover(terminal, NoLines(terminal)).decide(asked)
                assert decision == Decision("reject", by="nobody", note="end of input")
                said = capsys.readouterr().out
                assert hidden_in(said, allowed="\n") == []
                assert "approved by the person\n[Approve" not in said


def test_the_command_line_shows_a_run_of_them_without_a_character_that_steers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    toml = (
        'format = 1\nmodel = "scripted:script.json"\n[limits]\nrounds = 300\n'
        '[executors.look]\nkind = "mock"\ndefault = { template = "{{at}}" }\n'
    )
    with counted("G13", "`workbench run`, `show` and `runs`, texts one by one") as tally:
        for number, (name, text) in enumerate(HOSTILE.items()):
            answers = [{"text": text, "calls": [{"tool": "look", "arguments": {"at": text}}]}, {"text": text}]
            project = make_project(tmp_path / f"p{number}", *answers, toml=toml)
            with tally.case(name), nothing_is_reached():
                assert command("run", str(project), text.replace("\x00", " ")[:2000], "--approve", "all") == 0
                assert command("show", str(project), "last") == 0
                assert command("runs", str(project)) == 0
                captured = capsys.readouterr()
                assert hidden_in(captured.out + captured.err, allowed="\n") == []
                assert text[:1] == "\n" or len(captured.out) > 50


def command(*arguments: str) -> int:
    return main(list(arguments), open_window=lambda *_: pytest.fail("a window was opened"))


async def test_a_log_line_stays_one_line_and_shows_everything(tmp_path: Path) -> None:
    from workbench.app.redaction.redacted_log import redact_log

    project = make_project(tmp_path / "project")
    session = Session(project, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"))
    redact_log(session.redactor)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("workbench.hostile")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with counted("G13", "log: one line each, nothing hidden, no escape") as tally:
            for name, text in HOSTILE.items():
                with tally.case(name), nothing_is_reached():
                    stream.seek(0)
                    stream.truncate()
                    logger.warning("The server said: %s", text)
                    said = stream.getvalue()
                    assert hidden_in(said, allowed="\n") == []
                    assert said.count("\n") == 1
    finally:
        logger.removeHandler(handler)
        await session.close()


def test_events_of_hostile_texts_are_kept_and_read_back() -> None:
    """What is shown is made visible; what is kept is what came."""
    with counted("G13", "kept as they came, read back equal") as tally:
        for name, text in HOSTILE.items():
            with tally.case(name):
                assert msgspec.json.decode(msgspec.json.encode(text), type=str) == text
    assert RunId("r") == "r"
