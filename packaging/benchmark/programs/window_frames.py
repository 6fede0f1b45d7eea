"""The real window: how regularly its thread ticks when idle, and while streams reach the chat."""

import asyncio
from pathlib import Path

from benchmark.programs import sqlite_spy
from benchmark.programs.bench_project import user_folders, write_project
from benchmark.programs.cost import order

sqlite_spy.install()

from PySide6.QtWidgets import QApplication  # noqa: E402 — the spy comes first

from benchmark.programs.ticks import Ticks, report_ticks  # noqa: E402
from workbench.app.models.background_loop import BackgroundLoop  # noqa: E402
from workbench.app.project.resources import resources  # noqa: E402
from workbench.app.session import Session  # noqa: E402
from workbench.gui.kit.tasks import Tasks  # noqa: E402
from workbench.gui.look.look import Look  # noqa: E402
from workbench.gui.window.main_window import MainWindow  # noqa: E402
from workbench.gui.window.memory import Memory  # noqa: E402
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop  # noqa: E402
from workbench.viewmodels.conversation.conversation import ConversationViewModel  # noqa: E402

_SETTLE_S = 0.5
_LOOK_EVERY_S = 0.016


async def main(app: QApplication) -> int:
    """Idle, then as many conversations at once as ordered, each in its tab, again until there were enough ticks."""
    told = order()
    home = Path(told["folder"])
    session = Session(
        write_project(home, told["url"]), folders=user_folders(home), trust_for_now=True, background=BackgroundLoop()
    )
    tasks = Tasks()
    window = MainWindow(session, Look(app, resources() / "icons"), tasks)
    window.resize(1440, 900)
    window.show()
    Memory(lambda: bool(session.runs.live), window).settle()
    for _ in range(told["warm_up"]):  # the first request imports the SDK, in a thread, and every tab lays itself out
        await finished([send(window)])
    ticks = Ticks()
    await asyncio.sleep(_SETTLE_S)
    ticks.take()
    await asyncio.sleep(told["idle_s"])
    idle, _ = ticks.take()
    before = sqlite_spy.on_this_thread()
    gaps: list[float] = []
    work: list[float] = []
    conversations: list[ConversationViewModel] = []
    while len(gaps) < told["frames"]:
        ticks.take()
        sent = []
        for _ in range(told["conversations"]):  # as keys and clicks come: each is an event of its own
            sent.append(send(window))
            await asyncio.sleep(0)
        await finished(sent)
        conversations += sent
        for kept, taken in zip((gaps, work), ticks.take(), strict=True):
            kept += taken
    characters = sum(len(entry.text) for c in conversations for entry in c.chat.entries if hasattr(entry, "text"))
    statements = sqlite_spy.on_this_thread() - before
    await close(window, tasks)
    report_ticks(idle, gaps, work, characters=characters, sql_on_this_thread=statements)
    return 0


def send(window: MainWindow) -> ConversationViewModel:
    """Open a conversation and send its first message."""
    window.new_conversation()
    pane = window.pane
    assert pane is not None
    pane.composer.editor.setPlainText("Go.")
    window.run()
    assert pane.conversation.is_running, pane.conversation.composer.obstacle
    return pane.conversation


async def finished(conversations: list[ConversationViewModel]) -> None:
    """Until their runs are over."""
    while any(conversation.is_running for conversation in conversations):  # noqa: ASYNC110 — as seldom as may be
        await asyncio.sleep(_LOOK_EVERY_S)


async def close(window: MainWindow, tasks: Tasks) -> None:
    """Close the window, and end what it began."""
    closed = asyncio.Event()
    window.closed.connect(closed.set)
    window.close()
    await closed.wait()
    await tasks.close()


if __name__ == "__main__":
    application = make_application(["benchmark"])
    raise SystemExit(run_on_qt_loop(application, main(application)))
