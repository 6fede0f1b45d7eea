"""A feature that fails is reported and skipped: the window opens, goes on and closes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.frame.documents import PageKey
from workbench.gui.mocks.mocks_feature import MocksFeature
from workbench.gui.mocks.mocks_page import MocksPage
from workbench.gui.rules.rules_feature import RulesFeature
from workbench.gui.tour.tour_feature import TourFeature
from workbench.gui.window import features


@pytest.fixture
def opened(tmp_path: Path, qapp: QApplication) -> Callable[..., OpenWindow]:
    def opening(*answers: Any) -> OpenWindow:
        return OpenWindow(make_project(tmp_path / "project", *answers), tmp_path / "home", qapp)

    return opening


def fail(*_: object) -> None:
    raise RuntimeError("feature broke")


async def fail_later(*_: object) -> None:
    raise RuntimeError("feature broke")


@pytest.mark.parametrize("step", ["begin", "take_pane", "show_pane", "add_docks"])
async def test_a_window_opens_although_a_feature_fails_in(
    step: str,
    opened: Callable[..., OpenWindow],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(TourFeature, step, fail)

    bench = opened({"text": "Hello."})
    bench.send()
    await bench.idle()
    assert bench.finished.outcome == "answered"
    await bench.close()
    assert f"TourFeature failed in {step} and was skipped" in caplog.text


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
