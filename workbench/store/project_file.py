"""`workbench.toml`: what it may contain, checked, with a place for everything that is wrong."""

import os
import re
import tomllib
from collections.abc import Collection
from functools import cached_property
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workbench.core.approval import Rule
from workbench.core.condition import read_condition
from workbench.core.errors import with_advice
from workbench.core.hand_call import HAND
from workbench.core.ids import WireId
from workbench.core.json_text import canonical
from workbench.core.model_parameters import (
    PARAMETER_NAMES,
    ModelParameters,
    overlaid,
    parameter_fault,
    parameter_faults,
)
from workbench.core.problem import ProblemSeverity
from workbench.core.tool import PORTABLE_NAME
from workbench.store.executor_row import ConditionText, ExecutorRow, is_this_machine
from workbench.store.handling_row import ErrorTable, RateTable, ResultsSection, SanitizerTable
from workbench.store.mcp_file import McpRow, ServerName
from workbench.store.routing_row import RoutingSection

FORMAT = 1
MAX_PROBLEMS = 50


class ProjectProblem(msgspec.Struct, frozen=True):
    """Something wrong in a project file. `line` counts from 1; 0 means the whole file. `setting` are the names that
    lead to what is wrong in workbench.toml, where that is known.

    An `error` keeps the program from running the project, a `warning` does not.
    """

    file: str
    line: int
    message: str
    hint: str = ""
    severity: ProblemSeverity = "error"
    setting: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {with_advice(self.message, self.hint)}"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _parameter(name: str) -> AfterValidator:
    def checked(value: float | int | str | None) -> float | int | str | None:
        if value is not None and (fault := parameter_fault(name, value)):
            raise ValueError(fault)
        return value

    return AfterValidator(checked)


class RequestSection(_Section):
    """How requests are made. What has no value is left to the vendor."""

    tool_choice: str = "auto"
    tool_choice_after: str | None = None
    parallel_calls: bool = True
    pictures: bool = True
    temperature: Annotated[float | int | None, _parameter("temperature")] = None
    top_p: Annotated[float | int | None, _parameter("top_p")] = None
    seed: Annotated[int | None, _parameter("seed")] = None
    reasoning_effort: Annotated[str | None, _parameter("reasoning_effort")] = None
    max_output_tokens: int | None = Field(default=None, ge=1)
    settings: dict[str, Any] = {}

    @property
    def parameters(self) -> ModelParameters:
        """The sampling parameters that were chosen, the output limit among them."""
        return overlaid({}, {name: getattr(self, name) for name in PARAMETER_NAMES})


class LimitsSection(_Section):
    """Bounds of a run; see `core.limit.RunLimits`."""

    rounds: int = Field(default=8, ge=1, le=1000)
    calls: int = Field(default=64, ge=1, le=100_000)
    seconds: float = Field(default=600.0, gt=0, strict=False)
    tokens: int = Field(default=500_000, ge=1)
    concurrency: int = Field(default=4, ge=1, le=64)
    tool_seconds: float = Field(default=30.0, gt=0, strict=False)
    result_chars: int = Field(default=50_000, ge=100)
    approval_seconds: float | None = Field(default=None, gt=0, strict=False)


class PythonSection(_Section):
    """What runs the project's Python functions. `interpreter` is a path, from the project's folder where it is not
    absolute, such as `.venv/bin/python`; empty for the one that runs the workbench. `memory_mb` bounds each child."""

    interpreter: str = ""
    memory_mb: int = Field(default=0, ge=0, le=1_000_000)

    def program(self, folder: Path) -> str:
        """The interpreter to start; empty for the workbench's own."""
        return os.path.normpath(folder / Path(self.interpreter)) if self.interpreter else ""


