"""The walk of the guide, with the local model on the shop sample: a wrong choice, its votes, an edit, before and after.

On a busy machine the model takes its time; nothing here is measured by it.
"""

import asyncio
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pictures.microscope import BETTER, QUESTION
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.window import OpenWindow
from workbench.app.project.new_project import new_project
from workbench.core.share import EXACT
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.microscope.side_by_side_table import SHARE, VERDICT
from workbench.viewmodels.runs.run_place import RunPlace

ROOM_S = 420.0
TOOLS = ("cancel_order", "get_order_details", "track_order")

pytestmark = [
    pytest.mark.local_model,
    pytest.mark.skipif(importlib.util.find_spec("needle") is None, reason="the local model is not installed"),
    pytest.mark.timeout(3600),
]


async def patiently(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(ROOM_S):
        while not condition():  # noqa: ASYNC110 — conditions about widgets have no event to wait for
            await asyncio.sleep(0.05)


async def test_a_wrong_choice_an_edit_and_the_proof_that_it_helped(qapp: QApplication, tmp_path: Path) -> None:
    folder = new_project(tmp_path / "shop", sample_name="shop-support")
    for file in (folder / "tools").iterdir():  # the model reads three tools in a second; the walk in tests/e2e has all
        if file.stem not in TOOLS:
            file.unlink()
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.send(QUESTION)
    await patiently(lambda: bench.cards and bench.cards[0].entry.call and not bench.pane.conversation.is_running)
    run_id = bench.pane.conversation.last_run
    assert run_id is not None
    place = RunPlace("call", run_id, bench.cards[0].entry.call.span)  # type: ignore[union-attr]
    page = await bench.window.features.of(MicroscopeFeature).page(place)
    assert page is not None
    assert page.point.chosen_tools == ("get_order_details",)
    page.mark.tool.setCurrentIndex(page.mark.tool.findData("track_order"))
    QTest.mouseClick(page.mark.keep, Qt.MouseButton.LeftButton)
    file = folder / "tools" / "track_order.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "description": BETTER}))
    await bench.window.read_again()
    ask = page.votes.ask
    assert not ask.trials.isEnabled()
    assert "2 conditions, each once: 2 requests, " in ask.estimate.text()
    QTest.mouseClick(ask.start, Qt.MouseButton.LeftButton)
    await patiently(lambda: not bench.tasks.is_running(ask.task))
    table = page.votes.table
    shares = [item.text() for row in range(2) if (item := table.item(row, SHARE))]
    assert shares == ["0 %", "100 %"]
    verdict = table.item(1, VERDICT)
    assert verdict is not None
    assert verdict.text() == "▲ better"
    assert page.votes.settled.text() == EXACT
