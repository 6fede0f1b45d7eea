"""The buttons on the card of a failed run, pressed for real."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.conversation.entries import NoticeBox
from workbench.gui.models.connection_panel import ConnectionPanel
from workbench.gui.project.project_page import ProjectPage
from workbench.viewmodels.conversation.chat_entry import UserEntry
from workbench.viewmodels.conversation.failure_card import CONTINUE, FailureAction, RunFailure


def answers(bench: OpenWindow, *new: JsonObject) -> None:
    """What the model says from now on."""
    (bench.session.project.folder / "script.json").write_text(json.dumps({"answers": new}), encoding="utf-8")


async def failed(bench: OpenWindow) -> NoticeBox:
    """The card of the failed run, once its buttons are there."""
    bench.send("Look for herons.")

    def boxes() -> list[NoticeBox]:
        return [w for w in bench.pane.chat.entry_widgets if isinstance(w, NoticeBox) and w.buttons]

    await until(boxes)
    await bench.idle()
    return boxes()[-1]


def press(box: NoticeBox, action: FailureAction) -> None:
    """As somebody without a mouse."""
    button = box.buttons[action]
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def messages(bench: OpenWindow) -> list[str]:
    return [entry.text for entry in bench.pane.conversation.chat.entries if isinstance(entry, UserEntry)]


async def test_a_failed_run_is_one_card_and_try_again_sends_its_message_again(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", {"fail": {"kind": "refused"}}), tmp_path / "home", qapp)
    box = await failed(bench)
    assert list(box.buttons) == ["copy_details"]
    press(box, "copy_details")
    assert "Look for herons." not in QGuiApplication.clipboard().text()
    assert "The request failed" in QGuiApplication.clipboard().text()
    answers(bench, {"fail": {"kind": "unavailable"}})
    box = await failed(bench)
    answers(bench, {"text": "Three herons."})
    press(box, "try_again")
    await bench.idle()
    await until(lambda: bench.finished.outcome == "answered")
    assert messages(bench) == ["Look for herons.", "Look for herons."]
    bench.pane.flush()
    assert not [w for w in bench.pane.chat.entry_widgets if isinstance(w, NoticeBox) and w.buttons]


async def test_a_limit_is_raised_on_the_page_of_the_project_and_gone_on_from(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(
        tmp_path / "project",
        {"calls": [{"tool": "look", "arguments": {"at": "a"}}]},
        toml=TOML.replace("tool_seconds = 20.0", "rounds = 1"),
    )
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    box = await failed(bench)
    assert list(box.buttons) == ["raise_limit", "continue", "copy_details"]
    press(box, "raise_limit")
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ProjectPage)
    assert page.fields["limits.rounds"].control.hasFocus()
    bench.window.documents.setCurrentIndex(0)
    answers(bench, {"text": "The answer before."}, {"text": "Done."})
    press(box, "continue")
    await bench.idle()
    await until(lambda: bench.finished.outcome == "answered")
    assert messages(bench) == ["Look for herons.", CONTINUE]


async def test_the_key_and_the_address_of_the_model_that_failed_are_one_button_away(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", {"fail": {"kind": "unavailable"}}), tmp_path / "home", qapp)
    box = await failed(bench)
    actions: tuple[FailureAction, ...] = ("replace_key", "open_connection")
    box.entry.failure = RunFailure(bench.finished.run_id, "openai:gpt-5", actions)
    box.refresh()
    press(box, "replace_key")
    panel = bench.window.documents.currentWidget().findChild(ConnectionPanel)
    assert isinstance(panel, ConnectionPanel)
    assert panel.key.hasFocus()
    assert (panel.model.currentText(), panel.key_name.text()) == ("gpt-5", "OPENAI_API_KEY")
    bench.window.documents.setCurrentIndex(0)
    press(box, "open_connection")
    assert panel.base_url.hasFocus()