class ApprovalRow(_Section):
    """One rule of the policy; see `core.approval.Rule`."""

    tool: str
    action: Literal["allow", "ask", "deny"]
    where: tuple[ConditionText, ...] = Field(default=(), strict=False)
    arguments: dict[str, str] = {}
    annotations: dict[str, bool] = {}
    server: str = ""

    def rule(self) -> Rule:
        """The rule this row stands for."""
        where = tuple(map(read_condition, self.where))
        return Rule(self.tool, self.action, dict(self.arguments), dict(self.annotations), self.server, where)

    def model_post_init(self, _context: object) -> None:
        """Refuse, by `ValueError`, what would silently turn a rule off, or make it allow calls because of a tool
        author's hint.
        """
        for fault in self.rule().faults:
            raise ValueError(fault)


def _connection_name(name: str) -> str:
    if not PORTABLE_NAME.fullmatch(name) or name in ("local", "scripted", HAND):
        raise ValueError("a connection is named with letters, digits, _ or -, and not like a model's SPEC")
    return name


ConnectionName = Annotated[str, AfterValidator(_connection_name)]
"""Nothing that could be taken for a vendor's model, such as openai:gpt-5: a project must not redirect those."""


class ConnectionRow(_Section):
    """A server of the user's own, or a vendor under another name. `key` is the *name* of a key, `wire` the id of a
    wire; which wires there are is handed to `read_project_file`. `accept_done` takes `[DONE]` for the end of an answer
    that does not say how it ended; `think_tags` shows text between `<think>` tags as reasoning. `models` are offered
    beside `model`, as `NAME:MODEL`. `parameters` are, by model, what it is asked with where a project says nothing."""

    wire: WireId
    model: str
    models: list[str] = []
    base_url: str = ""
    key: str = ""
    accept_done: bool = False
    think_tags: bool = False
    parameters: dict[str, dict[str, float | int | str]] = {}

    def model_post_init(self, _context: object) -> None:
        """Refuse, by `ValueError`, a parameter that no wire could send."""
        for model, chosen in self.parameters.items():
            for fault in parameter_faults(chosen):
                raise ValueError(f"parameters of {model}: {fault}")

    def needs_trust(self, vendor_key: str) -> bool:
        """Whether this row would send a key off the machine: its author chose which key, and where to.

        `vendor_key` names the key that the wire's vendor issues, which may go to the vendor's own address.
        """
        if not self.base_url:
            return self.key not in ("", vendor_key)
        return bool(self.key) and not is_this_machine(self.base_url)


class TelemetrySection(_Section):
    """Where runs are sent as OpenTelemetry: the address of a collector, or a file below the project's folder; empty for
    nowhere. `content`: also what was said, given and returned."""

    to: str = ""
    content: bool = False

    @property
    def needs_trust(self) -> bool:
        """Whether it sends off this machine, or content to another program."""
        return "://" in self.to and (self.content or not is_this_machine(self.to))

    def model_post_init(self, _context: object) -> None:
        """Refuse, by `ValueError`, a file that is not below the project's folder."""
        path = PurePath(self.to)
        if self.to and "://" not in self.to and (path.is_absolute() or ".." in path.parts):
            raise ValueError("telemetry goes to a file below the project's folder, or to a URL")


class ProjectFile(_Section):
    """The whole file."""

    format: int = Field(default=FORMAT, ge=1)
    name: str = ""
    prompt: str = ""
    instructions: str = ""
    model: str = "local"
    request: RequestSection = RequestSection()
    limits: LimitsSection = LimitsSection()
    approval: tuple[ApprovalRow, ...] = Field(default=(), strict=False)
    python: PythonSection = PythonSection()
    executors: dict[str, ExecutorRow] = {}
    connections: dict[ConnectionName, ConnectionRow] = {}
    mcp: dict[ServerName, McpRow] = {}
    sanitizers: SanitizerTable = {}
    on_error: ErrorTable = {}
    rates: RateTable = {}
    results: ResultsSection = ResultsSection()
    telemetry: TelemetrySection = TelemetrySection()
    routing: RoutingSection = RoutingSection()

    @cached_property
    def executor_text(self) -> str:
        """What runs each tool, the same text for the same meaning."""
        rows = {name: row.model_dump() for name, row in self.executors.items()}
        for row in rows.values():
            if not row.get("loader"):  # so that what was trusted before there were loaders still is
                row.pop("loader", None)
        return canonical(rows)


