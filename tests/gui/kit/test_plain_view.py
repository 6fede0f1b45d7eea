"""Text that is nothing but text."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.kit.labels import ElidedLabel, label, plain_tip
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look


def test_markup_is_shown_as_it_is_written(qtbot: QtBot, look: Look) -> None:
    view = PlainView(look, "Result")
    qtbot.addWidget(view)
    view.show_text('<b>bold</b> <img src="file:///etc/passwd"> \u202e')
    assert view.toPlainText() == '<b>bold</b> <img src="file:///etc/passwd"> ⟨U+202E⟩'


def test_copying_everything_gives_the_original(qtbot: QtBot, look: Look) -> None:
    view = PlainView(look, "Result")
    qtbot.addWidget(view)
    original = "a\x1bb\n" + "x" * 30_000
    view.show_text(original)
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == original


def test_copying_a_part_gives_that_part(qtbot: QtBot, look: Look) -> None:
    view = PlainView(look, "Result")
    qtbot.addWidget(view)
    view.show_text("one\ntwo\nthree")
    cursor = view.textCursor()
    cursor.setPosition(4)
    cursor.setPosition(7, cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    copied = view.createMimeDataFromSelection()
    assert (copied.text(), copied.formats()) == ("two", ["text/plain"])


def test_a_result_of_ten_megabytes_shows_its_beginning(qtbot: QtBot, look: Look) -> None:
    view = PlainView(look, "Result")
    qtbot.addWidget(view)
    view.show_text("y" * 10_000_000)
    assert len(view.toPlainText()) < 25_000
    assert "more characters" in view.toPlainText()


def test_the_height_of_a_text_settles_whatever_its_width(qtbot: QtBot, look: Look) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    column = QVBoxLayout(ground)
    view = PlainView(look, "Result", max_lines=10)
    column.addWidget(view)
    column.addStretch(1)
    view.show_text("Paris 14 °C\n[click](javascript:alert(1)) ![x](file:///etc/passwd)\n␛[31mred␛[0m ｐａｙ now")
    ground.show()
    line = view.fontMetrics().lineSpacing()
    for width in range(120, 50, -1):
        for each in (600, width):  # a scroll bar came and went without an end at some of them
            ground.resize(each, 400)
            qtbot.wait(0)
        lines = view.document().size().height()
        assert view.height() >= min(lines, 10) * line
        assert lines <= 10 or view.verticalScrollBar().isVisible()


@pytest.mark.parametrize("made", [lambda text: label(text), lambda text: ElidedLabel(text)], ids=["label", "elided"])
def test_a_label_never_reads_markup(qtbot: QtBot, made: "type[QLabel]") -> None:
    widget = made("<b>x</b>\u200b")
    qtbot.addWidget(widget)
    assert widget.text() == "<b>x</b>⟨U+200B⟩"
    assert widget.textFormat().name == "PlainText"


def test_a_tool_tip_never_reads_markup() -> None:
    assert "<img" not in plain_tip('<img src="file:///etc/passwd">')
