"""A stage for pictures: the real window on a fresh copy of a sample project, answered by a script."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu

from workbench.app.project.folders import UserFolders
from workbench.app.project.new_project import new_project
from workbench.app.session import Session
from workbench.core.json_text import JsonObject
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.conversation.tool_choice_panel import ToolChoicePanel
from workbench.gui.kit.popup_list import PopupList
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.window.main_window import MainWindow

SIZE = (1440, 900)
"""Of the window in pictures."""
_MESSAGE = "Compare today's weather in Paris and Oslo, then email the summary to ana@example.com"
ANSWERS: list[JsonObject] = [
    {
        "reasoning": "Two cities, one mail. The two look-ups do not depend on each other, so they can go out together.",
        "text": "I will look up both cities **in parallel**, then draft the mail:\n\n1. `get_weather` for each city\n"
        "2. `send_email` — *needs your approval*",
        "calls": [
            {"tool": "get_weather", "arguments": {"city": "Paris"}},
            {"tool": "get_weather", "arguments": {"city": "Oslo"}},
        ],
        "usage": {"input_tokens": 412, "output_tokens": 61},
    },
    {
        "text": "Both are in. This goes into the mail:\n\n| City | Source |\n|---|---|\n| Paris | `get_weather` |\n"
        "| Oslo | `get_weather` |\n",
        "calls": [
            {
                "tool": "send_email",
                "arguments": {
                    "to": "ana@example.com",
                    "subject": "Weather: Paris and Oslo",
                    "body": "Hello Ana,\n\nhere is the weather of today for Paris and Oslo.\n\nBest wishes",
                },
            }
        ],
        "usage": {"input_tokens": 583, "output_tokens": 97, "cached_tokens": 384},
    },
    {
        "text": "The summary is on its way to **ana@example.com**.\n\n```python\nfor city in ('Paris', 'Oslo'):\n"
        "    print(city, weather[city])\n```\n\nAsk me again tomorrow, or see [the forecast](https://example.com/forecast).",
        "usage": {"input_tokens": 702, "output_tokens": 44, "cached_tokens": 512},
    },
]


class Stage:
    """One window on a fresh copy of a sample."""

    def __init__(
        self,
        look: Look,
        home: Path,
        *,
        sample: str = "weather-desk",
        is_trusted: bool = True,
        answers: list[JsonObject] = ANSWERS,
        model: str = "scripted:demo.json",
        damage: Callable[[Path], None] = lambda folder: None,
    ) -> None:
        folder = new_project(home / sample, sample_name=sample)
        damage(folder)
        folders = UserFolders(home / "state", home / "config", home / "data")
        project_file = folder / "workbench.toml"
        project_file.write_text(project_file.read_text().replace('model = "local"', f'model = "{model}"'))
        (folder / "demo.json").write_text(json.dumps({"answers": [{"delay_s": 0.004, **answer} for answer in answers]}))
        if not is_trusted:
            (folder / "python" / "desk.py").open("a").write("\n# changed\n")
        self.home = home
        self.session = Session(folder, folders=folders, trust_for_now=is_trusted)
        self.tasks = Tasks()
        self.window = MainWindow(self.session, look, self.tasks)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.panes.size()

    @property
    def pane(self) -> ChatPane:
        """The open conversation."""
        pane = self.window.pane
        assert pane is not None
        return pane

    async def to_approval(self) -> None:
        """Send the message and wait until a call waits."""
        self.pane.composer.editor.setPlainText(_MESSAGE)
        self.window.run()
        asked = asyncio.Event()
        self.window.approvals.arrived.connect(lambda _: asked.set())
        await asked.wait()
        await asyncio.sleep(0.5)
        trace = self.window.features.of(TraceFeature).open_view
        assert trace is not None
        trace.show_row(trace.trace.rows[-1])

    async def to_end(self) -> None:
        """Approve, and wait for the end."""
        self.window.approvals.cards[0].approve()
        live = self.pane.conversation.live
        assert live is not None
        await live.finished()

    async def shoot(self, file: Path) -> None:
        """Wait until everything is laid out, then take the picture."""
        await asyncio.sleep(0.4)
        self.take(file)

    def take(self, file: Path) -> None:
        """Take the picture as the window is now."""
        picture = self.window.grab()
        painter = QPainter(picture)
        for popup in (
            *self.window.findChildren(PopupList),
            *self.window.findChildren(ToolChoicePanel),
            *self.window.findChildren(QMenu),
        ):
            if popup.isVisible():
                painter.drawPixmap(self.window.mapFromGlobal(popup.pos()), popup.grab())
        painter.end()
        picture.save(str(file))

    async def close(self) -> None:
        """Put everything away."""
        closed = asyncio.Event()
        self.window.closed.connect(closed.set)
        self.window.close()
        await closed.wait()
        await self.tasks.close()


Shoot = Callable[[Stage, str], Awaitable[None]]
"""Takes a picture of a stage under a name."""
