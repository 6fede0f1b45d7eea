"""What the loop needs from the outside: protocols only, no implementation."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Literal, Protocol, runtime_checkable

import msgspec

from workbench.core.approval import Approval, Decision, Question
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.grant import CallIdentity, Grant, GrantRequest
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import Attachment
from workbench.core.problem import Problem
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.routing.situation import Situation
from workbench.core.server_question import NOBODY, Asked, Reply, ServerQuestion
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ChoiceSupport


class Provider(Protocol):
    """A vendor API as seen by the loop. Adapters translate; they never retry and never decide."""

    @property
    def name(self) -> str:
        """The provider's name in the log: the id of its wire, `local` or `scripted`."""
        ...

    def choice_support(self, model: str) -> ChoiceSupport:
        """Which tool choices this wire and this model accept."""
        ...

    def encode(self, request: ModelRequest) -> WireRequest:
        """The exact request that `stream` will send. Pure; raises `UsageError` for what cannot be expressed."""
        ...

    def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """Send `wire` and yield deltas, then exactly one `ModelResponse`.

        Raises `ProviderFailure` for every other ending, also when the stream stops without its format's
        own terminal event. Closing the iterator closes the connection.
        """
        ...

    async def close(self) -> None:
        """Release connections and child processes."""
        ...


@runtime_checkable
class Warmable(Protocol):
    """A provider that answers its first request sooner when it knows in advance what will be asked."""

    async def warm(self, tools: Toolset, instructions: str) -> None:
        """Get ready. Raises `ProviderFailure`, which may be ignored until a request is made."""
        ...


class Effort(msgspec.Struct, frozen=True):
    """What a request takes: `load_s` seconds once for all requests with the same `load`, `answer_s` for itself, and as
    many `at_once` as that."""

    load: str
    load_s: float
    answer_s: float
    at_once: int = 1


@runtime_checkable
class Exact(Protocol):
    """A provider that always gives the same answer to the same request, so one sample says all, and that knows from
    measuring how long it takes."""

    def effort(self, wire: WireRequest) -> Effort:
        """What answering `wire` would cost now."""
        ...


async def _nobody(_server: str, _asked: Asked) -> Reply:
    return NOBODY


class ExecutionOrder(msgspec.Struct, frozen=True):
    """One approved, validated call to be carried out. `report` may be called with its progress while it runs; not
    every report is kept. `ask` puts a question of its server, by the server's name; meanwhile no time limit runs."""

    run_id: RunId
    call_id: CallId
    tool: Tool
    arguments: JsonObject
    time_limit_s: float
    report: Callable[[str], None] = lambda text: None
    ask: Callable[[str, Asked], Awaitable[Reply]] = _nobody


class ExecutionResult(msgspec.Struct, frozen=True):
    """What a tool returned. Falsy values are results. `output` is what it printed on the side, `attachments` what it
    returned beside text.

    `is_mocked` says that nothing real ran.
    """

    value: JsonValue
    output: str = ""
    is_error: bool = False
    is_mocked: bool = False
    attachments: tuple[Attachment, ...] = ()


class Executor(Protocol):
    """A way to carry out calls."""

    @property
    def name(self) -> str:
        """How it appears in the log and in what a person approves, such as `python desk:get_weather`."""
        ...

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """Carry out the call.

        Raises `ToolError` for what goes back to the model and `ExecutorUnavailable` for what the person has to fix.
        Cancelling must end the work, or at least let go of it, within 250 ms.
        """
        ...


@runtime_checkable
class FromServer(Protocol):
    """An executor, or what wraps one, whose tool belongs to an MCP server; rules can name the server."""

    @property
    def server(self) -> str:
        """The name the person gave the server."""
        ...


@runtime_checkable
class Fingerprinted(Protocol):
    """An executor that knows more about what it would run than its row in the project file says."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever a call would do something else: another command, address, or tool on the server."""
        ...


class Executors(Protocol):
    """Which executor serves which tool."""

    def executor_for(self, tool: Tool) -> Executor | None:
        """The executor, or None when no executor runs this tool yet."""
        ...


class Approver(Protocol):
    """Gives decisions about calls that must be asked about: a person, a script, a policy for headless runs."""

    async def decide(self, question: Question) -> Decision:
        """Wait for the decision. Cancelling withdraws the question."""
        ...


@runtime_checkable
class Answerer(Protocol):
    """An approver that also answers what tools' servers ask in the middle of calls."""

    async def reply(self, question: ServerQuestion) -> Reply:
        """Wait for the reply. Cancelling withdraws the question."""
        ...


class Router(Protocol):
    """Chooses which tools a round offers."""

    async def route(self, plan: RoutingPlan, situation: Situation) -> Routed:
        """The outcome, always: what fails or takes too long leads to the plan's fallback, and the outcome says so."""
        ...


class Pauser(Protocol):
    """Pauses a run before each of its requests, for a person who wants to look first."""

    async def before_request(self, run_id: RunId, span: SpanPath, wire: WireRequest) -> None:
        """Return when `wire` may be sent. The time this takes does not count for the run. Cancelling withdraws the
        request.
        """
        ...


@runtime_checkable
class Extendable(Protocol):
    """An approver whose questions can be given more time while they wait."""

    def expires_at(self, call_id: CallId) -> float | None:
        """Until when the question about this call waits now, in seconds since the epoch; None: it does not wait, or has
        no time limit."""
        ...


Claim = Literal["claimed", "again", "expired", "refused"]


class Gate(Protocol):
    """The one place that lets a call start, at most once, no matter what else happens."""

    async def claim(self, run_id: RunId, approval: Approval) -> Claim:
        """Decide and mark the call as started in one step, durably and before anything runs.

        Nothing may run unless the answer is `claimed`. `again`: the call was started before. `expired`: the decision
        came too late. `refused`: it is not about the question that is open, or not the first about it.
        """
        ...


class Grants(Protocol):
    """A person's permissions that apply in this run's conversation."""

    def covering(self, call: CallIdentity) -> Grant | None:
        """The grant that covers this call at this moment."""
        ...

    async def add(self, request: GrantRequest, call: CallIdentity, *, call_id: CallId, by: str) -> Grant | None:
        """Keep the requested permission from now on. Raises `StoreError` when it cannot be kept."""
        ...


class Registry(Protocol):
    """What a tool is now, as opposed to when the run began."""

    async def fingerprint(self, tool: Tool) -> str:
        """A digest that differs as soon as the tool's document or anything that decides how it runs has changed."""
        ...


class Checker(Protocol):
    """Checks arguments against a schema that may be hostile."""

    async def check(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
        """Problems, within a time limit; a schema that cannot be judged in time is itself the problem."""
        ...


class Clock(Protocol):
    """Time, so that tests can control it."""

    def now(self) -> float:
        """Seconds since the epoch; never decreases."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class IdMaker(Protocol):
    """Makes the ids of runs; every other id is derived from them."""

    def new_run_id(self) -> RunId:
        """A run id nobody has used."""
        ...
