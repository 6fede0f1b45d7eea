"""The walk of the guide, with the real local model on the shop sample: a wrong choice, why, an edit, and the proof.

Nothing here is limited in time: the model's threads spin, so on a busy machine it is many times slower.
"""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from workbench.app.microscope.ablations import AblationRow, Ablations
from workbench.app.microscope.decision import decision_at
from workbench.app.microscope.marks import Marks
from workbench.app.microscope.sampling_store import Arm, KeptSampling, SamplingStore
from workbench.app.microscope.sentence_heat import HeatStore, heat_of, plan_heat
from workbench.app.microscope.votes import EDITS, Votes
from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.replay.replays import Replays
from workbench.app.runs.runs import RunOptions
from workbench.app.session import Session
from workbench.core.ablation_change import ablation_changes
from workbench.core.approval import ALLOW_ALL
from workbench.core.distribution import Distribution, Effect, effect
from workbench.core.selection import ExpectedCall
from workbench.core.tool import Tool
from workbench.store.tool_file import write_tool

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
]

TRIALS = 3
PLACE = "turn-1/round-1/call-1"
WALKS = [
    (
        "Where is my order A-1002?",
        "get_order_details",
        "track_order",
        "Where is my order? Find out where an order is now: parcel, carrier and day of arrival.",
    ),
    (
        "What did user U-3 order so far?",
        "get_order_details",
        "get_order_history",
        "What did a user order so far? List all orders of a user by the user number such as U-3.",
    ),
    (
        "Send order A-1010 back",
        "cancel_order",
        "create_return",
        "Send back an order that was delivered. Makes the return.",
    ),
]


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    folder = new_project(tmp_path / "shop", sample_name="shop-support")
    folders = UserFolders(own_home / "state", own_home / "config", own_home / "data")
    opened = Session(folder, folders=folders, trust_for_now=True)
    yield opened
    await opened.close()


@pytest.fixture
async def replays(session: Session) -> AsyncIterator[Replays]:
    made = Replays(session.runs, session.providers, session.prices)
    yield made
    await made.close()


async def run(session: Session, prompt: str) -> str:
    """The run, every call approved; its tools are the sample's own."""
    return (await session.runs.start(prompt, RunOptions(policy=ALLOW_ALL)).finished()).run_id


async def voted(session: Session, replays: Replays, run_id: str, *arms: Arm) -> list[Distribution]:
    """The votes of each way to ask."""
    kept: list[KeptSampling] = []
    votes = Votes(session.runs, replays, SamplingStore(session.store.folder, session.redactor))
    plan = votes.plan(decision_at(replays, run_id, PLACE), arms, trials=TRIALS, concurrency=1)
    assert plan.estimate.requests == TRIALS * len(arms)
    await votes.draw(plan, kept=lambda _, one: kept.append(one))
    return [one.sampling.distribution for one in kept]


def change_of(before: Distribution, after: Distribution, tool: str) -> Effect:
    """What an edit did to the share of calls of a tool."""
    return effect(before, after, lambda choice: choice.tools == tool)


async def test_a_wrong_choice_is_explained_mended_and_the_mend_is_proved(session: Session, replays: Replays) -> None:
    asked, wrong, right, better = WALKS[0]
    run_id = await run(session, asked)
    decision = decision_at(replays, run_id, PLACE)
    assert decision.chosen is not None
    assert decision.chosen.tools == wrong
    Marks(session.store.folder, session.redactor).make(decision, ExpectedCall(right, {"order_id": "A-1002"}), call=1)

    # What if? The rival alone keeps the right tool away; exchanging the two descriptions changes nothing, so it is
    # the rival's name that attracts.
    tried = {f"without {wrong}", f"{wrong} and {right} with each other's descriptions"}
    plan = Ablations(replays).plan(
        decision.recording,
        decision.point,
        trials=TRIALS,
        concurrency=1,
        expected=right,
        wished=lambda toolset: [
            each for each in ablation_changes(decision.offer, (wrong,), expected=right) if each.name in tried
        ],
    )
    found = await Ablations(replays).run(plan)
    rows: dict[str, AblationRow] = {row.change.name: row for row in found.rows}
    assert set(rows) == tried
    gone = rows[f"without {wrong}"].on_expected
    assert gone is not None
    assert (gone.before, gone.after, gone.is_clear) == (0.0, 1.0, True)
    swapped = rows[f"{wrong} and {right} with each other's descriptions"].on_chosen
    assert (swapped.before, swapped.after) == (1.0, 1.0)

    # The one sentence of the rival holds its call in place, though what comes without it is not right either.
    heat_plan = plan_heat(replays, decision.recording, decision.point, wrong, trials=TRIALS, expected=right)
    ablation = await Ablations(replays).run(heat_plan, base=found.base)
    heat = heat_of(heat_plan, ablation, wrong)
    assert [one.on_chosen.change for one in heat.sentences] == [-1.0]
    assert heat.confidence is None
    assert heat.sentences[0].confidence is not None
    book = HeatStore(session.project.folder)
    book.keep(heat)
    assert book.latest(wrong, heat.description) == heat

    # The texts say otherwise than the model: by both measures the right tool is the likest.
    for by in session.text_overlaps.measures:
        assert (await session.text_overlaps.overlaps(decision.toolset, asked, by=by)).nearest[0][0] == right

    await mended_by(session, replays, run_id, better, wrong=wrong, right=right)


@pytest.mark.parametrize(("asked", "wrong", "right", "better"), WALKS[1:])
async def test_the_other_wrong_choices_of_the_sample_can_be_mended_too(
    session: Session, replays: Replays, asked: str, wrong: str, right: str, better: str
) -> None:
    run_id = await run(session, asked)
    await mended_by(session, replays, run_id, better, wrong=wrong, right=right)


async def mended_by(session: Session, replays: Replays, run_id: str, better: str, *, wrong: str, right: str) -> None:
    """Write the better description into the project, ask again both ways, and see a clear change."""
    tool = session.toolset.named(right)
    assert tool is not None
    write_tool(session.project.folder / "tools", Tool({**tool.document, "description": better}))
    await session.reload()
    decision = decision_at(replays, run_id, PLACE)
    votes = Votes(session.runs, replays, SamplingStore(session.store.folder, session.redactor))
    edits = votes.edits(decision)
    assert edits is not None
    before, after = await voted(session, replays, run_id, Arm(), Arm(EDITS, edits))
    change = change_of(before, after, right)
    assert (change.before, change.after, change.is_clear) == (0.0, 1.0, True)
    assert change.interval.low > 0
    assert change_of(before, after, wrong).change == -1.0
    again = decision_at(replays, await run(session, decision.request_text), PLACE)
    assert again.chosen is not None
    assert again.chosen.tools == right
