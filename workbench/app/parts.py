"""The parts of an open project, one protocol each: what is shown takes only those it uses. A `Session` has them all.

As of a session, every part is live: `project` is the project as its files were read last.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from workbench.app.costs.prices import Prices
from workbench.app.mcp.mcp_servers import ProjectServers
from workbench.app.microscope.overlaps import TextOverlaps
from workbench.app.models.provider_registry import ModelChoice, ProviderRegistry
from workbench.app.rules.policy_preview import PolicyPreview
from workbench.app.runs.runs import Runs
from workbench.core.approval import Rule
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ResolvedChoice, ToolChoice
from workbench.store.keys import KeyStore
from workbench.store.project import Project
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore


class HasProject(Protocol):
    """The project's files."""

    @property
    def project(self) -> Project: ...


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


class HasPrices(Protocol):
    """What models cost."""

    @property
    def prices(self) -> Prices: ...


class HasServers(Protocol):
    """The MCP servers."""

    @property
    def mcp(self) -> ProjectServers: ...


class HasKeys(Protocol):
    """The API keys, by name."""

    @property
    def keys(self) -> KeyStore: ...


class HasTrust(Protocol):
    """Whether the project's code and rules count."""

    @property
    def is_trusted(self) -> bool: ...
    @property
    def trusts_rules(self) -> bool: ...
    @property
    def needs_trust(self) -> bool: ...
    def take_rules(self, rules: Sequence[Rule]) -> None: ...
    def code_files(self) -> tuple[Path, ...]: ...


class HasHistory(Protocol):
    """Where results are kept beside the runs, and what leaves keys out of them."""

    @property
    def store(self) -> RunStore: ...
    @property
    def redactor(self) -> Redactor: ...


class HasTextOverlaps(Protocol):
    """How alike texts are."""

    @property
    def text_overlaps(self) -> TextOverlaps: ...


class HasPreview(Protocol):
    """What would happen to a call."""

    @property
    def policy_preview(self) -> PolicyPreview: ...
