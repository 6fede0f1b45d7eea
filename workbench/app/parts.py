"""The parts of an open project, one protocol each: what is shown takes only those it uses. A `Session` has them all.

As of a session, every part is live: `project` is the project as its files were read last.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.app.approvals.approval_habit import ApprovalHabit
from workbench.app.costs.prices import Prices
from workbench.app.mcp.mcp_servers import ProjectServers
from workbench.app.microscope.overlaps import TextOverlaps
from workbench.app.microscope.sentence_heat import HeatStore
from workbench.app.mocks.mock_trial import MockTrial
from workbench.app.models.connections import Connections
from workbench.app.models.provider_registry import ModelChoice, ProviderRegistry
from workbench.app.project.folders import UserFolders
from workbench.app.restore.project_memory import ProjectMemory
from workbench.app.rules.grants import GrantRegistry
from workbench.app.rules.policy_preview import PolicyPreview
from workbench.app.runs.runs import Runs
from workbench.app.search.search import RunSearch
from workbench.app.shortcuts.key_map import KeyMap
from workbench.app.tools.tool_changes import Undoable
from workbench.app.trust.trust_seen import TrustSeen
from workbench.core.approval import Rule
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ResolvedChoice, ToolChoice
from workbench.engine.ports import Router
from workbench.store.keys import KeyStore
from workbench.store.project import Project
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

if TYPE_CHECKING:
    from workbench.app.runs.picture_reader import PictureReader
    from workbench.app.service.service_settings import ServiceSettings
    from workbench.app.service.tool_service import ToolService
    from workbench.app.suites.suites import Suites


class HasProject(Protocol):
    """The project's files."""

    @property
    def project(self) -> Project: ...


class HasReload(Protocol):
    """Whether the project's files are being read, and the moment when they are."""

    @property
    def is_reloading(self) -> bool: ...
    async def reloaded(self) -> None: ...


class HasTools(Protocol):
    """All tools that a run would be given now, and what runs them."""

    @property
    def toolset(self) -> Toolset: ...
    @property
    def executor_names(self) -> dict[str, str]: ...


class HasModels(Protocol):
    """The models that can be chosen, and how they are reached."""

    @property
    def providers(self) -> ProviderRegistry: ...
    def model_choices(self) -> tuple[ModelChoice, ...]: ...
    def preview_choice(self, spec: str, choice: ToolChoice) -> ResolvedChoice: ...


class HasRuns(Protocol):
    """The runs, live and recorded."""

    @property
    def runs(self) -> Runs: ...


class HasPictures(Protocol):
    """What reads the pictures in results."""

    @property
    def pictures(self) -> "PictureReader": ...


class HasSuites(Protocol):
    """The suites, their runs and results."""

    @property
    def suites(self) -> "Suites": ...


class HasPrices(Protocol):
    """What models cost."""

    @property
    def prices(self) -> Prices: ...


class HasServers(Protocol):
    """The MCP servers."""

    @property
    def mcp(self) -> ProjectServers: ...


class HasService(Protocol):
    """What other programs may do with the project."""

    def serve(self, settings: "ServiceSettings", *, has_person: Callable[[], bool]) -> "ToolService": ...


class HasKeyMap(Protocol):
    """The keys this user chose for commands."""

    @property
    def key_map(self) -> KeyMap: ...


class HasKeys(Protocol):
    """The API keys, by name."""

    @property
    def keys(self) -> KeyStore: ...


class HasTrust(Protocol):
    """Whether the project's code and rules count."""

    @property
    def is_trusted(self) -> bool: ...
    @property
    def trusts_code(self) -> bool: ...
    @property
    def trusts_rules(self) -> bool: ...
    @property
    def trust_seen(self) -> TrustSeen: ...
    def take_rules(self, rules: Sequence[Rule]) -> None: ...
    def edit_code(self, words: str, files: Mapping[Path, bytes | None]) -> Undoable: ...
    def code_files(self) -> tuple[Path, ...]: ...


class HasRedactor(Protocol):
    """What leaves keys out of texts."""

    @property
    def redactor(self) -> Redactor: ...


class HasHistory(HasRedactor, Protocol):
    """Where results are kept beside the runs."""

    @property
    def store(self) -> RunStore: ...


class HasRouter(Protocol):
    """What chooses the tools of rounds."""

    @property
    def router(self) -> Router: ...


class HasTextOverlaps(Protocol):
    """How alike texts are."""

    @property
    def text_overlaps(self) -> TextOverlaps: ...


class HasHeats(Protocol):
    """What was measured about the sentences of descriptions."""

    @property
    def heats(self) -> HeatStore: ...


class HasGrants(Protocol):
    """The permissions given with approvals, and what the person is used to when approving."""

    @property
    def grants(self) -> GrantRegistry: ...
    @property
    def habit(self) -> ApprovalHabit: ...


class HasConnections(Protocol):
    """Servers and vendors under names of the user's own."""

    @property
    def connections(self) -> Connections: ...


class HasSearch(Protocol):
    """The search through all runs."""

    @property
    def search(self) -> RunSearch: ...


class HasMemory(Protocol):
    """What is remembered of a project, outside of it."""

    @property
    def memory(self) -> ProjectMemory: ...


class HasFolders(Protocol):
    """The user's own folders."""

    @property
    def folders(self) -> UserFolders: ...


class HasPreview(Protocol):
    """What would happen to a call."""

    @property
    def policy_preview(self) -> PolicyPreview: ...


class HasMockTrial(Protocol):
    """Which rule of a mock would answer a call."""

    @property
    def mock_trial(self) -> MockTrial: ...
