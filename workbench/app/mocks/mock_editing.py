"""The rules of one tool's mock as JSON texts: read, judged, and written back with the comments of those that stay."""

from collections.abc import Sequence
from typing import Any

import msgspec
import tomlkit
from pydantic import ValidationError
from tomlkit.items import AoT, Table

from workbench.app.mocks.mock_rules import mock_coverage, mock_plans, rule_fields, rule_table, write_mock_rules
from workbench.app.project.file_change import FileChange, project_text
from workbench.app.runs.runs import Runs
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.ids import CallId
from workbench.core.json_text import parse_strict_object, pretty
from workbench.core.mock import MockPlan, MockRule
from workbench.core.mock_record import RuleCount, rule_from_call
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.trace import Trace
from workbench.store.executor_row import MockRuleRow
from workbench.store.project import Project
from workbench.store.project_file import read_project_file
from workbench.store.tool_file import write_whole

COVERED_RUNS = 50


class MockLine(msgspec.Struct, frozen=True):
    """A rule, and which rule of the file it was (from 0); None for a new one."""

    rule: MockRule
    was: int | None = None


def mock_lines(project: Project, tool: str) -> tuple[MockLine, ...]:
    """The rules of the tool's mock as the project was read last; none for a tool without a mock."""
    plan = mock_plans(project).get(tool, MockPlan())
    return tuple(MockLine(rule, place) for place, rule in enumerate(plan.rules))


def rule_text(rule: MockRule) -> str:
    """A rule as JSON with `when` and `reply`, as `read_rule` takes it."""
    return pretty(rule_fields(rule))


def read_rule(text: str) -> MockRule:
    """The rule a JSON text stands for; raises `UsageError` saying everything that is wrong with it."""
    try:
        row = MockRuleRow.model_validate(parse_strict_object(text))
    except MalformedJson as error:
        raise UsageError(f"not a JSON object: {error}") from None
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
        raise UsageError("; ".join(found[:5])) from None
    return MockRule(row.when.value(), row.reply.value(), row.name)


def write_mock(project: Project, tool: str, lines: Sequence[MockLine], *, is_strict: bool) -> FileChange:
    """Write these rules in this order. A tool that something else runs gets a mock in its place.

    The project must be reloaded afterwards. Raises `UsageError` when the file is not what was read, or damaged.
    """
    before = project_text(project.folder)
    file, problems = read_project_file(before, PROJECT_FILE)
    if problems:
        raise UsageError(f"{problems[0]}", hint="Fix this first.")
    if file.executors.get(tool) != project.file.executors.get(tool):
        raise UsageError(f"the mock of {tool} in {PROJECT_FILE} has changed since it was read", hint="Reload it.")
    known = [line.rule for line in mock_lines(project, tool)]
    if tool not in mock_plans(project):
        write_mock_rules(project, {tool: ()})
    document: Any = tomlkit.parse(project_text(project.folder))
    row = document["executors"][tool]
    old = row.get("rules")
    tables = list(old) if isinstance(old, AoT) else []
    rules = tomlkit.aot()
    for line in lines:
        kept = tables[line.was] if line.was is not None and line.was < len(tables) else None
        stays = kept is not None and line.was is not None and known[line.was] == line.rule
        rules.append(kept if stays and isinstance(kept, Table) else rule_table(line.rule))
    row.pop("rules", None)
    if lines:
        row["rules"] = rules
    if bool(row.get("strict", False)) != is_strict:
        row["strict"] = is_strict
    after = tomlkit.dumps(document)
    if not _says(after, tool, lines):
        write_whole(project.folder / PROJECT_FILE, before)
        raise UsageError("these rules cannot be saved in this file", hint=f"Edit {PROJECT_FILE} as text.")
    write_whole(project.folder / PROJECT_FILE, after)
    return FileChange(before, after)


def mock_from_call(project: Project, trace: Trace, call_id: CallId) -> tuple[str, FileChange]:
    """From now on, answer the call's arguments as they were answered then; the tool's name, and the change.

    Raises `UsageError` when the call got no answer that a mock could give.
    """
    call = next((one for one in trace.calls() if one.call_id == call_id), None)
    rule = rule_from_call(call) if call is not None else None
    if call is None or rule is None:
        raise UsageError("this call has no answer a mock could give")
    before = project_text(project.folder)
    known = mock_lines(project, call.tool)
    if not any(line.rule.when == rule.when and line.rule.reply == rule.reply for line in known):
        write_mock_rules(project, {call.tool: (rule,)})
    return call.tool, FileChange(before, project_text(project.folder))


def recent_coverage(project: Project, runs: Runs, tool: str) -> tuple[RuleCount, ...]:
    """How many calls of the newest runs each rule of the tool's mock answered. Reads the store: not for the loop."""
    newest = [row.run_id for row in runs.recorded()[:COVERED_RUNS]]
    return tuple(count for count in mock_coverage(project, runs, newest) if count.tool == tool)


def _says(text: str, tool: str, lines: Sequence[MockLine]) -> bool:
    file, problems = read_project_file(text, PROJECT_FILE)
    row: Any = file.executors.get(tool)
    return not problems and row is not None and list(row.plan().rules) == [line.rule for line in lines]
