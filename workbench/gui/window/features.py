"""The features of the window, one line each, and what keeps a failing one from breaking the window."""

import logging
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from workbench.app.session import Session
from workbench.core.ids import CallId
from workbench.gui.code.code_feature import CodeFeature
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.costs.costs_feature import CostsFeature
from workbench.gui.explorer.explorer_feature import ExplorerFeature
from workbench.gui.exports.exports_feature import ExportsFeature
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import F, Feature, ItemAction, PlaceAction, WindowContext
from workbench.gui.help.help_feature import HelpFeature
from workbench.gui.imports.imports_feature import ImportsFeature
from workbench.gui.imports.paste_feature import PasteFeature
from workbench.gui.inspector.inspector_feature import InspectorFeature
from workbench.gui.lint.lint_feature import LintFeature
from workbench.gui.mcp.mcp_feature import McpFeature
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.mocks.mocks_feature import MocksFeature
from workbench.gui.models.models_feature import ModelsFeature
from workbench.gui.project.project_feature import ProjectFeature
from workbench.gui.project.project_page_feature import ProjectPageFeature
from workbench.gui.recorded_calls.recorded_calls_feature import RecordedCallsFeature
from workbench.gui.replay.fork_feature import ForkFeature
from workbench.gui.replay.playback_feature import PlaybackFeature
from workbench.gui.replay.replay_feature import ReplayFeature
from workbench.gui.replay.rerun_feature import RerunFeature
from workbench.gui.restore.restore_feature import RestoreFeature
from workbench.gui.routing.routing_feature import RoutingFeature
from workbench.gui.rules.rules_feature import RulesFeature
from workbench.gui.schema_editor.exact_counts_feature import ExactCountsFeature
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.search.search_feature import SearchFeature
from workbench.gui.service.service_feature import ServiceFeature
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.gui.shortcuts.shortcuts_feature import ShortcutsFeature
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.tool_runs.tool_runs_feature import ToolRunsFeature
from workbench.gui.tools.executor_feature import ExecutorFeature
from workbench.gui.tools.tools_feature import ToolsFeature
from workbench.gui.tour.tour_feature import TourFeature
from workbench.gui.trace.trace_feature import TraceFeature
from workbench.gui.variants.variants_feature import VariantsFeature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.restore.window_memory import TabMemory
from workbench.viewmodels.runs.run_place import RunPlace

R = TypeVar("R")

_log = logging.getLogger(__name__)

FeatureKind = Callable[[WindowContext, Session], Feature[Any]]
"""A class of features: its type says which parts of the session it needs."""

FEATURES: tuple[FeatureKind, ...] = (
    ExplorerFeature,
    TraceFeature,
    InspectorFeature,
    SchemaEditorFeature,
    SettingsFeature,
    ModelsFeature,
    HelpFeature,
    ToolsFeature,
    CodeFeature,
    ExecutorFeature,
    ExactCountsFeature,
    RulesFeature,
    RoutingFeature,
    McpFeature,
    ServiceFeature,
    MocksFeature,
    TourFeature,
    SearchFeature,
    ShortcutsFeature,
    ProjectFeature,
    ProjectPageFeature,
    RestoreFeature,
    ImportsFeature,
    PasteFeature,
    ToolRunsFeature,
    SuitesFeature,
    ExportsFeature,
    LintFeature,
    ReplayFeature,
    CompareFeature,
    ForkFeature,
    PlaybackFeature,
    RerunFeature,
    MicroscopeFeature,
    VariantsFeature,
    RecordedCallsFeature,
    CostsFeature,
)
"""A feature that uses another during `begin` comes after it."""


