"""Making a project in the window, and making one of an ordinary folder."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.project.folders import UserFolders
from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Look
from workbench.gui.project.new_project_dialog import NewProjectDialog
from workbench.gui.project.project_feature import ProjectFeature
from workbench.gui.window.error_window import ErrorWindow
from workbench.gui.window.program import Program
from workbench.store.project import load_project

CTRL = Qt.KeyboardModifier.ControlModifier


def dialog_of(bench: OpenWindow) -> NewProjectDialog:
    dialog = bench.window.findChild(NewProjectDialog)
    assert isinstance(dialog, NewProjectDialog)
    return dialog


async def test_a_project_is_made_from_where_others_are_opened_and_opens(tmp_path: Path, qapp: QApplication) -> None:
    bench = OpenWindow(make_project(tmp_path / "marks"), tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_O, CTRL)
    popup = bench.window.features.of(ProjectFeature).popup
    QTest.keyClicks(popup.field, "new proj")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    dialog = dialog_of(bench)
    assert nameless(dialog) == []
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "Ticket desk")
    assert dialog.folder.text() == str(tmp_path / "ticket-desk")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    await until(lambda: bench.window.switch.next_folder == tmp_path / "ticket-desk")
    assert load_project(tmp_path / "ticket-desk").name == "Ticket desk"
    await until(lambda: not bench.window.isVisible())
    await bench.tasks.close()


async def test_an_ordinary_folder_is_asked_about_and_left_alone_when_the_answer_is_no(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = OpenWindow(make_project(tmp_path / "marks"), tmp_path / "home", qapp)
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    bench.window.switch.open(folder)
    dialog = dialog_of(bench)
    assert "Create a project here?" in [label.text() for label in dialog.findChildren(QLabel)]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: bench.window.findChild(NewProjectDialog) is None)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert bench.window.switch.next_folder is None
    bench.pane.first_view.ways.new_button.click()
    dialog = dialog_of(bench)
    dialog.folder.setText(str(folder))
    dialog.folder.textEdited.emit(str(folder))
    dialog.start.setCurrentIndex(1)
    assert "not empty" in dialog.words.text()
    assert not dialog.create_button.isEnabled()


async def test_a_folder_given_at_the_start_that_is_no_project_can_become_one(
    tmp_path: Path, qapp: QApplication, look: Look
) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    program = Program(qapp, look, WindowState(folders.state / "window.ini"), folders)
    folder = tmp_path / "desk"
    folder.mkdir()

    def shown() -> ErrorWindow | None:
        found = [widget for widget in qapp.topLevelWidgets() if isinstance(widget, ErrorWindow) and widget.isVisible()]
        return found[0] if found else None

    asked = asyncio.create_task(program._one_project(folder))
    await until(shown)
    trouble = shown()
    assert trouble is not None
    QTest.keyClick(trouble.focusWidget(), Qt.Key.Key_Return)
    dialog = trouble.findChild(NewProjectDialog)
    assert isinstance(dialog, NewProjectDialog)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert await asked == (0, folder)
    assert load_project(folder).name == "desk"
    trouble.deleteLater()
    await program._tasks.close()
