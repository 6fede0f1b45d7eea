"""One decision of a recorded run, as it is looked at: what the model had before it, and what it chose."""

import re
from dataclasses import dataclass

from workbench.app.replay.replays import Replays
from workbench.core.approval import Policy
from workbench.core.choice import Choice
from workbench.core.ids import RunId
from workbench.core.message import Message, UserMessage
from workbench.core.routing.routed import Routed
from workbench.core.tool import Toolset
from workbench.core.variant import Offer
from workbench.engine.setup import RunSetup
from workbench.replay.decision_point import decision_point, routed_there
from workbench.replay.fork_point import ForkPoint, parse_point
from workbench.replay.recording import Recording
from workbench.replay.setup_offer import offer_of

_SPAN = re.compile(r"(turn-\d+)(?:/(round-\d+))?(?:/call-(\d+))?")


@dataclass(frozen=True)
class RecordedDecision:
    """`point` is in front of the round in which it was decided; `offer` is what the run offered, as it was, and
    `routed` what a router left of it there."""

    recording: Recording
    point: ForkPoint
    messages: tuple[Message, ...]
    chosen: Choice | None
    offer: Offer
    routed: Routed | None = None

    @property
    def run_id(self) -> RunId:
        """The run it belongs to."""
        return self.recording.started.run_id

    @property
    def toolset(self) -> Toolset:
        """The tools of the run."""
        return self.offer.toolset

    @property
    def offered(self) -> tuple[str, ...]:
        """The tools that could be chosen; those that a vendor's search could find among them."""
        plan = self.recording.started.routing
        if self.routed is None or (plan is not None and plan.narrow == "tool-search"):
            return self.toolset.names
        return tuple(name for name in self.toolset.names if name in self.routed.offered)

    @property
    def request_text(self) -> str:
        """What the person had asked last."""
        asked = (message.text for message in reversed(self.messages) if isinstance(message, UserMessage))
        return next(asked, "")


def decision_at(replays: Replays, run: str, place: str) -> RecordedDecision:
    """The decision at a place of a run: a point, or the path of a call or a round. Raises `UsageError` where there is
    none, and whatever reading the run raises."""
    recording = replays.recording(run)
    point = parse_point(decision_span(place) or place, recording)
    found = decision_point(recording, ForkPoint(point.turn, max(1, point.round)))
    offer = offer_of(RunSetup.from_started(recording.started, Policy()))
    routed = routed_there(recording, found.point.turn, found.point.round)
    return RecordedDecision(recording, found.point, found.messages, found.chosen, offer, routed)


def decision_span(span: str) -> str:
    """The round a path is in, which is where it was decided; of a message, its first round. Empty for others."""
    found = _SPAN.match(span)
    return f"{found[1]}/{found[2] or 'round-1'}" if found else ""


def call_number(span: str) -> int:
    """The number of the call a path names, 0 when it names none."""
    found = _SPAN.match(span)
    return int(found[3]) if found and found[3] else 0
