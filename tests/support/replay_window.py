"""A window with a recorded run of two rounds of calls, for tests of what can be done with it again."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until
from workbench.core.event import RunEvent
from workbench.core.ids import RunId, SpanPath
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind

ANSWERS: tuple[Any, ...] = (
    {"calls": [{"tool": "touch", "arguments": {"mark": "one"}}, {"tool": "look", "arguments": {}}]},
    {"calls": [{"tool": "touch", "arguments": {"mark": "two"}}]},
    {"text": "Marked."},
)
ALLOW = '\n[[approval]]\ntool = "*"\naction = "allow"\n'


class ReplayWindow(OpenWindow):
    """Every tool of the project is allowed, so that runs end by themselves; a fork asks all the same."""

    def __init__(self, folder: Path, qapp: QApplication, *answers: Any) -> None:
        project = make_project(folder / "project", *(answers or ANSWERS))
        toml = project / "workbench.toml"
        toml.write_text(toml.read_text(encoding="utf-8") + ALLOW, encoding="utf-8")
        self.project = project
        super().__init__(project, folder / "home", qapp)

    async def recorded(self, text: str = "Mark it.") -> RunId:
        """Make a run and wait until it is on record and in the list."""
        self.send(text)
        await self.idle()
        run_id = self.pane.conversation.last_run
        assert run_id is not None
        await until(lambda: self.window.history.tree.row(run_id) is not None)
        return run_id

    def answer(self, *answers: Any) -> None:
        """What the model says from now on."""
        (self.project / "script.json").write_text(json.dumps({"answers": answers}), encoding="utf-8")

    @property
    def marks(self) -> list[str]:
        """What the tool that leaves marks has done to the world."""
        file = self.project / "marks.txt"
        return file.read_text().split() if file.exists() else []

    def run_place(self, kind: RunPlaceKind, run_id: RunId, span: str = "", *, is_settled: bool = True) -> RunPlace:
        return RunPlace(kind, run_id, SpanPath(span), is_settled=is_settled)

    def act(self, run_place: RunPlace, text: str) -> None:
        """Choose an entry of the menu of a place."""
        menu = self.window.features.open_menu(run_place, self.window.pos(), self.window)
        action = next(action for action in menu.actions() if action.text() == text)
        action.trigger()
        menu.close()

    def offered(self, run_place: RunPlace) -> list[str]:
        return [act.text for act in self.window.features.actions_at(run_place)]

    async def page(self, kind: type[QWidget]) -> Any:
        """The page of that kind, once it is open."""
        await until(lambda: isinstance(self.window.documents.currentWidget(), kind))
        return self.window.documents.currentWidget()

    async def forked(self, parent: RunId) -> None:
        """Until another run than the parent is in the open tab."""
        await until(
            lambda: self.window.pane is not None and self.window.pane.conversation.last_run not in (None, parent)
        )

    def stored(self, run_id: RunId) -> list[RunEvent]:
        return list(self.session.runs.load(run_id))


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)
