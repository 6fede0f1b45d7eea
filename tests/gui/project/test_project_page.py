"""The page of a project in the real window, with the keyboard."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, until
from workbench.gui.project.project_page import ProjectPage

CTRL = Qt.KeyboardModifier.ControlModifier


def page_of(bench: OpenWindow, command: str = "project") -> ProjectPage:
    bench.window.commands[command].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ProjectPage)
    return page


async def test_what_is_typed_is_saved_by_itself_counts_in_the_project_and_is_undone(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "marks")
    file = folder / "workbench.toml"
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    page = page_of(bench)
    instructions = page.fields["instructions"].control
    assert isinstance(instructions, QPlainTextEdit)
    await until(instructions.hasFocus)
    QTest.keyClicks(instructions, "Be brief.")
    assert page.title == "Project ●"
    page.fields["request.temperature"].control.setFocus()  # leaving a field saves it
    await until(lambda: bench.session.project.instructions == "Be brief.")
    temperature = page.fields["request.temperature"].control
    assert isinstance(temperature, QLineEdit)
    QTest.keyClicks(temperature, "0.25")
    QTest.keyClick(temperature, Qt.Key.Key_Return)
    await until(lambda: bench.session.project.file.request.temperature == 0.25)
    QTest.keyClicks(temperature, "x")
    assert page.fields["request.temperature"].problem.text() == "use a number from 0 to 2"
    assert page.fields["request.temperature"].problem.isVisible()
    QTest.keyClick(temperature, Qt.Key.Key_Z, CTRL)
    assert page.fields["request.temperature"].problem.isHidden()
    while page.undo.isEnabled():
        QTest.keyClick(temperature, Qt.Key.Key_Z, CTRL)
    page.settings.save()
    await until(lambda: bench.session.project.instructions == "")
    assert file.read_text() == TOML
    await until(lambda: not bench.tasks.is_running("read the project's settings"))


async def test_the_name_is_in_the_title_and_a_change_by_another_program_is_seen(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "marks")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    page = page_of(bench, "limits")
    rounds = page.fields["limits.rounds"].control
    await until(rounds.hasFocus)
    (folder / "workbench.toml").write_text(TOML.replace("Marks", "Theirs"))
    page.settings.look_at_disk()  # as the watcher does
    name = page.fields["name"].control
    assert isinstance(name, QLineEdit)
    assert name.text() == "Theirs"
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Ours")
    QTest.keyClick(name, Qt.Key.Key_Return)
    await until(lambda: bench.window.windowTitle().startswith("Ours"))


async def test_a_rule_changed_on_the_page_and_a_setting_typed_beside_it_do_not_get_in_each_others_way(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "marks")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    page = page_of(bench)
    page.policy.tool.setText("touch")
    page.policy.tool.textEdited.emit("touch")
    QTest.mouseClick(page.policy.save, Qt.MouseButton.LeftButton)
    await until(lambda: len(bench.session.project.rules) == 2)
    seed = page.fields["request.seed"].control
    seed.setFocus()
    QTest.keyClicks(seed, "7")
    QTest.keyClick(seed, Qt.Key.Key_Return)
    await until(lambda: bench.session.project.file.request.seed == 7)
    assert len(bench.session.project.rules) == 2
    assert not page.banner.isVisible()
