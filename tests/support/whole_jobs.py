"""Whole jobs in the real program, by real mouse and keys: `python -m tests.support.whole_jobs JOB [PROJECT]`.

Prints what each took as JSON. The program is the one that `workbench` starts; only its main coroutine is joined by a
hand that works. A job that fails leaves a picture of the screen in the folder it runs in.
"""

import asyncio
import importlib
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from tests.support.hand import Hand
from workbench.app.models.local_servers import LocalServer
from workbench.gui.code.code_page import CodePage
from workbench.gui.conversation.entries import NoticeBox
from workbench.gui.exports.export_page import ExportPage
from workbench.gui.frame.tab_group import TabBar
from workbench.gui.kit.popup_list import ROW_ROLE, PopupList
from workbench.gui.microscope.duel_panel import DuelPanel
from workbench.gui.microscope.microscope_page import MicroscopePage
from workbench.gui.microscope.panels import DUEL
from workbench.gui.microscope.side_by_side_table import VERDICT
from workbench.gui.models.connection_panel import ConnectionPanel
from workbench.gui.models.models_feature import ModelsFeature
from workbench.gui.project.new_project_dialog import NewProjectDialog
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.text_field import DescriptionField
from workbench.gui.tool_runs.tool_run_page import ToolRunPage
from workbench.gui.tools.executor_box import ExecutorBox
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.window import program
from workbench.gui.window.error_window import ErrorWindow
from workbench.viewmodels.models.model_picker import ModelPicker

EMAIL = "Send an email to ana@example.com with the subject Trip and the body Pack a raincoat."
SCHEMA = (
    '{"name":"add","description":"Add two numbers.","inputSchema":{"type":"object","properties":'
    '{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["a","b"]}}'
)
QUESTION = "Where is my order A-1002?"
BETTER = "Where is my order? Track a parcel: where it is now, carrier and day of arrival."


def answered(hand: Hand) -> bool:
    """Whether the open conversation has been answered, and nothing runs."""
    pane = hand.window.pane
    return pane is not None and not pane.conversation.is_running and pane.conversation.last_run is not None


def calls(hand: Hand, outcome: str = "ok") -> int:
    """How many calls of the open conversation ended so."""
    pane = hand.window.pane
    assert pane is not None
    found = [row for row in pane.conversation.trace.all_rows if row.kind == "call"]
    return len(found) if outcome == "any" else sum(row.status == outcome for row in found)


async def first_minute(hand: Hand) -> None:
    """The sample answers, a call is approved, and a row of the trace shows its call."""
    await hand.begin()
    await hand.press("ctrl+Return")
    await hand.until(lambda: answered(hand) and calls(hand, "any") >= 2)
    await hand.press("ctrl+l")
    await hand.type(EMAIL)
    await hand.press("ctrl+Return")
    await hand.until(lambda: hand.window.approvals.cards)
    await hand.press("F8", "a")
    await hand.until(lambda: not hand.window.approvals.cards and answered(hand))
    view = hand.window.features.of(TraceFeature).open_view
    assert view is not None
    row = [row for row in view.trace.rows if row.kind == "call"][-1]  # the trace follows the newest rows
    index = view.table.model().index(view.trace.rows.index(row), 0)
    await hand.click(view.table.viewport(), view.table.visualRect(index).center())
    await hand.until(lambda: view.trace.selection is row)


