"""From one project to another in one sitting; the three ways to begin."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.program import Program


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


async def test_opening_another_project_puts_this_one_away_first(
    qapp: QApplication, look: Look, tmp_path: Path, folders: UserFolders
) -> None:
    first = make_project(tmp_path / "first")
    second = make_project(tmp_path / "second", toml=TOML.replace("Marks", "Others"))
    program = Program(qapp, look, WindowState(folders.state / "w.ini"), folders)
    showing = asyncio.create_task(program._one_project(first))
    await asyncio.sleep(0)
    [window] = [widget for widget in qapp.topLevelWidgets() if isinstance(widget, MainWindow) and widget.isVisible()]
    window.switch.open(tmp_path / "third")
    assert window.switch.next_folder is None
    assert "does not exist" in window.line.message
    window.switch.open(second)
    assert await showing == (0, second)
    await program._tasks.close()


async def test_an_empty_conversation_offers_three_ways_to_begin(
    look: Look,
    tmp_path: Path,
    folders: UserFolders,
) -> None:
    from workbench.app.session import Session

    tasks = Tasks()
    window = MainWindow(Session(make_project(tmp_path / "p"), folders=folders), look, tasks, None)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    assert window.pane is not None
    view = window.pane.first_view
    names = [button.accessibleName() for button in (view.run_button, view.open_button, view.key_button)]
    assert names == ["Write a message", "Open a project folder", "Add an API key"]
    window.pane.composer.editor.setPlainText("Go.")
    assert view.run_button.accessibleName() == "Run the message below"
    view.key_button.click()
    assert window.documents.currentWidget() is not None
    assert window.documents.currentWidget().objectName() == "settings"
    window.close()
    await closed.wait()
    await tasks.close()
