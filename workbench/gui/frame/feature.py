"""How a feature joins the window: it adds commands, docks, and actions on places of a run, and follows what happens.

The window knows features only by this; `window/features.py` lists them. A feature's constructor must not touch the
window, which is not complete yet: commands and actions look things up when they are used, `add_docks` is called when
there is room for docks, and `begin` when everything exists.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from workbench.core.errors import WorkbenchError
from workbench.core.ids import CallId, RunId
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Actions, Command
from workbench.gui.frame.copying import Copying
from workbench.gui.frame.desktop_notices import DesktopNotices
from workbench.gui.frame.documents import Documents
from workbench.gui.frame.history import RunHistory
from workbench.gui.frame.opening import Opening
from workbench.gui.frame.palette import Palette
from workbench.gui.frame.panes import Panes
from workbench.gui.frame.project_switch import ProjectSwitch
from workbench.gui.frame.running import Running
from workbench.gui.frame.status_line import StatusLine
from workbench.gui.frame.window_state import WindowState
from workbench.gui.kit.tasks import Tasks
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.viewmodels.approvals.approvals import ApprovalsViewModel
from workbench.viewmodels.explorer.explorer import ExplorerViewModel
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.restore.window_memory import TabMemory
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.work_in_progress import WorkInProgress

F = TypeVar("F", bound="Feature[Any]")
P = TypeVar("P")
"""The parts of the open project that a feature uses (`app/parts.py`)."""


class FeatureFinder(Protocol):
    """Where features find each other."""

    def of(self, kind: type[F]) -> F:
        """The feature of this class; raises `LookupError` if this window has none."""
        ...

    def fill_item_menu(self, menu: QMenu, item: ExplorerItem) -> None:
        """Add the actions of a row of the explorer."""
        ...

    def remember(self, page: QWidget) -> TabMemory | None:
        """The saved state of a feature's tab; None when no feature knows it."""
        ...

    def reopen(self, tab: TabMemory) -> QWidget | None:
        """Reopen the tab with the feature that knows its kind; None when that is no longer possible."""
        ...

    def open_menu(self, run_place: RunPlace, point: QPoint, parent: QWidget) -> QMenu:
        """Show the menu of a place of a run, at `point` of the screen."""
        ...

    def take_pane(self, pane: ChatPane) -> None:
        """Tell all features about a conversation that a feature opened in a tab."""
        ...


class WindowContext(Protocol):
    """What a feature can use of the window."""

    @property
    def features(self) -> FeatureFinder: ...

    @property
    def as_window(self) -> QMainWindow: ...
    @property
    def look(self) -> Look: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def state(self) -> WindowState | None: ...
    @property
    def commands(self) -> Actions: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def pane(self) -> ChatPane | None: ...
    @property
    def panes(self) -> Panes: ...
    @property
    def opening(self) -> Opening: ...
    @property
    def palette_(self) -> Palette: ...
    @property
    def running(self) -> Running: ...
    @property
    def history(self) -> RunHistory: ...
    @property
    def switch(self) -> ProjectSwitch: ...
    @property
    def explorer(self) -> ExplorerViewModel: ...
    @property
    def approvals(self) -> ApprovalsViewModel: ...
    @property
    def toasts(self) -> Toasts: ...
    @property
    def copying(self) -> Copying: ...
    @property
    def line(self) -> StatusLine: ...
    @property
    def work(self) -> WorkInProgress: ...
    @property
    def notices(self) -> DesktopNotices: ...
    def run(self) -> None: ...
    def open_run(self, run_id: RunId) -> None: ...
    def open_item(self, item: ExplorerItem) -> None: ...
    def read_again(self) -> Coroutine[Any, Any, None]: ...


@dataclass(frozen=True)
class PlaceAction:
    """An action on a place of a run. `fits` says whether it makes sense there."""

    name: str
    text: str
    kinds: frozenset[RunPlaceKind]
    act: Callable[[RunPlace], object]
    fits: Callable[[RunPlace], bool] = lambda run_place: True

    def is_for(self, run_place: RunPlace) -> bool:
        """Whether it is offered there."""
        return run_place.kind in self.kinds and self.fits(run_place)


@dataclass(frozen=True)
class ItemAction:
    """An action on a row of the explorer."""

    name: str
    text: str
    act: Callable[[ExplorerItem], object]
    fits: Callable[[ExplorerItem], bool]


class Feature(Generic[P]):
    """One feature of the window; methods it does not need keep these defaults."""

    def __init__(self, context: WindowContext, parts: P) -> None:
        self.context = context
        self.parts = parts

    def commands(self) -> tuple[Command, ...]:
        """The commands for the palette and keys."""
        return ()

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """The actions in the menus of cards, messages, rounds, and rows of the trace."""
        return ()

    def item_actions(self) -> tuple[ItemAction, ...]:
        """The actions in the explorer's menu."""
        return ()

    def add_docks(self) -> None:
        """There is room for docks: the window has its look, commands, documents and panes."""

    def begin(self) -> None:
        """The window is complete: connect to its signals."""

    def open_item(self, item: ExplorerItem) -> bool:
        """Open the item of a row of the explorer, if it is this feature's; return whether it was."""
        return False

    def focus_call(self, call_id: CallId) -> bool:
        """Focus the card of a waiting call, if this feature's page shows it; return whether it did."""
        return False

    def remember(self, page: QWidget) -> TabMemory | None:
        """What to save of a tab to reopen it; None for another feature's tab."""
        return None

    def reopen(self, tab: TabMemory) -> QWidget | None:
        """Reopen a saved tab; None when it is not this feature's, or its content is gone."""
        return None

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation was opened in a tab."""

    def show_pane(self, pane: ChatPane) -> None:
        """A conversation is now shown, or something about it has changed."""

    def refresh(self) -> None:
        """The project's files were read again."""

    def take_back(self, undo: Callable[[], object], *, of_project: bool = True) -> None:
        """Undo a change of files, and read the project again if they belong to it; failures are shown."""
        try:
            undo()
        except WorkbenchError as error:
            self.context.toasts.tell(one_line(str(error), 200), tone="error")
        if of_project:
            self.context.tasks.start("read the project after undo", self.context.read_again())

    async def put_away(self) -> None:
        """The window closes: end what is under way. The session is still open."""
