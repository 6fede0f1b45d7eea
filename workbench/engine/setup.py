"""What one run is made with."""

from itertools import chain

import msgspec

from workbench.core.approval import Policy
from workbench.core.event import RequestSent, RunStarted
from workbench.core.exchange import ModelRequest, WireRequest
from workbench.core.handling import Handling
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.limit import RunLimits
from workbench.core.message import Message, ToolResultsMessage
from workbench.core.model_parameters import ModelParameters
from workbench.core.routing.applied import with_loaded
from workbench.core.routing.plan import RoutingPlan
from workbench.core.routing.routed import Routed
from workbench.core.shared_bodies import SharedBodies
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ResolvedChoice, ToolChoicePlan
from workbench.engine.recorder import Stamp


class RunSetup(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration of a run. Everything here is written into `run.started`, except the policy's rules, which are
    there as text and show in each `approval` event, and `handling`, which shows in what it does to each call."""

    model: str
    spec: str = ""
    toolset: Toolset = Toolset()
    instructions: str = ""
    tool_choice: ToolChoicePlan = ToolChoicePlan()
    parallel_calls: bool = True
    limits: RunLimits = RunLimits()
    policy: Policy = Policy()
    handling: Handling = Handling()
    settings: JsonObject = {}
    max_output_tokens: int | None = None
    parameters: ModelParameters = {}
    sends_pictures: bool = True
    """Whether the model is sent pictures that tools returned, where its wire can carry them."""
    by_hand: bool = False
    """A person makes the one call of the run, and nobody is asked about its result."""
    routing: RoutingPlan | None = None
    """How the tools of each round are chosen; None: all of them are offered."""
    may_emulate: bool = True
    """Whether a tool choice the wire refuses may be emulated; otherwise the run ends before it sends anything."""
    history: tuple[Message, ...] = ()
    project: str = ""
    conversation: str = ""
    parent_run: RunId | None = None
    fork_seq: int | None = None
    variant: str | None = None
    program_version: str = ""

    @classmethod
    def from_started(cls, started: RunStarted, policy: Policy, handling: Handling | None = None) -> "RunSetup":
        """The setup a stored run was made with, to resume it. How calls are approved and handled follows today's
        project.
        """
        toolset = Toolset([Tool(document) for document in started.tools])
        kept = {name: getattr(started, name) for name in KEPT}
        return cls(**kept, toolset=toolset, policy=policy, handling=handling or Handling())

    def request(
        self, messages: tuple[Message, ...], resolved: ResolvedChoice, routed: Routed | None, settings: JsonObject
    ) -> ModelRequest:
        """What a round asks, with these of the vendor's settings."""
        return ModelRequest(
            model=self.model,
            messages=messages,
            instructions="\n\n".join(text for text in (self.instructions, resolved.instruction) if text),
            tools=Toolset([tool for tool in with_loaded(self.toolset, routed) if tool.name in resolved.offered]),
            deferred=resolved.deferred,
            tool_choice=resolved.choice,
            parallel_calls=self.parallel_calls,
            sends_pictures=self.sends_pictures,
            max_output_tokens=self.max_output_tokens,
            parameters=self.parameters,
            settings=settings,
        )

    def start_event(self, stamp: Stamp, provider: str) -> RunStarted:
        """The event that records this setup. `provider` is the one that is asked."""
        tools = [tool.document for tool in self.toolset]
        kept = {name: getattr(self, name) for name in KEPT}
        return RunStarted(**stamp, **kept, provider=provider, tools=tools, approval=str(self.policy))


def sent_event(
    stamp: Stamp,
    attempt: int,
    request: ModelRequest,
    wire: WireRequest,
    resolved: ResolvedChoice,
    bodies: SharedBodies | None = None,
) -> RequestSent:
    """The event that records a request. Each one repeats all earlier messages and pictures, which are kept once."""
    results = (message.results for message in request.messages if isinstance(message, ToolResultsMessage))
    attachments = (each for result in chain.from_iterable(results) for each in result.attachments)
    return RequestSent(
        **stamp,
        attempt=attempt,
        wire_format=wire.wire_format,
        path=wire.path,
        tool_choice=resolved.choice,
        offered=resolved.offered,
        deferred=resolved.deferred,
        parallel_calls=request.parallel_calls,
        body=(bodies or SharedBodies()).share(wire.body_json, (each.data for each in attachments if each.is_picture)),
        emulation=resolved.emulation,
        narrowing=resolved.narrowing,
        instruction=resolved.instruction,
    )


KEPT = tuple(name for name in RunSetup.__struct_fields__ if name not in ("toolset", "policy", "handling"))
"""The settings that `run.started` has under the same name and as they are. Both classes declare them, because a struct
has only one base; a test compares the two."""
