"""G13 · Hostile text is inert in the window: chat, approval cards, trace, inspector, explorer and their tool tips."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from tests.reliability.test_hostile_text import nothing_is_reached
from tests.support.hostile_texts import HOSTILE, hidden_in
from tests.support.projects import make_project
from tests.support.tally import Tally, counted, size
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.conversation.markdown_view import MarkdownView
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.kit.link_dialog import LinkDialog
from workbench.gui.trace.trace_feature import TraceFeature

TEXTS = dict(list(HOSTILE.items())[:: size(4, 2, 1)])
TOML = """\
format = 1
name = "Hostile"
model = "scripted:script.json"

[limits]
rounds = 500
calls = 500

[[approval]]
tool = "look"
action = "allow"

[executors.look]
kind = "mock"
default = { template = "{{at}}" }

[executors.touch]
kind = "mock"
"""
OWN_TIP = re.compile(r"^<p style='white-space:pre-wrap'>|</p>$")
MARKUP = re.compile(r"<[a-zA-Z/!]")
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def answers() -> list[JsonObject]:
    """Each text as an answer and as a call whose result it is; at the end as many calls that have to be asked about."""
    rounds: list[JsonObject] = [
        {"text": text, "calls": [{"tool": "look", "arguments": {"at": text}}]} for text in TEXTS.values()
    ]
    asked: list[JsonObject] = [{"tool": "touch", "arguments": {"mark": text}} for text in TEXTS.values()]
    named: list[JsonObject] = [{"tool": text[:200] or "?", "arguments": {text[:50]: text}} for text in TEXTS.values()]
    return [*rounds, {"calls": named}, {"calls": asked}, {"text": "Done."}]  # type: ignore[dict-item]


def texts_of(root: QWidget) -> Iterator[tuple[str, str]]:
    """Everything a widget below `root` shows or says, with where. What a person types is theirs."""
    for widget in root.findChildren(QWidget):
        where = f"{type(widget.parentWidget()).__name__}/{type(widget).__name__}"
        yield f"{where} name", widget.accessibleName() + "\n" + widget.accessibleDescription()
        tip = OWN_TIP.sub("", widget.toolTip())
        assert not MARKUP.search(tip), f"{where}: markup in a tool tip: {tip[:80]!r}"
        yield f"{where} tip", tip
        match widget:
            case QLabel():
                if widget.text():
                    assert widget.textFormat() == Qt.TextFormat.PlainText, f"{where}: {widget.text()[:60]!r}"
                yield where, widget.text()
            case QAbstractButton():
                yield where, widget.text()
            case QLineEdit() if widget.isReadOnly():
                yield where, widget.text()
            case QPlainTextEdit() if widget.isReadOnly():
                yield where, widget.toPlainText()
            case QTextEdit():
                yield where, widget.toPlainText()
                yield from shapes_of(widget, where)
            case QComboBox():
                yield where, "\n".join(widget.itemText(place) for place in range(widget.count()))
            case QTabBar():
                yield where, "\n".join(widget.tabText(place) for place in range(widget.count()))
            case QAbstractItemView() if widget.model() is not None:
                yield where, "\n".join(cells_of(widget))


def shapes_of(view: QTextEdit, where: str) -> Iterator[tuple[str, str]]:
    """No picture and no frame of theirs is in a document."""
    block = view.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            form = pieces.fragment().charFormat()
            assert not form.isImageFormat(), f"{where}: a picture {form.toImageFormat().name()!r}"
            yield f"{where} tip", OWN_TIP.sub("", form.toolTip())
            pieces += 1
        block = block.next()


def cells_of(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    waiting = [QModelIndex()]
    while waiting:
        parent = waiting.pop()
        for row in range(model.rowCount(parent)):
            for column in range(model.columnCount(parent)):
                index = model.index(row, column, parent)
                for role in ROLES:
                    found = model.data(index, role)
                    if isinstance(found, str):
                        yield OWN_TIP.sub("", found)
            waiting.append(model.index(row, 0, parent))


def judge(root: QWidget, tally: Tally, what: str) -> None:
    with tally.case(what), nothing_is_reached():
        for where, text in texts_of(root):
            assert hidden_in(text, allowed="\n\t\u2028\u2029\ufffc") == [], f"{where}: {text[:80]!r}"


async def test_nothing_hostile_is_loaded_drawn_as_markup_or_hidden(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[str] = []
    loads = MarkdownView.loadResource

    def load(view: MarkdownView, kind: int, name: Any) -> Any:
        found = loads(view, kind, name)
        asked_for.append(f"{name}")
        assert not found, f"{name} was loaded"
        return found

    monkeypatch.setattr(MarkdownView, "loadResource", load)

    bench = OpenWindow(make_project(tmp_path / "project", *answers(), toml=TOML), tmp_path / "home", qapp)
    with counted("G13", f"{len(TEXTS)} texts in the window: chat, cards, trace, inspector, explorer") as tally:
        with nothing_is_reached():
            bench.send("\n".join(text[:40] for text in TEXTS.values()).replace("\x00", ""))
            await until(lambda: len(bench.window.approvals.cards) == len(TEXTS))
        for card in bench.cards:
            card.expand(True)
            await asyncio.sleep(0)
        await until(lambda: all(view.is_complete for view in bench.pane.chat.findChildren(MarkdownView)))
        bench.window.approvals_dock.show()
        bench.window.approvals.ask_together("approve")
        await asyncio.sleep(0.1)
        judge(bench.window, tally, "everything at once, with all cards and the dock")
        bench.window.approvals.take_back()
        trace = bench.window.features.of(TraceFeature).open_view
        assert trace is not None
        inspector = bench.window.features.of(InspectorFeature).dock.view_of(bench.pane)
        for row in [row for row in trace.trace.rows if row.call_id is not None][: len(TEXTS)]:
            trace.show_row(row)
            for page in range(inspector.tabs.count()):
                inspector.tabs.setCurrentIndex(page)
                judge(inspector, tally, f"inspector of {row.span}, {inspector.tabs.tabText(page)}")
        for card in bench.window.approvals.cards[:8]:
            for mode in ("edit", "reject"):
                card.start(mode)
                judge(bench.window.approvals_view, tally, f"card of {card.question.call_id}, {mode}")
                card.cancel()
        for name, text in TEXTS.items():
            dialog = LinkDialog(text[:500], bench.look, bench.window)
            judge(dialog, tally, f"link dialog: {name}")
            with tally.case(f"link: {name}"):
                assert not dialog.open_button.isEnabled() or text.startswith(("http", "mailto"))
            dialog.deleteLater()
        with tally.case("the counter of resources counts"):
            heard = len(asked_for)
            view = bench.pane.chat.findChildren(MarkdownView)[0]
            view.document().resource(QTextDocument.ResourceType.ImageResource, QUrl("http://hostile.invalid/x"))
            assert len(asked_for) == heard + 1
            asked_for.pop()
        tally.notes.append(f"{len(asked_for)} resources asked of loadResource by Qt, 0 given")
    bench.window.stop()
    if bench.pane.conversation.composer.stop_question:  # a call waits, so the first time only asks
        bench.window.stop()
    await bench.idle()
