"""Every recorded call of a project, judged by other tools."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.project.folders import UserFolders
from workbench.app.recorded_calls.recorded_call_check import RecordedCallCheck, RecordedCallReport, counted
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool, Toolset

SAYS: list[JsonObject] = [
    {
        "calls": [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "look", "arguments": {}}],
        "usage": {"input_tokens": 100, "output_tokens": 10},
    },
    {
        "calls": [{"tool": "touch", "arguments": {"mark": "two"}}, {"tool": "touch", "arguments": {"mark": 3}}],
        "usage": {"input_tokens": 150, "output_tokens": 20},
    },
    {"calls": [{"tool": "notes__add", "arguments": {}}]},
    {"text": "Marked."},
]
SERVER = '\n[mcp.notes]\ncommand = "nothing"\n'


def tool(schema: JsonObject) -> Tool:
    return Tool.make("touch", "", schema)


NARROW = tool({"type": "object", "properties": {"mark": {"enum": ["one", 3]}}})


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folder = make_project(tmp_path / "marks", *SAYS, toml=TOML + SERVER)
    made = Session(folder, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"), trust_for_now=True)
    await made.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL)).finished()
    yield made
    await made.close()


@pytest.fixture
async def judging(session: Session) -> AsyncIterator[RecordedCallCheck]:
    made = RecordedCallCheck(session.runs, session.prices)
    yield made
    await made.close()


async def test_each_call_is_told_from_what_it_was(judging: RecordedCallCheck) -> None:
    report = await judging.judge(Toolset([NARROW]))
    assert [(line.checked.tool, line.checked.status) for line in report.lines] == [
        ("touch", "valid"),
        ("look", "broken"),
        ("touch", "broken"),
        ("touch", "fixed"),
        ("notes__add", "unsure"),
    ]
    assert dict(counted(report.lines)) == {"now invalid": 2, "unsure": 1, "now valid": 1, "still valid": 1}
    assert (report.runs, report.unread) == (1, 0)


async def test_asking_the_doubtful_requests_again_is_estimated_once_a_request(judging: RecordedCallCheck) -> None:
    report = await judging.judge(Toolset([NARROW]), tools=("touch",))
    assert len(report.lines) == 3
    assert report.estimate is not None
    assert (report.estimate.requests, report.estimate.input_tokens, report.estimate.output_tokens) == (1, 150, 20)
    fits = await judging.judge(Toolset([tool({"type": "object"})]), tools=("touch",))
    assert fits.estimate is None


async def test_a_renamed_tool_is_judged_under_its_new_name(judging: RecordedCallCheck) -> None:
    mark = Tool({**NARROW.document, "name": "mark"})
    report = await judging.judge(Toolset([mark]), renames={"touch": "mark"}, tools=("touch",))
    assert [line.checked.status for line in report.lines] == ["valid", "broken", "fixed"]


async def test_schemas_with_expressions_are_judged_in_a_process_of_their_own(judging: RecordedCallCheck) -> None:
    report = await judging.judge(
        Toolset([tool({"type": "object", "properties": {"mark": {"pattern": "^o"}}})]), tools=("touch",)
    )
    assert [line.checked.status for line in report.lines] == ["valid", "broken", "fixed"]


async def test_a_schema_that_is_no_schema_makes_calls_unsure(judging: RecordedCallCheck) -> None:
    report = await judging.judge(
        Toolset([tool({"type": "object", "properties": {"mark": {"type": "strin"}}})]), tools=("touch",)
    )
    assert {line.checked.status for line in report.lines} == {"unsure"}


async def test_judging_happens_on_another_thread_and_can_be_stopped(session: Session) -> None:
    background, judging = BackgroundLoop(), RecordedCallCheck(session.runs, session.prices)
    reports: list[RecordedCallReport] = []
    threads: set[int] = set()

    async def work() -> None:
        report = await judging.judge(Toolset([NARROW]), on_progress=lambda *_: threads.add(threading.get_ident()))
        reports.append(report)

    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def for_ever() -> None:
        loop.call_soon_threadsafe(begun.set)
        await asyncio.Event().wait()

    try:
        await background.run(work())
        assert len(reports[0].lines) == 5
        assert threading.get_ident() not in threads
        waiting = asyncio.ensure_future(background.run(for_ever()))
        await begun.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await background.run(judging.close())
    finally:
        await background.close()
