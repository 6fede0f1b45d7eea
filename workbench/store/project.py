"""A project: what is where in its folder. Reading it executes nothing and changes nothing."""

import threading
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from workbench.core.approval import ASK_ALL, Policy, Rule
from workbench.core.errors import ProjectError, UsageError
from workbench.core.handling import Handling
from workbench.core.limit import RunLimits
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.tool import Toolset
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan, check_choice, parse_choice
from workbench.store.executor_row import HttpRow, McpToolRow, PythonRow, in_words, sends_keys_in_the_clear
from workbench.store.handling_row import handling_of, retries_in_vain
from workbench.store.project_file import ConnectionRow, ProjectFile, ProjectProblem, read_project_file
from workbench.store.project_place import project_file_in
from workbench.store.routing_row import unknown_tools
from workbench.store.small_file import KnownFiles, text_in
from workbench.store.tool_folder import ToolFolder

MAX_COMPARED_RULES = 500


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project as read from its folder, with everything that was wrong in `problems`."""

    folder: Path
    name: str
    file: ProjectFile
    toolset: Toolset
    policy: Policy
    handling: Handling
    limits: RunLimits
    tool_choice: ToolChoicePlan
    vendor_keys: Mapping[str, str] = {}
    problems: tuple[ProjectProblem, ...] = ()

    @property
    def keyed_connections(self) -> dict[str, ConnectionRow]:
        """The connections that would get a key because of this project alone."""
        rows = self.file.connections
        return {name: row for name, row in rows.items() if row.needs_trust(self.vendor_keys.get(row.wire, ""))}

    @property
    def prompt(self) -> str:
        """The message offered in an empty chat."""
        return self.file.prompt

    @property
    def instructions(self) -> str:
        """The system prompt."""
        return self.file.instructions

    @property
    def model(self) -> str:
        """The model's SPEC."""
        return self.file.model

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The approval rules as written in the file; `policy` holds those that apply."""
        return tuple(row.rule() for row in self.file.approval)

    @property
    def parallel_calls(self) -> bool:
        """Whether several calls may be made in one round."""
        return self.file.request.parallel_calls

    @property
    def errors(self) -> tuple[ProjectProblem, ...]:
        """The problems that keep the project from running as written."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def executor_names(self) -> dict[str, str]:
        """Tool name → how it runs, in words; tools that nothing runs are absent."""
        return {name: in_words(row) for name, row in self.file.executors.items()}

    def is_inside(self, folder: str, path: str) -> bool:
        """Whether a path leads into a folder of the project, symbolic links followed; see `core.sanitizer`."""
        try:
            return (self.folder / path).resolve().is_relative_to((self.folder / folder).resolve())
        except (OSError, ValueError, RuntimeError):  # an impossible file name, or links in a circle
            return False


def load_project(folder: Path, vendor_keys: Mapping[str, str] | None = None) -> Project:
    """Read the project in `folder`. `vendor_keys` maps the existing wires to the keys that their vendors issue;
    without them any wire will do, and each key of a connection needs trust.

    Raises `ProjectError` only when there is no project to read; a damaged file is a problem with its line,
    and the rest stays usable.
    """
    folder = folder.resolve()
    project_file_in(folder)
    wires = frozenset(vendor_keys) if vendor_keys is not None else None
    file, tools, tool_problems, problems = _files_of(folder, wires).read()
    choice, choice_problems = _tool_choice(file, tools)
    return Project(
        folder=folder,
        name=file.name or folder.name,
        file=file,
        toolset=tools,
        policy=_policy(file, problems),
        handling=handling_of(file.sanitizers, file.on_error, file.rates, file.results),
        limits=RunLimits(**file.limits.model_dump()),
        tool_choice=choice,
        vendor_keys=vendor_keys or {},
        problems=(*problems, *tool_problems, *choice_problems, *_loose_ends(file, tools)),
    )


class _ProjectFiles:
    """What a project consists of, read again only where it has changed. Thread-safe."""

    def __init__(self, folder: Path, wires: Collection[str] | None) -> None:
        self._path = folder / PROJECT_FILE
        self._file = KnownFiles(lambda path, content: _project_file(text_in(content), wires))
        self._tools = ToolFolder(folder)
        self._lock = threading.Lock()

    def read(self) -> tuple[ProjectFile, Toolset, tuple[ProjectProblem, ...], tuple[ProjectProblem, ...]]:
        """The project file, the tools, and what is wrong with each."""
        with self._lock:
            try:
                file, problems = self._file.read(self._path)
            except ProjectError as error:
                file, problems = _damaged(error)
            except OSError as error:
                file, problems = _damaged(ProjectError(f"the file cannot be read: {error.strerror or error}"))
            return file, *self._tools.read(), problems


