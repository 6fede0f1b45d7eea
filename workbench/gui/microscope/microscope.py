"""The microscope in the window: acts on calls and rounds that open its page."""

from workbench.core.errors import WorkbenchError
from workbench.gui.feature import Feature, SpotAct
from workbench.gui.microscope.microscope_page import MicroscopePage
from workbench.gui.replay.replay_desk import ReplayDesk
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.spot import Spot, SpotKind

_PLACES: frozenset[SpotKind] = frozenset({"call", "round"})


class Microscope(Feature):
    """One page for each decision."""

    def spot_acts(self) -> tuple[SpotAct, ...]:
        """Look at the decision that led to a call, or to what a round said."""
        return (SpotAct("microscope", "Why this tool? (microscope)", _PLACES, self.open),)

    def open(self, spot: Spot) -> MicroscopePage | None:
        """The page of the decision at a place of a run; None, and a word about it, where there is none."""
        place = self.place
        try:
            point = PointViewModel(place.session, place.features.of(ReplayDesk).replays, spot.run_id, spot.span)
        except WorkbenchError as error:
            place.toasts.tell(f"This decision cannot be looked at: {error.message}", tone="warn")
            return None
        page = place.documents.show_page(
            f"microscope:{spot.run_id}:{point.point}:{point.call}",
            f"Why {point.chosen_tool or 'no call'}?",
            lambda: MicroscopePage(point, place.look, place.tasks),
        )
        assert isinstance(page, MicroscopePage)
        return page
