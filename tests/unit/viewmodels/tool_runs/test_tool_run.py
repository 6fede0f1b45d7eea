"""Running one tool: what the page shows and offers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.viewmodels.tool_runs.tool_run import ToolRun


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    home = tmp_path / "home"
    opened = Session(make_project(tmp_path / "p"), folders=UserFolders(home, home, home), trust_for_now=True)
    yield opened
    await opened.close()


async def finish(run: ToolRun) -> None:
    live = run.live
    assert live is not None
    await live.finished()
    run.apply(list(live.log))
    run.run_over()


async def test_a_run_shows_its_call_and_leaves_its_arguments_for_the_next(session: Session) -> None:
    run = ToolRun(session, "look")
    run.form.write(run.form.fields[0], "gate")
    assert run.start() is not None
    assert run.obstacle == "The call is still running."
    assert not run.open("touch")
    await finish(run)
    assert run.is_settled
    assert run.entry is not None
    assert run.entry.result_text == '{"seen":"gate"}'
    await run.read_past()
    assert [words.rpartition("  ")[2] for _, words in run.past_rows] == ['{"at":"gate"}']
    run.form.start_over()
    run.take_past(0)
    assert run.form.arguments_json == '{"at":"gate"}'


async def test_arguments_that_do_not_fit_are_run_when_they_are_asked_for_twice(session: Session) -> None:
    run = ToolRun(session, "touch")
    assert run.start() is None
    assert "do not fit" in run.trouble
    assert session.runs.recorded() == []
    assert run.start() is not None
    await finish(run)
    assert run.trouble == ""
    assert run.entry is not None
    assert run.entry.caption.startswith("not run")


async def test_another_schema_keeps_the_arguments(session: Session) -> None:
    run = ToolRun(session, "look")
    run.form.write(run.form.fields[0], "gate")
    path = session.project.folder / "tools" / "look.json"
    path.write_text(path.read_text().replace('"at": {', '"day": {"type": "string"}, "at": {'))
    await session.reload()
    run.refresh()
    assert [field.name for field in run.form.fields] == ["day", "at"]
    assert run.form.arguments_json == '{"at":"gate"}'


async def test_without_a_tool_nothing_can_be_run(session: Session) -> None:
    run = ToolRun(session, "look")
    (session.project.folder / "tools" / "look.json").unlink()
    await session.reload()
    run.refresh()
    assert run.obstacle == "The project no longer has this tool."
    assert run.start() is None