async def folder_to_export(hand: Hand) -> None:
    """From an empty folder to a tool with a Python body that ran and was exported."""
    await hand.until(lambda: hand.is_there(ErrorWindow))
    trouble = hand.find(ErrorWindow)
    await hand.focus(trouble)
    await hand.click(next(one for one in trouble.findChildren(QPushButton) if one.text().startswith("Create")))
    await hand.until(lambda: hand.is_there(NewProjectDialog))
    await hand.focus(hand.find(NewProjectDialog))
    await hand.press("Return")
    await hand.begin()
    assert hand.window.pane is not None
    await hand.click(hand.window.pane.first_view.ways.tool_button)
    editor = hand.page(EditorPage)
    await hand.press("alt+2")
    await hand.click(editor.json)
    await hand.press("ctrl+a")
    await hand.type(SCHEMA)
    await hand.press("ctrl+s")
    await hand.until(lambda: hand.window.session.project.toolset.named("add") is not None)
    box = editor.findChild(ExecutorBox)
    assert isinstance(box, ExecutorBox)
    await hand.choose(box.kind, "python")
    await hand.click(box.new)
    await hand.until(lambda: isinstance(hand.window.documents.currentWidget(), CodePage))
    await hand.type("return a + b")
    await hand.press("ctrl+s")
    await hand.until(lambda: hand.window.session.is_trusted)
    await hand.press("ctrl+shift+Tab", "F9")
    await hand.until(lambda: isinstance(hand.window.documents.currentWidget(), ToolRunPage))
    page = hand.page(ToolRunPage)
    for field, value in zip(page.arguments.boxes, ("2", "3"), strict=True):
        await hand.click(field.input)
        await hand.type(value)
    await hand.press("ctrl+Return")
    await hand.until(lambda: hand.window.approvals.cards)
    await hand.press("F8", "a")
    await hand.until(lambda: page.run.is_settled)
    entry = page.run.entry
    assert entry is not None and entry.call is not None and entry.call.settled is not None  # noqa: PT018
    assert entry.call.settled.result_text == "5"
    await hand.press("ctrl+shift+Tab", "ctrl+shift+Tab", "ctrl+shift+e")
    export = hand.page(ExportPage)
    await hand.click(export.save)
    await hand.until(lambda: hand.is_there(QFileDialog))
    await hand.focus(hand.find(QFileDialog))
    await hand.press("ctrl+a")
    await hand.type(str(Path.cwd() / "tools.json"))
    await hand.press("Return")
    await hand.until(lambda: Path("tools.json").exists())


async def wrong_to_better(hand: Hand) -> None:
    """A wrong choice, another description, and before and after side by side."""
    await hand.begin()
    await hand.press("ctrl+l")
    await hand.type(QUESTION)
    await hand.press("ctrl+Return")
    await hand.until(lambda: answered(hand) and calls(hand, "any"))
    await hand.press("ctrl+p")
    await hand.type("track_order")
    await hand.press("Return")
    await hand.until(lambda: isinstance(hand.window.documents.currentWidget(), EditorPage))
    editor = hand.page(EditorPage)
    description = editor.findChild(DescriptionField)
    assert isinstance(description, DescriptionField)
    await hand.click(description.control)
    await hand.press("ctrl+a")
    await hand.type(BETTER)
    await hand.press("ctrl+s")
    await hand.until(lambda: hand.window.session.project.toolset.named("track_order").description == BETTER)  # type: ignore[union-attr]
    await hand.press("ctrl+shift+Tab", "ctrl+k")
    await hand.type("why this tool")
    await hand.press("Return")
    await hand.until(lambda: isinstance(hand.window.documents.currentWidget(), MicroscopePage))
    page = hand.page(MicroscopePage)
    assert page.point.chosen_tools == ("get_order_details",)
    await hand.choose(page.mark.tool, "track_order")
    await hand.click(page.mark.keep)
    await hand.until(lambda: page.point.is_judged)
    await hand.click(page.votes.ask.start)
    table = page.votes.table
    await hand.until(lambda: table.rowCount() == 2 and table.item(1, VERDICT) and table.item(1, VERDICT).text())
    assert table.item(1, VERDICT).text() == "▲ better"


async def approve_one(hand: Hand) -> None:
    """One of two calls that wait is approved; then the window is closed."""
    await hand.begin()
    await hand.press("ctrl+Return")
    await hand.until(lambda: len(hand.window.approvals.cards) == 2)
    await hand.press("F8", "a")
    await hand.until(lambda: len(hand.window.approvals.cards) == 1 and calls(hand))


