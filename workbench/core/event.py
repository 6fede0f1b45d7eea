"""The facts of a run: a closed union of frozen events, one class per kind.

Every event carries `run_id`, `seq` (from 1, without gaps), `at` (seconds since the epoch, UTC; never
decreasing within a run) and `span` (see `core.ids`). Durable events alone fold to the same trace as all
events; deltas are for the eye. Times in other fields are milliseconds (`_ms`) or seconds (`_s`).
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from workbench.core.approval import DecisionKind, ModelSees, Wanted
from workbench.core.delta_frame import Later, pieces_of
from workbench.core.errors import FailureKind
from workbench.core.exchange import DeltaType, ModelResponse, Usage
from workbench.core.ids import CallId, RunId, SpanPath, WireFormat
from workbench.core.json_text import JsonObject, without_surrogates
from workbench.core.limit import LimitName, RunLimits
from workbench.core.message import Attachment, Message, UserMessage
from workbench.core.model_parameters import ModelParameters
from workbench.core.problem import Problem
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.run_totals import RunTotals
from workbench.core.sanitizer import SanitizedValue
from workbench.core.server_question import Action, Asked
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan

FORMAT_VERSION = 1

CallOutcome = Literal["ok", "error", "invalid", "rejected", "expired", "cancelled", "mocked", "replayed", "unknown"]
"""How a call ended. `unknown`: it was interrupted after it started, so it may have happened."""

RunOutcome = Literal["answered", "limit", "cancelled", "failed"]
EndedBy = Literal["answer", "limit", "stop", "rejection", "interruption", "provider", "error"]


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all facts have in common."""

    run_id: RunId
    seq: int
    at: float
    span: SpanPath


class RunStarted(Event, frozen=True, kw_only=True, tag="run.started"):
    """The whole configuration, so that the log explains itself.

    `tools` are full tool documents; `spec` is how the person named the model. `by_hand`: a person made the only call.
    """

    provider: str
    model: str
    spec: str = ""
    instructions: str
    tools: list[JsonObject]
    tool_choice: ToolChoicePlan
    parallel_calls: bool
    limits: RunLimits
    approval: str
    project: str = ""
    conversation: str = ""
    settings: JsonObject = {}
    max_output_tokens: int | None = None
    parameters: ModelParameters = {}
    may_emulate: bool = True
    sends_pictures: bool = True
    by_hand: bool = False
    routing: RoutingPlan | None = None
    history: tuple[Message, ...] = ()
    variant: str | None = None
    parent_run: RunId | None = None
    fork_seq: int | None = None
    format_version: int = FORMAT_VERSION
    program_version: str = ""


class TurnStarted(Event, frozen=True, kw_only=True, tag="turn.started"):
    """A user message opens a turn; turns count from 1."""

    turn: int
    message: UserMessage


class RoundStarted(Event, frozen=True, kw_only=True, tag="round.started"):
    """Rounds count from 1 within their turn."""

    turn: int
    round: int


class ToolsRouted(Event, frozen=True, kw_only=True, tag="tools.routed"):
    """The tools of a round, and of those after it in its turn until the next such event, were chosen by a router."""

    turn: int
    round: int
    routed: Routed


class RequestSent(Event, frozen=True, kw_only=True, tag="request.sent"):
    """One attempt left for the provider. `body` is the exact body; keys travel in headers, never here.

    The neutral request follows from the log: the conversation up to here plus the fields below.
    """

    attempt: int
    wire_format: WireFormat
    path: str
    tool_choice: ToolChoice
    offered: tuple[str, ...]
    parallel_calls: bool
    body: SharedText = msgspec.field(name="body_json")
    emulation: str = ""
    instruction: str = ""
    deferred: tuple[str, ...] = ()
    """Tools among the offered ones that the model sees only when the vendor's tool search has found them."""
    narrowing: str = ""
    """What was sent where the wire cannot narrow tools in the way that routing asks for."""

    @property
    def body_json(self) -> str:
        """The exact body as one text, put together each time."""
        return self.body.text


