"""The walk of the guide in pictures: the real local model on the shop sample, nothing scripted.

It takes its time on a busy machine, so it is walked once a process and shown in every appearance. Where the local model
is not installed there are no pictures of it: the ones of the guide stay.
"""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pictures.microscope import QUESTION
from pictures.stage import Shoot, Stage
from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.ablations import Ablations
from workbench.app.microscope.decision import decision_at
from workbench.app.microscope.marks import Marks
from workbench.app.microscope.sampling_store import SampledArm, SamplingStore
from workbench.app.microscope.sentence_heat import HeatStore, heat_of, plan_heat
from workbench.app.microscope.votes import EDITS, Votes
from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.replay.replays import Replays
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.ablation_change import ablation_changes
from workbench.core.approval import ALLOW_ALL
from workbench.core.ids import RunId
from workbench.core.selection import ExpectedCall
from workbench.gui.look.look import Look
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.microscope.microscope_page import VOTES
from workbench.gui.microscope.overlaps_panel import OverlapsPanel
from workbench.gui.microscope.what_if_panel import WhatIfPanel
from workbench.gui.microscope.words_panel import WordsPanel
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.viewmodels.runs.run_place import RunPlace

WRONG, RIGHT = "get_order_details", "track_order"
BETTER = "Where is my order? Find out where an order is now: parcel, carrier and day of arrival."
TRIED = (
    f"without {WRONG}",
    f"{WRONG} without its description",
    f"{WRONG} called tool_1",
    f"{WRONG} and {RIGHT} with each other's descriptions",
    f"{RIGHT} without its description",
)
_TRIALS = 5
_PLACE = "turn-1/round-1/call-1"


@dataclass(frozen=True)
class Walk:
    """A project in which the walk was walked: the run that went wrong, and the one after the edit."""

    project: Path
    before: RunId
    after: RunId


_walked: list[Walk] = []


async def walk_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Why it chose that, the edit, and the proof that it helped."""
    if find_spec("needle") is None:
        return
    if not _walked:
        _walked.append(await walked(Path(tempfile.mkdtemp(prefix="workbench-walk-"))))
    walk = _walked[0]
    stage = Stage(look, home, sample="shop-support", model="local", damage=lambda folder: _lay_out(walk, folder))
    stage.window.commands["trace"].trigger()
    microscope = stage.window.features.of(MicroscopeFeature)
    page = await microscope.page(RunPlace("call", walk.before, _PLACE))  # type: ignore[arg-type]
    assert page is not None
    page.point.expect(ExpectedCall(RIGHT, {"order_id": "A-1002"}))
    page.mark.more.setChecked(False)
    await page.votes.votes.load()
    page.show_panel(VOTES)
    await shoot(stage, "walk_votes")
    what_if = page.show_panel("What if")
    assert isinstance(what_if, WhatIfPanel)
    for row in what_if.what_if.series.rows:
        what_if.what_if.series.tick(row, is_on=row.found is not None)
    await shoot(stage, "walk_what_if")
    overlaps = page.show_panel("Overlaps")
    assert isinstance(overlaps, OverlapsPanel)
    await overlaps.overlaps.measure_by("model")
    await shoot(stage, "walk_overlaps")
    page.show_duel(WRONG, RIGHT)
    await asyncio.sleep(0.5)
    await shoot(stage, "walk_duel")
    fixed = await microscope.page(RunPlace("call", walk.after, _PLACE))  # type: ignore[arg-type]
    assert fixed is not None
    words = fixed.show_panel("Words")
    assert isinstance(words, WordsPanel)
    words.words.choose(RIGHT)
    await shoot(stage, "walk_words")
    fixed.show_panel("Confidence")
    await shoot(stage, "walk_confidence")
    stage.window.features.of(SchemaEditorFeature).open_tool(RIGHT)
    await shoot(stage, "walk_editor")
    await stage.close()


async def walked(home: Path) -> Walk:
    """Walk it, at the pace of the machine."""
    folder = new_project(home / "shop", sample_name="shop-support")
    session = Session(folder, folders=UserFolders(home / "state", home / "config", home / "data"), trust_for_now=True)
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        before = await _run(session)
        await _try_changes(session, replays, before)
        _fix(folder)
        await session.reload()
        decision = decision_at(replays, before, _PLACE)
        votes = Votes(session.runs, replays, SamplingStore(session.store.folder, session.redactor))
        arms = (SampledArm(), SampledArm(EDITS, votes.edits(decision)))
        await votes.draw(votes.plan(decision, arms, trials=_TRIALS, concurrency=1))
        after = await _run(session)
        await _measure(session, replays, after)
    finally:
        await replays.close()
        await session.close()
    return Walk(folder, before, after)


async def _run(session: Session) -> RunId:
    return (await session.runs.start(QUESTION, RunOptions(policy=ALLOW_ALL)).finished()).run_id


async def _try_changes(session: Session, replays: Replays, run_id: RunId) -> None:
    decision = decision_at(replays, run_id, _PLACE)
    Marks(session.store.folder, session.redactor).make(decision, ExpectedCall(RIGHT, {"order_id": "A-1002"}), call=1)
    every = ablation_changes(decision.offer, (WRONG,), expected=RIGHT)
    plan = Ablations(replays).plan(
        decision.recording,
        decision.point,
        trials=_TRIALS,
        concurrency=1,
        expected=RIGHT,
        requested=lambda _: [change for change in every if change.name in TRIED],
    )
    AblationStore(session.store.folder, session.redactor).keep(plan, await Ablations(replays).run(plan))


async def _measure(session: Session, replays: Replays, run_id: RunId) -> None:
    decision = decision_at(replays, run_id, _PLACE)
    plan = plan_heat(replays, decision.recording, decision.point, RIGHT, trials=_TRIALS, concurrency=1, expected=RIGHT)
    ablation = await Ablations(replays).run(plan)
    AblationStore(session.store.folder, session.redactor).keep(plan, ablation)
    HeatStore(session.project.folder).keep(heat_of(plan, ablation, RIGHT))


def _fix(folder: Path) -> None:
    """Write the better description into the tool's file."""
    path = folder / "tools" / f"{RIGHT}.json"
    old = "Find out where an order is now: parcel, carrier and day of arrival."
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, BETTER), encoding="utf-8")


def _lay_out(walk: Walk, folder: Path) -> None:
    """Put what came of the walk into a copy of the sample."""
    shutil.copytree(walk.project / ".workbench", folder / ".workbench", dirs_exist_ok=True)
    shutil.copy(walk.project / "tools" / f"{RIGHT}.json", folder / "tools" / f"{RIGHT}.json")