async def approve_rest(hand: Hand) -> None:
    """The other one still waits after the restart, and its run goes on."""
    await hand.begin()
    resume = hand.window.findChildren(QPushButton)
    await hand.click(next(one for one in resume if one.text() == "Resume" and one.isVisible()))
    await hand.until(lambda: len(hand.window.approvals.cards) == 1)
    await hand.press("F8", "a")
    await hand.until(lambda: not hand.window.approvals.cards and answered(hand))


async def connection(hand: Hand) -> None:
    """A new connection with a wrong key, the failure it leads to, and the button that helps."""
    await hand.begin()
    await hand.press("ctrl+k")
    await hand.type("add a model")
    await hand.press("Return")
    panel = hand.window.documents.currentWidget().findChild(ConnectionPanel)  # type: ignore[union-attr]
    assert isinstance(panel, ConnectionPanel)
    await hand.until(panel.name.hasFocus)
    await hand.type("lab")
    await hand.choose(panel.wire, "openai-chat")
    for field, text in ((panel.base_url, os.environ["SERVER"]), (panel.key, "wrong-key-1234"), (panel.model, "m")):
        await hand.click(field)
        await hand.type(text)
    await hand.click(panel.save)
    await hand.until(lambda: "lab" in hand.window.session.connections.all())
    await hand.press("ctrl+n", "ctrl+alt+m")
    await hand.type("lab")
    await hand.press("Return", "ctrl+l")
    await hand.type("Hello")
    await hand.press("ctrl+Return")

    def boxes() -> list[NoticeBox]:
        pane = hand.window.pane
        assert pane is not None
        return [one for one in pane.chat.entry_widgets if isinstance(one, NoticeBox) and "replace_key" in one.buttons]

    pane = hand.window.pane
    assert pane is not None
    await hand.until(boxes)
    await hand.click(boxes()[-1].buttons["replace_key"])
    await hand.until(panel.key.hasFocus)
    await hand.type("right-key-1234")
    await hand.click(panel.save)
    await hand.until(lambda: not panel.key.text())
    await hand.press("ctrl+Tab")
    await hand.until(lambda: hand.window.pane is pane)
    await hand.click(boxes()[-1].buttons["try_again"])
    await hand.until(lambda: "Welcome." in "".join(getattr(one, "text", "") for one in pane.conversation.chat.entries))


async def duel(hand: Hand) -> None:
    """From a call to the duel of its tool with another, whose description is edited in place."""
    await hand.begin()
    await hand.press("ctrl+Return")
    await hand.until(lambda: hand.window.approvals.cards)
    await hand.press("F8", "a")
    await hand.until(lambda: answered(hand) and calls(hand, "any"))
    await hand.press("ctrl+k")
    await hand.type("why this tool")
    await hand.press("Return")
    page = await hand.opened(MicroscopePage)
    bar = page.tabs.tabBar()
    await hand.click(bar, bar.tabRect([bar.tabText(place) for place in range(bar.count())].index(DUEL)).center())
    await hand.until(lambda: any(one.isVisible() for one in page.findChildren(DuelPanel)))
    panel = page.findChildren(DuelPanel)[0]
    await hand.until(lambda: panel.duel.sides and not panel.duel.is_busy)
    await hand.click(panel.sides[1].edit)
    await hand.press("ctrl+a")
    await hand.type(BETTER)
    await hand.click(panel.sides[1].save)
    tool = panel.duel.sides[1].tool
    await hand.until(lambda: hand.window.session.project.toolset.named(tool).description == BETTER)  # type: ignore[union-attr]
    await hand.click(bar, bar.tabRect(0).center())
    await hand.until(lambda: page.votes.votes.choice.edits is not None)


