"""One decision of a model, asked again: the request as it was, or with a variant, an offer, or a shorter history."""

import msgspec

from workbench.core.choice import Choice, choice_of
from workbench.core.conversation import conversation
from workbench.core.event import RequestSent
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.ids import RunId, request_span
from workbench.core.message import Message, UserMessage
from workbench.core.routing.applied import resolve_routed
from workbench.core.routing.routed import Routed
from workbench.core.sealed_thinking import SealedThinking
from workbench.core.tool_choice import ResolvedChoice, check_choice
from workbench.core.trace import fold
from workbench.engine.ports import Provider
from workbench.engine.recorder import Stamp
from workbench.engine.setup import RunSetup, sent_event
from workbench.replay.fork import kept_messages, prefix_changes
from workbench.replay.fork_point import ForkPoint, before_point
from workbench.replay.recording import Recording
from workbench.replay.thinking import Keeping, KeepThinking, plan_keeping


class DecisionPoint(msgspec.Struct, frozen=True):
    """What the model had seen when it decided, and what it chose. `round` is the number of its round."""

    run_id: str
    point: ForkPoint
    round: int
    messages: tuple[Message, ...]
    chosen: Choice | None = None
    is_cut: bool = False

    def cut(self, keep: int) -> "DecisionPoint":
        """The same point with only the last `keep` user messages and what followed them."""
        starts = [place for place, message in enumerate(self.messages) if isinstance(message, UserMessage)]
        if keep < 1 or keep >= len(starts):
            return self
        return msgspec.structs.replace(self, messages=self.messages[starts[-keep] :], is_cut=True)


class PutQuestion(msgspec.Struct, frozen=True):
    """A decision point on its way to a provider: the exact request, how its tool choice was resolved, and what
    became of sealed thinking."""

    request: ModelRequest
    wire: WireRequest
    resolved: ResolvedChoice
    keeping: Keeping

    def sent(self, point: DecisionPoint) -> RequestSent:
        """The event this request would be in a run; number, time and run are filled in by a recorder."""
        span = request_span(point.point.turn, point.round, 1)
        stamp = Stamp(run_id=RunId(point.run_id), seq=0, at=0.0, span=span)
        return sent_event(stamp, 1, self.request, self.wire, self.resolved)


def decision_point(recording: Recording, point: ForkPoint) -> DecisionPoint:
    """The decision at a point: of a call, the one that led to it; of a message, the first answer to it."""
    at = ForkPoint(point.turn, point.round)
    messages = conversation(before_point(recording, at))
    if not point.round:
        messages = (*messages, recording.prompts[point.turn - 1])
    number = max(1, point.round)
    received = (
        attempt.received
        for span, attempt in recording.attempts.items()
        if span.startswith(f"turn-{point.turn}/round-{number}/") and attempt.received is not None
    )
    answer = next(received, None)
    return DecisionPoint(
        recording.started.run_id, at, number, messages, choice_of(answer.response) if answer is not None else None
    )


def routed_there(recording: Recording, turn: int, round_number: int) -> Routed | None:
    """What chose the tools of that round of a recorded run."""
    found = next((each for each in fold(recording.events).turns if each.number == turn), None)
    return found.routed_at(max(1, round_number)) if found is not None else None


def put(
    point: DecisionPoint,
    recording: Recording,
    setup: RunSetup,
    provider: Provider,
    *,
    to: SealedThinking,
    keep: KeepThinking | None = None,
) -> PutQuestion:
    """The request that asks `provider` for this decision again with `setup`; nothing is sent. `to` says what the
    provider's wire allows for thinking.

    Raises `UsageError` for what cannot be asked that way.
    """
    requested = setup.tool_choice.for_round(point.round)
    check_choice(requested, setup.toolset)
    support = provider.choice_support(setup.model)
    routed = routed_there(recording, point.point.turn, point.round)
    known = {str(tool["name"]) for tool in recording.started.tools}
    resolved = resolve_routed(requested, setup.toolset, routed, support, setup.routing, known)
    changes = (*prefix_changes(recording.started, setup), *(["earlier messages"] if point.is_cut else []))
    keeping = plan_keeping(
        point.messages,
        from_model=recording.started.model,
        to_model=setup.model,
        to=to,
        prefix_changes=changes,
        keep=keep,
    )
    messages, settings = kept_messages(point.messages, keeping), keeping.merged(setup.settings)
    request = setup.request(messages, resolved, routed, settings)
    return PutQuestion(request, provider.encode(request), resolved, keeping)