def read_project_file(
    text: str, file: str, wires: Collection[str] | None = None
) -> tuple[ProjectFile, tuple[ProjectProblem, ...]]:
    """The content of the text, and what is wrong with it. Sections that are wrong fall back to their defaults.

    `wires` are the ids a connection may have; None leaves them unchecked.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return ProjectFile(), (ProjectProblem(file, _toml_line(str(error)), f"not valid TOML: {error}"),)
    except RecursionError:
        return ProjectFile(), (ProjectProblem(file, 0, "not valid TOML: nested too deeply"),)
    version = document.get("format", FORMAT)
    if isinstance(version, int) and version > FORMAT:
        message = f"this project has format {version}, this program supports up to {FORMAT}"
        return ProjectFile(), (ProjectProblem(file, _line_of(text, ("format",)), message, "Update the workbench."),)
    try:
        read = ProjectFile.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(text, file, detail) for detail in details[:MAX_PROBLEMS]]
        if len(details) > MAX_PROBLEMS:
            problems.append(ProjectProblem(file, 0, f"there are {len(details) - MAX_PROBLEMS:,} more mistakes"))
        return _what_is_usable(document, {detail["loc"][0] for detail in details if detail["loc"]}), tuple(problems)

    unknown = [
        _unknown_wire(text, file, name, row.wire, wires)
        for name, row in read.connections.items()
        if wires is not None and row.wire not in wires
    ]
    return (_what_is_usable(document, {"connections"}), tuple(unknown)) if unknown else (read, ())


def _unknown_wire(text: str, file: str, name: str, wire: str, wires: Collection[str]) -> ProjectProblem:
    message = f"connections.{name}.wire: there is no wire {wire!r}"
    return ProjectProblem(file, _line_of(text, ("connections", name, "wire")), message, f"Use {', '.join(wires)}.")


def _what_is_usable(document: dict[str, Any], broken: set[Any]) -> ProjectFile:
    return ProjectFile.model_validate({key: value for key, value in document.items() if key not in broken})


def _problem(text: str, file: str, detail: Any) -> ProjectProblem:
    steps = tuple(str(step) for step in detail["loc"] if step != "[key]")  # a name that is wrong, not its value
    if detail["type"].startswith("union_tag"):
        steps = (*steps, "kind")
    name = ".".join(steps)
    if detail["type"] == "extra_forbidden":
        message = f"{name}: there is no such setting"
        return ProjectProblem(file, _line_of(text, steps), message, "Check the spelling.", setting=steps)
    said = _WORDS.get(detail["type"]) or str(detail["msg"]).removeprefix("Value error, ")
    return ProjectProblem(file, _line_of(text, steps), f"{name}: {said}", setting=steps)


_WORDS = {
    "missing": "this is missing",
    "model_type": "this has to be a table",
    "model_attributes_type": "this has to be a table",
    "dict_type": "this has to be a table",
    "tuple_type": "this has to be a list of tables",
}


def _toml_line(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 0


def _line_of(text: str, steps: tuple[str, ...]) -> int:
    """The line a setting is in, found by its name below its table's heading; 0 when it is not there."""
    lines = text.splitlines()
    names = [step for step in steps if not step.isdigit()]
    index = next((int(step) for step in steps if step.isdigit()), 0)
    start, has_heading = 0, False
    if len(names) > 1 or any(step.isdigit() for step in steps):
        heading = re.compile(rf"\s*\[\[?\s*{re.escape(names[0])}\b")
        headings = [number for number, line in enumerate(lines) if heading.match(line)]
        if headings:
            deeper = [n for n in headings if len(names) > 1 and names[1] in lines[n]]
            start = deeper[0] if deeper else headings[min(index, len(headings) - 1)]
            has_heading = True
    for number in range(start, len(lines)):
        if names and re.match(rf"\s*\"?{re.escape(names[-1])}\"?\s*=", lines[number]):
            return number + 1
    return start + 1 if has_heading else 0
