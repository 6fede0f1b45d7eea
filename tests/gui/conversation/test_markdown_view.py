"""Markdown that streams, and that cannot do anything."""

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.conversation.markdown_shape import is_code
from workbench.gui.conversation.markdown_view import MarkdownView
from workbench.gui.look.look import Look

TEXT = """# Weather

It is **cold** in *Oslo* — `get_weather` says so.

1. Paris
2. Oslo

| City | °C |
|---|---|
| Paris | 14 |
| Oslo | 1 |

```python
a = 1

b = 2
```

The end, see [the page](https://example.com/a?b=c).
"""


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> MarkdownView:
    made = MarkdownView(look, "Answer")
    made.resize(600, 400)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("step", [1, 7, 60])
def test_streamed_text_ends_as_the_whole_text_does(view: MarkdownView, qtbot: QtBot, look: Look, step: int) -> None:
    for end in range(step, len(TEXT) + step, step):
        view.show_text(TEXT[:end], is_streaming=True)
    view.show_text(TEXT, is_streaming=False)
    other = MarkdownView(look, "Answer")
    qtbot.addWidget(other)
    other.show_text(TEXT, is_streaming=False)
    qtbot.waitUntil(lambda: view.is_complete and other.is_complete)
    assert view.toPlainText() == other.toPlainText()
    assert "cold in Oslo — get_weather says so." in view.toPlainText()


