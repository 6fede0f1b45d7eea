"""Starting, stopping, loading and resuming runs; the owner of their tasks."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import msgspec

from workbench import __version__
from workbench.app.approvals.stepper import SteppedApprover, Stepper, asking_policy
from workbench.app.models.model_spec import ModelTarget
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.routing.simulated_search import with_search, with_search_tool
from workbench.app.rules.grants import GrantRegistry
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.run_list import RunList
from workbench.app.runs.run_options import RunOptions
from workbench.app.runs.run_start import RunStart
from workbench.app.variants.renamed_tools import ExecutorsButRenamed, recorded_renames
from workbench.checking.process import ProcessChecker
from workbench.core.approval import Policy
from workbench.core.conversation import conversation
from workbench.core.errors import UsageError
from workbench.core.event import BY_RESUME, NoteAdded, RunEvent, RunFinished, RunStarted
from workbench.core.hand_call import HAND, hand_message
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.log import EventLog, Listener
from workbench.core.message import UserMessage
from workbench.core.model_parameters import OUTPUT_LIMIT, overlaid
from workbench.core.run_row import RunRow
from workbench.core.shared_bodies import SharedBodies
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan, check_choice
from workbench.core.trace import fold
from workbench.core.variant import apply_variant
from workbench.engine.ask import Asker
from workbench.engine.call_services import CallServices
from workbench.engine.dispatch import Dispatcher
from workbench.engine.loop import Loop
from workbench.engine.pacer import Pacer
from workbench.engine.ports import Approver, Clock, Executors, Grants, IdMaker, Provider, Registry, Router
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.engine.turns import Turns
from workbench.replay.fork import is_fork
from workbench.replay.setup_offer import offer_of, with_offer
from workbench.store.project import Project
from workbench.store.routing_row import plan_named
from workbench.store.runs import RunStore


class PreparedRun(msgspec.Struct, frozen=True):
    """The setup of a run with these options. `renames` are the tools that its variant renames."""

    setup: RunSetup
    provider: Provider
    renames: dict[str, str] = {}


class Runs:
    """The runs of an open project."""

    def __init__(
        self,
        project: Project,
        *,
        store: RunStore,
        providers: ProviderRegistry,
        executors: Executors,
        approver: Approver,
        checker: ProcessChecker,
        clock: Clock,
        ids: IdMaker,
        grants: GrantRegistry | None = None,
        registry: Registry | None = None,
        server_tools: Callable[[], tuple[Tool, ...]] = tuple,
        why_not_offered: Callable[[str], UsageError | None] = lambda tool: None,
        also: Listener = lambda event: None,
        router: Router | None = None,
    ) -> None:
        """`server_tools` are offered besides the project's own, as they are when a run begins; `why_not_offered` says
        why one of them is missing. Starting many runs or requests waits for `turns` before each. `also` gets every
        event of every run."""
        self.project = project
        self._store = store
        self._list = RunList(store)
        self._providers = providers
        self.executors = executors
        self._approver = approver
        self._checker = checker
        self._clock = clock
        self._ids = ids
        self._grants = grants
        self._registry = registry
        self._server_tools = server_tools
        self._why_not_offered = why_not_offered
        self._also = also
        self._router = router
        self._pacer = Pacer(clock)
        self._bodies = SharedBodies()
        self.turns = Turns()
        self.live: dict[RunId, LiveRun] = {}

    def start(
        self,
        prompt: str,
        options: RunOptions | None = None,
        *,
        listener: Listener | None = None,
        stepper: Stepper | None = None,
    ) -> LiveRun:
        """Begin a run with one user message and return at once.

        `listener` gets every event from the first; `stepper` may hold the run before its requests, and while it is
        on, every call needs approval. Raises `UsageError` when the run cannot be started like this;
        then nothing is recorded.
        """
        prepared = self.prepare(options)
        if not prompt.strip():
            raise UsageError("the message is empty")
        run = LiveRun(self._ids.new_run_id(), EventLog())
        self._begin(
            run,
            prepared.setup,
            prepared.provider,
            (UserMessage(prompt),),
            listener,
            stepper,
            renames=prepared.renames,
        )
        return run

    def prepare(self, options: RunOptions | None = None) -> PreparedRun:
        """The setup of a run with these options. Raises `UsageError` when it cannot be started like this."""
        options = options or RunOptions()
        varied = options.variant.model if options.variant is not None else None
        target = self._providers.target(varied or options.model or self.project.model, base_url=options.base_url)
        self._providers.check_key(target)
        setup = self._setup(options, target)
        if options.variant is not None:
            offer = apply_variant(options.variant, offer_of(setup))
            setup = with_offer(setup, offer, model=target.model, variant=options.variant.name)
        for choice in (setup.tool_choice.first, setup.tool_choice.then):
            if choice is not None:
                self._check_choice(choice, setup.toolset)
        renames = options.variant.renames if options.variant is not None else {}
        return PreparedRun(setup, self._providers.provider(target), renames)

    def call(self, tool_name: str, arguments_json: str) -> LiveRun:
        """Begin a run of this one call, made by a person, and return at once. It passes the same gate as a model's.

        Raises `UsageError` when no such tool is offered.
        """
        tool = self.toolset.named(tool_name)
        if tool is None:
            raise self._why_not_offered(tool_name) or UsageError(f"there is no tool {tool_name!r}")
        target = self._providers.target(HAND)
        setup = self._setup(RunOptions(tool_choice=ToolChoicePlan(), instructions=""), target)
        own = {"toolset": Toolset([tool]), "settings": {}, "parameters": {}}
        setup = msgspec.structs.replace(setup, by_hand=True, **own)
        run = LiveRun(self._ids.new_run_id(), EventLog())
        prompts = (UserMessage(hand_message(tool_name, arguments_json)),)
        self._begin(run, setup, self._providers.provider(target), prompts, None, renames={})
        return run

    def launch(self, start: RunStart, provider: Provider, *, listener: Listener | None = None) -> LiveRun:
        """Begin a run that inherits something and return at once. No standing permission holds in it."""
        run = LiveRun(self._ids.new_run_id(), EventLog())
        self._store.follow(run.log)
        run.log.subscribe(self._also)
        if listener is not None:
            run.log.subscribe(listener)
        self._drive(
            run,
            start.setup,
            start.recorder(run.run_id, run.log, self._clock),
            provider,
            start.prompts,
            approver=start.approver(self._approver, self.executors),
            executors=start.executors(self.executors),
        )
        return run

    def take_over(self, events: Iterable[RunEvent]) -> None:
        """Store a run that was made elsewhere from start to end."""
        log = EventLog()
        self._store.follow(log)
        log.subscribe(self._also)
        for event in events:
            log.append(event)

    def resume(
        self,
        run_id: RunId,
        *,
        policy: Policy | None = None,
        listener: Listener | None = None,
        stepper: Stepper | None = None,
    ) -> LiveRun:
        """Continue an interrupted run from where its log ends; pending approvals are asked again.

        The current approval rules apply: the project's, unless `policy` replaces them. Raises `UsageError` for a run
        that is finished, is a fork, or is in use by another program.
        """
        events = self._store.events(run_id)
        started = events[0]
        if not isinstance(started, RunStarted) or fold(events).finished is not None:
            raise UsageError(f"run {run_id} is finished", hint="Start a new one instead.")
        if is_fork(events):  # what may run in a fork is not on record, so a fork is never resumed
            raise UsageError(f"run {run_id} is a fork", hint="Fork it again from where it stopped.")
        if not self._store.adopt(run_id):
            raise UsageError(f"run {run_id} is in use by another program")
        target = self._providers.target(started.spec)
        run = LiveRun(run_id, EventLog(events))
        setup = RunSetup.from_started(started, policy or self.project.policy, self.project.handling)
        renames = recorded_renames(self.project.folder, started, self.toolset)
        self._begin(run, setup, self._providers.provider(target), (), listener, stepper, renames=renames)
        return run

    def recorded(self) -> list[RunRow]:
        """All runs, newest first."""
        return self._store.recorded()

    def load(self, run_id: RunId) -> EventLog:
        """The log of a run, live or stored."""
        live = self.live.get(run_id)
        return live.log if live else EventLog(self._store.events(run_id))

    def readable(self, run_id: RunId) -> tuple[list[RunEvent], str]:
        """The events of a run that this program understands, and what it does not, in words."""
        live = self.live.get(run_id)
        return (list(live.log), "") if live else self._store.readable(run_id)

    def find(self, text: str) -> RunId:
        """The run with this ID, ID prefix, or `last`."""
        return self._store.find(text)

    def conversation_runs(self, run_id: RunId) -> list[RunId]:
        """The chain of runs that leads to this one by continuing each other, oldest first."""
        return self._store.chain(run_id)

    def tree(self) -> ConversationTree:
        """All runs as conversations, as recorded now. The first call reads all of them."""
        return self._list.tree()

    def rename(self, root: RunId, name: str) -> None:
        """Name the conversation that begins with this run."""
        self._store.rename(root, " ".join(name.split()))

    def delete(self, run_id: RunId, *, deleted: bool = True) -> None:
        """Hide a run from the list, or restore it."""
        self._store.delete(run_id, deleted=deleted)

    async def close(self, *, puts_aside: bool = True) -> None:
        """End everything. Runs are stopped, and that is recorded; a run that waits for a person is put aside as it
        is, so that its question is open again at the next start and nothing is denied silently. Without
        `puts_aside` it is stopped like the others, so that whoever started it learns of its end."""
        running = [run for run in self.live.values() if run.is_running]
        for run in running:
            if puts_aside and run.waits_for_person:
                self._store.flush()
                run.log.mute()
            run.stop()
        await asyncio.gather(*(run.task for run in running if run.task), return_exceptions=True)

    def _begin(
        self,
        run: LiveRun,
        setup: RunSetup,
        provider: Provider,
        prompts: tuple[UserMessage, ...],
        listener: Listener | None,
        stepper: Stepper | None = None,
        *,
        renames: Mapping[str, str],
    ) -> None:
        recorder = Recorder(run.run_id, run.log, self._clock)
        self._store.follow(run.log)
        run.log.subscribe(self._also)
        if listener is not None:
            run.log.subscribe(listener)
        if len(run.log):
            recorder.add(
                NoteAdded(
                    **recorder.stamp(ROOT_SPAN),
                    text="Resumed. Time while the program was closed does not count.",
                    by=BY_RESUME,
                )
            )
        approver, grants = self._approver, self._grants
        if stepper is not None:
            run.stepper = stepper
            if stepper.is_on:  # a grant would let calls pass that somebody wants to see
                approver, grants = SteppedApprover(approver, stepper, setup.policy), None
                setup = msgspec.structs.replace(setup, policy=asking_policy(setup.policy))
        held = grants.of(self._conversation(run.run_id, setup)) if grants is not None else None
        executors = ExecutorsButRenamed(self.executors, renames) if renames else None
        self._drive(
            run,
            setup,
            recorder,
            provider,
            prompts,
            approver=approver,
            executors=executors,
            grants=held,
            stepper=stepper,
        )

    def _drive(
        self,
        run: LiveRun,
        setup: RunSetup,
        recorder: Recorder,
        provider: Provider,
        prompts: tuple[UserMessage, ...],
        *,
        approver: Approver,
        executors: Executors | None = None,
        grants: Grants | None = None,
        stepper: Stepper | None = None,
    ) -> None:
        asker = Asker(setup, recorder, provider=provider, clock=self._clock, pauser=stepper, bodies=self._bodies)
        services = CallServices(
            executors=with_search(executors or self.executors, setup.toolset, setup.routing, setup.limits.result_chars),
            approver=approver,
            gate=self._store,
            checker=self._checker,
            grants=grants,
            registry=self._registry,
            pacer=self._pacer,
            is_inside=self.project.is_inside,
            provider=provider,
        )
        dispatcher = Dispatcher(setup, recorder, services)
        loop = Loop(setup, recorder, provider=provider, asker=asker, dispatcher=dispatcher, router=self._router)
        run.task = asyncio.create_task(self._in_turn(loop, prompts), name=f"run {run.run_id}")
        self.live[run.run_id] = run
        # The log of a finished run is read from the store like any other.
        run.task.add_done_callback(lambda _: self.live.pop(run.run_id, None))

    async def _in_turn(self, loop: Loop, prompts: tuple[UserMessage, ...]) -> RunFinished:
        await self.turns.wait()
        return await loop.run(prompts)

    @property
    def toolset(self) -> Toolset:
        """All tools that a run would get now: the project's own, and those of MCP servers that are ready."""
        others = self._server_tools()
        return Toolset([*self.project.toolset, *others]) if others else self.project.toolset

    def _check_choice(self, choice: ToolChoice, tools: Toolset) -> None:
        for name in choice.only:
            if tools.named(name) is None and (why := self._why_not_offered(name)) is not None:
                raise why
        check_choice(choice, tools)

    def _conversation(self, run_id: RunId, setup: RunSetup) -> RunId:
        """The first run of the conversation; a fork starts its own, so that its repeated calls need approval again."""
        if setup.parent_run is None or setup.fork_seq is not None:
            return run_id
        return self.conversation_runs(setup.parent_run)[0]

    def _setup(self, options: RunOptions, target: ModelTarget) -> RunSetup:
        project, routing = self.project, self.project.file.routing
        plan = plan_named(routing, options.selector or routing.selector)
        limits = project.limits
        if options.rounds is not None:
            limits = msgspec.structs.replace(limits, rounds=options.rounds)
        history = conversation(self.load(options.continues), up_to_seq=options.fork_seq) if options.continues else ()
        chosen = overlaid(target.parameters, project.file.request.parameters)
        limit = chosen.pop(OUTPUT_LIMIT, None)
        return RunSetup(
            model=target.model,
            spec=target.spec,
            toolset=with_search_tool(self.toolset, plan),
            instructions=project.instructions if options.instructions is None else options.instructions,
            tool_choice=options.tool_choice or project.tool_choice,
            parallel_calls=project.parallel_calls if options.parallel_calls is None else options.parallel_calls,
            sends_pictures=project.file.request.pictures,
            limits=limits,
            policy=project.policy if options.policy is None else options.policy,
            handling=project.handling,
            settings=project.file.request.settings,
            max_output_tokens=limit if isinstance(limit, int) else None,
            parameters=chosen,
            may_emulate=options.may_emulate,
            routing=plan,
            history=history,
            project=project.name,
            parent_run=options.continues,
            fork_seq=options.fork_seq if options.continues else None,
            program_version=__version__,
        )