class ResponseDelta(Event, frozen=True, kw_only=True, tag="response.delta"):
    """Streamed pieces of part number `index` that came within one frame. Not durable.

    `at` is the time of the first one, and `later` says of each further one how many milliseconds after it it came, and
    where in `text` it begins.
    """

    type: DeltaType
    index: int
    text: str
    tool: str = ""
    later: Later = ()

    def pieces(self) -> "list[ResponseDelta]":
        """One for each piece, as it came."""
        return [
            msgspec.structs.replace(self, at=at, text=text, later=())
            for at, text in pieces_of(self.text, self.at, self.later)
        ]


class ResponseReceived(Event, frozen=True, kw_only=True, tag="response.received"):
    """The complete response of one attempt."""

    attempt: int
    response: ModelResponse
    latency_ms: float
    first_delta_ms: float | None = None


class RequestFailed(Event, frozen=True, kw_only=True, tag="request.failed"):
    """An attempt failed. `retry_in_s` is set when another attempt follows after that many seconds; `retry_after_s` is
    the wait that the server asked for."""

    attempt: int
    failure: FailureKind
    message: str
    status: int | None = None
    code: str = ""
    hint: str = msgspec.field(default="", name="mend")  # as stored files spell it
    partial_text: str = ""
    retry_in_s: float | None = None
    latency_ms: float = 0.0
    retry_after_s: float | None = None


class ToolCallProposed(Event, frozen=True, kw_only=True, tag="tool_call.proposed"):
    """The model proposed a call. `arguments_json` is its text exactly as received."""

    call_id: CallId
    wire_call_id: str
    index: int
    tool: str
    arguments_json: str


class ToolCallChecked(Event, frozen=True, kw_only=True, tag="tool_call.checked"):
    """What the check found. No problems: the call fits its schema and may be decided upon.

    `changes` is what the project's sanitizers did to the arguments, and `arguments_json` the outcome.
    """

    call_id: CallId
    is_known: bool
    problems: tuple[Problem, ...] = ()
    changes: tuple[SanitizedValue, ...] = ()
    arguments_json: str | None = None


class ApprovalAsked(Event, frozen=True, kw_only=True, tag="approval.asked"):
    """A person is asked. Only a decision about exactly `shown_hash` counts, and only until `expires_at`.

    The same question recorded again has been given more time.
    """

    call_id: CallId
    rule: str
    wants: Wanted
    shown_hash: str
    expires_at: float | None = None
    remarks: tuple[str, ...] = ()


class ApprovalGiven(Event, frozen=True, kw_only=True, tag="approval.given"):
    """A decision about one call: by a person, the policy, a grant, a script or the clock.

    `grant` says what the person allowed from now on; `model_sees` is set when the model is shown an edited call as
    its own.
    """

    call_id: CallId
    decision: DecisionKind
    by: str
    rule: str = ""
    note: str = ""
    arguments_json: str | None = None
    shown_hash: str = ""
    grant: str = ""
    model_sees: ModelSees = "note"


class ToolStarted(Event, frozen=True, kw_only=True, tag="tool.started"):
    """An executor took the call. From here on it may have had effects."""

    call_id: CallId
    executor: str
    arguments_json: str


class ServerAsked(Event, frozen=True, kw_only=True, tag="server.asked"):
    """In the middle of a call its server asks something. Only a reply to exactly `shown_hash` counts."""

    call_id: CallId
    question_id: str
    server: str
    asked: Asked
    shown_hash: str


class ServerAnswered(Event, frozen=True, kw_only=True, tag="server.answered"):
    """What the server was told, and by whom. `content` is what the person entered, or the model's answer as MCP has it;
    `usage` is what that answer took, which was allowed at `replied_at`."""

    call_id: CallId
    question_id: str
    action: Action
    by: str
    content: JsonObject | None = None
    note: str = ""
    usage: Usage | None = None
    replied_at: float | None = None

    @property
    def waited_until(self) -> float:
        """When the person had replied; a model may have answered after that."""
        return self.at if self.replied_at is None else self.replied_at


