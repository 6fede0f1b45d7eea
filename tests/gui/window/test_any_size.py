"""Every page at every size: nothing is cut off without a scroll bar, and the window can be small."""

import json
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from tests.gui.window.test_every_page import pages_of, with_a_run
from tests.support.projects import make_project
from tests.support.tally import size
from tests.support.window import OpenWindow, lay_out, until
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.exports.export_page import ExportPage
from workbench.gui.kit.flow_layout import FlowLayout
from workbench.gui.kit.labels import ElidedLabel
from workbench.gui.kit.page_frame import PageFrame
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.trace.trace_feature import TraceFeature

SIZES = [(900, 600, 1.0), (1024, 700, 1.0), (1440, 900, 1.0), (2560, 1440, 1.0), (2560, 1440, 2.0)]


def cut_off(page: QWidget) -> list[str]:
    """The labels and buttons of a page whose text does not fit, and widgets that reach out of what holds them."""
    found = [
        f"{area.accessibleName()} is {area.widget().width()} wide in {area.viewport().width()}"
        for area in page.findChildren(QScrollArea)
        if area.isVisibleTo(page)
        and (area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff or is_ground(area, page))
        and area.widget().width() > area.viewport().width() + 1
    ]
    for widget in page.findChildren(QWidget):
        if not widget.isVisibleTo(page):
            continue
        is_text = isinstance(widget, QPushButton) or (
            isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and not widget.wordWrap()
        )
        if is_text and widget.text() and widget.width() < widget.minimumSizeHint().width() - 1:
            found.append(f"{type(widget).__name__} “{widget.text()[:40]}” {widget.size()} {widget.minimumSizeHint()}")
        flow = widget.layout() if page.width() > 300 else None
        if isinstance(flow, FlowLayout) and widget.height() < flow.heightForWidth(widget.width()):
            found.append(f"lines of {widget.accessibleName() or _first_text(widget)} are lost")
        if isinstance(widget, QLabel | QAbstractButton) and (outside := _outside(widget, page)):
            found.append(outside)
        if isinstance(widget, QLabel | QPushButton) and widget.text():
            found += [f"“{widget.text()[:40]}” lies on {type(other).__name__}" for other in _under(widget)]
    return found


def _first_text(widget: QWidget) -> str:
    return next((one.text() for one in widget.findChildren(QAbstractButton) if one.text()), "a row")


def _under(widget: QWidget) -> list[QWidget]:
    """What else is at its place, of the widgets beside it."""
    around = widget.parentWidget()
    assert around is not None
    beside = around.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    place = widget.geometry().adjusted(2, 2, -2, -2)
    return [one for one in beside if one is not widget and one.isVisible() and one.geometry().intersects(place)]


def is_ground(area: QScrollArea, page: QWidget) -> bool:
    """Whether it is what a whole page lies on; that is scrolled sideways only in less than half a usual window."""
    return isinstance(area.parentWidget(), PageFrame) and page.width() > 300


def _outside(widget: QWidget, page: QWidget) -> str:
    """What of it no scroll bar can bring into view."""
    holder = widget.parentWidget()
    while holder is not None and holder is not page:
        above = holder.parentWidget()
        if isinstance(above, QAbstractScrollArea):
            return ""
        holder = above
    place = QRect(widget.mapTo(page, QPoint()), widget.size())
    if page.rect().adjusted(-1, -1, 1, 1).contains(place):
        return ""
    return f"{type(widget).__name__} “{widget.accessibleName() or widget.text()[:40]}” at {place} of {page.rect()}"  # type: ignore[attr-defined]