def test_finished_blocks_are_not_drawn_again(view: MarkdownView, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    original = MarkdownView._insert
    monkeypatch.setattr(
        MarkdownView, "_insert", lambda self, markdown: (drawn.append(markdown), original(self, markdown))[1]
    )
    paragraph = "Some words that are finished.\n\n"
    text = ""
    for _ in range(200):
        text += paragraph
        view.show_text(text, is_streaming=True)
    assert max(map(len, drawn)) <= 2 * len(paragraph)


def test_text_that_has_not_changed_is_not_painted_again(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    paint = MarkdownView.paintEvent

    def painted(self: MarkdownView, event: QPaintEvent) -> None:
        rows.append(event.rect().height())
        paint(self, event)

    monkeypatch.setattr(MarkdownView, "paintEvent", painted)
    area, inner = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    view = MarkdownView(look, "answer")
    layout = QVBoxLayout(inner)
    layout.addWidget(view)
    layout.addStretch()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.resize(700, 800)
    area.show()
    text = ""
    for number in range(80):
        text += f"**Sentence {number}** of an answer that grows, line by line, to more than the window shows.\n\n"
        view.show_text(text, is_streaming=True)
        qtbot.waitUntil(lambda: view.is_complete)
        QApplication.processEvents()
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
        QApplication.processEvents()
    assert view.height() > area.height()
    assert sum(rows) < 4 * view.height()


def test_a_list_that_never_ends_is_drawn_item_by_item(view: MarkdownView, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    original = MarkdownView._insert
    monkeypatch.setattr(
        MarkdownView, "_insert", lambda self, markdown: (drawn.append(markdown), original(self, markdown))[1]
    )
    text = ""
    for number in range(200):
        text += f"1. item {number}\n"
        view.show_text(text, is_streaming=True)
    assert max(map(len, drawn)) < 20 * len("1. item 100\n")
    document = view.document()
    assert document.blockCount() == 200  # no empty lines between the pieces
    assert document.lastBlock().textList().itemText(document.lastBlock()) == "200."


def test_what_finishes_a_piece_says_nothing_about_the_tail(view: MarkdownView, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1_000_000))
    monkeypatch.setattr(
        "workbench.gui.conversation.markdown_view.time.thread_time", lambda: next(clock)
    )  # all takes long
    view.show_text("A long piece.\n\nB", is_streaming=True)
    view.show_text("A long piece.\n\nBut **this** is quick", is_streaming=True)
    assert "But this is quick" in view.toPlainText()


def test_every_line_of_a_code_fence_stands_on_the_ground_of_code(view: MarkdownView) -> None:
    view.show_text("- x\n\n```python\na = 1\n\nb = 2\n```\n\nafter", is_streaming=False)
    lines = {}
    block = view.document().begin()
    while block.isValid():
        lines[block.text()] = is_code(block)
        block = block.next()
    assert lines == {"x": False, "a = 1": True, "": True, "b = 2": True, "after": False}


def test_a_tail_that_is_slow_to_draw_grows_as_plain_text_and_ends_as_it_should(
    view: MarkdownView, qtbot: QtBot, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MarkdownView, "_is_slow", lambda self, tail: True)
    for end in range(5, len(TEXT) + 5, 5):
        view.show_text(TEXT[:end], is_streaming=True)
    view.show_text(TEXT, is_streaming=False)
    other = MarkdownView(look, "Answer")
    qtbot.addWidget(other)
    other.show_text(TEXT, is_streaming=False)
    qtbot.waitUntil(lambda: view.is_complete and other.is_complete)
    assert view.toPlainText() == other.toPlainText()
    assert view.toHtml() == other.toHtml()


HOSTILE = """<script>alert(1)</script><img src="file:///etc/passwd"><b>bold</b>

![tracker](https://example.invalid/pixel.png) ![local](file:///etc/passwd) ![unc](//host/share/x.png)

[click](javascript:alert(1)) \u202eesrever \x1b[31m red
"""


def test_hostile_text_is_inert_and_visible(view: MarkdownView, qtbot: QtBot) -> None:
    view.show_text(HOSTILE, is_streaming=False)
    qtbot.waitUntil(lambda: view.is_complete)
    shown = view.toPlainText()
    assert "<script>alert(1)</script>" in shown
    assert "<b>bold</b>" in shown
    assert "[image: https://example.invalid/pixel.png]" in shown
    assert "[image: file:///etc/passwd]" in shown
    assert "⟨U+202E⟩" in shown
    assert "␛[31m" in shown
    assert "\ufffc" not in shown


def test_nothing_is_ever_loaded(view: MarkdownView) -> None:
    for kind in range(1, 5):
        assert view.loadResource(kind, "file:///etc/passwd") is None


def test_a_link_asks_and_does_not_open(view: MarkdownView, qtbot: QtBot) -> None:
    view.show_text("[click](https://example.com/a?b=c)", is_streaming=False)
    assert not view.openLinks()
    assert not view.openExternalLinks()
    with qtbot.waitSignal(view.link_asked) as asked:
        view.anchorClicked.emit("https://example.com/a?b=c")
    assert asked.args == ["https://example.com/a?b=c"]


def test_a_text_that_does_not_continue_the_old_one_replaces_it(view: MarkdownView) -> None:
    view.show_text("First attempt\n\nmore", is_streaming=True)
    view.show_text("Second attempt", is_streaming=True)
    assert view.toPlainText() == "Second attempt"


def test_a_change_of_the_look_keeps_the_text(view: MarkdownView, look: Look, qtbot: QtBot) -> None:
    view.show_text(TEXT, is_streaming=False)
    qtbot.waitUntil(lambda: view.is_complete)
    before = view.toPlainText()
    look.show("dark")
    qtbot.waitUntil(lambda: view.is_complete)
    assert view.toPlainText() == before


def test_the_end_of_a_stream_draws_nothing_again(view: MarkdownView, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Some words that are finished.\n\n" * 200 + "The end."
    view.show_text(text, is_streaming=True)
    while not view.is_complete:
        view._insert_some()
    drawn: list[str] = []
    monkeypatch.setattr(MarkdownView, "_insert", lambda self, markdown: drawn.append(markdown))
    view.show_text(text, is_streaming=False)
    assert drawn == []


def test_a_link_whose_address_comes_last_is_a_link_in_the_end(view: MarkdownView, qtbot: QtBot) -> None:
    text = "See [the page][1].\n\nMore.\n\n[1]: https://example.com/a\n"
    for end in range(5, len(text), 5):
        view.show_text(text[:end], is_streaming=True)
    view.show_text(text, is_streaming=False)
    qtbot.waitUntil(lambda: view.is_complete)
    assert view.toPlainText().startswith("See the page.")
    assert "https://example.com/a" in view.toHtml()
