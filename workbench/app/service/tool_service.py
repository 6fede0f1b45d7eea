"""Everything a client may do, behind HTTP and MCP alike. Every call passes the same gate as a model's."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import msgspec

from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.app.exports.evidence import Gathered, evidence_for
from workbench.app.exports.tool_export import Exported, export_tools, file_name
from workbench.app.rules.policy_preview import PolicyPreview, PreviewedCall
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.run_options import RunOptions
from workbench.app.runs.runs import Runs
from workbench.app.service.audit_log import AuditLog
from workbench.app.service.served_tools import ServedTool, ServedTools
from workbench.app.service.service_client import ServiceClient, ServiceRefusal
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.suites.suite_report import SuiteReport, report_document
from workbench.app.suites.suites import Suites
from workbench.core.approval import Decision, DecisionKind, Question
from workbench.core.errors import StoreError
from workbench.core.event import CallOutcome, RunEvent, RunFinished, ToolCallSettled, is_durable
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonObject
from workbench.core.message import Attachment
from workbench.core.run_row import RunRow
from workbench.core.signal import Signal
from workbench.engine.ports import Clock

MOST_AT_ONCE = 64
"""Calls and messages of one client that are under way."""
DECISIONS: Mapping[str, DecisionKind] = {"approve": "approve", "reject": "reject", "edit": "edit"}


class CallAnswer(msgspec.Struct, frozen=True):
    """How a call ended. `text` is what a model would see; `outcome` None: it was not executed, see the run."""

    run_id: RunId
    outcome: CallOutcome | None
    is_error: bool
    text: str
    error_kind: str = ""
    duration_ms: float = 0.0
    attachments: tuple[Attachment, ...] = ()


class ServiceParts(msgspec.Struct, frozen=True):
    """What the service needs of a session. `runs` hold no grants: what a person allowed in a conversation does not
    apply to clients. `written` waits until all events so far are on disk; `store_failure` is the disk's problem.
    `register` adds a tool to the project and returns its name, or none if the project already has the same tool."""

    runs: Runs
    suites: Suites
    preview: PolicyPreview
    desk: ApprovalDesk
    audit: AuditLog
    clock: Clock
    written: Callable[[], Awaitable[None]]
    store_failure: Callable[[], str]
    register: Callable[[JsonObject], Awaitable[str]] | None = None


class ToolService:
    """The tools, runs and conversations of an open project, for clients."""

    def __init__(self, parts: ServiceParts, settings: ServiceSettings) -> None:
        self._parts = parts
        self.settings = settings
        self.tools = ServedTools(lambda: parts.runs.toolset, parts.suites, settings)
        self._under_way: dict[str, int] = {}
        self._run_of: dict[RunId, str] = {}
        """Runs in progress that clients started here, with their clients."""
        self._newest: dict[RunId, RunId] = {}
        """The first run of each conversation → its newest one."""
        self.changed: Signal[[]] = Signal()
        """A client has started or ended something."""

    def export(self, name: str, format_name: str, *, strict: bool = False) -> Exported:
        """A tool in one of the export formats. Raises `ServiceRefusal`, `UsageError`."""
        return export_tools([self.tools.named(name).tool], format_name, strict=strict)

    def evidence(self, name: str, exported: Exported, format_name: str, *, strict: bool = False) -> JsonObject | None:
        """The evidence for that export, as `workbench export --evidence` writes it; None when no suite run tested the
        tool. Reads suite runs. Raises `ServiceRefusal`, `StoreError`."""
        tools = [self.tools.named(name).tool]
        gathered = Gathered(self._parts.suites, tools)
        if gathered.is_empty:
            return None
        files, now = {file_name(tools, format_name): exported}, self._parts.clock.now()
        statement: JsonObject = msgspec.to_builtins(evidence_for(gathered, files, format_name, strict=strict, at=now))
        return statement

    async def preview(self, name: str, arguments_json: str) -> PreviewedCall:
        """Whether these arguments fit, and what would happen to the call. Raises `ServiceRefusal`."""
        return await self._parts.preview.preview(self.tools.to_call(name).name, arguments_json)

    def call(self, client: ServiceClient, name: str, arguments_json: str) -> LiveRun:
        """Begin a call, and return at once; `answer` waits for its end. Raises `ServiceRefusal`."""
        client.check("call")
        tool = self.tools.to_call(name)
        self._take_turn(client)
        try:
            run = self._parts.runs.call(tool.name, arguments_json)
        except BaseException:
            self._give_turn(client)
            raise
        self._follow(client, run, "call", tool=tool.name)
        return run

    async def answer(self, run: LiveRun) -> CallAnswer:
        """How the call of this run ended, once that is on disk: an answer that a client got is never lost."""
        assert run.task is not None
        await asyncio.wait([run.task])
        if not run.task.cancelled():
            run.task.result()  # a bug of the workbench is raised
        await self.written()
        return answer_of(run)

    async def written(self) -> None:
        """Wait until all events so far are on disk. A failing disk is shown elsewhere and delays no answer."""
        with suppress(StoreError):
            await self._parts.written()

    async def begun(self, run: LiveRun) -> None:
        """Wait until the run's first events are on disk."""
        came = asyncio.Event()
        with _waking(came, run, run.log.subscribe(lambda _event: came.set())):
            if run.is_running and not run.log.since(0):
                await came.wait()
        await self.written()

    async def question(self, run: LiveRun) -> Question | None:
        """What the run waits for, once it waits; None when it ended without a question."""
        changed = asyncio.Event()
        with _waking(changed, run, self._parts.desk.changed.connect(changed.set)):
            while run.is_running:
                changed.clear()
                if (question := self.waiting(run)) is not None:
                    return question
                await changed.wait()
        return None

    def waiting(self, run: LiveRun) -> Question | None:
        """The question that keeps this run waiting for a decision."""
        return next((question for question in self.pending() if question.call_id.startswith(f"{run.run_id}.")), None)

    def send(
        self, client: ServiceClient, text: str, *, conversation: RunId | None = None, model: str | None = None
    ) -> LiveRun:
        """Start a conversation with this message, or continue one. Raises `ServiceRefusal`, `UsageError`."""
        client.check("call")
        if self.settings.read_only:
            raise ServiceRefusal("this service is read-only", kind="forbidden")
        continues = None
        if conversation is not None:
            continues = self._newest.get(conversation) or self.find(conversation)
            if continues in self._parts.runs.live:
                raise ServiceRefusal("the last message is still being answered", kind="conflict")
        self._take_turn(client)
        try:
            run = self._parts.runs.start(text, RunOptions(model=model, continues=continues))
        except BaseException:
            self._give_turn(client)
            raise
        self._newest[conversation or run.run_id] = run.run_id
        self._follow(client, run, "message")
        return run

    def stop(self, client: ServiceClient, run_id: RunId) -> None:
        """Stop a run that the client itself started. Raises `ServiceRefusal`."""
        client.check("call")
        run = self._parts.runs.live.get(run_id)
        if run is None or self._run_of.get(run_id) != client.name:
            raise ServiceRefusal(f"no run {run_id[:60]!r} of this client is in progress", kind="not_found")
        run.stop()
        self._note(client, "stop", run=run_id)

    def recorded(self, limit: int) -> list[RunRow]:
        """The project's runs, newest first."""
        return self._parts.runs.recorded()[:limit]

    def find(self, run_id: str) -> RunId:
        """The run with this ID or unique ID prefix. Raises `StoreError`."""
        # A run that has just started may not have recorded anything yet.
        return RunId(run_id) if run_id in self._parts.runs.live else self._parts.runs.find(run_id)

    def events(self, run_id: str) -> list[RunEvent]:
        """The events of a run so far. Raises `StoreError`."""
        return list(self._parts.runs.load(self.find(run_id)))

    async def follow(self, run_id: str, *, after: int = 0) -> AsyncIterator[RunEvent]:
        """The events of a run with numbers above `after`, as they arrive, to its end. Nothing waits for a slow reader
        and nothing is buffered for it: it reads the log itself. Raises `StoreError`."""
        found = self.find(run_id)
        run = self._parts.runs.live.get(found)
        if run is None:
            for event in await asyncio.to_thread(self._parts.runs.load, found):
                if event.seq > after:
                    yield event
            return
        came = asyncio.Event()
        with _waking(came, run, run.log.subscribe(lambda _event: came.set())):
            while True:
                came.clear()
                is_over = not run.is_running
                for event in run.log.since(after):
                    after = event.seq
                    yield event
                if is_over:
                    return
                await came.wait()

    def pending(self) -> tuple[Question, ...]:
        """The questions that clients' calls wait for, but not those of the window's own conversations."""
        return tuple(
            question for question in self._parts.desk.pending if _run_of_call(question.call_id) in self._run_of
        )

    def decide(
        self,
        client: ServiceClient,
        call_id: str,
        shown_hash: str,
        decision: str,
        *,
        arguments_json: str | None = None,
        note: str = "",
    ) -> None:
        """Decide a client's call, exactly as it was shown. Raises `ServiceRefusal` when the decision does not count."""
        client.check("approve")
        kind = DECISIONS.get(decision)
        if kind is None:
            known = ", ".join(DECISIONS)
            raise ServiceRefusal(f"{decision[:40]!r} is not a decision", kind="invalid", hint=f"Use one of {known}.")
        if kind == "edit" and arguments_json is None:
            raise ServiceRefusal("an edit needs the arguments to run", kind="invalid")
        question = next((each for each in self.pending() if each.call_id == call_id), None)
        if question is None:
            raise ServiceRefusal("this call does not wait for a decision", kind="conflict")
        if question.wants == "result":
            raise ServiceRefusal("nothing runs this tool; a person has to give its result", kind="conflict")
        made = Decision(kind, by=f"client {client.name}", note=note, arguments_json=arguments_json)
        if not self._parts.desk.answer(CallId(call_id), shown_hash, made):
            raise ServiceRefusal("it changed after it was shown, or was decided meanwhile", kind="conflict")
        self._note(client, decision, call=call_id, tool=question.tool.name)

    async def register(self, client: ServiceClient, document: JsonObject) -> str:
        """Add a tool to the project, and return its name there; a taken name gets a number, and nothing is
        added if the project already has the same tool. Raises `ServiceRefusal`, `WorkbenchError`."""
        client.check("call")
        if not self.settings.may_register or self._parts.register is None:
            raise ServiceRefusal("this service takes no new tools", kind="forbidden")
        name = await self._parts.register(document)
        if name:
            self._note(client, "register", tool=name)
        return name

    def suite_runs(self) -> list[JsonObject]:
        """The suite runs, newest first."""
        return [msgspec.to_builtins(run) for run in self._parts.suites.recorded()]

    def suite_report(self, suite_run: str) -> JsonObject:
        """The results of a suite run, as in `workbench suite show --json`. Raises `StoreError`, `UsageError`."""
        suites = self._parts.suites
        results = suites.results(suite_run)
        several = len(results.run.arms) > 1
        return report_document(SuiteReport(results, suites.compare(results) if several else ()))

    @property
    def trouble(self) -> str:
        """Why calls or their clients cannot be recorded; empty while both can."""
        return self._parts.store_failure() or self._parts.audit.failure

    async def recover(self) -> None:
        """Retry failed writes: while nobody calls, nothing else would."""
        if self.trouble:
            await self.written()
            await asyncio.to_thread(self._parts.audit.try_again)

    @property
    def under_way(self) -> dict[RunId, str]:
        """Clients' runs in progress, with their clients."""
        return dict(self._run_of)

    async def close(self) -> None:
        """Stop what clients started. Each call is settled, and that is recorded."""
        await self._parts.runs.close(puts_aside=False)

    def _follow(self, client: ServiceClient, run: LiveRun, act: str, **details: str) -> None:
        self._run_of[run.run_id] = client.name
        self._note(client, act, run=run.run_id, **details)

        def ended(_task: object) -> None:
            self._give_turn(client)
            del self._run_of[run.run_id]
            self.changed.emit()

        assert run.task is not None
        run.task.add_done_callback(ended)
        self.changed.emit()

    def _take_turn(self, client: ServiceClient) -> None:
        count = self._under_way.get(client.name, 0)
        if count >= MOST_AT_ONCE:
            raise ServiceRefusal(
                f"{count} calls and messages of this client are in progress", kind="limit", hint="Wait until some end."
            )
        self._under_way[client.name] = count + 1

    def _give_turn(self, client: ServiceClient) -> None:
        self._under_way[client.name] = self._under_way.get(client.name, 1) - 1

    def _note(self, client: ServiceClient, act: str, **details: str) -> None:
        self._parts.audit.add(self._parts.clock.now(), client.name, act, **details)


