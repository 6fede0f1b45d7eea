"""A feature that fails is reported and skipped: the window opens, goes on and closes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.ids import CallId
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.mocks.mocks_feature import MocksFeature
from workbench.gui.mocks.mocks_page import MocksPage
from workbench.gui.models.models_feature import ModelsFeature
from workbench.gui.project.project_feature import ProjectFeature
from workbench.gui.rules.rules_feature import RulesFeature
from workbench.gui.search.search_feature import SearchFeature
from workbench.gui.tour.tour_feature import TourFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.window import features
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.runs.run_place import RunPlace


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., OpenWindow]:
    def opening(*answers: Any) -> OpenWindow:
        return OpenWindow(make_project(tmp_path / "project", *answers), tmp_path / "home", qapp)

    return opening


def fail(*_: object) -> None:
    raise RuntimeError("feature broke")


async def fail_later(*_: object) -> None:
    raise RuntimeError("feature broke")


AT_THE_START = ["__init__", "commands", "begin", "take_pane", "show_pane", "add_docks"]
NEEDED = [ExplorerFeature, TraceFeature, InspectorFeature, ModelsFeature, SearchFeature, ProjectFeature]
"""Features that the window itself, or others, look for."""


@pytest.mark.parametrize(
    ("kind", "step"),
    [*((TourFeature, step) for step in AT_THE_START), *((kind, step) for kind in NEEDED for step in AT_THE_START[:2])],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
async def test_a_window_opens_answers_and_closes_although_a_feature_fails_in(
    kind: type[Feature[Any]],
    step: str,
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(kind, step, fail)

    bench = opened({"text": "Hello."})
    assert "Feature failed (" in bench.window.line.message  # this one, or one that looks for it
    bench.send()
    await bench.idle()
    assert bench.finished.outcome == "answered"
    await bench.close()
    assert f"{kind.__name__} failed in {step} and was skipped" in caplog.text


@pytest.mark.parametrize(
    "step",
    ["open_item", "focus_call", "remember", "reopen", "place_actions", "item_actions", "refresh"],
)
async def test_a_feature_that_fails_when_it_is_asked_leaves_the_answer_to_the_others(
    step: str,
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(ExplorerFeature, step, fail)  # it is asked first
    bench = opened({"text": "Hello."})
    bench.send()
    await bench.idle()
    features, tool = bench.window.features, ExplorerItem("tool", "touch", "touch")
    assert (run_id := bench.pane.conversation.last_run) is not None
    assert features.open_item(tool)
    editor = bench.window.documents.currentWidget()
    assert editor is not None
    tab = features.remember(editor)
    assert tab is not None
    assert features.reopen(tab) is editor
    assert not features.focus_call(CallId("none"))
    assert features.actions_at(RunPlace("run", run_id))
    menu = QMenu(bench.window)
    features.fill_item_menu(menu, tool)
    assert menu.actions()
    features.refresh()
    await bench.close()
    assert f"ExplorerFeature failed in {step} and was skipped" in caplog.text


async def test_reloading_the_project_reaches_the_features_behind_a_failing_one(
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = opened()
    reached: list[str] = []
    monkeypatch.setattr(RulesFeature, "refresh", fail)
    monkeypatch.setattr(MocksFeature, "refresh", lambda _: reached.append("mocks"))
    await bench.window.read_again()
    assert reached == ["mocks"]
    assert "RulesFeature failed" in bench.window.line.message
    await bench.close()
    assert "feature broke" in caplog.text


async def test_a_window_closes_and_ends_its_session_although_a_feature_fails_to_put_things_away(
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = opened()
    ended: list[str] = []
    monkeypatch.setattr(ExplorerFeature, "put_away", lambda _: fail_later())
    close = bench.session.close

    async def closed() -> None:
        await close()
        ended.append("session")

    monkeypatch.setattr(bench.session, "close", closed)
    await bench.close()
    assert ended == ["session"]
    assert "ExplorerFeature failed in put_away" in caplog.text


async def test_a_window_closes_although_its_session_cannot(
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = opened()
    close = bench.session.close

    async def closed() -> None:
        await close()
        raise RuntimeError("disk is full")

    monkeypatch.setattr(bench.session, "close", closed)
    await bench.close()
    assert "Task close failed" in caplog.text


async def test_a_tab_that_is_not_shown_sends_and_stops_its_own_run(opened: Callable[..., OpenWindow]) -> None:
    bench = opened({"text": "One."})
    bench.send("First")
    await bench.idle()
    first = bench.pane
    bench.window.new_conversation()
    assert bench.pane is not first
    first.composer.editor.setPlainText("Second")
    first.send_asked.emit()
    assert first.conversation.is_running
    assert not bench.pane.conversation.is_running
    first.stop_asked.emit()
    await until(lambda: not first.conversation.is_running)


async def test_a_page_is_found_by_its_key(opened: Callable[..., OpenWindow]) -> None:
    bench = opened()
    documents = bench.window.documents
    page = bench.window.features.of(MocksFeature).open()
    assert documents.page(PageKey[MocksPage]("mocks")) is page
    assert PageKey[MocksPage]("rules").fits(page) is False
    documents.close_page(page)
    assert documents.pages(PageKey[MocksPage]("mocks")) == ()


def test_every_feature_is_in_the_list() -> None:
    package = Path(features.__file__).parents[1]
    modules = {".".join(("workbench.gui", path.parent.name, path.stem)) for path in package.rglob("*_feature.py")}
    assert {kind.__module__ for kind in features.FEATURES} == modules
