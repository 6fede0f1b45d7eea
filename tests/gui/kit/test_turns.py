"""Long texts are inserted in turns."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.conversation.markdown_view import MarkdownView
from workbench.gui.kit.timers import SharedTurns
from workbench.gui.look.look import Look

LONG = "Some words that are finished.\n\n" * 40


@pytest.fixture
def slow_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """By these clocks every piece takes longer than a slice."""
    clock = iter(range(1_000_000))
    ticking = SimpleNamespace(monotonic=lambda: next(clock), thread_time=lambda: next(clock))
    monkeypatch.setattr("workbench.gui.kit.timers.time", ticking)
    monkeypatch.setattr("workbench.gui.conversation.markdown_view.time", ticking)


@pytest.mark.usefixtures("slow_pieces")
def test_many_long_texts_are_inserted_one_piece_at_a_time(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    on_time, insert = SharedTurns._on_time, MarkdownView._insert

    def turn(self: SharedTurns) -> None:
        events.append("turn")
        on_time(self)

    def inserted(self: MarkdownView, markdown: str) -> None:
        events.append("piece")
        insert(self, markdown)

    monkeypatch.setattr(SharedTurns, "_on_time", turn)
    monkeypatch.setattr(MarkdownView, "_insert", inserted)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    views = [MarkdownView(look, "Answer") for _ in range(10)]
    for view in views:
        column.addWidget(view)
    window.show()
    for view in views:
        view.show_text(LONG, is_streaming=False)
    events.clear()
    qtbot.waitUntil(lambda: all(view.is_complete for view in views), timeout=60_000)
    pieces_of_a_turn = [len(part) for part in "".join(event[0] for event in events).split("t")]
    assert max(pieces_of_a_turn) <= 2  # the last one, and the end of the text behind it
    assert len(pieces_of_a_turn) > 10 * 20


def test_a_text_that_nobody_looks_at_lets_others_go_first(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabs = QStackedWidget()
    qtbot.addWidget(tabs)
    seen, unseen = MarkdownView(look, "Answer"), MarkdownView(look, "Answer")
    for view in (seen, unseen):
        tabs.addWidget(view)
    tabs.show()
    stopped = SimpleNamespace(monotonic=lambda: 1.0, thread_time=iter(range(1_000_000)).__next__)
    monkeypatch.setattr("workbench.gui.conversation.markdown_view.time", stopped)
    for view in (unseen, seen):
        view.show_text(LONG, is_streaming=False)
    assert seen.due < unseen.due
    tabs.setCurrentWidget(unseen)
    assert unseen.due == 0.0
    qtbot.waitUntil(lambda: seen.is_complete and unseen.is_complete, timeout=60_000)
    assert unseen.toPlainText() == seen.toPlainText()
