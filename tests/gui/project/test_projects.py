"""Going to another project, and to anything in this one, with the keyboard."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.app.project.folders import UserFolders
from workbench.app.project.recent_projects import RecentProjects
from workbench.gui.frame.window_state import WindowState
from workbench.gui.look.look import Look
from workbench.gui.project.project_feature import ProjectFeature
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.search.search_feature import SearchFeature
from workbench.gui.window.program import Program

CTRL = Qt.KeyboardModifier.ControlModifier


async def test_projects_that_were_open_are_offered_and_missing_ones_say_why(tmp_path: Path, qapp: QApplication) -> None:
    first = make_project(tmp_path / "first")
    second = make_project(tmp_path / "second", toml=TOML.replace("Marks", "Others"))
    home = tmp_path / "home"

    before = OpenWindow(first, home, qapp)
    await until(lambda: before.window.features.of(ProjectFeature).recent.all())
    await before.close()
    bench = OpenWindow(second, home, qapp)
    await until(bench.window.isActiveWindow)
    projects = bench.window.features.of(ProjectFeature)
    projects.recent.add(tmp_path / "gone", "Gone")
    pane = bench.pane
    await until(lambda: any(button.text() == "Marks" for button in pane.first_view.findChildren(QPushButton)))
    buttons = [button for button in pane.first_view.findChildren(QPushButton) if button.text() == "Marks"]
    assert [button.accessibleName() for button in buttons] == ["Open the project Marks"]
    palette = bench.window.palette_
    palette.open()
    QTest.keyClicks(palette.field, "marks")
    assert palette.list.item(0).text() == "Open Marks"
    palette.hide()
    QTest.keyClick(bench.window, Qt.Key.Key_O, CTRL)
    popup = projects.popup
    assert popup.isVisible()
    assert nameless(popup) == []
    texts = [popup.list.item(row).text() for row in range(popup.list.count())]
    assert texts[:4] == ["Gone", "Marks", "New project…", "Open a folder…"]
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert "does not exist" in popup.list.item(0).toolTip()
    QTest.keyClick(popup.field, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert popup.list.item(0).text() == "Marks"
    QTest.keyClicks(popup.field, "mar")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert bench.window.switch.next_folder == first
    await until(lambda: not bench.window.isVisible())
    await bench.tasks.close()


async def test_quick_open_opens_a_tool_and_offers_it_first_the_next_time(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await until(bench.window.isActiveWindow)
    QTest.keyClick(bench.window, Qt.Key.Key_P, CTRL)
    popup = bench.window.features.of(SearchFeature).quick
    assert nameless(popup) == []
    QTest.keyClicks(popup.field, "touch")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    page = bench.window.documents.currentWidget()
    assert isinstance(page, EditorPage)
    assert page.path.name == "touch.json"
    popup.open()
    assert popup.list.item(0).text() == "touch"
    await until(lambda: any(popup.list.item(row).text() == "python/marks.py" for row in range(popup.list.count())))
    QTest.keyClicks(popup.field, "marks.py")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    current = bench.window.documents.currentWidget()
    assert current is not None
    assert current.objectName() == "file:python/marks.py"


async def test_without_a_name_the_last_project_opens_and_the_sample_the_first_time_and_when_it_is_gone(
    tmp_path: Path, qapp: QApplication, look: Look
) -> None:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    program = Program(qapp, look, WindowState(folders.state / "window.ini"), folders)

    async def opened() -> str:
        session = program._open(None)
        await session.close()
        return session.project.name

    sample = await opened()
    folder = make_project(tmp_path / "mine")
    RecentProjects(folders).add(folder, "Marks")
    assert await opened() == "Marks" != sample
    (folder / "workbench.toml").unlink()
    assert await opened() == sample
