"""What counts as an edit, and how it becomes a variant."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from tests.support.projects import LOOK, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.app.variants.variant_baseline import BaselineStore
from workbench.core.errors import StoreError
from workbench.core.variant import ToolEdit


def baseline_store(session: Session, now: Callable[[], float]) -> BaselineStore:
    return BaselineStore(lambda: session.project, session.runs.load, lambda: session.mcp.tools, now)


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folder = make_project(tmp_path / "marks")
    made = Session(folder, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"), trust_for_now=True)
    yield made
    await made.close()


def edit(session: Session, name: str, **changes: object) -> None:
    path = session.project.folder / "tools" / f"{name}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}, indent=2))


async def test_an_untouched_project_has_no_edits(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    assert baselines.edits("edits").is_empty
    assert baselines.baseline.set_at == 5.0


async def test_edits_count_from_the_baseline_also_after_a_new_start(session: Session) -> None:
    baseline_store(session, lambda: 5.0).set_now("opened")
    edit(session, "look", description="Look closely.")
    await session.reload()
    later = baseline_store(session, lambda: 9.0)
    assert later.baseline.set_at == 5.0
    assert later.edits("mine").tools == {"look": ToolEdit(description="Look closely.")}


async def test_a_tool_under_a_new_name_is_a_rename(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    baselines.set_now("opened")
    folder = session.project.folder
    (folder / "tools" / "look.json").unlink()
    (folder / "tools" / "see.json").write_text(json.dumps({**LOOK, "name": "see"}))
    toml = folder / "workbench.toml"
    toml.write_text(toml.read_text().replace('model = "scripted:script.json"', 'model = "local"'))
    await session.reload()
    found = baselines.edits("mine")
    assert found.renames == {"look": "see"}
    assert (found.added, found.removed, found.model) == ((), (), "local")


async def test_what_was_edited_is_put_back_and_the_putting_back_undone(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    baselines.set_now("opened")
    folder = session.project.folder
    edit(session, "look", description="Look closely.")
    (folder / "tools" / "more.json").write_text(json.dumps({**LOOK, "name": "more"}))
    (folder / "tools" / "touch.json").unlink()
    toml = folder / "workbench.toml"
    toml.write_text(toml.read_text().replace('name = "Marks"', 'name = "Marks"\ninstructions = "Hi."  # say it'))
    await session.reload()
    undoable = baselines.put_back()
    await session.reload()
    assert baselines.edits("edits").is_empty
    assert sorted(path.stem for path in (folder / "tools").iterdir()) == ["look", "touch"]
    undoable.undo()
    await session.reload()
    found = baselines.edits("mine")
    assert found.tools == {"look": ToolEdit(description="Look closely.")}
    assert found.removed == ("touch",)
    assert [document["name"] for document in found.added] == ["more"]
    assert found.instructions == "Hi."


async def test_edits_may_be_counted_from_a_run(session: Session) -> None:
    live = session.runs.start("Go.")
    await live.finished()
    edit(session, "look", description="Look closely.")
    await session.reload()
    baseline_store(session, lambda: 5.0).set_now("later")
    found = baseline_store(session, lambda: 6.0).edits("mine", run=live.run_id)
    assert found.tools == {"look": ToolEdit(description="Look closely.")}
    assert found.model is None


async def test_a_damaged_baseline_is_reset(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    baselines.set_now("opened")
    (session.project.folder / ".workbench" / "baseline.json").write_text("{")
    assert baseline_store(session, lambda: 7.0).baseline.set_at == 7.0


async def test_a_baseline_of_more_tools_than_an_ordinary_file_holds_is_read_again(session: Session) -> None:
    for name in ("look", "touch"):
        edit(session, name, description="x" * 3_000_000)
    await session.reload()
    baseline_store(session, lambda: 5.0).set_now("opened")
    assert baseline_store(session, lambda: 7.0).baseline.set_at == 5.0


async def test_a_baseline_made_to_exhaust_its_reader_is_reset(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    baselines.set_now("opened")
    path = session.project.folder / ".workbench" / "baseline.json"
    path.write_text(path.read_text().replace("{", '{"more":' + "[" * 100_000 + "]" * 100_000 + ",", 1))
    assert baseline_store(session, lambda: 7.0).baseline.set_at == 7.0


async def test_nothing_is_put_back_into_a_folder_elsewhere(session: Session, tmp_path: Path) -> None:
    """A project from anywhere can bring both the baseline and the link."""
    baselines = baseline_store(session, lambda: 5.0)
    made = baselines.set_now("opened")
    tools, elsewhere = session.project.folder / "tools", tmp_path / "elsewhere"
    tools.rename(elsewhere)
    (elsewhere / "settings.json").write_text("{}")
    tools.symlink_to(elsewhere)
    before = {path.name: path.read_text() for path in elsewhere.iterdir()}
    baselines.put(msgspec.structs.replace(made, files={**made.files, "evil.json": "{}"}))
    await session.reload()
    with pytest.raises(StoreError, match="link to another place"):
        baselines.put_back()
    assert {path.name: path.read_text() for path in elsewhere.iterdir()} == before


async def test_a_baseline_that_came_with_a_project_reaches_no_other_file(session: Session) -> None:
    baselines = baseline_store(session, lambda: 5.0)
    made = baselines.set_now("opened")
    outside = session.project.folder / "workbench.toml"
    before = outside.read_text()
    baselines.put(msgspec.structs.replace(made, files={**made.files, "../workbench.toml": "x", "../evil.json": "{}"}))
    baselines.put_back()
    assert outside.read_text() == before
    assert not (session.project.folder / "evil.json").exists()


async def test_what_is_no_text_is_left_alone_when_tools_are_put_back(session: Session) -> None:
    odd = session.project.folder / "tools" / "odd.json"
    odd.write_bytes(b"\xff\xfe{}")
    baselines = baseline_store(session, lambda: 5.0)
    baselines.set_now("opened")
    edit(session, "look", description="Look closely.")
    await session.reload()
    baselines.put_back()
    assert odd.read_bytes() == b"\xff\xfe{}"
    await session.reload()
    assert baselines.edits("edits").is_empty


async def test_where_nothing_can_be_kept_edits_count_from_this_sitting(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, text: str) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr("workbench.app.variants.variant_baseline.write_whole", refuse)
    baselines = baseline_store(session, lambda: 5.0)
    assert baselines.edits("edits").is_empty
    edit(session, "look", description="Look closely.")
    await session.reload()
    assert list(baselines.edits("mine").tools) == ["look"]
    with pytest.raises(StoreError, match="cannot be saved"):
        baselines.set_now("you said so")
