"""One `Replays` that all features of the window share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workbench.app.parts import HasModels, HasPrices, HasRuns
from workbench.core.ids import RunId
from workbench.gui.frame.feature import Feature
from workbench.viewmodels.explorer.explorer_item import ExplorerItem

if TYPE_CHECKING:
    from workbench.app.replay.replays import Replays


def is_conversation(item: ExplorerItem) -> bool:
    """Whether a row of the explorer stands for a conversation."""
    return item.kind == "conversation"


class ReplayParts(HasRuns, HasModels, HasPrices, Protocol):
    """Playback, reruns, forks, and sampling of recorded runs."""


class ReplayFeature(Feature[ReplayParts]):
    """Other features reach it as `context.features.of(ReplayFeature).replays`."""

    _replays: Replays | None = None

    @property
    def replays(self) -> Replays:
        """Created on first use, closed with the window."""
        from workbench.app.replay.replays import Replays

        if self._replays is None:
            self._replays = Replays(self.parts.runs, self.parts.providers, self.parts.prices)
        return self._replays

    def newest_run(self, item: ExplorerItem) -> RunId:
        """The newest run of the conversation that a row of the explorer stands for."""
        return self.context.history.tree.newest_of(item.run_id)

    async def put_away(self) -> None:
        """End what was started for replays, while the session is still open."""
        replays, self._replays = self._replays, None
        if replays is not None:
            await replays.close()
