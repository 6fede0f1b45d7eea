"""Choosing a model in the window: by typing, from a local server, and remembered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.model_server import model_server
from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.app.models.connections import Connection
from workbench.app.models.local_servers import LocalServer
from workbench.gui.models.connection_panel import ConnectionPanel
from workbench.gui.models.model_popup import ModelPopup
from workbench.gui.models.models_feature import ModelsFeature
from workbench.gui.restore.restore_feature import RestoreFeature

OTHER = "scripted:other.json"


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with model_server("qwen3:8b") as (port, _):
        yield LocalServer("Ollama", "ollama", port)


def picker_of(bench: OpenWindow) -> ModelPopup:
    """The picker, opened as a person would."""
    QTest.mouseClick(bench.window.top.model, Qt.MouseButton.LeftButton)
    popup = bench.window.features.of(ModelsFeature).popup
    assert popup.isVisible()
    return popup


def model_of(bench: OpenWindow) -> str:
    return bench.pane.conversation.composer.model


async def restored(bench: OpenWindow) -> None:
    await until(lambda: bench.window.features.of(RestoreFeature).is_done)


def project(folder: Path) -> Path:
    made = make_project(folder)
    (made / "other.json").write_text(json.dumps({"answers": [{"text": "Other."}]}), encoding="utf-8")
    return made


async def test_a_model_of_a_local_server_is_found_on_request_and_used_with_one_key(
    tmp_path: Path, qapp: QApplication, server: LocalServer
) -> None:
    bench = OpenWindow(project(tmp_path / "project"), tmp_path / "home", qapp)
    feature = bench.window.features.of(ModelsFeature)
    feature.picker._servers = (server,)
    QTest.mouseClick(bench.pane.first_view.ways.local_button, Qt.MouseButton.LeftButton)
    popup = feature.popup
    await until(lambda: popup.summary.text() == "Found Ollama (1).")
    assert popup.isVisible()
    QTest.keyClicks(popup.field, "qwen")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible()
    assert model_of(bench) == "ollama"
    assert "qwen3:8b" in bench.window.top.model.text()


async def test_ways_to_more_models_lead_to_the_form_of_connections(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(project(tmp_path / "project"), tmp_path / "home", qapp)
    bench.session.connections.save(Connection("mine", base_url="http://127.0.0.1:1/v1", model="m", models=("n",)))
    popup = picker_of(bench)
    QTest.keyClicks(popup.field, "add a model")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    panel = bench.window.documents.currentWidget().findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    assert bench.window.focusWidget() is panel.name
    bench.window.new_conversation()
    popup = picker_of(bench)
    QTest.keyClicks(popup.field, "mine:n")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert model_of(bench) == "mine:n"


async def test_a_model_that_lacks_its_key_leads_to_the_box_for_it(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(project(tmp_path / "project"), tmp_path / "home", qapp)
    bench.session.connections.save(Connection("claude", "anthropic", model="claude-haiku-5-5"))
    popup = picker_of(bench)
    QTest.keyClicks(popup.field, "haiku")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    panel = bench.window.documents.currentWidget().findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    assert bench.window.focusWidget() is panel.key
    assert panel.name.text() == "claude"


async def test_a_conversation_keeps_its_model_over_a_restart_and_new_ones_take_the_last_choice(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = project(tmp_path / "project")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await restored(bench)
    bench.window.features.of(ModelsFeature)._choose(OTHER)
    bench.send("First.")
    await until(lambda: bench.pane.conversation.last_run is not None)
    await bench.idle()
    assert bench.finished.text == "Other."
    first = bench.pane.conversation.last_run
    bench.window.new_conversation()
    assert model_of(bench) == OTHER
    bench.window.features.of(ModelsFeature)._choose("scripted:script.json")
    await bench.close()
    again = OpenWindow(folder, tmp_path / "home", qapp)
    await restored(again)
    models = {pane.conversation.last_run: pane.conversation.composer.model for pane in again.window.documents.panes()}
    assert models == {first: OTHER, None: "scripted:script.json"}
