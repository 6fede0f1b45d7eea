"""What the window's features share when they use recorded runs again: one `Replays` for all of them."""

from workbench.app.replays import Replays
from workbench.gui.feature import Feature


class ReplayDesk(Feature):
    """Other features reach it as `place.features.of(ReplayDesk).replays`."""

    _replays: Replays | None = None

    @property
    def replays(self) -> Replays:
        """Made with the first use, closed with the window."""
        if self._replays is None:
            self._replays = Replays(self.place.session)
        return self._replays

    async def put_away(self) -> None:
        """End what was started for replays; the session is still open."""
        replays, self._replays = self._replays, None
        if replays is not None:
            await replays.close()
