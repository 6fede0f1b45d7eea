"""The walk of the guide, with the real local model on the shop sample: a wrong choice, why, an edit that helps one
request, and a trigger that helps others. Nothing here is limited in time. It takes minutes, so `make reliability` does
it; with three tools it is walked by every test run (tests/gui/microscope/test_microscope_walk.py).

The engine computes a little differently on different processors: a confidence can differ by a hundredth or two, and a
close choice can turn out the other way.
"""

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.tally import size
from workbench.app.microscope.ablations import AblationRow, Ablations
from workbench.app.microscope.decision import decision_at
from workbench.app.microscope.marks import Marks
from workbench.app.microscope.recorded_answer import recorded_answer
from workbench.app.microscope.sampling_store import KeptSampling, SampledArm, SamplingStore
from workbench.app.microscope.sentence_heat import HeatStore, heat_of, plan_heat
from workbench.app.microscope.votes import EDITS, Votes
from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.replay.replays import Replays
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.ablation_change import ablation_changes
from workbench.core.approval import ALLOW_ALL
from workbench.core.distribution import Distribution, Effect, effect
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.json_text import JsonValue
from workbench.core.message import UserMessage
from workbench.core.selection import ExpectedCall
from workbench.core.tool import Tool, Toolset
from workbench.providers.local.adapter import LocalAdapter
from workbench.store.tool_file import write_tool

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.timeout(7200),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
    pytest.mark.skipif(not size(0, 1, 1), reason="`make reliability` does it"),
]

PLACE = "turn-1/round-1/call-1"
CONFIDENCE = 0.82
ASKED, WRONG, RIGHT = "Where is my order A-1002?", "get_order_details", "track_order"
BETTER = "Where is my order? Find out where an order is now: parcel, carrier and day of arrival."
WIDE = r"\b(where|when|track|arriv|deliver|on its way)"
NARROW = rf"^(?=.*A-\d)(?!.*\b(back|return|refund|cancel|write|paid|items)).*{WIDE}"

PARCELS = (
    "Where has A-1004 got to?",
    "When can I expect A-1006?",
    "Has order A-1003 been delivered?",
    "Tell me where A-1009 is",
    "Is my parcel A-1002 on its way yet?",
    "I ordered two weeks ago, A-1011, and nothing has arrived",
)
OTHERS = (
    "Where do I find the items of A-1002?",
    "I want to send A-1003 back, it arrived broken",
    "When was order A-1004 paid?",
    "Cancel A-1005 before it is delivered",
    "Refund A-1006, the delivery never came",
    "Write to U-2 that A-1007 is on its way",
)
"""The guide writes its trigger with these before its eyes."""
NEW_PARCELS = (
    "Could you track number A-1005 for me?",
    "Any news on the delivery of A-1012?",
    "When does order A-1001 arrive?",
    "Where exactly is my package, order A-1014?",
    "Did A-1007 ship?",
    "What is the delivery status of A-1008?",
)
NEW_OTHERS = (
    "Give A-1008 ten percent off because it arrived late",
    "Where can I see the profile of U-3?",
    "Do you have the boots where I can buy them in size 43?",
    "What did I order in A-1009?",
    "Return A-1010, please",
    "How much was A-1011?",
)
"""These it sees only at the end."""


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


async def voted(session: Session, replays: Replays, run_id: str, *arms: SampledArm) -> list[Distribution]:
    """The votes of each way to ask; the model is asked once each."""
    kept: dict[int, KeptSampling] = {}
    votes = Votes(session.runs, replays, SamplingStore(session.store.folder, session.redactor))
    plan = votes.plan(decision_at(replays, run_id, PLACE), arms, trials=5, concurrency=2)
    assert plan.estimate.requests == len(arms)
    await votes.draw(plan, kept=kept.__setitem__)
    return [one.sampling.distribution for _, one in sorted(kept.items())]


def change_of(before: Distribution, after: Distribution, tool: str) -> Effect:
    """What an edit did to the share of calls of a tool."""
    return effect(before, after, lambda choice: choice.tools == tool)


