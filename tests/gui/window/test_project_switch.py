"""From one project to another in one sitting; the three ways to begin."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from tests.support.window import PATIENCE_S, until
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.window.main_window import MainWindow
from workbench.gui.window.program import Program
from workbench.gui.window.shell import Shell

W = TypeVar("W")
READING = ("open", "os.listdir", "os.scandir", "sqlite3.connect")


def shown(app: QApplication, kind: type[W]) -> list[W]:
    return [widget for widget in app.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


@pytest.fixture
def may_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No project is read before it is set."""
    may_read, opened = threading.Event(), Program._open

    def held(program: Program, folder: Path | None) -> Session:
        may_read.wait(PATIENCE_S)
        return opened(program, folder)

    monkeypatch.setattr(Program, "_open", held)
    yield may_read
    may_read.set()


async def test_opening_another_project_puts_this_one_away_first(
    qapp: QApplication, look: Look, tmp_path: Path, folders: UserFolders
) -> None:
    first = make_project(tmp_path / "first")
    second = make_project(tmp_path / "second", toml=TOML.replace("Marks", "Others"))
    program = Program(qapp, look, WindowState(folders.state / "w.ini"), folders)
    showing = asyncio.create_task(program._one_project(first))
    await until(lambda: shown(qapp, MainWindow))
    [window] = shown(qapp, MainWindow)
    window.switch.open(tmp_path / "third")
    assert window.switch.next_folder is None
    assert "does not exist" in window.line.message
    window.switch.open(second)
    assert await showing == (0, second)
    await program._tasks.close()


async def test_a_project_is_read_in_a_thread_behind_a_window_that_is_shown(
    qapp: QApplication, look: Look, tmp_path: Path, folders: UserFolders, may_read: threading.Event
) -> None:
    project = make_project(tmp_path / "project", toml=TOML.replace("scripted:script.json", "openai:gpt-5"))
    read: list[str] = []
    here = threading.get_ident()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if is_open and event in READING and threading.get_ident() == here and str(tmp_path) in str(arguments[0]):
            read.append(f"{event} {arguments[0]}")

    is_open = True
    sys.addaudithook(hear)
    program = Program(qapp, look, WindowState(folders.state / "w.ini"), folders)
    showing = asyncio.create_task(program._one_project(project))
    await until(lambda: shown(qapp, Shell))
    assert not shown(qapp, MainWindow)
    may_read.set()
    await until(lambda: shown(qapp, MainWindow))
    [window] = shown(qapp, MainWindow)
    await until(lambda: not window.tasks._tasks)
    is_open = False  # an audit hook stays for good
    assert read == []
    window.close()
    await showing
    await program._tasks.close()


async def test_a_window_that_is_closed_while_its_project_is_read_stays_closed(
    qapp: QApplication, look: Look, tmp_path: Path, folders: UserFolders, may_read: threading.Event
) -> None:
    project = make_project(tmp_path / "project")
    program = Program(qapp, look, WindowState(folders.state / "w.ini"), folders)
    showing = asyncio.create_task(program._one_project(project))
    await until(lambda: shown(qapp, Shell))
    [shell] = shown(qapp, Shell)
    shell.close()
    assert not showing.done()
    may_read.set()
    assert await showing == (0, None)
    assert type(shell) is Shell
    assert not shown(qapp, Shell)
    await Session(project, folders=folders).close()


async def test_an_empty_conversation_offers_three_ways_to_begin(
    look: Look,
    tmp_path: Path,
    folders: UserFolders,
) -> None:
    tasks = Tasks()
    window = MainWindow(Session(make_project(tmp_path / "p"), folders=folders), look, tasks, None)
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    assert window.pane is not None
    view = window.pane.first_view.ways
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
