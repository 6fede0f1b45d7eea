"""A step of the tour is done when a run shows its point, and what the tour changed is put back."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import resources
from workbench.app.session import Session
from workbench.app.tour import tour
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.tool import Tool
from workbench.viewmodels.tour.tour import TourViewModel


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folder = shutil.copytree(resources() / "samples" / "weather-desk", tmp_path / "desk")
    opened = Session(folder, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"))
    yield opened
    await opened.close()


async def a_run(prompt: str, *tools: str) -> list[RunEvent]:
    run = ScriptedRun(
        script(*(calls(call(tool)) for tool in tools), says("Done.")),
        tools=tuple(Tool.make(tool, tool) for tool in tools),
        bodies={tool: lambda _: "ok" for tool in tools},
        approver=Answers(),
    )
    await run.run(prompt)
    return list(run.log)


def made(session: Session) -> TourViewModel:
    return TourViewModel(session, session.reload, lambda: "F8")


async def test_a_run_without_a_call_stays_at_the_first_step(session: Session) -> None:
    viewmodel = made(session)
    assert viewmodel.is_offered
    await viewmodel.start()
    viewmodel.take_run(RunId("a"), await a_run(viewmodel.prompt))
    assert viewmodel.step == "run"
    assert viewmodel.card is not None
    assert viewmodel.card.words.startswith("No tool was called.")
    viewmodel.take_run(RunId("b"), await a_run("Something else.", "get_weather"))
    assert viewmodel.step == "run"
    viewmodel.take_run(RunId("c"), await a_run(viewmodel.prompt, "get_weather"))
    assert viewmodel.step == "approve"
    viewmodel.ask()
    assert "F8" in viewmodel.card.words


async def test_the_description_is_broken_for_one_question_and_put_back(session: Session) -> None:
    viewmodel = made(session)
    await viewmodel.start()
    viewmodel.step = "right"
    viewmodel.take_run(RunId("a"), await a_run(viewmodel.prompt, tour.TOOL))
    assert viewmodel.step == "break"
    await viewmodel.prepare()
    assert tour.is_broken(session.project)
    viewmodel.take_run(RunId("b"), await a_run(viewmodel.prompt, tour.EDITED))
    assert viewmodel.card is not None
    assert viewmodel.card.words.startswith(f"It chose {tour.EDITED}: wrong.")
    assert viewmodel.card.can_compare
    await viewmodel.prepare()
    assert not tour.is_broken(session.project)
    viewmodel.take_run(RunId("c"), await a_run(viewmodel.prompt, tour.TOOL))
    assert viewmodel.step == "end"


async def test_leaving_puts_back_what_the_tour_changed(session: Session) -> None:
    viewmodel = made(session)
    await viewmodel.start()
    viewmodel.step = "break"
    await viewmodel.prepare()
    await viewmodel.end()
    assert not viewmodel.is_on
    assert not tour.is_broken(session.project)