async def test_nothing_of_the_window_is_cut_off(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    window.features.of(SchemaEditorFeature).open_tool("look")
    window.new_conversation()
    trouble = {}
    for at in sizes(bench):
        for place in range(3):
            window.documents.setCurrentIndex(place)
            lay_out()
            trouble[f"tab {place} at {at}"] = cut_off(window)
    assert {name: found for name, found in trouble.items() if found} == {}


async def test_nothing_of_a_page_is_cut_off(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    trouble = {}
    for at in sizes(bench):
        for name in pages_of(bench):
            bench.window.commands[name].trigger()
            lay_out()
            page = bench.window.documents.currentWidget()
            assert page is not None
            trouble[f"{name} at {at}"] = cut_off(page)
    assert {name: found for name, found in trouble.items() if found} == {}


async def test_nothing_of_a_suite_is_cut_off(tmp_path: Path, qapp: QApplication) -> None:
    folder = make_project(tmp_path / "project")
    (folder / "suites").mkdir()
    case = {"id": "one", "request": "Look at the gate.", "expected": {"tool": "look"}}
    (folder / "suites" / "marks.jsonl").write_text(json.dumps(case) + "\n")
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    page, trouble = bench.window.features.of(SuitesFeature).open(), {}
    await until(lambda: not bench.tasks.is_running("suites"))
    for at in sizes(bench):
        for part in ("Cases", "Run", "Results", "Improve"):
            page.show_part(part)
            lay_out()
            trouble[f"{part} at {at}"] = cut_off(page)
    assert {name: found for name, found in trouble.items() if found} == {}


async def test_nothing_of_a_page_is_cut_off_beside_another(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window, trouble = bench.window, {}
    for width, height in ((1440, 900), (1024, 700)):
        window.resize(width, height)
        window.panes.size()
        window.features.of(SchemaEditorFeature).open_tool("look")
        for name in ("", *pages_of(bench)) if width == 1440 else pages_of(bench):
            if name:
                window.commands[name].trigger()
            page = window.documents.currentWidget()
            assert page is not None
            window.documents.show_right(page)
            lay_out()
            trouble[f"{name}, {page.width()} wide"] = cut_off(page)
            window.documents.join_left()
    assert {name: found for name, found in trouble.items() if found} == {}


def sizes(bench: OpenWindow) -> Iterator[tuple[int, int, float]]:
    """Give the window one size after the other."""
    try:
        for width, height, zoom in SIZES if size(0, 1, 1) else SIZES[::2]:
            bench.window.resize(width, height)
            bench.look.show("light", zoom)
            yield width, height, zoom
            if zoom == 1.0:
                assert (bench.window.width(), bench.window.height()) == (width, height)
    finally:
        bench.look.show("light", 1.0)


async def test_no_page_that_is_open_keeps_the_window_from_becoming_small(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    window.resize(2000, 1300)
    page = window.features.of(SchemaEditorFeature).open_tool("look")
    assert page is not None
    page.toggle_side()
    for name in pages_of(bench):
        window.commands[name].trigger()
        lay_out()
    window.resize(900, 600)
    assert (window.width(), window.height()) == (900, 600)


async def test_an_export_in_a_low_window_scrolls(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    bench.window.resize(900, 600)
    bench.window.commands["export-tools"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ExportPage)
    below = page.ledger.parentWidget()
    assert below is not None
    below.setMaximumHeight(16_777_215)  # as it is with something in the tables
    for table in (page.ledger, page.tests):
        table.show()
    lay_out()
    assert page.split.height() >= page.split.minimumSizeHint().height()
    assert cut_off(page) == []


async def test_panes_get_their_width_back_when_the_window_grows_again(tmp_path: Path, qapp: QApplication) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    window.resize(1440, 900)
    window.panes.size()
    lay_out()
    docks = [window.features.of(ExplorerFeature).dock, window.features.of(TraceFeature).dock]
    before = [dock.width() for dock in docks]
    for width, height in ((1024, 700), (2560, 1440), (900, 600), (1440, 900)):
        window.resize(width, height)
        await until(lambda: window.panes.is_settled)
    assert [dock.width() for dock in docks] == before


async def test_dragging_one_side_in_a_small_window_leaves_the_other_its_width(
    tmp_path: Path, qapp: QApplication
) -> None:
    bench = await with_a_run(tmp_path, qapp)
    window = bench.window
    window.resize(1440, 900)
    window.panes.size()
    lay_out()
    left, right = window.features.of(ExplorerFeature).dock, window.features.of(TraceFeature).dock
    before = right.width()
    window.resize(900, 600)
    await until(lambda: window.panes.is_settled)
    edge, small = QPoint(left.mapTo(window, QPoint()).x() + left.width() + 1, 300), left.width()
    # Not by QTest, which lets the loop go on inside of this task.
    for kind, step in (("MouseButtonPress", 0), ("MouseMove", 15), ("MouseMove", 30), ("MouseButtonRelease", 30)):
        if kind == "MouseButtonRelease":
            await until(lambda: left.width() > small + 20)
        place = QPointF(edge + QPoint(step, 0))
        button, held = Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton
        where = (place, window.mapToGlobal(place))
        QApplication.sendEvent(window, QMouseEvent(QEvent.Type[kind], *where, button, held, Qt.KeyboardModifier(0)))
    window.resize(1440, 900)
    await until(lambda: window.panes.is_settled)
    assert right.width() == before
