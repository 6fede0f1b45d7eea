"""Limits written back into workbench.toml."""

from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.file_change import take_back
from workbench.app.project.limit_editing import LIMITS, default_limits, limit_values, write_limit
from workbench.app.session import Session
from workbench.core.errors import ProjectError, UsageError

COMMENTED = TOML.replace("[limits]\n", "[limits]  # ours\n# slow tools\n") + "\n# the end\n"


@pytest.fixture
async def session(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = Session(make_project(tmp_path / "marks", toml=COMMENTED))
    yield opened
    await opened.close()


def text_of(session: Session) -> str:
    return (session.project.folder / "workbench.toml").read_text(encoding="utf-8")


async def test_a_limit_is_changed_and_every_comment_stays(session: Session) -> None:
    write_limit(session.project, "tool_seconds", 45.5)
    assert text_of(session) == COMMENTED.replace("20.0", "45.5")
    write_limit(session.project, "rounds", 12)
    await session.reload()
    assert limit_values(session.project)["rounds"] == 12
    assert "# slow tools" in text_of(session)
    assert "# the end" in text_of(session)


async def test_an_emptied_limit_is_its_default_again(session: Session) -> None:
    write_limit(session.project, "tool_seconds", None)
    await session.reload()
    assert limit_values(session.project)["tool_seconds"] == default_limits()["tool_seconds"] == 30.0
    assert "tool_seconds" not in text_of(session)


async def test_a_limit_of_another_table_makes_the_table(session: Session) -> None:
    write_limit(session.project, "max_output_tokens", 2048)
    await session.reload()
    assert limit_values(session.project)["max_output_tokens"] == 2048
    assert session.project.file.limits.tool_seconds == 20.0


async def test_a_change_can_be_taken_back_byte_for_byte(session: Session) -> None:
    change = write_limit(session.project, "calls", 3)
    take_back(session.project.folder, change)
    assert text_of(session) == COMMENTED


@pytest.mark.parametrize(("key", "value"), [("rounds", 0), ("rounds", 1_001), ("seconds", -1.0), ("calls", 2.5)])
async def test_a_value_that_the_file_does_not_allow_is_refused(session: Session, key: str, value: float) -> None:
    with pytest.raises(ProjectError, match=key):
        write_limit(session.project, key, value)
    assert text_of(session) == COMMENTED


async def test_a_damaged_file_is_left_alone(session: Session) -> None:
    path = session.project.folder / "workbench.toml"
    path.write_text(COMMENTED + "oops =\n", encoding="utf-8")
    with pytest.raises(UsageError, match="Fix the file first"):
        write_limit(session.project, "rounds", 3)
    assert text_of(session).endswith("oops =\n")


def test_every_limit_of_a_run_can_be_written() -> None:
    assert {"rounds", "calls", "seconds", "tokens", "max_output_tokens", "approval_seconds"} <= set(LIMITS)


async def test_limits_in_one_line_are_changed_too(tmp_path: Path) -> None:
    toml = TOML.replace("[limits]\ntool_seconds = 20.0\n", "").replace(
        'name = "Marks"', 'name = "Marks"\nlimits = { rounds = 3 } # few'
    )
    session = Session(make_project(tmp_path / "inline", toml=toml))
    try:
        write_limit(session.project, "rounds", 4)
        write_limit(session.project, "seconds", 60.0)
        assert "# few" in text_of(session)
        await session.reload()
        assert (session.project.file.limits.rounds, session.project.file.limits.seconds) == (4, 60.0)
    finally:
        await session.close()