class Features:
    """All features of one window. One that fails is reported and skipped; the others and the window go on."""

    def __init__(
        self,
        context: WindowContext,
        session: Session,
        report: Callable[[str, BaseException], object],
        kinds: Sequence[FeatureKind] = FEATURES,
    ) -> None:
        """`report` gets failures: from `add_docks` on, since before that there is no place to show them."""
        self._report = report
        self._unreported: list[tuple[str, Exception]] | None = []
        self._features: list[Feature[Any]] = []
        for kind in kinds:
            try:
                self._features.append(kind(context, session))
            except Exception as error:  # noqa: BLE001 — a failing feature must not take the window with it
                self._fail(getattr(kind, "__name__", str(kind)), "__init__", error)

    @property
    def has_failed(self) -> bool:
        """Whether one failed before the window had a place to show it."""
        return bool(self._unreported)

    def of(self, kind: type[F]) -> F:
        """The feature of that class; raises `LookupError` when this window has none."""
        for feature in self._features:
            if isinstance(feature, kind):
                return feature
        raise LookupError(kind.__name__)

    def commands(self) -> tuple[Command, ...]:
        """The commands of all of them."""
        return tuple(chain(*self._ask("commands", lambda feature: feature.commands())))

    def add_docks(self) -> None:
        """There is room for docks, and for the failures so far."""
        unreported, self._unreported = self._unreported or [], None
        for words, error in unreported:
            self._report(words, error)
        self._each("add_docks", lambda feature: feature.add_docks())

    def begin(self) -> None:
        """The window is complete."""
        self._each("begin", lambda feature: feature.begin())

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation was opened in a tab."""
        pane.place_menu_asked.connect(lambda run_place, point: self.open_menu(run_place, point, pane))
        self._each("take_pane", lambda feature: feature.take_pane(pane))

    def show_pane(self, pane: ChatPane) -> None:
        """A conversation is what the window shows now."""
        self._each("show_pane", lambda feature: feature.show_pane(pane))

    def refresh(self) -> None:
        """The project's files were read again."""
        self._each("refresh", lambda feature: feature.refresh())

    async def put_away(self) -> None:
        """The window closes: the last features, which may use the others, close first."""
        for feature in reversed(self._features):
            try:
                await feature.put_away()
            except Exception as error:  # noqa: BLE001 — a failing feature must not keep the window open
                self._fail(type(feature).__name__, "put_away", error)

    def open_item(self, item: ExplorerItem) -> bool:
        """Open the item of a row of the explorer; return whether a feature did."""
        return any(self._ask("open_item", lambda feature: feature.open_item(item)))

    def focus_call(self, call_id: CallId) -> bool:
        """Focus the card of a waiting call on a feature's page; return whether there is one."""
        return any(self._ask("focus_call", lambda feature: feature.focus_call(call_id)))

    def remember(self, page: QWidget) -> TabMemory | None:
        """The saved state of a feature's tab; None when no feature knows it."""
        return next(filter(None, self._ask("remember", lambda feature: feature.remember(page))), None)

    def reopen(self, tab: TabMemory) -> QWidget | None:
        """Reopen the tab with the feature that knows its kind; None when that is no longer possible."""
        opened = self._ask("reopen", lambda feature: feature.reopen(tab))
        return next((page for page in opened if page is not None), None)

    def actions_at(self, run_place: RunPlace) -> tuple[PlaceAction, ...]:
        """The actions on this place."""

        def offered(feature: Feature[Any]) -> list[PlaceAction]:
            return [act for act in feature.place_actions() if act.is_for(run_place)]

        return tuple(chain(*self._ask("place_actions", offered)))

    def open_menu(self, run_place: RunPlace, point: QPoint, parent: QWidget) -> QMenu:
        """Offer them in a menu at `point` of the screen. The menu deletes itself."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("Actions here")
        for act in self.actions_at(run_place):
            menu.addAction(act.text).triggered.connect(lambda _=False, act=act: act.act(run_place))
        menu.popup(point)
        return menu

    def fill_item_menu(self, menu: QMenu, item: ExplorerItem) -> None:
        """Add the actions of a row of the explorer."""

        def offered(feature: Feature[Any]) -> list[ItemAction]:
            return [act for act in feature.item_actions() if act.fits(item)]

        for act in chain(*self._ask("item_actions", offered)):
            menu.addAction(act.text).triggered.connect(lambda _=False, act=act: act.act(item))
        if item.kind == "run":
            place = RunPlace("run", item.run_id)
            for place_action in self.actions_at(place):
                menu.addAction(place_action.text).triggered.connect(lambda _=False, act=place_action: act.act(place))

    def _each(self, step: str, do: Callable[[Feature[Any]], object]) -> None:
        for _ in self._ask(step, do):
            pass

    def _ask(self, step: str, ask: Callable[[Feature[Any]], R]) -> Iterator[R]:
        """Each feature's result, except those that do not override this step, and those that fail."""
        for feature in self._features:
            if getattr(getattr(feature, step), "__func__", None) is getattr(Feature, step):
                continue
            try:
                answer = ask(feature)
            except Exception as error:  # noqa: BLE001 — a failing feature must not take the window with it
                self._fail(type(feature).__name__, step, error)
            else:
                yield answer

    def _fail(self, name: str, step: str, error: Exception) -> None:
        _log.error("%s failed in %s and was skipped", name, step, exc_info=error)
        words = f"{name} failed ({step})"
        if self._unreported is None:
            self._report(words, error)
        else:
            self._unreported.append((words, error))
