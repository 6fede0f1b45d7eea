"""The instructions above a conversation."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, until
from workbench.app.variants.variants import VariantStore
from workbench.core.event import RunStarted
from workbench.core.variant import Variant
from workbench.gui.project.instructions_line import InstructionsLine
from workbench.gui.project.project_page import ProjectPage


def line_of(bench: OpenWindow) -> InstructionsLine:
    line = bench.pane.findChild(InstructionsLine)
    assert isinstance(line, InstructionsLine)
    return line


async def test_instructions_are_read_in_a_line_and_edited_where_they_are_used(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "marks", toml=f'instructions = "Be kind."\n{TOML}')
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    line = line_of(bench)
    assert line.words.text() == "Be kind."
    assert line.field.isHidden()
    QTest.mouseClick(line.fold, Qt.MouseButton.LeftButton)
    box = line.field.control
    assert isinstance(box, QPlainTextEdit)
    await until(box.hasFocus)
    QTest.keyClick(box, Qt.Key.Key_End)
    QTest.keyClicks(box, " Be brief.")
    bench.pane.composer.editor.setFocus()
    await until(lambda: bench.session.project.instructions == "Be kind. Be brief.")
    bench.send()
    await bench.idle()
    started = next(iter(bench.session.runs.load(bench.finished.run_id)))
    assert isinstance(started, RunStarted)
    assert started.instructions == "Be kind. Be brief."
    bench.window.commands["project"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ProjectPage)
    QTest.keyClick(page.fields["instructions"].control, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() != "Be kind. Be brief."
    bench.window.documents.setCurrentWidget(bench.window.documents.panes()[0])
    QTest.mouseClick(line.fold, Qt.MouseButton.LeftButton)
    assert line.field.isHidden()


async def test_a_variants_own_instructions_are_shown_and_belong_to_the_variant(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "marks", toml=f'instructions = "Be kind."\n{TOML}')
    VariantStore(folder).save(Variant(name="short", instructions="Be brief."))
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.pane.conversation.composer.choose_variant("short")
    line = line_of(bench)
    assert (line.words.text(), line.whose.text()) == ("Be brief.", "from the variant short")
    bench.window.commands["instructions"].trigger()
    assert line.field.control.isReadOnly()
    QTest.mouseClick(line.variant, Qt.MouseButton.LeftButton)
    page = bench.window.documents.currentWidget()
    assert page is not None
    assert page.objectName() == "variants"