@contextmanager
def _waking(event: asyncio.Event, run: LiveRun, forget: Callable[[], None]) -> Iterator[None]:
    """The event is also set at the end of the run; `forget` disconnects whatever else sets it."""

    def wake(_task: object) -> None:
        event.set()

    assert run.task is not None
    run.task.add_done_callback(wake)
    try:
        yield
    finally:
        run.task.remove_done_callback(wake)
        forget()


def answer_of(run: LiveRun) -> CallAnswer:
    """How the one call of a finished run ended."""
    settled = next((event for event in run.log if isinstance(event, ToolCallSettled)), None)
    if settled is None:
        ended = next((event for event in run.log if isinstance(event, RunFinished)), None)
        return CallAnswer(run.run_id, None, True, ended.message if ended is not None else "the call was stopped")
    return CallAnswer(
        run.run_id,
        settled.outcome,
        settled.is_error,
        settled.result_text,
        settled.error_kind,
        settled.duration_ms,
        settled.attachments,
    )


def _run_of_call(call_id: CallId) -> RunId:
    return RunId(call_id.rsplit(".", 3)[0])


def durable(events: list[RunEvent]) -> list[RunEvent]:
    """The events without streamed pieces."""
    return [event for event in events if is_durable(event)]


def shown(served: ServedTool) -> JsonObject:
    """A tool in a list."""
    document = served.tool.document
    return {**document, "tested": served.tested, **({"withheld": served.withheld} if served.withheld else {})}
