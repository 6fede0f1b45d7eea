"""Pictures of a run that is used again: forked, played back, run again, and compared."""

import asyncio
import json
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from pictures.stage import ANSWERS, Shoot, Stage
from workbench.core.ids import SpanPath
from workbench.core.json_text import JsonObject
from workbench.core.variant import ToolEdit, Variant
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.compare.compare_page import ComparePage
from workbench.gui.look.look import Look
from workbench.gui.replay.fork_feature import ForkFeature
from workbench.gui.replay.fork_page import ForkPage
from workbench.gui.replay.playback_feature import PlaybackFeature
from workbench.gui.replay.playback_pane import PlaybackPane
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.gui.replay.rerun_all_page import RerunAllPage
from workbench.gui.replay.rerun_feature import RerunFeature
from workbench.gui.replay.rerun_page import RerunPage
from workbench.gui.window.main_window import MainWindow
from workbench.viewmodels.runs.run_place import RunPlace

P = TypeVar("P", bound=QWidget)

_PATIENCE = 600
_OTHERWISE: list[JsonObject] = [
    ANSWERS[0],
    {
        "text": "Both are in. I will ask for tomorrow as well:",
        "calls": [
            {"tool": "get_forecast", "arguments": {"city": "Oslo", "days": 1}},
            {
                "tool": "send_email",
                "arguments": {"to": "ana@example.com", "subject": "Weather report", "body": "Hello Ana."},
            },
        ],
        "usage": {"input_tokens": 611, "output_tokens": 83},
    },
    {"text": "The report was sent.", "usage": {"input_tokens": 730, "output_tokens": 12}},
]


async def replay_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """One run and what can be done with it."""
    stage = Stage(look, home)
    window = stage.window
    await stage.to_approval()
    await stage.to_end()
    parent = stage.pane.conversation.last_run
    assert parent is not None
    replays = window.features.of(ReplayFeature).replays
    edit = ToolEdit(description="Current weather of one city, in any unit. Call it once for each city.")
    replays.variants.save(Variant(name="clearer_weather", tools={"get_weather": edit}))
    folder = stage.session.project.folder
    (folder / "demo.json").write_text(json.dumps({"answers": _OTHERWISE}), encoding="utf-8")
    forking = window.features.of(ForkFeature)
    window.commands["trace"].trigger()
    forking.fork(RunPlace("round", parent, SpanPath("turn-1/round-2")))
    page = await _shown(window, ForkPage)
    page.variant.setCurrentIndex(page.variant.findText("clearer_weather"))
    page.variant.activated.emit(page.variant.currentIndex())
    await asyncio.sleep(0.3)
    await shoot(stage, "fork")
    window.commands["trace"].trigger()
    page.launch()
    for _ in range(_PATIENCE):
        if window.approvals.cards:
            break
        await asyncio.sleep(0.02)
    await shoot(stage, "fork_live")
    live = stage.pane.conversation.live
    assert live is not None
    window.approvals.cards[0].approve()
    await live.finished()
    fork = live.run_id
    again, changed = replays.fork(replays.recording(fork), "round-3")
    await replays.launch(again, changed, tools="mock").finished()
    window.commands["trace"].trigger()
    forking.show_tree(fork)
    await shoot(stage, "forks")
    window.features.of(CompareFeature).compare([parent, fork])
    compared = await _shown(window, ComparePage)
    compared.only.setChecked(True)
    await shoot(stage, "compare")
    compared.boxes[0].show_wire(is_shown=True)
    compared.step(1)
    await shoot(stage, "compare_wire")
    window.features.of(RerunFeature).rerun(parent)
    await _shown(window, RerunPage)
    await shoot(stage, "rerun")
    window.features.of(RerunFeature).rerun_all()
    table = await _shown(window, RerunAllPage)
    for _ in range(_PATIENCE):
        if table.batch.is_over:
            break
        await asyncio.sleep(0.02)
    await shoot(stage, "rerun_all")
    window.commands["trace"].trigger()
    window.features.of(PlaybackFeature).play(parent)
    playing = await _shown(window, PlaybackPane)
    playing.playback.pause()
    playing.playback.step_round()
    playing.playback.step_round()
    for _ in range(4):
        playing.playback.step()
    await shoot(stage, "playback")
    await stage.close()


async def _shown(window: MainWindow, kind: type[P]) -> P:
    for _ in range(_PATIENCE):
        page = window.documents.currentWidget()
        if isinstance(page, kind):
            return page
        await asyncio.sleep(0.02)
    raise LookupError(kind.__name__)
