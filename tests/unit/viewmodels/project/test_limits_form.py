"""Limits as they are typed."""

from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.session import Session
from workbench.viewmodels.project.limits_form import LINES, LimitsForm, limit_text

BY_KEY = {line.key: line for line in LINES}


@pytest.fixture
async def session(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = Session(make_project(tmp_path / "marks"))
    yield opened
    await opened.close()


async def test_a_limit_holds_at_once_and_is_taken_back(session: Session) -> None:
    form = LimitsForm(session, session.reload)
    heard: list[str] = []
    form.written.connect(heard.append)
    assert form.text(BY_KEY["rounds"]) == "8"
    assert await form.write(BY_KEY["rounds"], " 12 ")
    assert session.project.file.limits.rounds == 12
    assert heard == ["Rounds: 8 → 12"]
    assert await form.undo()
    assert session.project.file.limits.rounds == 8
    assert not form.can_undo


async def test_an_empty_box_brings_the_default_back(session: Session) -> None:
    form = LimitsForm(session, session.reload)
    assert form.text(BY_KEY["tool_seconds"]) == "20"
    assert await form.write(BY_KEY["tool_seconds"], "")
    assert form.text(BY_KEY["tool_seconds"]) == form.default_text(BY_KEY["tool_seconds"]) == "30"
    assert await form.write(BY_KEY["approval_seconds"], "90")
    assert await form.write(BY_KEY["approval_seconds"], "")
    assert form.default_text(BY_KEY["approval_seconds"]) == "no limit"


@pytest.mark.parametrize(("key", "text"), [("rounds", "many"), ("rounds", "2.5"), ("calls", "0"), ("seconds", "-3")])
async def test_what_cannot_be_a_limit_is_said_and_changes_nothing(session: Session, key: str, text: str) -> None:
    form = LimitsForm(session, session.reload)
    before = form.text(BY_KEY[key])
    assert not await form.write(BY_KEY[key], text)
    assert BY_KEY[key].label in form.message
    assert not form.is_good
    assert form.text(BY_KEY[key]) == before


def test_numbers_are_shown_as_they_are_typed() -> None:
    assert [limit_text(value) for value in (None, 8, 2.5, 600.0, 500_000)] == ["", "8", "2.5", "600", "500,000"]
