"""Sentence heat, and the store it is kept in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.reacting import WordyModel, wordy_project, wordy_run, wordy_session
from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.ablations import Ablations
from workbench.app.microscope.sentence_heat import Heat, HeatStore, heat_of, plan_heat
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.errors import UsageError


@pytest.fixture
def model() -> WordyModel:
    return WordyModel()


@pytest.fixture
async def session(tmp_path: Path, own_home: Path, model: WordyModel) -> AsyncIterator[Session]:
    opened = wordy_session(wordy_project(tmp_path / "shop"), own_home, model)
    await wordy_run(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def replays(session: Session) -> AsyncIterator[Replays]:
    made = Replays(session.runs, session.providers, session.prices)
    yield made
    await made.close()


async def measured(replays: Replays, tool: str = "details") -> Heat:
    plan = plan_heat(replays, replays.recording("last"), "round-1", tool, trials=5, expected="track")
    return heat_of(plan, await Ablations(replays).run(plan), tool)


async def test_the_sentence_that_draws_the_request_is_the_hot_one(replays: Replays) -> None:
    heat = await measured(replays)
    assert (heat.chosen, heat.expected, heat.base.trials) == (("details",), "track", 5)
    cold, hot = heat.sentences
    assert hot.sentence.text == "Tell where my parcel is, now and then."
    assert (hot.on_chosen.before, hot.on_chosen.after, hot.on_chosen.is_clear) == (1.0, 0.0, True)
    assert not cold.on_chosen.is_clear
    assert cold.confidence is not None
    assert heat.confidence is not None
    assert cold.confidence > heat.confidence


async def test_a_heat_is_found_again_for_the_same_description_and_for_no_other(
    replays: Replays, session: Session
) -> None:
    heat = await measured(replays)
    store = HeatStore(session.project.folder)
    store.keep(heat)
    assert store.latest("details", heat.description) == heat
    assert store.latest("details", f"{heat.description} More.") is None
    assert store.latest("track", heat.description) is None
    for file in (session.project.folder / ".workbench" / "heat").iterdir():
        file.write_text("{")
    store.read()
    assert store.latest("details", heat.description) is None


async def test_a_tool_without_sentences_has_no_heat(replays: Replays) -> None:
    with pytest.raises(UsageError, match="was not offered"):
        plan_heat(replays, replays.recording("last"), "round-1", "gone", trials=1)


async def test_what_was_sampled_is_kept_and_found_again_and_its_base_is_not_sampled_twice(
    replays: Replays, session: Session, model: WordyModel
) -> None:
    store = AblationStore(session.store.folder, session.redactor)
    plan = plan_heat(replays, replays.recording("last"), "round-1", "details", trials=3, expected="track")
    assert (store.base(plan), store.rows(plan)) == (None, {})
    ablations = Ablations(replays)
    store.keep(plan, await ablations.run(plan))
    found = store.rows(plan)
    assert set(found) == {"details without sentence 1", "details without sentence 2"}
    base = store.base(plan)
    assert base is not None
    asked = model.asked
    again = await ablations.run(plan, base=base)
    assert model.asked - asked == 6
    assert [row.on_chosen for row in again.rows] == [row.on_chosen for row in found.values()]
    other = plan_heat(replays, replays.recording("last"), "round-1", "track", trials=3, expected="track")
    assert store.rows(other) == {}
    assert store.base(other) == base


async def test_nothing_is_kept_where_nothing_came_and_a_broken_file_is_passed_over(
    replays: Replays, session: Session
) -> None:
    store = AblationStore(session.store.folder, session.redactor)
    plan = plan_heat(replays, replays.recording("last"), "round-1", "details", trials=1)
    assert store.keep(plan, Ablations(replays).ablation) is None
    kept = store.keep(plan, await Ablations(replays).run(plan))
    assert kept is not None
    folder = session.project.folder / ".workbench" / "samplings"
    next(folder.iterdir()).write_text("{")
    assert AblationStore(session.store.folder, session.redactor).of(plan) == ()