async def tabs(hand: Hand) -> None:
    """A tab is pinned by its menu, another dragged before a third, one put at the right, and one closed."""
    await hand.begin()
    await hand.press("ctrl+comma", "F1", "shift+F1")
    documents = hand.window.documents
    await hand.until(lambda: documents.count() == 4)

    def names() -> list[str]:
        return [documents.tabText(place) for place in range(documents.count())]

    talk, settings, guide, keys = names()
    bar = documents.findChildren(TabBar)[0]
    await hand.click(bar, bar.tabRect(3).center(), button=3)
    await hand.choose_in_menu("Pin")
    await hand.until(lambda: names() == [keys, talk, settings, guide])
    assert bar.tabButton(0, TabBar.ButtonPosition.RightSide) is None
    await hand.drag(bar, bar.tabRect(3).center(), bar.tabRect(1).center() - QPoint(20, 0))
    await hand.until(lambda: names() == [keys, guide, talk, settings])
    await hand.drag(bar, bar.tabRect(2).center(), bar.tabRect(0).center() - QPoint(20, 0))
    await hand.until(lambda: names() == [keys, talk, guide, settings])
    await hand.press("ctrl+backslash")
    await hand.until(lambda: documents.is_split)
    right = next(one for one in documents.findChildren(TabBar) if one is not bar)
    await hand.click(right, right.tabRect(0).center(), button=2)
    await hand.until(lambda: names() == [keys, guide, settings] and not documents.is_split)


async def local_servers(hand: Hand) -> None:
    """A server on this machine is found when somebody asks, and its second model answers."""
    ModelPicker.__init__.__defaults__ = ((LocalServer("Ollama", "ollama", int(os.environ["PORT"])),),)  # type: ignore[attr-defined]
    await hand.begin()
    await hand.press("ctrl+k")
    await hand.type("local servers")
    await hand.press("Return")
    popup = hand.window.features.of(ModelsFeature).popup
    await hand.until(lambda: any("second-model" in row for row in rows_of(popup)))
    await hand.type("second")
    await hand.until(lambda: "second-model" in rows_of(popup)[0])
    await hand.press("Return", "ctrl+l")
    await hand.type("Hello")
    await hand.press("ctrl+Return")
    pane = hand.window.pane
    assert pane is not None
    await hand.until(lambda: "Welcome." in "".join(getattr(one, "text", "") for one in pane.conversation.chat.entries))


def rows_of(popup: PopupList) -> list[str]:
    """What the list of a popup offers."""
    rows = (popup.list.item(place).data(ROW_ROLE) for place in range(popup.list.count()))
    return [row.text if row is not None else "" for row in rows]


JOBS: dict[str, Callable[[Hand], Awaitable[None]]] = {
    job.__name__: job
    for job in (
        first_minute,
        folder_to_export,
        wrong_to_better,
        approve_one,
        approve_rest,
        connection,
        duel,
        tabs,
        local_servers,
    )
}


def main() -> int:
    """Start the program with a hand in it; its exit code, or 9 when the job failed."""
    job = JOBS[sys.argv[1]]
    project = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    run_all, failed = program.Program._main, list[str]()

    async def work() -> None:
        hand = Hand()
        try:
            await job(hand)
        except BaseException:
            failed.append(traceback.format_exc())
            QApplication.primaryScreen().grabWindow(0).save("failed.png")
            raise
        sys.stdout.write(json.dumps({"clicks": hand.clicks, "keys": hand.keys, "letters": hand.letters}) + "\n")
        await hand.focus(hand.window)
        await hand.press("ctrl+q")

    async def driven(self: program.Program, folder: Path | None) -> int:
        working = asyncio.create_task(work())
        running = asyncio.create_task(run_all(self, folder))
        await asyncio.wait([working, running], return_when=asyncio.FIRST_COMPLETED)
        if failed:
            running.cancel()
        await asyncio.wait([running])
        working.cancel()
        return 9 if failed else running.result()

    program.Program._main = driven  # type: ignore[method-assign]
    code: int = importlib.import_module("workbench.gui.window.app").run_window(project)
    sys.stderr.write("".join(failed))
    return code


if __name__ == "__main__":
    sys.exit(main())
