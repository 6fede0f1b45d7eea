"""Rules, grants, decisions and claims as they are on record. A call that was shown differently is not approved."""

import msgspec

from workbench.core.approval import NO_RULE, Approval, Decision, Policy, Question, Rule, RuleAction
from workbench.core.choice import ChosenCall
from workbench.core.condition import NOTHING_FOUND, PatternMatches
from workbench.core.event import ApprovalGiven
from workbench.core.grant import CallIdentity, Grant, GrantRequest
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject
from workbench.core.server_question import Reply, ServerQuestion
from workbench.core.tool import Tool
from workbench.engine.ports import Claim
from workbench.replay.recording import RecordedCall, Recording, place_of
from workbench.replay.recording_end import RecordingEnd

BY_RECORDING = "recording"
_CLAIM_OF: dict[str, Claim] = {"already_started": "again", "expired": "expired", "not_approved": "refused"}
_GRANT = "grant "


class RecordedRule(Rule, frozen=True):
    """A rule known only by what it did: its text is the recorded one."""

    words: str = ""

    def __str__(self) -> str:
        return self.words


class RecordedPolicy(Policy, frozen=True):
    """Decides about one call as the rules decided then."""

    recorded: Rule = NO_RULE

    def rule_for(
        self, tool: Tool, arguments: JsonObject, server: str = "", found: PatternMatches = NOTHING_FOUND
    ) -> Rule:
        """See `Policy`."""
        return self.recorded


class RecordedGrant(Grant, frozen=True, kw_only=True):
    """A permission known only by what it did."""

    words: str = ""

    def __str__(self) -> str:
        return self.words


def policy_for(call: RecordedCall | None) -> Policy:
    """The rules as far as they decided about this call; where they did not, the person is asked."""
    if call is None or not (call.given or call.asked):
        return Policy()
    given = call.given[0] if call.given else None
    action: RuleAction = "ask"
    if given is not None and given.by == "policy":
        action = "allow" if given.decision == "approve" else "deny"
    words = given.rule if given is not None else call.asked[0].rule
    return RecordedPolicy(recorded=RecordedRule(tool=call.proposed.tool, action=action, words=words))


class RecordedApprover:
    """See `engine.ports.Approver`. Gives each question the decision it got, in the order they were given."""

    def __init__(self, recording: Recording, end: RecordingEnd) -> None:
        self._recording = recording
        self._end = end
        self._answered: dict[CallId, int] = {}

    async def decide(self, question: Question) -> Decision:
        """The decision on record. Where the recording ends with the question open, so does this."""
        place = place_of(question.call_id)
        call = self._recording.calls.get(place)
        number = self._answered.get(question.call_id, 0)
        if call is None or not self._is_as_shown(call, question, number):
            return Decision("reject", by=BY_RECORDING, note="the recording holds no decision about this call")
        if number >= len(call.given):
            if self._recording.is_open_end(call):
                await self._end.wait(place)
            return Decision("expire", by=BY_RECORDING, note="the recording holds no decision about this call")
        self._answered[question.call_id] = number + 1
        if call.given[number].decision == "stop":
            await self._end.others_done(place)
        return _decision(call.given[number], call)

    async def reply(self, question: ServerQuestion) -> Reply:
        """See `engine.ports.Answerer`. The reply on record."""
        call = self._recording.calls.get(place_of(question.call_id))
        given = call.reply_to(question.question_id) if call is not None else None
        if given is None:
            return Reply("decline", by=BY_RECORDING, note="the recording holds no reply to this question")
        return Reply(given.action, by=given.by, content=given.content, note=given.note, usage=given.usage)

    def _is_as_shown(self, call: RecordedCall, question: Question, number: int) -> bool:
        """Whether the first question shows what was shown then; later ones show what was decided since."""
        tool = call.proposed.tool
        shown, then = (ChosenCall(tool, text).meaning for text in (question.arguments_json, call.examined_json))
        return tool == question.tool.name and (number > 0 or shown == then)


class RecordedGrants:
    """See `engine.ports.Grants`. Knows the permission that one call relied on, and keeps none."""

    def __init__(self, call: RecordedCall | None) -> None:
        given = call.given[0] if call is not None and call.given else None
        self._grant: RecordedGrant | None = None
        if given is not None and given.by.startswith(_GRANT):
            self._grant = _grant(given.by.removeprefix(_GRANT), given.note)

    def covering(self, call: CallIdentity) -> Grant | None:
        """The permission this call relied on."""
        return self._grant

    async def add(self, request: GrantRequest, call: CallIdentity, *, call_id: CallId, by: str) -> Grant | None:
        """What was granted then is not granted again."""
        return _grant(call_id, "kept by nobody: this is a rerun")


class RecordedGate:
    """See `engine.ports.Gate`. Lets each call start once, if it started in the recording."""

    def __init__(self, recording: Recording, end: RecordingEnd) -> None:
        self._recording = recording
        self._end = end
        self._claimed: set[CallId] = set()

    async def claim(self, run_id: RunId, approval: Approval) -> Claim:
        """The claim as it ended then."""
        if approval.call_id in self._claimed:
            return "again"
        place = place_of(approval.call_id)
        call = self._recording.calls.get(place)
        if call is not None and call.started is None and call.given:
            if self._recording.is_open_end(call):
                await self._end.wait(place)
            if call.settled is not None and call.settled.error_kind in _CLAIM_OF:
                return _CLAIM_OF[call.settled.error_kind]
        self._claimed.add(approval.call_id)
        return "claimed"


def _decision(given: ApprovalGiven, call: RecordedCall) -> Decision:
    scope, colon, binds = given.grant.partition(": ")
    request = msgspec.convert({"scope": scope, "binds": binds}, GrantRequest) if colon else None
    return Decision(
        given.decision,
        by=given.by,
        note=given.note,
        arguments_json=given.arguments_json,
        result_text=call.result if given.decision == "mock" else None,
        grant=request,
        model_sees=given.model_sees,
    )


def _grant(grant_id: str, words: str) -> RecordedGrant:
    return RecordedGrant(
        grant_id=grant_id, scope="project", tool="", tool_digest="", executor="", fingerprint="", words=words
    )