class ToolCallSettled(Event, frozen=True, kw_only=True, tag="tool_call.settled"):
    """How the call ended and what goes back to the model.

    `result_text` is what the model sees; `full_text` is the whole result, when that is not the same because it was
    clipped, replaced or given a remark. `error_kind` is a short word for errors; `output` is what the tool printed
    while it ran. `result_problems` is where the result does not fit the tool's output schema, `attempts` how often
    the call was carried out. `attachments` are what it returned beside text.
    """

    call_id: CallId
    outcome: CallOutcome
    result_text: str
    is_error: bool
    duration_ms: float = 0.0
    error_kind: str = ""
    clipped_chars: int = 0
    full_text: str | None = None
    output: str = ""
    result_problems: tuple[Problem, ...] = ()
    attempts: int = 1
    attachments: tuple[Attachment, ...] = ()


class LimitReached(Event, frozen=True, kw_only=True, tag="limit.reached"):
    """The run reached one of its limits."""

    limit: LimitName
    value: float


BY_TOOL = "tool"
"""The author of a note that holds what a running call has reported."""
BY_RESUME = "resume"
"""The author of the note that an interrupted run goes on: the time between this note and the event before it was not
spent working.
"""


class NoteAdded(Event, frozen=True, kw_only=True, tag="note.added"):
    """A remark: by a person, by the program about something it did, `BY_TOOL` or `BY_RESUME`."""

    text: str
    by: str
    call_id: CallId | None = None
    expected_tool: str | None = None


class RunFinished(Event, frozen=True, kw_only=True, tag="run.finished"):
    """The end. `text` is the final answer; `message` explains any other ending."""

    outcome: RunOutcome
    ended_by: EndedBy
    text: str
    message: str = ""
    hint: str = msgspec.field(default="", name="mend")  # as stored files spell it
    totals: RunTotals = RunTotals()


RunEvent = (
    RunStarted
    | TurnStarted
    | RoundStarted
    | ToolsRouted
    | RequestSent
    | ResponseDelta
    | ResponseReceived
    | RequestFailed
    | ToolCallProposed
    | ToolCallChecked
    | ApprovalAsked
    | ApprovalGiven
    | ToolStarted
    | ServerAsked
    | ServerAnswered
    | ToolCallSettled
    | LimitReached
    | NoteAdded
    | RunFinished
)

CRITICAL = (ApprovalAsked, ApprovalGiven, ToolStarted, ServerAnswered, ToolCallSettled, RunFinished)
"""What must survive a power cut, because it records effects in the world."""


def _as_text(value: object) -> str:
    if isinstance(value, SharedText):
        return value.text
    raise NotImplementedError(type(value))


def _as_shared_text(wanted: type, value: object) -> SharedText:
    if wanted is SharedText and isinstance(value, str):
        return SharedText(value)
    raise ValueError(f"expected a string, got {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_as_text)
_decoder: Callable[[bytes | str], RunEvent] = msgspec.json.Decoder(RunEvent, dec_hook=_as_shared_text).decode


def tag_of(kind: type[Event]) -> str:
    """The tag of a kind of event, such as `tool_call.settled`."""
    return str(kind.__struct_config__.tag)


def kind_of(event: RunEvent) -> str:
    """The tag of an event's kind."""
    return tag_of(type(event))


def is_durable(event: RunEvent) -> bool:
    """Deltas are the one kind that is not kept forever."""
    return not isinstance(event, ResponseDelta)


def encode_event(event: RunEvent) -> bytes:
    """One line of JSON, without the line end. What no file can carry, half of a surrogate pair, becomes U+FFFD: a fact
    must not be lost because of one character."""
    try:
        return _encoder.encode(event)
    except UnicodeEncodeError:
        return _encoder.encode(without_surrogates(msgspec.to_builtins(event, enc_hook=_as_text)))


def decode_event(line: bytes | str) -> RunEvent:
    """The event a line stands for; raises `msgspec.ValidationError` or `msgspec.DecodeError`."""
    return _decoder(line)