async def test_a_wrong_choice_is_explained_and_an_edit_helps_that_request(session: Session, replays: Replays) -> None:
    run_id = await run(session, ASKED)
    decision = decision_at(replays, run_id, PLACE)
    assert decision.chosen is not None
    assert decision.chosen.tools == WRONG
    answer = recorded_answer(decision)
    assert answer is not None
    assert answer.details["confidence"] == pytest.approx(CONFIDENCE, abs=0.03)
    Marks(session.store.folder, session.redactor).make(decision, ExpectedCall(RIGHT, {"order_id": "A-1002"}), call=1)

    # What if? The rival alone keeps the right tool away; exchanging the two descriptions changes nothing, so it is
    # the rival's name that attracts.
    tried = {f"without {WRONG}", f"{WRONG} and {RIGHT} with each other's descriptions", f"{WRONG} called tool_1"}
    plan = Ablations(replays).plan(
        decision.recording,
        decision.point,
        trials=5,
        concurrency=2,
        expected=RIGHT,
        requested=lambda toolset: [
            each for each in ablation_changes(decision.offer, (WRONG,), expected=RIGHT) if each.name in tried
        ],
    )
    assert plan.samples == 4
    found = await Ablations(replays).run(plan)
    rows: dict[str, AblationRow] = {row.change.name: row for row in found.rows}
    assert set(rows) == tried
    gone = rows[f"without {WRONG}"].on_expected
    assert gone is not None
    assert (gone.before, gone.after, gone.is_exact) == (0.0, 1.0, True)
    swapped = rows[f"{WRONG} and {RIGHT} with each other's descriptions"].on_chosen
    assert (swapped.before, swapped.after) == (1.0, 1.0)
    assert rows[f"{WRONG} called tool_1"].distribution.stacks[0].choice.tools == "lookup_user"

    # The texts say otherwise than the model: by both measures the right tool is the likest.
    for by in session.text_overlaps.measures:
        assert (await session.text_overlaps.overlaps(decision.toolset, ASKED, by=by)).nearest[0][0] == RIGHT

    await describe(session, BETTER)
    edits = Votes(session.runs, replays, SamplingStore(session.store.folder, session.redactor)).edits(decision)
    assert edits is not None
    before, after = await voted(session, replays, run_id, SampledArm(), SampledArm(EDITS, edits))
    change = change_of(before, after, RIGHT)
    assert (change.before, change.after, change.is_exact) == (0.0, 1.0, True)

    # Which words did it? The new first sentence.
    again = decision_at(replays, await run(session, ASKED), PLACE)
    assert again.chosen is not None
    assert again.chosen.tools == RIGHT
    heat_plan = plan_heat(replays, again.recording, again.point, RIGHT, trials=5, expected=RIGHT)
    heat = heat_of(heat_plan, await Ablations(replays).run(heat_plan), RIGHT)
    assert [one.on_chosen.change for one in heat.sentences] == [-1.0, 0.0]
    store = HeatStore(session.project.folder)
    store.keep(heat)
    assert store.latest(RIGHT, heat.description) == heat


async def test_what_helps_one_request_is_checked_on_others(session: Session) -> None:
    adapter, shop = LocalAdapter(), session.toolset
    described = with_change(shop, description=BETTER)
    wide, narrow = with_change(shop, triggers=[WIDE]), with_change(shop, triggers=[NARROW])

    async def is_about(expected: tuple[int, int], tools: Toolset, *requests: tuple[str, ...]) -> bool:
        """Whether as many of each as the guide says, give or take one, were answered with the tool that tracks."""
        counts = [await tracked(adapter, session, tools, each) for each in requests]
        return all(abs(count - said) <= 1 for count, said in zip(counts, expected, strict=True))

    try:
        assert await is_about((1, 0), shop, PARCELS, OTHERS)
        assert await is_about((1, 0), described, PARCELS, OTHERS)
        assert await is_about((6, 5), wide, PARCELS, OTHERS)
        assert await is_about((6, 0), narrow, PARCELS, OTHERS)
        assert await is_about((1, 0), shop, NEW_PARCELS, NEW_OTHERS)
        assert await is_about((5, 1), narrow, NEW_PARCELS, NEW_OTHERS)
    finally:
        await adapter.close()


def with_change(shop: Toolset, **change: JsonValue) -> Toolset:
    return Toolset([Tool({**tool.document, **change}) if tool.name == RIGHT else tool for tool in shop])


async def tracked(adapter: LocalAdapter, session: Session, tools: Toolset, requests: tuple[str, ...]) -> int:
    """How many of the requests are answered with the tool that tracks."""
    found = 0
    for asked in requests:
        request = ModelRequest("needle-3", (UserMessage(asked),), session.project.instructions, tools)
        items = [item async for item in adapter.stream(adapter.encode(request))]
        assert isinstance(items[-1], ModelResponse)
        found += any(call.tool == RIGHT for call in items[-1].calls)
    return found


async def describe(session: Session, better: str) -> None:
    """Write the better description into the project."""
    tool = session.toolset.named(RIGHT)
    assert tool is not None
    write_tool(session.project.folder / "tools", Tool({**tool.document, "description": better}))
    await session.reload()
