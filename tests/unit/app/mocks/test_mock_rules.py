"""Mocks made from recorded runs, and what they cover."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.mocks.mock_rules import mock_coverage, mock_from_run, mock_plans, redacted_trace, unmock
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.errors import UsageError
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.mock import MockReply, MockRule, When
from workbench.core.trace import fold

CODE = """\
def touch(mark):
    if mark == "bad":
        raise ValueError("no such mark")
    return {"left": mark, "by": None}


def look(at="here"):
    look.seen = getattr(look, "seen", 0) + 1
    return f"seen {look.seen} times"
"""


def call(tool: str, **arguments: object) -> JsonObject:
    return {"calls": [{"tool": tool, "arguments": arguments}]}  # type: ignore[dict-item]


ANSWERS: list[JsonObject] = [
    call("touch", mark="x"),
    call("touch", mark="x"),
    call("touch", mark="bad"),
    call("look"),
    call("look"),
    {"text": "Done."},
]


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folder = make_project(tmp_path / "marks", *ANSWERS, code=CODE)
    path = folder / "workbench.toml"
    path.write_text(path.read_text().replace("[executors.touch]", "# what leaves the mark\n[executors.touch]"))
    opened = Session(folder, trust_for_now=True)
    yield opened
    await opened.close()


async def run(session: Session) -> RunId:
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    return live.run_id


def said(session: Session, run_id: RunId) -> list[tuple[str, bool]]:
    settled = [one.settled for one in fold(session.runs.load(run_id)).calls()]
    return [(one.result_text, one.is_error) for one in settled if one is not None]


async def test_a_mock_made_from_a_run_gives_the_model_the_same_text_again(session: Session) -> None:
    real = await run(session)
    written = mock_from_run(session.project, redacted_trace(session.runs, session.redactor, real))
    assert written.added == {"touch": 2, "look": 2}
    await session.reload()
    mocked = await run(session)
    assert said(session, mocked) == said(session, real)
    assert {one.outcome for one in fold(session.runs.load(mocked)).calls()} == {"mocked"}
    assert {one.started.executor for one in fold(session.runs.load(mocked)).calls() if one.started} == {"mock"}


async def test_the_rules_stand_in_the_file_beside_its_comments_and_what_was_replaced(session: Session) -> None:
    mock_from_run(session.project, redacted_trace(session.runs, session.redactor, await run(session)), "touch")
    text = (session.project.folder / "workbench.toml").read_text()
    assert 'real = {kind = "python", function = "marks:touch"}' in text
    await session.reload()
    assert not session.project.errors
    assert session.project.executor_names == {"touch": "mock", "look": "python marks:look"}
    plan = mock_plans(session.project)["touch"]
    assert plan.strict
    assert plan.rules[0] == MockRule(When(exact={"mark": "x"}), MockReply(static='{"left":"x","by":null}'))
    assert plan.rules[1].reply.error is None or plan.rules[1].reply.error.kind == "exception"


async def test_rules_that_are_there_are_not_written_twice(session: Session) -> None:
    real = await run(session)
    mock_from_run(session.project, redacted_trace(session.runs, session.redactor, real))
    await session.reload()
    again = mock_from_run(session.project, redacted_trace(session.runs, session.redactor, real))
    assert (again.added, again.known) == ({"touch": 0, "look": 0}, 4)


async def test_taking_the_mock_away_brings_back_what_ran_before(session: Session) -> None:
    before = session.project.file.executors
    mock_from_run(session.project, redacted_trace(session.runs, session.redactor, await run(session)))
    await session.reload()
    unmock(session.project, "touch")
    unmock(session.project, "look")
    await session.reload()
    assert session.project.file.executors == before
    with pytest.raises(UsageError):
        unmock(session.project, "touch")


async def test_coverage_counts_the_calls_of_every_rule_and_shows_which_answered_none(session: Session) -> None:
    real = await run(session)
    mock_from_run(session.project, redacted_trace(session.runs, session.redactor, real))
    await session.reload()
    mocked = await run(session)
    counts = {(one.tool, one.rule): one.calls for one in mock_coverage(session.project, session.runs, [mocked, real])}
    assert counts == {
        ("touch", "rule 1"): 2,
        ("touch", "rule 2"): 1,
        ("touch", "no rule"): 0,
        ("look", "rule 1"): 1,
        ("look", "rule 2"): 1,
        ("look", "no rule"): 0,
    }


async def test_a_run_without_answered_calls_gives_no_mock(session: Session) -> None:
    with pytest.raises(UsageError, match="no answered call of 'fly'"):
        mock_from_run(session.project, redacted_trace(session.runs, session.redactor, await run(session)), "fly")
