"""What the rules find in tools that are offered together, each with its place in the tool's file."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import msgspec

from workbench.app.exports.coverage import NOT_TESTED, CoverageTable
from workbench.app.lint.changed_rules import (
    CHANGED_SINCE_APPROVED,
    CHANGED_SINCE_TESTED,
    changed_since_approved,
    changed_since_tested,
)
from workbench.app.lint.loop_rules import LOOP_RULES, loop_findings
from workbench.app.lint.vendor_limits import LIMITS, TOO_MANY, budget_findings, count_findings
from workbench.core.errors import WorkbenchError, with_advice
from workbench.core.json_place import JsonPlaces, places
from workbench.core.json_text import digest
from workbench.core.lint.finding import SEVERITIES, Finding, Fix, Severity
from workbench.core.lint.hidden_rules import HIDDEN_RULES
from workbench.core.lint.name_rules import NAME_RULES
from workbench.core.lint.place import span_of
from workbench.core.lint.rule import LintRule, Surroundings, run_rules
from workbench.core.lint.rules import RULES
from workbench.core.lint.schema_rules import INVALID_TOOL
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.store.code_folder import code_folder
from workbench.store.project import Project
from workbench.store.project_file import ProjectProblem
from workbench.store.small_file import read_small, text_in
from workbench.store.tool_file import read_tool

TOOL_RULES: tuple[LintRule, ...] = (*RULES, LIMITS)
ALL_RULES: tuple[LintRule, ...] = (*TOOL_RULES, TOO_MANY, CHANGED_SINCE_TESTED, CHANGED_SINCE_APPROVED, *LOOP_RULES)
_MOST_FILES = 500
_SERVER_RULES: tuple[LintRule, ...] = (*NAME_RULES, *HIDDEN_RULES)
RULE_OF = MappingProxyType({rule.id: rule for rule in ALL_RULES})


class Replacement(msgspec.Struct, frozen=True):
    """A fix as one change of a file's text: lines and columns from 1, the end exclusive. `old` is what is there."""

    words: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    old: str


class LintFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding in a project. `place` is a JSON pointer into the tool's file; `line` and `column` count from 1, and
    are 1 where the finding is about the whole file. `tool` is empty for what is about the project or
    a file that cannot be read.
    """

    severity: Severity
    rule: str
    tool: str
    file: str
    line: int
    column: int
    place: str
    message: str
    about: str = ""
    fix: Replacement | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in another version of the project, even if it has moved in the file."""
        return digest([self.rule, self.tool or self.file, self.place, self.about])[:16]


def lint_tools(
    tools: Sequence[Tool], *, of_servers: Sequence[Tool] = (), rules: Sequence[LintRule] = TOOL_RULES
) -> Iterator[tuple[Tool, Finding]]:
    """Every finding with its tool. A pair of tools is reported once, at the first of them. `of_servers` are offered
    with them and not looked at themselves."""
    for number, tool in enumerate(tools):
        earlier = frozenset(other.name for other in tools[:number])
        around = Surroundings([*tools[:number], *tools[number + 1 :], *of_servers], earlier)
        for finding in dict.fromkeys(run_rules(rules, tool.document, around)):
            yield tool, finding


def lint_project(
    project: Project,
    *,
    coverage: CoverageTable = NOT_TESTED,
    changed_tools: Sequence[tuple[str, str]] = (),
    of_servers: Sequence[Tool] = (),
) -> tuple[LintFinding, ...]:
    """What the rules find in the tools of a project's folder, worst first, then by file and line. Nothing runs.

    `coverage` says which texts were tested; `changed_tools` are tools of servers, by server and name, that are not what
    was approved. `of_servers` are offered with the project's own; only names and hidden texts of theirs are looked at,
    because the rest is not the project's to change.
    """
    texts: dict[str, tuple[str, str]] = {}
    found = []
    for path in sorted((project.folder / TOOLS_FOLDER).glob("*.json")):
        file = f"{TOOLS_FOLDER}/{path.name}"
        try:
            text = text_in(read_small(path))
            name = read_tool(text).name
        except (WorkbenchError, OSError):
            name = ""
        if name and name not in texts:
            texts[name] = (file, text)
        else:
            found += [_unread(problem) for problem in project.errors if problem.file == file]
    tools = [tool for tool in project.toolset if tool.name in texts]
    by_tool = (*lint_tools(tools, of_servers=of_servers), *changed_since_tested(tools, coverage))
    found += [
        _placed(finding, tool.name, PROJECT_FILE, "") for tool, finding in lint_tools(of_servers, rules=_SERVER_RULES)
    ]
    code = islice(code_folder(project.folder).files(), _MOST_FILES)
    found += [finding for path in code for finding in _of_code(project.folder, path)]
    found += [_placed(finding, tool.name, *texts[tool.name]) for tool, finding in by_tool]
    together = (*count_findings(len(tools)), *budget_findings(tools), *changed_since_approved(changed_tools))
    found += [_placed(finding, "", PROJECT_FILE, "") for finding in together]
    return tuple(sorted(found, key=lambda each: (SEVERITIES.index(each.severity), each.file, each.line, each.column)))


def _of_code(project_folder: Path, path: Path) -> Iterator[LintFinding]:
    """The mistakes of tool loops in a file of the project's code."""
    try:
        text = text_in(read_small(path)) if path.suffix == ".py" else ""
    except (WorkbenchError, OSError):
        return
    for line, finding in loop_findings(text):
        yield LintFinding(
            severity=finding.severity,
            rule=finding.rule,
            tool="",
            file=path.relative_to(project_folder).as_posix(),
            line=line,
            column=1,
            place="",
            message=finding.message,
            about=finding.message,
        )


def _unread(problem: ProjectProblem) -> LintFinding:
    words = with_advice(problem.message, problem.hint)
    return LintFinding(
        severity="error",
        rule=INVALID_TOOL,
        tool="",
        file=problem.file,
        line=max(problem.line, 1),
        column=1,
        place="",
        message=words,
    )


def _placed(finding: Finding, tool: str, file: str, text: str) -> LintFinding:
    read = places(text)
    line, column = read.line_column(span_of(finding, read)[0]) if text else (1, 1)
    return LintFinding(
        severity=finding.severity,
        rule=finding.rule,
        tool=tool,
        file=file,
        line=line,
        column=column,
        place=finding.path,
        message=finding.message,
        about=finding.about,
        fix=_replacement(finding.fix, read) if finding.fix is not None and text else None,
    )


def _replacement(fix: Fix, read: JsonPlaces) -> Replacement | None:
    """The part of the text that the fix changes; None where it changes nothing."""
    old = read.text
    try:
        new = fix.applied(old)
    except KeyError:
        return None
    start = _equal(old, new)
    tail = _equal(old[start:][::-1], new[start:][::-1])
    end = len(old) - tail
    ends = read.line_column(start), read.line_column(end)
    return Replacement(fix.words, *ends, new[start : len(new) - tail], old[start:end])


def _equal(one: str, other: str) -> int:
    """How many characters at the beginning of two texts are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(len(one), len(other)))
