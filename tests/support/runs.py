"""Whole runs in memory: a script goes in, a log of events comes out."""

import asyncio
from collections.abc import Awaitable, Callable

from workbench.app.routing.project_router import ProjectRouter
from workbench.core.approval import ALLOW_ALL, Approval, Decision, Policy, Question
from workbench.core.event import RunEvent, RunFinished, ToolCallSettled, kind_of
from workbench.core.handling import Handling
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.message import Message, UserMessage
from workbench.core.problem import Problem
from workbench.core.routing.plan import RoutingPlan
from workbench.core.schema import check_arguments
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoicePlan
from workbench.core.trace import Trace, fold
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.pacer import Pacer
from workbench.engine.ports import (
    Approver,
    Claim,
    ExecutionOrder,
    ExecutionResult,
    Gate,
    Grants,
    Provider,
    Registry,
    Router,
)
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.providers.scripted import Script, ScriptedAdapter

RUN_ID = RunId("run-1")
Body = Callable[[JsonObject], Awaitable[JsonValue] | JsonValue]


class PushedClock:
    """A clock that moves only when somebody sleeps on it, and remembers for how long."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        self.time += 0.001
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


class HandClock:
    """A clock that moves only when the test pushes it; a sleeper wakes when its time has come."""

    def __init__(self) -> None:
        self.time = 1_000.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.time + seconds, woken))
        await woken.wait()

    async def push(self, seconds: float) -> None:
        """Let time pass, and those it wakes act."""
        self.time += seconds
        for due, woken in self._sleepers:
            if due <= self.time:
                woken.set()
        self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].is_set()]
        await settle_down()


async def settle_down() -> None:
    """Let every task that can go on go on."""
    for _ in range(30):
        await asyncio.sleep(0)


class MemoryGate:
    """Lets every call start once."""

    def __init__(self) -> None:
        self.claimed: set[CallId] = set()

    async def claim(self, run_id: RunId, approval: Approval) -> Claim:
        if approval.call_id in self.claimed:
            return "again"
        self.claimed.add(approval.call_id)
        return "claimed"


class DirectChecker:
    """Checks in this process."""

    async def check(self, schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
        return check_arguments(schema, arguments)


class BodyExecutor:
    """Runs a function of the test."""

    def __init__(self, body: Body, ran: list[JsonObject]) -> None:
        self._body = body
        self._ran = ran

    @property
    def name(self) -> str:
        return "test"

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        self._ran.append(order.arguments)
        value = self._body(order.arguments)
        if isinstance(value, Awaitable):
            value = await value
        return value if isinstance(value, ExecutionResult) else ExecutionResult(value)


class Bodies:
    """Executors by tool name; `ran` holds the arguments of every execution."""

    def __init__(self, bodies: dict[str, Body]) -> None:
        self.ran: list[JsonObject] = []
        self._executors = {name: BodyExecutor(body, self.ran) for name, body in bodies.items()}

    def executor_for(self, tool: Tool) -> BodyExecutor | None:
        return self._executors.get(tool.name)


class Answers:
    """An approver that gives prepared decisions in order and keeps the questions."""

    def __init__(self, *decisions: Decision) -> None:
        self._decisions = list(decisions)
        self.questions: list[Question] = []

    async def decide(self, question: Question) -> Decision:
        self.questions.append(question)
        assert self._decisions, f"nobody expected a question about {question.tool.name}"
        return self._decisions.pop(0)


class Patience:
    """An approver that never decides; `asked` is set when somebody waits."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.withdrawn = 0

    async def decide(self, question: Question) -> Decision:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.withdrawn += 1
        raise AssertionError("unreachable")


class ScriptedRun:
    """One run over a script, with everything a test may want to look at."""

    def __init__(
        self,
        script: Script,
        *,
        tools: tuple[Tool, ...] = (),
        bodies: dict[str, Body] | None = None,
        approver: Approver | None = None,
        policy: Policy = ALLOW_ALL,
        limits: RunLimits | None = None,
        tool_choice: ToolChoicePlan | None = None,
        parallel_calls: bool = True,
        provider: Provider | None = None,
        history: tuple[Message, ...] = (),
        log: EventLog | None = None,
        gate: Gate | None = None,
        clock: PushedClock | HandClock | None = None,
        grants: Grants | None = None,
        registry: Registry | None = None,
        handling: Handling | None = None,
        pacer: Pacer | None = None,
        routing: RoutingPlan | None = None,
        router: Router | None = None,
        may_emulate: bool = True,
    ) -> None:
        self.clock = clock or PushedClock()
        self.log = EventLog() if log is None else log
        self.bodies = Bodies(bodies or {})
        self.approver = approver or Answers()
        self.gate = gate or MemoryGate()
        setup = RunSetup(
            model="script",
            toolset=Toolset(list(tools)),
            policy=policy,
            handling=handling or Handling(),
            limits=limits or RunLimits(),
            tool_choice=tool_choice or ToolChoicePlan(),
            parallel_calls=parallel_calls,
            history=history,
            routing=routing,
            may_emulate=may_emulate,
        )
        recorder = Recorder(RUN_ID, self.log, self.clock)
        chosen: Provider = provider or ScriptedAdapter(script)
        self.loop = Loop(
            setup,
            recorder,
            provider=chosen,
            asker=Asker(setup, recorder, provider=chosen, clock=self.clock, jitter=lambda: 0.0),
            dispatcher=Dispatcher(
                setup,
                recorder,
                CallServices(
                    executors=self.bodies,
                    approver=self.approver,
                    gate=self.gate,
                    checker=DirectChecker(),
                    grants=grants,
                    registry=registry,
                    pacer=pacer,
                    provider=chosen,
                ),
            ),
            router=router or ProjectRouter(DirectChecker()),
        )

    async def run(self, prompt: str = "Go.") -> RunFinished:
        return await self.loop.run((UserMessage(prompt),))

    @property
    def trace(self) -> Trace:
        return fold(self.log)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in map(kind_of, self.log) if kind != "response.delta"]

    def events(self, kind: str) -> list[RunEvent]:
        return [event for event in self.log if kind_of(event) == kind]

    @property
    def settled(self) -> list[ToolCallSettled]:
        return [event for event in self.log if isinstance(event, ToolCallSettled)]

    @property
    def outcomes(self) -> list[str]:
        return [call.outcome or "open" for call in self.trace.calls()]
