"""Shows every page of a window, one for each line it is sent, so that another process can read the screen.

python accessible_window.py FOLDER       prints the name of each page when it is shown, and `end` after the last one
"""

import asyncio
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.window.qt_loop import make_loop

LOOK = {"tool": "look", "arguments": {"at": "gate"}}


def tell(page: str) -> None:
    sys.stdout.write(f"{page}\n")
    sys.stdout.flush()


async def show_pages(folder: Path, app: QApplication) -> None:
    """Wait for a line, show the next page."""
    bench = OpenWindow(make_project(folder / "project", {"calls": [LOOK]}, {"text": "Seen."}), folder / "home", app)
    window = bench.window
    bench.send()
    await bench.idle()
    bench.cards[0].expand(True)
    window.features.of(SchemaEditorFeature).open_tool("look")
    pages = [command.name for command in window.commands.commands if command.opens_page]
    for place, name in enumerate(("conversation", "tool", *pages)):
        if place < 2:
            window.documents.setCurrentIndex(place)
        else:
            window.commands[name].trigger()
        await until(lambda: not bench.tasks.is_running("reload"))
        tell(name)
        await asyncio.to_thread(sys.stdin.readline)
    tell("end")
    await bench.close()


if __name__ == "__main__":
    running = QApplication(sys.argv[:1])
    running.setQuitOnLastWindowClosed(False)
    loop = make_loop(running)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(show_pages(Path(sys.argv[1]), running))
