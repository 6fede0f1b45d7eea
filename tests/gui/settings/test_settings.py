"""The settings page: every change counts at once; a key goes to the keyring and out of sight."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from workbench.app.models.connections import Connection, ConnectionCheck, Connections
from workbench.app.project.folders import UserFolders
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.models.connection_panel import ConnectionPanel
from workbench.gui.settings.settings_page import SettingsPage
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor
from workbench.viewmodels.models.connection_form import ConnectionForm

KEY = "sk-canary-abcdefghijklmnop"


@pytest.fixture
def connections(tmp_path: Path) -> Connections:
    return Connections(KeyStore(Redactor()), UserFolders(tmp_path, tmp_path, tmp_path))


@pytest.fixture
def page(connections: Connections, look: Look, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(look)
    made.add_section("Connections", "", ConnectionPanel(ConnectionForm(connections), look, Tasks()))
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def panel_of(page: SettingsPage) -> ConnectionPanel:
    panel = page.findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    return panel


def test_a_connection_is_typed_in_and_kept(page: SettingsPage, connections: Connections, qtbot: QtBot) -> None:
    panel = panel_of(page)
    qtbot.keyClicks(panel.name, "ollama")
    qtbot.keyClicks(panel.base_url, "http://127.0.0.1:11434/v1")
    line = panel.model.lineEdit()
    assert line is not None
    qtbot.keyClicks(line, "qwen3")
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    kept = connections.all()["ollama"]
    assert (kept.wire, kept.model, kept.base_url) == ("openai-chat", "qwen3", "http://127.0.0.1:11434/v1")
    assert panel.list.count() == 1
    assert "Saved" in panel.message.text()


def test_saving_a_connection_keeps_the_typed_key_and_names_it_after_the_connection(
    page: SettingsPage, connections: Connections, qtbot: QtBot
) -> None:
    panel = panel_of(page)
    qtbot.keyClicks(panel.name, "my-server")
    qtbot.keyClicks(panel.base_url, "http://127.0.0.1:11434/v1")
    panel.model.setEditText("qwen3")
    qtbot.keyClicks(panel.key, KEY)
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    assert connections.all()["my-server"].key == "MY_SERVER_KEY"
    found = connections.key_of("MY_SERVER_KEY")
    assert found is not None
    assert found.ending == KEY[-4:]
    assert panel.key.text() == ""


def test_a_key_without_any_name_stays_in_its_box(page: SettingsPage, qtbot: QtBot) -> None:
    panel = panel_of(page)
    qtbot.keyClicks(panel.base_url, "http://127.0.0.1:11434/v1")
    qtbot.keyClicks(panel.key, KEY)
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    assert panel.key.text() == KEY
    assert "Name the connection" in panel.message.text()


def test_a_listener_hears_of_a_saved_connection(page: SettingsPage, connections: Connections, qtbot: QtBot) -> None:
    heard: list[list[str]] = []
    forget = connections.changed.connect(lambda: heard.append(list(connections.all())))
    qtbot.keyClicks(panel_of(page).name, "ollama")
    panel_of(page).model.setEditText("qwen3")
    qtbot.mouseClick(panel_of(page).save, Qt.MouseButton.LeftButton)
    assert heard[-1] == ["ollama"]
    forget()
    connections.remove("ollama")
    assert heard[-1] == ["ollama"]


def test_what_is_missing_is_said_and_nothing_is_kept(
    page: SettingsPage, connections: Connections, qtbot: QtBot
) -> None:
    qtbot.keyClicks(panel_of(page).name, "empty")
    qtbot.mouseClick(panel_of(page).save, Qt.MouseButton.LeftButton)
    assert "needs a model" in panel_of(page).message.text()
    assert connections.all() == {}


def test_a_typed_key_leaves_the_page_at_once_and_only_its_ending_is_shown(page: SettingsPage, qtbot: QtBot) -> None:
    panel = panel_of(page)
    assert panel.key.echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(panel.key, KEY)
    qtbot.keyClick(panel.key, Qt.Key.Key_Return)
    assert panel.key.text() == ""
    assert "…mnop" in panel.key_caption.text()
    assert "canary" not in panel.key_caption.text() + panel.message.text()


def test_how_answers_are_read_is_switched_in_the_form_and_kept(
    page: SettingsPage, connections: Connections, qtbot: QtBot
) -> None:
    connections.save(Connection("mine", base_url="http://127.0.0.1:1/v1", model="m"))
    panel = panel_of(page)
    panel._form.open("mine")
    assert not panel.accept_done.isChecked()
    assert not panel.think_tags.isChecked()
    for box in (panel.accept_done, panel.think_tags):
        qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    row = connections.all()["mine"]
    assert (row.accept_done, row.think_tags) == (True, True)
    panel.wire.setCurrentIndex(panel.wire.findData("anthropic"))
    assert panel.accept_done.isHidden()


def test_removing_a_connection_can_be_undone(page: SettingsPage, connections: Connections, qtbot: QtBot) -> None:
    connections.save(Connection("mine", "anthropic", model="claude-haiku-5-5"))
    panel_of(page)._form.open("mine")
    qtbot.mouseClick(panel_of(page).remove, Qt.MouseButton.LeftButton)
    assert connections.all() == {}
    qtbot.mouseClick(panel_of(page).undo, Qt.MouseButton.LeftButton)
    assert list(connections.all()) == ["mine"]
    assert panel_of(page).name.text() == "mine"


async def test_testing_a_connection_fills_the_list_of_models(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(**_: object) -> ConnectionCheck:
        return ConnectionCheck(is_good=True, message="It answers.", models=("small", "large"))

    monkeypatch.setattr(connections, "check", check)
    form = ConnectionForm(connections)
    await form.check()
    assert (form.models, form.is_good, form.is_checking) == (("small", "large"), True, False)


def test_an_appearance_is_shown_at_once(page: SettingsPage, look: Look, qtbot: QtBot) -> None:
    for name in ("contrast-dark", "dark", "contrast-light", "light"):
        page.appearance.choices[name].click()
        assert look.tokens.name == name


def test_every_control_of_the_page_has_a_name(page: SettingsPage) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QListWidget)
    controls = [widget for kind in kinds for widget in page.findChildren(kind) if widget.isVisibleTo(page)]
    inner = panel_of(page).model.lineEdit()
    assert controls
    assert [type(widget) for widget in controls if not widget.accessibleName() and widget is not inner] == []


def test_the_field_above_the_sections_finds_a_setting_by_its_words(page: SettingsPage, qtbot: QtBot) -> None:
    def left() -> list[str]:
        items = [page.sections.item(place) for place in range(page.sections.count())]
        return [item.text() for item in items if not item.isHidden()]

    qtbot.keyClicks(page.search, "high contrast")
    assert left() == ["Appearance"]
    for words in ("theme", "zoom", "font size"):
        page.search.setText(words)
        assert left() == ["Appearance"]
    page.search.setText("base url")
    assert left() == ["Connections"]
    assert page.sections.currentItem().text() == "Connections"
    page.search.setText("no such thing")
    assert left() == []
    page.search.clear()
    assert left() == ["Appearance", "Connections", "Privacy"]
