"""What one run is made with."""

import msgspec

from workbench.core.approval import Policy
from workbench.core.event import RunStarted
from workbench.core.handling import Handling
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.limit import RunLimits
from workbench.core.message import Message
from workbench.core.model_parameters import ModelParameters
from workbench.core.routing.plan import RoutingPlan
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoicePlan
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

    def start_event(self, stamp: Stamp, provider: str) -> RunStarted:
        """The event that records this setup. `provider` is the one that is asked."""
        tools = [tool.document for tool in self.toolset]
        kept = {name: getattr(self, name) for name in KEPT}
        return RunStarted(**stamp, **kept, provider=provider, tools=tools, approval=str(self.policy))


KEPT = tuple(name for name in RunSetup.__struct_fields__ if name not in ("toolset", "policy", "handling"))
"""The settings that `run.started` has under the same name and as they are. Both classes declare them, because a struct
has only one base; a test compares the two."""
