"""The list of variants and what can be done with one."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.variant import ToolEdit, Variant
from workbench.viewmodels.variants.variants import Undo, VariantsViewModel


class Told:
    """Remembers what was said last."""

    def __init__(self, variants: VariantsViewModel) -> None:
        self.words = self.trouble = ""
        self.undo: Undo | None = None
        variants.done.connect(self._tell)
        variants.failed.connect(lambda words: setattr(self, "trouble", words))

    def _tell(self, words: str, undo: Undo | None) -> None:
        self.words, self.undo = words, undo

    async def take_back(self) -> None:
        assert self.undo is not None
        await self.undo()


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    home = tmp_path / "home"
    made = Session(make_project(tmp_path / "p"), folders=UserFolders(home, home, home), trust_for_now=True)
    yield made
    await made.close()


@pytest.fixture
def variants(session: Session) -> VariantsViewModel:
    made = VariantsViewModel(session, session.reload, now=lambda: 5.0)
    made.baselines.set_now("the project was opened")
    return made


@pytest.fixture
def told(variants: VariantsViewModel) -> Told:
    return Told(variants)


async def describe(session: Session, name: str, words: str) -> None:
    path = session.project.folder / "tools" / f"{name}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "description": words}, indent=2))
    await session.reload()


def description(session: Session, name: str) -> str:
    tool = session.project.toolset.named(name)
    assert tool is not None
    return tool.description


async def test_edits_become_a_variant_in_one_act(session: Session, variants: VariantsViewModel, told: Told) -> None:
    await describe(session, "look", "Look closely around.")
    assert await variants.make_of_edits() == "look-edit"
    assert variants.selected == "look-edit"
    assert variants.store.load("look-edit").tools == {"look": ToolEdit(description="Look closely around.")}
    assert description(session, "look") == "Look closely around."
    assert variants.changes == ()  # the project says the same
    await told.take_back()
    assert variants.rows == ()


async def test_with_putting_back_the_edit_lives_in_the_variant_alone(
    session: Session, variants: VariantsViewModel, told: Told
) -> None:
    await describe(session, "look", "Look closely around.")
    await variants.make_of_edits("close", put_back=True)
    assert description(session, "look") == "Look around."
    [(place, pieces)] = variants.changes
    assert place == "look › description"
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [("added", " closely")]
    await told.take_back()
    assert description(session, "look") == "Look closely around."
    assert variants.rows == ()


async def test_without_edits_nothing_is_made_and_it_is_said_from_when_edits_count(
    variants: VariantsViewModel, told: Told
) -> None:
    assert await variants.make_of_edits() == ""
    assert "No edits" in told.trouble
    assert "when the project was opened" in told.trouble


async def test_promoting_moves_the_baseline_and_undo_brings_everything_back(
    session: Session, variants: VariantsViewModel, told: Told
) -> None:
    variants.store.save(Variant(name="v", tools={"look": ToolEdit(description="See.")}, instructions="Be kind."))
    variants.refresh()
    await variants.promote()
    assert (description(session, "look"), session.project.instructions) == ("See.", "Be kind.")
    assert variants.baselines.edits("edits").is_empty
    assert variants.row is not None
    assert variants.row.summary == "changes nothing"
    await told.take_back()
    assert (description(session, "look"), session.project.instructions) == ("Look around.", "")
    assert variants.baselines.edits("edits").is_empty


async def test_a_variant_that_does_not_fit_says_why_and_what_still_fits(
    variants: VariantsViewModel, told: Told
) -> None:
    variants.store.save(Variant(name="old", removed=("gone",), instructions="Hi."))
    variants.store.path_of("broken").write_text("{")
    variants.refresh()
    broken, old = variants.rows
    assert broken.is_damaged
    assert "line 1" in broken.problem
    assert "no tool 'gone'" in old.problem
    assert "What still works: Instructions." in old.problem
    variants.select("old")
    assert [place for place, _ in variants.changes] == ["Instructions"]
    await variants.promote()
    assert "Not promoted" in told.trouble
    variants.select("broken")
    assert variants.draft is None


async def test_copies_deletions_and_new_names_can_be_undone(variants: VariantsViewModel, told: Told) -> None:
    variants.store.save(Variant(name="one", note="n"))
    variants.refresh()
    variants.duplicate()
    assert [row.name for row in variants.rows] == ["one", "one-copy"]
    assert variants.selected == "one-copy"
    variants.delete()
    assert [row.name for row in variants.rows] == ["one"]
    await told.take_back()
    assert variants.selected == "one-copy"
    assert variants.rename("two")
    assert [row.name for row in variants.rows] == ["one", "two"]
    await told.take_back()
    assert [row.name for row in variants.rows] == ["one", "one-copy"]
    assert not variants.rename("one")
    assert "already" in told.trouble


async def test_what_is_typed_is_saved_before_another_is_shown(variants: VariantsViewModel) -> None:
    variants.store.save(Variant(name="a"))
    variants.store.save(Variant(name="b"))
    variants.refresh()
    assert variants.draft is not None
    variants.draft.write("instructions", "Be brief.")
    variants.select("b")
    assert variants.store.load("a").instructions == "Be brief."


async def test_what_another_program_changes_is_shown_unless_something_was_typed(variants: VariantsViewModel) -> None:
    variants.store.save(Variant(name="a"))
    variants.refresh()
    variants.store.save(Variant(name="a", note="theirs"))
    variants.refresh()
    assert variants.draft is not None
    assert variants.draft.text("note") == "theirs"
    variants.draft.write("note", "mine")
    variants.store.save(Variant(name="a", note="theirs again"))
    variants.refresh()
    assert variants.draft.text("note") == "mine"
