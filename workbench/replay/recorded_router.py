"""A router that answers from a recording."""

from workbench.core.routing.choosing import choose
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.routing.situation import Situation
from workbench.core.trace import Trace
from workbench.replay.recording import Recording


class RecordedRouter:
    """See `engine.ports.Router`. Nothing is ranked again: what was offered is a fact, whatever the project is now."""

    def __init__(self, recording: Recording, trace: Trace) -> None:
        """`trace` is that of the rerun, as far as it has come."""
        self._recording = recording
        self._trace = trace

    async def route(self, plan: RoutingPlan, situation: Situation) -> Routed:
        """What was recorded for the round of now; the fallback where the recording has none."""
        current = self._trace.turns[-1].rounds[-1]
        found = self._recording.routed.get((len(self._trace.turns), current.number))
        return (
            found.routed
            if found is not None
            else choose(plan, situation, (), note="The recording has no routing here.")
        )
