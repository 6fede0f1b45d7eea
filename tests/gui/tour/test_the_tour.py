"""The guided tour from start to end, in the real window; in `make reliability` answered by the real local model."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import window
from tests.support.tally import size
from tests.support.voting import FickleModel, Says, answer_with
from tests.support.window import OpenWindow, until
from workbench.app.project.new_project import new_project
from workbench.app.tour import tour
from workbench.gui.compare.compare_page import ComparePage
from workbench.gui.tour.tour_feature import TourFeature
from workbench.viewmodels.conversation.chat_entry import CallEntry


def opened(tmp_path: Path, app: QApplication, *, sample: str = "weather-desk") -> OpenWindow:
    return OpenWindow(new_project(tmp_path / "desk", sample_name=sample), tmp_path / "home", app)


def calls(bench: OpenWindow) -> list[str]:
    return [entry.tool for entry in bench.pane.conversation.chat.entries if isinstance(entry, CallEntry)]


def described(bench: OpenWindow) -> str:
    tool = bench.session.project.toolset.named(tour.EDITED)
    assert tool is not None
    return tool.description


def as_the_tour_expects(body: str) -> tuple[Says, ...]:
    """What a model answers that takes the description too literally."""
    messages = json.loads(body)["messages"]
    last = max(place for place, message in enumerate(messages) if message["role"] == "user")
    asked = messages[last]["text"]
    given = sum(message["role"] == "assistant" for message in messages[last:])
    calls: dict[str, tuple[Says, ...]] = {
        tour.WEATHER: (("get_weather", {"city": "Tokyo"}), ("get_weather", {"city": "London"})),
        tour.MAIL: (("send_email", {"to": "ana@example.com", "subject": "Trip", "body": "Pack a raincoat."}),),
        tour.TIME: ((tour.EDITED, {"city": "Tokyo"}) if tour.OVERLAPPING in body else (tour.TOOL, {"place": "Tokyo"}),),
    }
    return (*calls[asked], "Done.")[given : given + 1]


needs_the_model = (
    pytest.mark.local_model,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(find_spec("needle") is None, reason="the local model is not installed"),
    pytest.mark.skipif(not size(0, 1, 1), reason="`make reliability` does it"),
)


@pytest.mark.parametrize("is_real", [False, pytest.param(True, marks=needs_the_model)])
async def test_the_tour_leads_from_a_real_call_over_a_wrong_choice_to_its_fix(
    is_real: bool, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "PATIENCE_S", 1800.0 if is_real else window.PATIENCE_S)

    bench = opened(tmp_path, qapp)
    if not is_real:
        answer_with(bench.session, FickleModel(lists=as_the_tour_expects))
    guide = bench.window.features.of(TourFeature)
    strip, walk = guide.strip, guide.tour

    async def press() -> None:
        await until(lambda: strip.go.isVisible() and strip.go.isEnabled())
        QTest.mouseClick(strip.go, Qt.MouseButton.LeftButton)

    assert strip.isHidden()
    await until(lambda: bench.pane.first_view.ways.tour_button.isVisible())
    QTest.mouseClick(bench.pane.first_view.ways.tour_button, Qt.MouseButton.LeftButton)
    await until(lambda: walk.step == "run")
    await press()
    await until(lambda: walk.step == "approve")
    assert [settled.outcome for settled in bench.settled] == ["ok", "ok"]

    await press()
    card = await bench.asked()
    assert walk.is_waiting
    assert "F8" in walk.card.words if walk.card else False
    bench.window.go_to_approval()
    await until(card.hasFocus)
    QTest.keyClick(card, Qt.Key.Key_A)
    await until(lambda: walk.step == "right")

    good = described(bench)
    await press()
    await until(lambda: walk.step == "break")
    await press()
    await until(lambda: walk.step == "why")
    assert described(bench) == tour.OVERLAPPING
    assert calls(bench) == [tour.EDITED]  # by the real model, too, whatever it chose before
    words = walk.card.words if walk.card else ""
    assert "wrong" in words or (is_real and "still chose" in words)  # processors differ in what it chose before
    QTest.mouseClick(strip.compare, Qt.MouseButton.LeftButton)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ComparePage))
    await press()
    await until(lambda: walk.step == "end")
    assert described(bench) == good
    assert calls(bench) == [tour.TOOL] or is_real
    assert len(walk.runs) == 3
    await press()
    await until(strip.isHidden)


async def test_ending_the_tour_in_the_middle_puts_the_description_back(tmp_path: Path, qapp: QApplication) -> None:
    bench = opened(tmp_path, qapp)
    guide = bench.window.features.of(TourFeature)
    good = described(bench)
    guide.start()
    await until(lambda: guide.tour.step == "run")
    guide.tour.step = "break"
    await guide.tour.prepare()
    assert described(bench) == tour.OVERLAPPING
    QTest.mouseClick(guide.strip.close_, Qt.MouseButton.LeftButton)
    await until(lambda: not guide.tour.is_on)
    assert described(bench) == good
    assert guide.strip.isHidden()


async def test_closing_the_window_in_the_middle_of_the_tour_puts_the_description_back(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = opened(tmp_path, qapp)
    guide = bench.window.features.of(TourFeature)
    guide.start()
    await until(lambda: guide.tour.step == "run")
    guide.tour.step = "break"
    await guide.tour.prepare()
    folder = bench.session.project.folder
    await bench.close()
    assert tour.OVERLAPPING not in (folder / "tools" / f"{tour.EDITED}.json").read_text(encoding="utf-8")


async def test_the_tour_is_not_offered_where_its_tool_is_another_one(tmp_path: Path, qapp: QApplication) -> None:
    bench = opened(tmp_path, qapp, sample="shop-support")
    assert bench.pane.first_view.ways.tour_button.isHidden()
    bench.window.commands["tour"].trigger()
    assert not bench.window.features.of(TourFeature).tour.is_on
    assert "weather desk" in bench.window.toasts.shown[-1].text.text()
