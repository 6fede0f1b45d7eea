"""The features of the window, one line each."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.ids import RunId
from workbench.gui.rules.rules_feature import SafetyPages
from workbench.gui.compare.compare_feature import Comparing
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.costs.costs_feature import Spending
from workbench.gui.explorer.explorer_feature import ExplorerActs
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import F, Feature, SpotAct, Workplace
from workbench.gui.imports.imports_feature import Dropping
from workbench.gui.microscope.microscope_feature import Microscope
from workbench.gui.project.project_feature import Projects
from workbench.gui.replay.fork_feature import Forking
from workbench.gui.replay.playback_feature import Playing
from workbench.gui.replay.replay_service import ReplayDesk
from workbench.gui.replay.rerun_feature import Rerunning
from workbench.gui.restore.restore_feature import Restoring
from workbench.gui.schema_editor.exact_counts_feature import ExactCounts
from workbench.gui.search.search_feature import Finding
from workbench.gui.shortcuts.shortcuts_feature import Keys
from workbench.gui.tools.tools_feature import ToolCommands
from workbench.gui.tour.tour_feature import Tour
from workbench.gui.trace.trace_feature import Tracing
from workbench.gui.variants.variants_feature import Variants
from workbench.viewmodels.explorer.explorer import ExplorerItem
from workbench.viewmodels.runs.run_place import Spot

FEATURES: tuple[type[Feature], ...] = (
    ToolCommands,
    ExactCounts,
    SafetyPages,
    Tour,
    Finding,
    Keys,
    Projects,
    Restoring,
    ExplorerActs,
    Dropping,
    ReplayDesk,
    Comparing,
    Forking,
    Playing,
    Rerunning,
    Microscope,
    Variants,
    Tracing,
    Spending,
)


class Features:
    """All features of one window."""

    def __init__(self, place: Workplace, kinds: Sequence[type[Feature]] = FEATURES) -> None:
        self._features = tuple(kind(place) for kind in kinds)

    def of(self, kind: type[F]) -> F:
        """The feature of that class; raises `LookupError` when this window has none."""
        for feature in self._features:
            if isinstance(feature, kind):
                return feature
        raise LookupError(kind.__name__)

    def commands(self) -> tuple[Command, ...]:
        """The commands of all of them."""
        return tuple(command for feature in self._features for command in feature.commands())

    def begin(self) -> None:
        """The window is whole."""
        for feature in self._features:
            feature.begin()

    def take_pane(self, pane: ChatPane) -> None:
        """A conversation was opened in a tab."""
        pane.spot_asked.connect(lambda spot, point: self.open_menu(spot, point, pane))
        for feature in self._features:
            feature.take_pane(pane)

    def show_pane(self, pane: ChatPane) -> None:
        """A conversation is what the window shows now."""
        for feature in self._features:
            feature.show_pane(pane)

    def refresh(self) -> None:
        """The project was read anew."""
        for feature in self._features:
            feature.refresh()

    async def put_away(self) -> None:
        """The window closes: those that came last, and may use the others, go first."""
        for feature in reversed(self._features):
            await feature.put_away()

    def acts_at(self, spot: Spot) -> tuple[SpotAct, ...]:
        """What can be done there."""
        return tuple(act for feature in self._features for act in feature.spot_acts() if act.is_for(spot))

    def open_menu(self, spot: Spot, point: QPoint, parent: QWidget) -> QMenu:
        """Offer it in a menu at `point` of the screen. The menu goes by itself."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("What can be done here")
        for act in self.acts_at(spot):
            menu.addAction(act.text).triggered.connect(lambda _=False, act=act: act.act(spot))
        menu.popup(point)
        return menu

    def fill_item_menu(self, menu: QMenu, item: ExplorerItem) -> None:
        """Add what can be done with a row of the explorer."""
        for act in (act for feature in self._features for act in feature.item_acts() if act.fits(item)):
            menu.addAction(act.text).triggered.connect(lambda _=False, act=act: act.act(item))
        if item.kind == "run":
            for spot_act in self.acts_at(spot_of_item(item)):
                menu.addAction(spot_act.text).triggered.connect(
                    lambda _=False, act=spot_act: act.act(spot_of_item(item))
                )


def spot_of_item(item: ExplorerItem) -> Spot:
    """The run a row of the explorer stands for."""
    return Spot("run", RunId(item.target))
