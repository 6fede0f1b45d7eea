"""What can be done with the recorded runs of a project."""

import asyncio
import json
from pathlib import Path

import msgspec
import pytest

from tests.support.projects import make_project
from tests.support.replays import no_sockets
from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.ablations import Ablations
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL, Question
from workbench.core.errors import UsageError
from workbench.core.event import RunFinished, RunStarted, ToolCallSettled, kind_of
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.core.variant import ToolEdit, Variant
from workbench.engine.ports import Extendable
from workbench.replay.fork_tools import ForkApprover, ForkTools, ForkTracker
from workbench.replay.recording import Recording

SAYS: list[JsonObject] = [
    {"calls": [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "look", "arguments": {}}]},
    {"calls": [{"tool": "touch", "arguments": {"mark": "two"}}]},
    {"text": "Marked."},
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "marks", *SAYS)


@pytest.fixture
async def session(project: Path, own_home: Path):  # type: ignore[no-untyped-def]
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(project, folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


@pytest.fixture
async def replays(session: Session):  # type: ignore[no-untyped-def]
    made = Replays(session.runs, session.providers, session.prices)
    yield made
    await made.close()


async def a_run(session: Session) -> RunFinished:
    live = session.runs.start("Mark it.", RunOptions(policy=ALLOW_ALL))
    return await live.finished()


def marks(project: Path) -> list[str]:
    return (project / "marks.txt").read_text().split()


async def test_a_rerun_of_a_stored_run_is_identical_and_repeats_no_side_effect(
    session: Session, replays: Replays, project: Path
) -> None:
    await a_run(session)
    before = marks(project)
    with no_sockets():
        again = await replays.rerun("last")
    assert again.divergence is None
    assert (again.rounds, again.calls) == (3, 3)
    assert marks(project) == before == ["one", "two"]
    assert len(session.runs.recorded()) == 1


async def test_a_rerun_needs_neither_the_script_nor_the_code_it_was_made_with(
    session: Session, replays: Replays, project: Path
) -> None:
    await a_run(session)
    (project / "script.json").unlink()
    (project / "python" / "marks.py").unlink()
    assert (await replays.rerun("last")).is_identical


async def test_a_playback_runs_nothing(session: Session, replays: Replays, project: Path) -> None:
    await a_run(session)
    before = marks(project)
    playback, _ = replays.playable("last")
    playback.set_speed(1_000.0)
    shown = [event async for event in playback]
    assert kind_of(shown[-1]) == "run.finished"
    assert marks(project) == before


async def test_a_fork_is_stored_with_its_parent_and_repeats_no_side_effect(
    session: Session, replays: Replays, project: Path
) -> None:
    finished = await a_run(session)
    before = marks(project)
    recording = replays.recording("last")
    fork, changed = replays.fork(recording, "round-2")
    live = replays.launch(fork, changed, tools="mock")
    assert (await live.finished()).text == "Marked."
    assert marks(project) == before
    rows = session.runs.recorded()
    assert [row.parent_run for row in rows if row.parent_run] == [finished.run_id]
    stored = session.runs.load(live.run_id)
    assert [event.outcome for event in stored if isinstance(event, ToolCallSettled)] == ["replayed"] * 3
    assert (await replays.rerun(live.run_id)).is_identical


async def test_a_call_off_the_recording_waits_for_the_person_and_runs_only_when_approved(
    session: Session, replays: Replays, project: Path
) -> None:
    await a_run(session)
    script = [*SAYS[:1], {"calls": [{"tool": "touch", "arguments": {"mark": "three"}}]}, {"text": "x"}]
    (project / "script.json").write_text(json.dumps({"answers": script}))
    before = marks(project)
    fork, changed = replays.fork(replays.recording("last"), "round-2")
    asked = asyncio.Event()
    session.desk.changed.connect(asked.set)
    live = replays.launch(fork, changed, tools="ask")
    await asked.wait()
    assert [question.arguments_json for question in session.desk.pending] == ['{"mark":"three"}']
    assert marks(project) == before
    live.stop()
    await live.finished()
    assert marks(project) == before


@pytest.mark.parametrize("tools", ["live", "ask"])
async def test_a_fork_does_not_run_what_a_borrowed_name_runs(
    session: Session, replays: Replays, project: Path, tools: ForkTools
) -> None:
    await a_run(session)
    script = [*SAYS[:1], {"calls": [{"tool": "look", "arguments": {"mark": "three"}}]}, {"text": "x"}]
    (project / "script.json").write_text(json.dumps({"answers": script}))
    swapped = Variant(name="swapped", tools={"look": ToolEdit(name="touch"), "touch": ToolEdit(name="look")})
    fork, changed = replays.fork(replays.recording("last"), "round-2", variant=swapped)
    asked = asyncio.Event()
    session.desk.changed.connect(lambda: asked.set() if session.desk.pending else None)
    live = replays.launch(fork, changed, tools=tools)
    assert live.task is not None
    waiting = asyncio.create_task(asked.wait(), name="asked")
    await asyncio.wait([live.task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    assert [question.wants for question in session.desk.pending] == (["result"] if tools == "ask" else [])
    live.stop()
    await live.finished()
    outcomes = [event.outcome for event in session.runs.load(live.run_id) if isinstance(event, ToolCallSettled)]
    assert outcomes == ["replayed", "replayed", "cancelled" if tools == "ask" else "error"]


async def test_a_question_of_a_fork_can_be_given_more_time(session: Session, replays: Replays, project: Path) -> None:
    await a_run(session)
    script = [*SAYS[:1], {"calls": [{"tool": "touch", "arguments": {"mark": "three"}}]}, {"text": "x"}]
    (project / "script.json").write_text(json.dumps({"answers": script}))
    fork, _ = replays.fork(replays.recording("last"), "round-2")
    serving = ForkApprover(ForkTracker(fork.recording, fork.point), session.desk, session.runs.executors, "ask")
    assert isinstance(serving, Extendable)
    question = Question(CallId("r.1.1.1"), Tool.make("touch", "Touch."), "{}", "ask *", "decision", "h", expires_at=5e9)
    asking = asyncio.create_task(session.desk.decide(question))
    await asyncio.sleep(0)
    assert session.desk.extend(question.call_id, 60)
    assert serving.expires_at(question.call_id) == 5e9 + 60
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)


async def test_an_interrupted_fork_is_not_resumed_by_itself(project: Path, own_home: Path) -> None:
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    first = Session(project, folders=folders, trust_for_now=True)
    await a_run(first)
    slow = [*SAYS[:1], {"text": "A long answer.", "delay_s": 60.0}]
    (project / "script.json").write_text(json.dumps({"answers": slow}))
    replays = Replays(first.runs, first.providers, first.prices)
    fork, changed = replays.fork(replays.recording("last"), "round-2")
    live = replays.launch(fork, changed, tools="mock")
    await asyncio.sleep(0)
    first.store.flush()
    live.log.mute()  # the program dies here
    live.stop()
    await live.finished()
    await replays.close()
    await first.close()
    second = Session(project, folders=folders, trust_for_now=True)
    try:
        assert second.interrupted == [live.run_id]
        with pytest.raises(UsageError, match="is a fork"):
            second.runs.resume(live.run_id)
    finally:
        await second.close()


async def test_a_variant_of_the_project_is_found_by_its_name_and_a_misfit_is_said(
    session: Session, replays: Replays
) -> None:
    await a_run(session)
    replays.variants.save(Variant(name="clear", tools={"look": ToolEdit(description="Look about.")}))
    replays.variants.save(Variant(name="old", removed=("gone",)))
    recording = replays.recording("last")
    fork, changed = replays.fork(recording, "turn-1", variant="clear")
    assert fork.setup.variant == "clear"
    assert [str(line) for line in changed.lines] == ["tools/look/description: Look {-around-}{+about+}."]
    with pytest.raises(UsageError, match="there is no tool 'gone' to remove"):
        replays.fork(recording, "turn-1", variant="old")


async def test_a_model_without_its_key_is_refused_before_anything_is_sent(session: Session, replays: Replays) -> None:
    await a_run(session)
    recording = replays.recording("last")
    fork, changed = replays.fork(recording, "turn-1", model="anthropic:claude-opus-5-5")
    with pytest.raises(UsageError, match="ANTHROPIC_API_KEY"):
        replays.launch(fork, changed)
    question = replays.question(recording, "turn-1", trials=3, model="anthropic:claude-opus-5-5")
    with pytest.raises(UsageError, match="ANTHROPIC_API_KEY"):
        replays.sampler(question)


async def test_sampling_quotes_first_and_executes_nothing(session: Session, replays: Replays, project: Path) -> None:
    await a_run(session)
    before = marks(project)
    question = replays.question(replays.recording("last"), "round-1", trials=5, concurrency=2)
    assert question.estimate.requests == 5
    assert question.estimate.input_tokens > 0
    sampling = await replays.sampler(question).draw(5, concurrency=2)
    (stack,) = sampling.distribution.stacks
    assert (str(stack.choice), stack.count) == ('touch({"mark":"one"}) + look({})', 5)
    assert marks(project) == before


async def test_a_fork_goes_on_from_a_sample(session: Session, replays: Replays) -> None:
    await a_run(session)
    recording = replays.recording("last")
    question = replays.question(recording, "round-1", trials=1)
    sampling = await replays.sampler(question).draw(1)
    fork, changed = replays.fork(recording, "round-1", answer=question.answer(sampling.samples[0]))
    live = replays.launch(fork, changed, tools="mock")
    assert (await live.finished()).text == "Marked."


async def test_counterfactuals_are_sampled_each_by_itself(session: Session, replays: Replays, project: Path) -> None:
    await a_run(session)
    before = marks(project)
    ablations = Ablations(replays)
    plan = ablations.plan(replays.recording("last"), "round-2", trials=2, concurrency=1, expected="look")
    assert plan.chosen == ("touch",)
    assert plan.estimate.requests == 2 * (1 + len(plan.changes))
    heard = []
    ablation = await ablations.run(plan, lambda name, sample: heard.append(name))
    assert len(heard) == plan.estimate.requests
    assert [row.change.name for row in ablation.rows] == [change.name for change, _ in plan.changes]
    assert all(row.distribution.trials == 2 for row in ablation.rows)
    # The script says the same whatever it is offered, so nothing has an effect.
    assert ablation.clear == ()
    assert marks(project) == before
    store = AblationStore(session.store.folder, session.redactor)
    store.keep(plan, ablation)
    assert [kept.ablation for kept in store.of(plan)] == [ablation]


async def test_a_point_the_model_never_answered_has_no_counterfactuals(session: Session, replays: Replays) -> None:
    await a_run(session)
    recording = replays.recording("last")
    with pytest.raises(UsageError, match="was not offered"):
        Ablations(replays).plan(recording, "round-1", trials=1, expected="gone")


async def test_a_run_that_a_newer_program_recorded_is_refused_in_words(session: Session, replays: Replays) -> None:
    await a_run(session)
    first, *rest = replays.events("last")
    assert isinstance(first, RunStarted)
    with pytest.raises(UsageError, match="Update the workbench"):
        Recording((msgspec.structs.replace(first, format_version=99), *rest))
