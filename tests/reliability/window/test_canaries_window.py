"""G10 · No key in the text of the window, on the clipboard, or in an exported page, live and after a restart."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets")

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from tests.reliability.test_canaries import CODE, canary, traces_of
from tests.reliability.window.test_hostile_window import texts_of
from tests.support.projects import make_project
from tests.support.tally import Tally, counted, size
from tests.support.window import OpenWindow, until
from workbench.app.compare.comparison_page import comparison_page
from workbench.app.compare.comparisons import compare_runs
from workbench.core.json_text import JsonObject
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.trace.trace_feature import TraceFeature

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support", extend=True), pytest.mark.log_expected]

TOML = """\
format = 1
name = "Canaries"
model = "scripted:script.json"

[limits]
rounds = 50

[[approval]]
tool = "look"
action = "allow"

[executors.touch]
kind = "python"
function = "marks:touch"

[executors.look]
kind = "python"
function = "marks:look"
"""


def answers() -> list[JsonObject]:
    """A key in words that come in pieces, in arguments, results, an address, an exception, and escaped."""
    long = "word " * 3_950  # a view cuts here, in the middle of the key
    return [
        {"text": f"Use {canary(2)} now.", "calls": [{"tool": "look", "arguments": {"at": canary(3)}}]},
        {"text": f"# {canary(4)}\n\n`{canary(5)}`", "calls": [{"tool": "look", "arguments": {"at": long + canary(6)}}]},
        {"text": "", "calls": [{"tool": "look", "arguments_json": json.dumps({"at": json.dumps({"k": canary(7)})})}]},
        {"text": "x" * 235 + canary(8), "calls": [{"tool": f"touch_{canary(9)}", "arguments": {}}]},
        {"text": "", "calls": [{"tool": "touch", "arguments": {"mark": f"raise https://x.example/?key={canary(10)}"}}]},
        {"text": "", "calls": [{"tool": "touch", "arguments": {"mark": canary(11)}}]},
        {"text": f"Done, {canary(12)}."},
    ]


def judge(text: str, tally: Tally, what: str) -> None:
    with tally.case(what):
        for number in range(1, 13):
            for trace in (*traces_of(canary(number)), canary(number)[:24].encode()):
                assert trace.decode() not in text, (
                    f"key {number}: …{text[max(0, text.index(trace.decode()) - 40) :][:90]}"
                )


def seen(root: QWidget) -> Iterator[str]:
    for where, text in texts_of(root):
        yield f"{where}: {text}"


def copies_of(root: QWidget) -> Iterator[str]:
    """What Ctrl+A and Ctrl+C give in every text."""
    for view in root.findChildren(QWidget):
        if isinstance(view, QPlainTextEdit | QTextEdit) and view.isReadOnly():
            view.selectAll()
            view.copy()
            yield QGuiApplication.clipboard().text()


async def test_no_key_is_in_the_window_on_the_clipboard_or_in_an_exported_page(
    qapp: QApplication, tmp_path: Path
) -> None:
    def opened() -> OpenWindow:
        bench = OpenWindow(tmp_path / "project", tmp_path / "home", qapp)
        for number in range(1, 13):
            bench.session.keys.remember(f"KEY_{number}", canary(number))
        return bench

    make_project(tmp_path / "project", *answers(), toml=TOML, code=CODE)
    bench = opened()
    bench.session.trust()
    await bench.session.reload()
    with counted("G10", "canary keys in the window: texts, tool tips, tables, clipboard, exported page") as tally:
        bench.send(f"My key is {canary(1)}.")
        for _ in range(2):
            card = await bench.asked()
            assert card.approval is not None
            judge("\n".join(seen(bench.window)), tally, "while a call waits")
            card.approval.card.approve()
            await until(lambda card=card: card.approval is None)  # type: ignore[misc]
        await bench.idle()
        for one in bench.cards:
            one.expand(True)
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        look_at(bench, tally, "live")
        run_id = bench.pane.conversation.last_run
        assert run_id is not None
        page = comparison_page(compare_runs([list(bench.pane.conversation.events_of(run_id))] * 2))
        with tally.case("keys came by"):
            assert "[key …" in "\n".join(seen(bench.window))
        judge(bench.session.redactor.text(page), tally, "an exported comparison")
        await bench.close()

    again = opened()
    with counted("G10", "canary keys in the window, after a restart") as tally:
        await until(lambda: again.window.features.of(RestoreFeature).is_done)
        again.window.open_run(run_id)
        await until(lambda: len(again.pane.conversation.chat.entries) > 8 and again.cards)
        look_at(again, tally, "after a restart")


def look_at(bench: OpenWindow, tally: Tally, when: str) -> None:
    judge("\n".join(seen(bench.window)), tally, f"{when}: all texts")
    trace = bench.window.features.of(TraceFeature).open_view
    assert trace is not None
    inspector = bench.window.features.of(InspectorFeature).dock.view_of(bench.pane)
    for row in trace.trace.rows[:: size(6, 2, 1)]:
        trace.show_row(row)
        for page in range(inspector.tabs.count()):
            inspector.tabs.setCurrentIndex(page)
            judge("\n".join(seen(inspector)), tally, f"{when}: inspector of {row.span}, {inspector.tabs.tabText(page)}")
            for number, text in enumerate(copies_of(inspector)):
                judge(text, tally, f"{when}: copy {number} of {row.span}")
    for number, text in enumerate(copies_of(bench.pane.chat)):
        judge(text, tally, f"{when}: copy {number} of the chat")
    bench.window.copying.markdown(bench.pane.conversation)
    judge(QGuiApplication.clipboard().text(), tally, f"{when}: the conversation as Markdown")
    for form in ("curl", "python"):
        bench.window.copying.request(bench.pane.conversation, form)  # type: ignore[arg-type]
        judge(QGuiApplication.clipboard().text(), tally, f"{when}: a request as {form}")
    QTest.qWait(1)
