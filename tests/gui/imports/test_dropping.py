"""Files dragged over the window and dropped."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, until
from workbench.gui.imports.import_page import ImportPage
from workbench.gui.imports.imports_feature import ImportsFeature
from workbench.gui.imports.paste_feature import PasteFeature
from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.schema_editor.editor_page import EditorPage

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def data_of(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(bench: OpenWindow, data: QMimeData) -> bool:
    handle = bench.window.windowHandle()
    event = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEYS)
    QApplication.sendEvent(handle, event)
    return event.isAccepted()


def drop(bench: OpenWindow, data: QMimeData) -> None:
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEYS)
    QApplication.sendEvent(bench.window.windowHandle(), event)


def words(bench: OpenWindow) -> list[str]:
    return [
        text.text() for text in bench.window.features.of(ImportsFeature).overlay.findChildren(QLabel) if text.text()
    ]


async def ready(bench: OpenWindow) -> None:
    await until(lambda: bench.window.features.of(RestoreFeature).is_done)


async def test_a_dropped_tool_is_previewed_added_and_taken_back(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")
    file = tmp_path / "time.json"
    file.write_text(json.dumps({"name": "get_time", "description": "The time.", "input_schema": {"type": "object"}}))

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await ready(bench)
    data = data_of(file)
    assert enter(bench, data)
    overlay = bench.window.features.of(ImportsFeature).overlay
    assert overlay.isVisible()
    assert words(bench) == ["Drop to", "Preview the tool get_time (Anthropic)"]
    QApplication.sendEvent(bench.window.windowHandle(), QDragLeaveEvent())
    assert not overlay.isVisible()
    enter(bench, data)
    drop(bench, data)
    assert not overlay.isVisible()
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ImportPage))
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ImportPage)
    await until(page.add.isEnabled)
    page.text.textChanged.emit()  # as colors do
    assert (page.file.text(), page.text.isVisible(), page.form.files) == ("time.json", False, (file,))
    QTest.mouseClick(page.add, LEFT)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), EditorPage))
    assert bench.session.project.toolset.named("get_time") is not None
    [toast] = bench.window.toasts.shown
    assert toast.text.text() == "Added get_time"
    toast.take_back()
    await until(lambda: bench.session.project.toolset.named("get_time") is None)
    assert not (folder / "tools" / "get_time.json").exists()


async def test_what_cannot_be_taken_says_why_and_text_still_goes_into_fields(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "project")
    (tmp_path / "api.json").write_text('{"openapi": "3.1.0"}')

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await ready(bench)
    assert not enter(bench, data_of(tmp_path / "api.json"))
    assert words(bench)[0] == "Cannot drop this here"
    assert "has no operations" in words(bench)[1]
    QApplication.sendEvent(bench.window.windowHandle(), QDragLeaveEvent())
    text = QMimeData()
    text.setText("only words")
    enter(bench, text)
    assert not bench.window.features.of(ImportsFeature).overlay.isVisible()


async def test_a_dropped_project_is_opened(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")
    other = make_project(tmp_path / "other", toml=TOML.replace("Marks", "Others"))

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await ready(bench)
    data = data_of(other)
    assert enter(bench, data)
    drop(bench, data)
    assert bench.window.switch.next_folder == other
    await until(lambda: not bench.window.isVisible())
    await bench.tasks.close()


async def test_a_python_file_is_previewed_without_running_it_and_run_only_when_trusted(
    tmp_path: Path, qapp: QApplication
) -> None:
    folder = make_project(tmp_path / "project")
    file = tmp_path / "clock.py"
    file.write_text(
        "from workbench.core.authoring import tool\n\n\n"
        '@tool\ndef tell_time(zone: str) -> str:\n    """Tell the time."""\n    return zone\n'
    )

    bench = OpenWindow(folder, tmp_path / "home", qapp)
    await ready(bench)
    data = data_of(file)
    enter(bench, data)
    drop(bench, data)
    await until(lambda: isinstance(bench.window.documents.currentWidget(), ImportPage))
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ImportPage)
    await until(page.add.isEnabled)
    assert "clock.py: the whole file; nothing runs now" in page.preview.toPlainText()
    assert not (folder / "python" / "clock.py").exists()
    QTest.mouseClick(page.add, LEFT)
    await until(lambda: bench.session.project.toolset.named("tell_time") is not None)
    assert (folder / "python" / "clock.py").read_bytes() == file.read_bytes()
    assert "once you trust" in bench.window.toasts.shown[-1].text.text()
    bench.window.toasts.shown[-1].take_back()
    await until(lambda: bench.session.project.toolset.named("tell_time") is None)
    assert not (folder / "python" / "clock.py").exists()
    (folder / "python").mkdir(exist_ok=True)
    (folder / "python" / "clock.py").write_bytes(file.read_bytes())
    dropping = bench.window.features.of(ImportsFeature)
    dropping.open_modules()
    await until(dropping.modules.isVisible)
    assert dropping.modules.list.item(0).text() == "clock.py"
    dropping.modules.choose("clock")
    await until(lambda: any("trust it first" in toast.text.text() for toast in bench.window.toasts.shown))
    bench.window.trust()
    dropping.modules.choose("clock")
    await until(lambda: bench.session.project.toolset.named("tell_time") is not None)
    dropping.modules.hide()
    bench.window.new_conversation()
    bench.pane.first_view.import_asked.emit()
    dialog = bench.window.features.of(PasteFeature).dialog
    assert dialog is not None
    dialog.reject()
