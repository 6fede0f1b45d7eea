"""An open project: its tools, runs, questions and keys. The one place that picks concrete classes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.approvals.approval_desk import ApprovalDesk
from workbench.app.approvals.approval_habit import ApprovalHabit
from workbench.app.clock import SystemClock, TimedIds
from workbench.app.costs.prices import Prices
from workbench.app.mcp.mcp_servers import ProjectServers
from workbench.app.microscope.overlaps import TextOverlaps
from workbench.app.microscope.sentence_heat import HeatStore
from workbench.app.mocks.mock_trial import MockTrial
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.models.connections import Connections
from workbench.app.models.provider_registry import ModelChoice, ProviderRegistry
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import sample, sample_names, starter
from workbench.app.redaction.redacted_log import redact_log
from workbench.app.restore.project_memory import ProjectMemory
from workbench.app.routing.loading import LazyTools
from workbench.app.routing.meaning import Meaning, embedders
from workbench.app.routing.project_router import ProjectRouter, selectors
from workbench.app.rules.grants import GrantRegistry
from workbench.app.rules.policy_preview import PolicyPreview
from workbench.app.runs.runs import Runs
from workbench.app.search.search import RunSearch
from workbench.app.shortcuts.key_map import KeyMap
from workbench.app.telemetry.project_telemetry import ProjectTelemetry
from workbench.app.tools.executors import ToolServices, make_executors
from workbench.app.tools.tool_changes import Undoable
from workbench.app.trust.code_trust import CodeTrust
from workbench.app.trust.rule_trust import RuleTrust
from workbench.app.trust.trust_seen import TrustSeen
from workbench.app.variants.variants import VariantStore
from workbench.checking.process import ProcessChecker
from workbench.core.approval import Rule
from workbench.core.errors import ProjectError
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.telemetry.telemetry_order import TelemetryOrder
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ResolvedChoice, ToolChoice
from workbench.engine.ports import Approver, Clock, IdMaker
from workbench.executors.catalog import ExecutorCatalog
from workbench.providers.local.embedder import TextEmbedder
from workbench.store.code_folder import code_folder
from workbench.store.keys import KeyStore
from workbench.store.mcp_store import McpStore
from workbench.store.project import Project, load_project
from workbench.store.redaction import Redactor
from workbench.store.registry import ToolRegistry
from workbench.store.runs import RunStore
from workbench.store.trust import TrustStore, bound_rules_digest, code_digest, has_code
from workbench.store.vector_store import VectorStore

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader
    from workbench.app.service.service_settings import ServiceSettings
    from workbench.app.service.tool_service import ToolService
    from workbench.app.suites.suites import Suites


class Session:
    """Everything about one open project. Opening runs none of its code."""

    def __init__(
        self,
        folder: Path,
        *,
        folders: UserFolders | None = None,
        approver: Approver | None = None,
        trust_for_now: bool = False,
        clock: Clock | None = None,
        ids: IdMaker | None = None,
        background: BackgroundLoop | None = None,
        telemetry: TelemetryOrder | None = None,
    ) -> None:
        """Open the project in `folder`; raises `ProjectError` or `StoreError`.

        Without an `approver`, questions go to `desk`. `trust_for_now` trusts the code and the rules as they are at
        this moment, for this session only.
        `telemetry` counts instead of what the project says about it.
        A window gives a `background` on which answers from the network are read; it is closed with the session.
        """
        self._as_read = self.project = load_project(folder, KEY_OF_WIRE)
        self.redactor = Redactor()
        redact_log(self.redactor)
        self.keys = KeyStore(self.redactor)
        self.keys.watch_environment()
        self._clock = clock = clock or SystemClock()
        self.folders = folders = folders or UserFolders.of_this_user()
        self.desk = ApprovalDesk(clock)
        self.habit = ApprovalHabit(folders.approval_file)
        trust_store = TrustStore(folders.trust_file, built_in=partial(_built_in, code_digest))
        self._code_trust = CodeTrust(trust_store)
        self._rule_trust = RuleTrust(trust_store, partial(_built_in, bound_rules_digest))
        if trust_for_now:
            self._code_trust.trust(self.project, for_now=True)
            self._rule_trust.trust(self.project, self.project.rules, for_now=True)
        self.project = self._rule_trust.applied(self.project)
        self.store = RunStore(self.project.folder / HISTORY_FOLDER, self.redactor, seal_file=folders.grant_seal)
        self.variants = VariantStore(self.project.folder)
        self.memory = ProjectMemory(folders, self.project.folder)
        self.search = RunSearch(self.store, folders, self.redactor)
        self.grants = GrantRegistry(self.store.grants, clock)
        self.interrupted: list[RunId] = self.store.recover()
        self.connections = Connections(self.keys, folders)
        self.prices = Prices(folders)
        self.providers = ProviderRegistry(
            self.project, self.keys, self.connections, lambda: self.is_trusted, background
        )
        self._reloading = asyncio.Lock()
        self._embedder = TextEmbedder()
        self.text_overlaps = TextOverlaps(self._embedder)
        self.heats = HeatStore(self.project.folder, self.redactor.text)
        self._checker = ProcessChecker()
        self.mock_trial = MockTrial(self._checker)
        self.mcp = ProjectServers(self.project, McpStore(folders.mcp_file), self.keys, self.redactor)
        self._executors = self._make_executors()
        self._old_executors: list[ExecutorCatalog] = []
        """Of before a project was read again, while runs may still use them."""
        registry = ToolRegistry(self.project.folder)
        self.telemetry = ProjectTelemetry(
            self.keys, self.redactor, self.store.facts, may_send=lambda: self.is_trusted, override=telemetry
        )
        self.telemetry.adopt(self.project)
        self._make_preview = partial(
            PolicyPreview,
            lambda: self.project,
            toolset=lambda: self.toolset,
            executors=lambda: self._executors,
            checker=self._checker,
            registry=registry,
        )
        self._meaning = Meaning(self.providers, VectorStore(folders.vector_file), embedders(self._embedder))
        self._lazy = LazyTools(lambda tool: self._executors.loader_for(tool))
        self.router = ProjectRouter(self._checker, selectors(self.providers, self._meaning), self._lazy)
        self.policy_preview = self._make_preview(grants=self.grants)
        make_runs = partial(
            Runs,
            self.project,
            providers=self.providers,
            executors=self._executors,
            approver=approver or self.desk,
            checker=self._checker,
            clock=clock,
            server_tools=lambda: self.mcp.tools,
            why_not_offered=self.mcp.why_not_offered,
            also=self.telemetry.listen,
            router=self.router,
        )
        self._make_runs = partial(make_runs, store=self.store, ids=ids or TimedIds(), registry=registry)
        self.runs = self._make_runs(grants=self.grants)
        self._all_runs = [self.runs]
        self._make_suites = partial(self._suites_of, folders.grant_seal, registry, clock, make_runs)
        self.store.beside = lambda: self.suites.run_store()

    @cached_property
    def trust_seen(self) -> TrustSeen:
        """What a look at all code last said of trust; the first use looks."""
        return self._trust_in(self.project)

    @cached_property
    def key_map(self) -> KeyMap:
        """The keys this user chose; read on first use."""
        return KeyMap(self.folders.config / "keys.toml")

    @cached_property
    def pictures(self) -> "PictureReader":
        """What reads the pictures in results; loaded with the first."""
        from workbench.app.runs.picture_reader import PictureReader

        return PictureReader()

    @cached_property
    def suites(self) -> "Suites":
        """The suites of the project; they and their statistics are loaded on first use."""
        return self._make_suites()

    def _suites_of(
        self, seal_file: Path, registry: ToolRegistry, clock: Clock, make_runs: Callable[..., Runs]
    ) -> "Suites":
        from workbench.app.suites.suite_parts import SuiteParts
        from workbench.app.suites.suites import Suites

        return Suites(
            SuiteParts(
                self.runs,
                self.store.folder,
                self.redactor,
                seal_file,
                self.prices,
                self._checker,
                registry,
                clock,
                lambda store, ids: make_runs(store=store, ids=ids),
                self.providers,
                self.folders.cluster_folder,
                self.folders.config,
                lambda: self.trusts_code,
                Session,
                self.telemetry.take_verdicts,
            )
        )

    @property
    def toolset(self) -> Toolset:
        """All tools that a run would be given now: the project's own, and those of MCP servers that are ready."""
        return self.runs.toolset

    @property
    def executor_names(self) -> dict[str, str]:
        """Tool name → how it runs, in words; tools that nothing runs are absent."""
        servers = {tool.name: executor.name for tool in self.mcp.tools if (executor := self.mcp.executor_for(tool))}
        return servers | self.project.executor_names

    def owns(self, tool: Tool) -> bool:
        """Whether the tool is described by the project itself, and not by a server."""
        own = self.project.toolset.named(tool.name)
        return own is not None and own.digest == tool.digest

    @property
    def has_code(self) -> bool:
        """Whether running this project's tools would run its code."""
        return has_code(self.project)

    @property
    def is_trusted(self) -> bool:
        """Whether the code, as it is on disk now, may run."""
        return not self.has_code or self.trusts_code

    async def may_run_code(self) -> bool:
        """The same at this moment; looking at very much code does not hold up others."""
        if self.has_code and code_folder(self.project.folder).is_large:
            return await asyncio.to_thread(lambda: self.is_trusted)
        return self.is_trusted

    @property
    def trusts_code(self) -> bool:
        """Whether what is in python/ now was trusted, also where no tool is run by it yet."""
        return self._code_trust.counts(self.project)

    @property
    def trusts_rules(self) -> bool:
        """Whether the project's rules count as they are written; else those that allow ask."""
        return self._rule_trust.counts(self.project)

    async def look_at_trust(self) -> None:
        """Let `trust_seen` say what is true now; a thread looks. What became known meanwhile is newer and stays."""
        before = self.trust_seen
        seen = await asyncio.to_thread(self._trust_in, self.project)
        if self.trust_seen is before:
            self.trust_seen = seen

    def _trust_in(self, project: Project) -> TrustSeen:
        code, rules = self._code_trust.counts(project), self._rule_trust.counts(project)
        return TrustSeen(code or not has_code(project), code, rules, len(self.code_files()))

    def trust(self) -> None:
        """Trust the code and the rules as they were read. Any later change ends that. Raises `ProjectError`."""
        self._code_trust.trust(self.project)
        self._rule_trust.trust(self.project, self.project.rules)
        self._adopt(self._as_read, self._rule_trust.applied(self._as_read), self._trust_in(self._as_read))

    def take_rules(self, rules: Sequence[Rule]) -> None:
        """The person has written these rules here, so they count, if those before them did."""
        if self.trusts_rules:
            self._rule_trust.trust(self.project, rules)

    def edit_code(self, words: str, files: Mapping[Path, bytes | None]) -> Undoable:
        """Write code, or what runs it, as the person wishes; a project that was trusted stays so. The project is to be
        reloaded afterwards. Raises `WorkbenchError`, and then nothing is changed."""
        from workbench.app.code.own_edit import OwnEdits

        carry_over = partial(self._code_trust.carry_over, self.project.folder)
        return OwnEdits(self._read_once_more, self._code_trust.trusts, carry_over).write(words, files)

    def _read_once_more(self) -> Project:
        return load_project(self.project.folder, KEY_OF_WIRE)

    def _adopt(self, project: Project, applied: Project, seen: TrustSeen) -> None:
        self._as_read, self.trust_seen = project, seen
        self.project = self.providers.project = applied
        for runs in self._all_runs:
            runs.project = self.project
        self.telemetry.adopt(project)

    def code_files(self) -> tuple[Path, ...]:
        """What a person should look at before trusting."""
        return code_folder(self.project.folder).files()

    def model_choices(self) -> tuple[ModelChoice, ...]:
        """What the model picker offers."""
        return self.providers.choices()

    def preview_choice(self, spec: str, choice: ToolChoice) -> ResolvedChoice:
        """What would be sent for a tool choice; raises `UsageError`."""
        return self.providers.preview(spec, choice, self.toolset)

    async def warm(self) -> None:
        """Get the project's model ready in the background, so that the first message is answered sooner.

        Starts the local model's process at most; nothing is sent anywhere and no code of the project runs.
        """
        await self.providers.warm(self.project.model)

    def _make_executors(self) -> ExecutorCatalog:
        services = ToolServices(
            self.may_run_code, self.keys, self.redactor, self._checker, self.providers, self.mcp.bound
        )
        return make_executors(self.project, services, (self.mcp,))

    def serve(self, settings: "ServiceSettings", *, has_person: Callable[[], bool]) -> "ToolService":
        """What other programs may do with this project. `has_person`: whether somebody can decide about their calls
        now. No permission that was given in a conversation counts for them."""
        from workbench.app.service.audit_log import AuditLog
        from workbench.app.service.service_approver import ServiceApprover
        from workbench.app.service.tool_service import ServiceParts, ToolService

        runs = self._make_runs(approver=ServiceApprover(self.desk, has_person))
        self._all_runs.append(runs)
        audit = AuditLog(self.store.folder, self.redactor)
        preview = self._make_preview(grants=None)
        parts = ServiceParts(
            runs,
            self.suites,
            preview,
            self.desk,
            audit,
            self._clock,
            written=self.store.written,
            store_failure=lambda: self.store.failure,
            register=self._register,
        )
        return ToolService(parts, settings)

    async def _register(self, document: JsonObject) -> str:
        from workbench.app.service.tool_registering import register_tool

        name = register_tool(self.project.folder, document)
        await self.reload()
        return name

    async def reload(self) -> None:
        """Reload project; runs that are under way keep what they started with. Raises `ProjectError`."""
        async with self._reloading:  # the one who comes later reads what is there later
            read = await asyncio.to_thread(self._read_once_more)
            before: TrustSeen | None = None
            while before is not self.trust_seen:  # again if the person trusts the project meanwhile
                before = self.trust_seen
                applied, seen = await asyncio.to_thread(lambda: (self._rule_trust.applied(read), self._trust_in(read)))
            self._adopt(read, applied, seen)
            self._old_executors.append(self._executors)
            self._executors = self._make_executors()
            for runs in self._all_runs:
                runs.executors = self._executors
            self.keys.look_again()
        await self.mcp.adopt(self.project)
        if not any(runs.live for runs in self._all_runs):  # those that are needed still are closed another time
            while self._old_executors:
                await self._old_executors.pop().close()

    @property
    def is_reloading(self) -> bool:
        """Whether the project is being read, so that `project` may soon be another."""
        return self._reloading.locked()

    async def reloaded(self) -> None:
        """Wait until `project` is what was in its folder when this was called, where somebody has asked for that."""
        async with self._reloading:
            pass

    async def close(self) -> None:
        """Stop runs, end child processes, write everything."""
        used = [getattr(self, name).close for name in ("pictures", "suites") if name in vars(self)]
        runs = (*used, *(runs.close for runs in self._all_runs))
        executors = [held.close for held in (*self._old_executors, self._executors)]
        closing: list[Callable[[], object]] = [*runs, *executors, self.mcp.close]
        for close in (self._lazy.close, *closing, self._checker.close, self.providers.close, self._meaning.close):
            await close()  # type: ignore[misc]
        await asyncio.to_thread(self.telemetry.close)
        self.store.close()


@cache
def _built_in(digest: Callable[[Project], str]) -> frozenset[str]:
    """The digests of what came with this program: it is the program, so an untouched copy needs no question."""
    found = set()
    for folder in (starter(), *(sample(name) for name in sample_names())):
        with suppress(ProjectError):
            found.add(digest(load_project(folder, KEY_OF_WIRE)))
    return frozenset(found)
