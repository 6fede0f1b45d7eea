"""Prices in the real window's settings, and costs where they are shown."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.json_text import JsonObject
from workbench.gui.costs.prices_panel import PricesPanel

Runner = Callable[[Coroutine[Any, Any, None]], None]
USAGE: JsonObject = {"input_tokens": 100_000, "output_tokens": 10_000, "cached_tokens": 50_000}
ANSWER: JsonObject = {"text": "Hello.", "usage": USAGE}


def panel_of(bench: OpenWindow, command: str, kind: type[Any]) -> Any:
    bench.window.commands[command].trigger()
    page = bench.window.documents.currentWidget()
    assert page is not None
    panel = page.findChild(kind)
    assert panel is not None
    return panel


async def test_a_price_typed_into_the_table_is_in_the_trace_the_chat_and_the_status_bar(
    qapp: QApplication, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "marks", ANSWER)

    bench = OpenWindow(project, tmp_path, qapp)
    panel = panel_of(bench, "prices", PricesPanel)
    panel.add_entry("scripted:*")
    editor = panel.table.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: panel.table.item(0, 1).text() == "2")
    panel.table.item(0, 4).setText("10")
    panel.table.item(0, 2).setText("0.5")
    assert [line.model for line in bench.session.prices.own] == ["scripted:*"]
    bench.window.new_conversation()
    bench.send()
    await bench.idle()
    assert "$0.2250" in bench.pane.conversation.trace.totals_text
    assert "$0.2250" in bench.window.line.spent.text()
    await until(lambda: any("$0.2250" in getattr(e, "figures", ()) for e in bench.pane.conversation.chat.entries))
    bench.window.line.spent.click()
    assert bench.window.documents.currentWidget().findChild(PricesPanel) is panel
    (toast,) = [toast for toast in bench.window.toasts.shown if "scripted" in toast.text.text()][-1:]
    toast.take_back()
    assert bench.session.prices.own[0].price.cached_input is None
