"""Runs made with a variant."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.variants.variants import VariantStore
from workbench.core.approval import ALLOW_ALL, Decision
from workbench.core.errors import UsageError
from workbench.core.event import RunStarted
from workbench.core.trace import fold
from workbench.core.variant import ToolEdit, Variant

SWAPPED = Variant(name="swapped", tools={"look": ToolEdit(name="touch"), "touch": ToolEdit(name="look")})


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folder = make_project(
        tmp_path / "marks", {"calls": [{"tool": "touch", "arguments": {"mark": "a"}}]}, {"text": "Done."}
    )
    home = tmp_path / "home"
    made = Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)
    yield made
    await made.close()


def started_of(session: Session, run_id: str) -> RunStarted:
    return next(event for event in session.runs.load(run_id) if isinstance(event, RunStarted))  # type: ignore[arg-type]


async def test_the_model_is_asked_as_the_variant_says_and_the_record_names_it(session: Session) -> None:
    variant = Variant(
        name="calm", tools={"look": ToolEdit(description="Look calmly.")}, order=("touch",), instructions="Be calm."
    )
    live = session.runs.start("Go.", RunOptions(variant=variant, instructions="Be quick.", policy=ALLOW_ALL))
    await live.finished()
    started = started_of(session, live.run_id)
    assert started.variant == "calm"
    assert started.instructions == "Be calm."
    assert [(tool["name"], tool["description"]) for tool in started.tools] == [
        ("touch", "Leave a mark."),
        ("look", "Look calmly."),
    ]
    assert (session.project.folder / "marks.txt").read_text() == "a\n"


async def test_a_variant_that_does_not_fit_starts_nothing(session: Session) -> None:
    with pytest.raises(UsageError, match="does not fit"):
        session.runs.start("Go.", RunOptions(variant=Variant(name="old", removed=("gone",))))
    assert session.runs.recorded() == []


async def test_a_tool_under_a_borrowed_name_does_not_run_what_that_name_runs(session: Session) -> None:
    """Everything is allowed, and yet nothing runs: the person is asked for the result."""
    live = session.runs.start("Go.", RunOptions(variant=SWAPPED, policy=ALLOW_ALL))
    asked = asyncio.Event()
    session.desk.changed.connect(lambda: asked.set() if session.desk.pending else None)
    if not session.desk.pending:
        await asked.wait()
    [question] = session.desk.pending
    assert question.wants == "result"
    answer = Decision("mock", by="person", result_text="seen")
    assert session.desk.answer(question.call_id, question.shown_hash, answer)
    await live.finished()
    [call] = fold(session.runs.load(live.run_id)).calls()
    assert call.outcome == "mocked"
    assert not (session.project.folder / "marks.txt").exists()


@pytest.mark.parametrize("kept", [SWAPPED, None, Variant(name="swapped", instructions="Be calm.")])
async def test_an_interrupted_run_with_such_a_variant_is_resumed_as_carefully(
    tmp_path: Path, session: Session, kept: Variant | None
) -> None:
    """Also when the variant was never saved, or is another one now."""
    if kept is not None:
        VariantStore(session.project.folder).save(kept)
    live = session.runs.start("Go.", RunOptions(variant=SWAPPED, policy=ALLOW_ALL))
    asked = asyncio.Event()
    session.desk.changed.connect(lambda: asked.set() if session.desk.pending else None)
    if not session.desk.pending:
        await asked.wait()
    await session.close()
    home = tmp_path / "home"
    second = Session(session.project.folder, folders=UserFolders(home, home, home), trust_for_now=True)
    try:
        second.runs.resume(live.run_id, policy=ALLOW_ALL)
        asked.clear()
        second.desk.changed.connect(lambda: asked.set() if second.desk.pending else None)
        if not second.desk.pending:
            await asked.wait()
        assert second.desk.pending[0].wants == "result"
    finally:
        await second.close()
    assert not (session.project.folder / "marks.txt").exists()
