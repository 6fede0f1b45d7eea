"""A decision put again and again: in several ways, kept, stopped, gone on from."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.voting import FickleModel, answer_with, open_session, wrong_project, wrong_run
from workbench.app.microscope.decision import RecordedDecision, decision_at
from workbench.app.microscope.sampling_store import SamplingStore
from workbench.app.microscope.votes import KeptSampling, Sample, SampledArm, Votes
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.errors import UsageError
from workbench.core.event import RunStarted, ToolCallProposed
from workbench.core.variant import ToolEdit, Variant

LOOKS = Variant(name="looks", tools={"look": ToolEdit(description="Say what is at a place.")})


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    opened = open_session(wrong_project(tmp_path / "project"), own_home)
    yield opened
    await opened.close()


class Bench:
    """Votes about the wrong decision of a run."""

    def __init__(self, session: Session, replays: Replays, decision: RecordedDecision) -> None:
        self.session = session
        self.decision = decision
        self.store = SamplingStore(session.store.folder, session.redactor)
        self.votes = Votes(session.runs, replays, self.store)

    @property
    def kept(self) -> tuple[KeptSampling, ...]:
        return SamplingStore(self.session.store.folder, self.session.redactor).of(
            self.decision.run_id, str(self.decision.point)
        )

    async def draw(self, *arms: SampledArm, trials: int = 4, concurrency: int = 2) -> None:
        await self.votes.draw(self.votes.plan(self.decision, arms, trials=trials, concurrency=concurrency))


@pytest.fixture
async def bench(session: Session) -> AsyncIterator[Bench]:
    run = await wrong_run(session)
    replays = Replays(session.runs, session.providers, session.prices)
    yield Bench(session, replays, decision_at(replays, run, "turn-1/round-1/call-1"))
    await replays.close()


def better_with_the_variant(body: str) -> tuple[tuple[str, dict[str, object]], ...]:
    right, wrong = ("look", {"at": "gate"}), ("touch", {"mark": "gate"})
    return (right, right, right, wrong) if "Say what is at a place" in body else (wrong, wrong, wrong, right)


async def test_every_way_to_ask_is_sampled_and_kept(bench: Bench) -> None:
    model = FickleModel(lists=better_with_the_variant)  # type: ignore[arg-type]
    answer_with(bench.session, model)
    heard: list[tuple[int, Sample]] = []
    plan = bench.votes.plan(bench.decision, (SampledArm(), SampledArm("looks", LOOKS)), trials=8, concurrency=4)
    assert model.bodies == []
    assert plan.estimate.requests == 16
    await bench.votes.draw(plan, lambda place, sample: heard.append((place, sample)))
    assert [place for place, _ in heard].count(1) == 8
    before, after = (one.sampling.distribution for one in bench.kept)
    assert [(stack.choice.tools, stack.count) for stack in before.stacks] == [("touch", 6), ("look", 2)]
    assert [(stack.choice.tools, stack.count) for stack in after.stacks] == [("look", 6), ("touch", 2)]
    assert bench.kept[1].changes[0].startswith("tools/look/description: ")
    assert bench.kept[0].question != bench.kept[1].question
    assert model.most_under_way == 4


async def test_what_came_before_a_stop_is_kept(bench: Bench) -> None:
    model = FickleModel(("look", {}))
    model.gate, model.hold_after = asyncio.Event(), 3
    answer_with(bench.session, model)
    came = asyncio.Event()
    samples: list[Sample] = []

    def hear(place: int, sample: Sample) -> None:
        samples.append(sample)
        if len(samples) == 3:
            came.set()

    plan = bench.votes.plan(bench.decision, (SampledArm(), SampledArm("looks", LOOKS)), trials=50, concurrency=2)
    drawing = asyncio.create_task(bench.votes.draw(plan, hear))
    await came.wait()
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    (kept,) = bench.kept
    assert kept.was_stopped
    assert (len(kept.sampling.samples), kept.sampling.wanted) == (3, 50)


async def test_failures_are_counted_beside_the_choices(bench: Bench) -> None:
    answer_with(bench.session, FickleModel(("look", {}), "!malformed"))
    await bench.draw(SampledArm())
    found = bench.kept[0].sampling.distribution
    assert (found.trials, found.failures) == (2, 2)


async def test_a_way_that_cannot_be_asked_is_named_before_anything_is_sent(bench: Bench) -> None:
    gone = SampledArm("gone", Variant(name="gone", removed=("nowhere",)))
    with pytest.raises(UsageError, match="gone: "):
        bench.votes.plan(bench.decision, (SampledArm(), gone), trials=1, concurrency=1)
    with pytest.raises(UsageError, match="0 conditions"):
        bench.votes.plan(bench.decision, (), trials=1, concurrency=1)


async def test_a_key_that_is_missing_is_said_before_anything_is_sent(bench: Bench) -> None:
    plan = bench.votes.plan(
        bench.decision, (SampledArm(), SampledArm(model="openai:gpt-5-mini")), trials=2, concurrency=1
    )
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        await bench.votes.draw(plan)
    assert bench.kept == ()


async def test_going_on_from_an_answer_is_a_fork_that_begins_with_it(bench: Bench) -> None:
    answer_with(bench.session, FickleModel(("look", {"at": "gate"})))
    await bench.draw(SampledArm("looks", LOOKS), trials=1)
    sample = bench.kept[0].sampling.samples[0]
    answer_with(bench.session, FickleModel("A gate."))
    live = bench.votes.go_on(bench.decision, bench.kept[0].arm, sample, keeps_to_mocks=True)
    await live.finished()
    events = list(live.log)
    started = next(event for event in events if isinstance(event, RunStarted))
    assert (started.parent_run, started.variant) == (bench.decision.run_id, "looks")
    assert [event.tool for event in events if isinstance(event, ToolCallProposed)] == ["look"]


async def test_edits_since_the_run_are_a_variant(bench: Bench) -> None:
    assert bench.votes.edits(bench.decision) is None
    file = bench.session.project.folder / "tools" / "look.json"
    file.write_text(file.read_text().replace("Look around.", "Say what is at a place."))
    await bench.session.reload()
    edits = bench.votes.edits(bench.decision)
    assert edits is not None
    assert edits.tools["look"].description == "Say what is at a place."
    assert (
        "Say what is at a place." in bench.votes.question(bench.decision, SampledArm("now", edits)).put.wire.body_json
    )


async def test_a_sampling_is_deleted_and_brought_back(bench: Bench) -> None:
    answer_with(bench.session, FickleModel(("look", {})))
    await bench.draw(SampledArm(), trials=1)
    before = bench.kept
    undo = bench.store.delete(before[0].sampling_id)
    assert bench.kept == ()
    undo()
    assert bench.kept == before


async def test_results_that_cannot_be_read_are_counted_and_others_are_left_alone(bench: Bench) -> None:
    answer_with(bench.session, FickleModel(("look", {})))
    await bench.draw(SampledArm(), trials=1)
    folder = bench.session.store.folder / "samplings"
    (folder / f"{bench.decision.run_id}-a.json").write_text("{")
    (folder / f"{bench.decision.run_id}-b.json").write_text(json.dumps({"ablation": {}}))
    kept = next(folder.glob(f"{bench.kept[0].sampling_id}.json"))
    never = json.loads(kept.read_text()) | {"at": 1e300, "sampling_id": f"{bench.decision.run_id}-c"}
    (folder / f"{bench.decision.run_id}-c.json").write_text(json.dumps(never))
    (folder / f"{bench.decision.run_id}-d.json").write_text("[" * 100_000)
    found = bench.store.of(bench.decision.run_id, "turn-1/round-1")
    assert (len(found), bench.store.unreadable) == (1, 3)


async def test_a_key_that_a_model_says_is_not_kept(bench: Bench) -> None:
    bench.session.redactor.add("sk-not-for-anybody-12345")
    answer_with(bench.session, FickleModel(("look", {"at": "sk-not-for-anybody-12345"})))
    await bench.draw(SampledArm(), trials=1)
    folder = bench.session.store.folder / "samplings"
    assert all("not-for-anybody" not in path.read_text() for path in folder.iterdir())
    assert len(bench.kept) == 1
