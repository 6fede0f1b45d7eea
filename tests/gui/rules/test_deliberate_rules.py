"""An approval rule changes by a deliberate act only: never by a key or a turn of the wheel meant for something else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.rules.policy_box import PolicyBox
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature

TOOL = {
    "name": "visit",
    "description": "Visit a place.",
    "inputSchema": {
        "type": "object",
        "properties": {"place": {"type": "string", "description": "Where."}, "when": {"type": "string"}},
        "required": ["place"],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_project(tmp_path / "project", {"text": "Quiet."})
    (made / "tools" / "visit.json").write_text(json.dumps(TOOL, indent=2), encoding="utf-8")
    return made


@pytest.fixture
def opened(folder: Path, tmp_path: Path, qapp: QApplication) -> Callable[[], OpenWindow]:
    return lambda: OpenWindow(folder, tmp_path / "home", qapp)


async def editor(bench: OpenWindow) -> EditorPage:
    await until(bench.window.isActiveWindow)
    page = bench.window.features.of(SchemaEditorFeature).open_tool("visit")
    assert page is not None
    page.show_view("Form")
    return page


def turn_the_wheel(box: QWidget) -> None:
    middle = QPointF(box.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(box.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Backtab])
async def test_renaming_a_parameter_leaves_the_focus_in_the_form(
    opened: Callable[[], OpenWindow], folder: Path, key: Qt.Key
) -> None:
    bench = opened()
    page = await editor(bench)
    rules = (folder / "workbench.toml").read_text(encoding="utf-8")
    page.editor.form.select("/inputSchema/properties/place")
    page.form.details.focus_field("name")
    line = page.form.details.boxes["name"].control
    line.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(line, "town")
    QTest.keyClick(line, key)
    assert '"town"' in page.editor.document.text
    focus = bench.window.focusWidget()
    assert focus is not None
    assert page.form.isAncestorOf(focus), f"the focus went to {focus.accessibleName()!r}"
    for letter in "dna":
        QTest.keyClicks(bench.window.focusWidget(), letter)
    await bench.window.read_again()
    assert (folder / "workbench.toml").read_text(encoding="utf-8") == rules


async def test_the_wheel_over_the_rule_scrolls_and_changes_nothing(
    opened: Callable[[], OpenWindow], folder: Path
) -> None:
    bench = opened()
    page = await editor(bench)
    rules = (folder / "workbench.toml").read_text(encoding="utf-8")
    box = page.findChild(PolicyBox)
    assert isinstance(box, PolicyBox)
    before = box.choice.currentIndex()
    turn_the_wheel(box.choice)
    assert box.choice.currentIndex() == before
    assert (folder / "workbench.toml").read_text(encoding="utf-8") == rules


async def test_no_list_of_choices_in_the_window_takes_the_wheel_without_the_focus(
    opened: Callable[[], OpenWindow],
) -> None:
    bench = opened()
    page = await editor(bench)
    page.form.details.focus_field("description")
    for name in ("rules", "mocks", "settings", "variants", "forks", "judge-calls"):
        bench.window.commands[name].trigger()
    boxes = [box for box in bench.window.findChildren(QComboBox) if box.count() > 1 and not box.hasFocus()]
    assert len(boxes) > 5
    for box in boxes:
        before = box.currentIndex()
        turn_the_wheel(box)
        assert box.currentIndex() == before, box.accessibleName()