@lru_cache(maxsize=4)
def _files_of(folder: Path, wires: frozenset[str] | None) -> _ProjectFiles:
    return _ProjectFiles(folder, wires)


def _project_file(text: str, wires: Collection[str] | None) -> tuple[ProjectFile, tuple[ProjectProblem, ...]]:
    try:
        return read_project_file(text, PROJECT_FILE, wires)
    except ProjectError as error:
        return _damaged(error)


def _damaged(error: ProjectError) -> tuple[ProjectFile, tuple[ProjectProblem, ...]]:
    return ProjectFile(), (ProjectProblem(PROJECT_FILE, 0, error.message, error.hint),)


def _tool_choice(file: ProjectFile, tools: Toolset) -> tuple[ToolChoicePlan, tuple[ProjectProblem, ...]]:
    try:
        first = parse_choice(file.request.tool_choice)
        then = parse_choice(file.request.tool_choice_after) if file.request.tool_choice_after else None
        for choice in (first, then):
            if choice is not None and (own := _without_servers(choice, file)) is not None:
                check_choice(own, tools)
    except UsageError as error:
        return ToolChoicePlan(), (ProjectProblem(PROJECT_FILE, 0, f"request.tool_choice: {error.message}", error.hint),)
    return ToolChoicePlan(first, then), ()


def _without_servers(choice: ToolChoice, file: ProjectFile) -> ToolChoice | None:
    """The part of a choice that can be judged before any MCP server has listed its tools; None for nothing."""
    own = tuple(name for name in choice.only if server_of(name, file) is None)
    if (choice.only and not own) or (not choice.only and file.mcp):
        return None
    return ToolChoice(choice.mode, own)


def server_of(tool: str, file: ProjectFile) -> str | None:
    """The MCP server of the project that a tool of this name would come from."""
    server, mark, _ = tool.partition("__")
    return server if mark and server in file.mcp else None


def _policy(file: ProjectFile, problems: tuple[ProjectProblem, ...]) -> Policy:
    """The rules; where sanitizers cannot be read, no rule lets a call through without a person looking at it."""
    if any(problem.message.startswith("sanitizers") for problem in problems):
        return Policy((*(row.rule() for row in file.approval if row.action == "deny"), *ASK_ALL.rules))
    return Policy(tuple(row.rule() for row in file.approval))


def _loose_ends(file: ProjectFile, tools: Toolset) -> list[ProjectProblem]:
    problems = []
    for name, row in file.executors.items():
        if tools.named(name) is None and server_of(name, file) is None:
            message = f"executors.{name}: no tool has that name"
            problems.append(ProjectProblem(PROJECT_FILE, 0, message, severity="warning"))
        if isinstance(row, PythonRow) and ":" not in row.function:
            message = f"executors.{name}: function must be written module:function"
            problems.append(ProjectProblem(PROJECT_FILE, 0, message))
        if isinstance(row, McpToolRow) and row.server not in file.mcp:
            message = f"executors.{name}: there is no MCP server {row.server!r}"
            problems.append(ProjectProblem(PROJECT_FILE, 0, message, "Add it under [mcp]."))
        if isinstance(row, HttpRow) and sends_keys_in_the_clear(row):
            message = f"executors.{name}: the key would travel unencrypted; use https"
            problems.append(ProjectProblem(PROJECT_FILE, 0, message, severity="warning"))
    own = [(place, name) for place, name in unknown_tools(file.routing, tools.names) if server_of(name, file) is None]
    for place, name in own:
        message = f"routing.{place}: no tool is named {name!r}"
        problems.append(ProjectProblem(PROJECT_FILE, 0, message, severity="warning"))
    for place in retries_in_vain(file.on_error, tools):
        message = f"{place}: retry does nothing, because the tool is not marked idempotent"
        hint = "Mark it with idempotentHint, or set repeats_effects = true."
        problems.append(ProjectProblem(PROJECT_FILE, 0, message, hint, "warning"))
    # Each rule is compared with those before it, so very long lists are not; the rules still apply in their order.
    for later, earlier in Policy(tuple(row.rule() for row in file.approval[:MAX_COMPARED_RULES])).silenced():
        message = f"approval: rule {later + 1} never applies, because rule {earlier + 1} always matches first"
        problems.append(ProjectProblem(PROJECT_FILE, 0, message, "Put it before that rule.", "warning"))
    return problems
