"""The rules of a mock are edited as JSON and written back; a finished call becomes a rule."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.mocks.mock_editing import (
    MockLine,
    mock_from_call,
    mock_lines,
    read_rule,
    recent_coverage,
    rule_text,
    write_mock,
)
from workbench.app.mocks.mock_rules import redacted_trace
from workbench.app.project.file_change import take_back
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject
from workbench.core.mock import MockReply, MockRule, When
from workbench.core.trace import fold

MOCK = """
[executors.played]
kind = "mock"

# Sold out first.
[[executors.played.rules]]
when = { call = 1 }
reply = { static = "none left" }

[[executors.played.rules]]
name = "plenty"
reply = { static = "many" }  # for now
"""
CALL: JsonObject = {"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    project = make_project(tmp_path / "project", CALL, {"text": "Done."}, toml=TOML + MOCK)
    folders = UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d")
    opened = Session(project, folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


def text_of(session: Session) -> str:
    return (session.project.folder / "workbench.toml").read_text(encoding="utf-8")


async def test_a_rule_is_the_same_after_its_text_was_read(session: Session) -> None:
    for rule in (
        MockRule(When(), MockReply()),
        MockRule(When(exact={"a": None}), MockReply(static={"b": [1, None]}), "named"),
        MockRule(When(jsonpath={"$.a": {"exists": True}}, call=2), MockReply(fail="timeout", delay_s=1.5)),
    ):
        assert read_rule(rule_text(rule)).when == rule.when
        assert read_rule(rule_text(rule)).name == rule.name
    assert read_rule('{"reply": {"error": "broken"}}').reply.error is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not a JSON object"),
        ('{"when": {}}', "reply"),
        ('{"reply": {"static": 1, "fail": "timeout"}}', "one of"),
        ('{"reply": {}, "when": {"cal": 1}}', "cal"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_rule(text)


async def test_rules_are_reordered_changed_and_taken_back_with_their_comments(session: Session) -> None:
    before = text_of(session)
    sold_out, plenty = mock_lines(session.project, "played")
    fresh = MockLine(MockRule(When(partial={"at": "sea"}), MockReply(template="{{at}}")))
    change = write_mock(session.project, "played", [plenty, fresh, sold_out], is_strict=True)
    await session.reload()
    assert [line.rule for line in mock_lines(session.project, "played")] == [plenty.rule, fresh.rule, sold_out.rule]
    assert "# for now" in text_of(session)
    assert session.project.errors == ()
    take_back(session.project.folder, change)
    assert text_of(session) == before


async def test_all_rules_can_be_taken_away(session: Session) -> None:
    write_mock(session.project, "played", [], is_strict=False)
    await session.reload()
    assert mock_lines(session.project, "played") == ()
    assert session.project.executor_names["played"] == "mock"


async def test_a_tool_that_runs_gets_a_mock_in_its_place_from_a_finished_call(session: Session) -> None:
    live = session.runs.start("Go.")
    await live.finished()
    (call,) = fold(live.log).calls()
    before = text_of(session)
    tool, change = mock_from_call(
        session.project, redacted_trace(session.runs, session.redactor, live.run_id), call.call_id
    )
    await session.reload()
    assert tool == "look"
    assert session.project.executor_names["look"] == "mock"
    (line,) = mock_lines(session.project, "look")
    assert line.rule.when == When(exact={"at": "gate"})
    again = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await again.finished()
    assert [(count.rule, count.calls) for count in recent_coverage(session.project, session.runs, "look")] == [
        ("rule 1", 1),
        ("no rule", 0),
    ]
    take_back(session.project.folder, change)
    assert text_of(session) == before


async def test_a_mock_from_a_run_that_goes_on_holds_no_key(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a tool says is in the log of a live run as it was said."""
    live = session.runs.start("Go.")
    await live.finished()
    session.redactor.add("gate")
    (call,) = fold(live.log).calls()
    session.redactor.add('{"seen":"gate"}')
    monkeypatch.setattr(session.runs, "load", lambda run: live.log)
    mock_from_call(session.project, redacted_trace(session.runs, session.redactor, live.run_id), call.call_id)
    assert call.settled is not None
    assert call.settled.result_text == '{"seen":"gate"}'
    written = text_of(session).partition("[executors.look]")[2]
    assert "rules" in written
    assert "gate" not in written.partition("reply")[2]


async def test_a_mock_that_changed_on_disk_is_left_alone(session: Session) -> None:
    lines = mock_lines(session.project, "played")
    path = session.project.folder / "workbench.toml"
    path.write_text(text_of(session).replace("none left", "none"), encoding="utf-8")
    with pytest.raises(UsageError, match="changed since"):
        write_mock(session.project, "played", lines, is_strict=False)
