"""The functions that an editor offers for a tool."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.app.code import python_functions
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.tools.executor_box import ExecutorBox


def offered(box: ExecutorBox) -> list[str]:
    completer = box.function.completer()
    model = completer.model() if completer is not None else None
    return [model.index(row, 0).data(Qt.ItemDataRole.DisplayRole) for row in range(model.rowCount())] if model else []


async def test_functions_are_offered_as_they_are_after_each_reading_and_looked_for_in_a_thread(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, threads = python_functions.python_functions, set[threading.Thread]()

    def watched(folder: Path) -> tuple[str, ...]:
        threads.add(threading.current_thread())
        return real(folder)

    monkeypatch.setattr(python_functions, "python_functions", watched)
    folder = make_project(tmp_path / "marks")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.window.features.of(SchemaEditorFeature).open_tool("look")
    box = bench.window.documents.currentWidget().findChild(ExecutorBox)
    assert isinstance(box, ExecutorBox)
    await until(lambda: offered(box) == ["marks:touch", "marks:look"])
    (folder / "python" / "more.py").write_text("def count() -> int:\n    return 1\n")
    await bench.window.read_again()
    await until(lambda: offered(box) == ["marks:touch", "marks:look", "more:count"])
    assert threads
    assert threading.main_thread() not in threads
