"""The features of the window, one line each."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.ids import RunId
from workbench.gui.actions import Command
from workbench.gui.chat.chat_pane import ChatPane
from workbench.gui.compare.comparing import Comparing
from workbench.gui.explorer.explorer_acts import ExplorerActs
from workbench.gui.feature import F, Feature, SpotAct, Workplace
from workbench.gui.finding.finding import Finding
from workbench.gui.keys.keys import Keys
from workbench.gui.microscope.microscope import Microscope
from workbench.gui.projects.dropping import Dropping
from workbench.gui.projects.projects import Projects
from workbench.gui.replay.forking import Forking
from workbench.gui.replay.playing import Playing
from workbench.gui.replay.replay_desk import ReplayDesk
from workbench.gui.replay.rerunning import Rerunning
from workbench.gui.restoring.restoring import Restoring
from workbench.gui.safety.safety_pages import SafetyPages
from workbench.gui.tooling.exact_counts import ExactCounts
from workbench.gui.tooling.tool_commands import ToolCommands
from workbench.gui.tour.tour import Tour
from workbench.gui.tracing.spending import Spending
from workbench.gui.tracing.tracing import Tracing
from workbench.gui.variants.variants_feature import Variants
from workbench.viewmodels.explorer import ExplorerItem
from workbench.viewmodels.spot import Spot

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
