"""Mocks of a project: made from recorded runs, written into workbench.toml, and counted."""

from collections.abc import Iterable
from typing import Any

import msgspec
import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Table

from workbench.app.project.condition_text import condition_texts
from workbench.app.runs.runs import Runs
from workbench.core.errors import ProjectError, UsageError
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.mock import MockPlan, MockRule, When
from workbench.core.mock_record import RuleCount, coverage, rules_from_trace
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.trace import Trace, fold
from workbench.store.executor_row import MockRow
from workbench.store.project import Project
from workbench.store.redaction import Redactor
from workbench.store.tool_file import write_whole


class WrittenMocks(msgspec.Struct, frozen=True):
    """How many rules were added for each tool; `known` is how many already existed."""

    added: dict[str, int]
    known: int


def mock_plans(project: Project) -> dict[str, MockPlan]:
    """The mocks of the project, by tool."""
    return {name: row.plan() for name, row in project.file.executors.items() if isinstance(row, MockRow)}


def mock_coverage(project: Project, runs: Runs, run_ids: Iterable[RunId]) -> tuple[RuleCount, ...]:
    """Which rules answered how many calls of these runs."""
    return coverage(mock_plans(project), (fold(runs.load(run)) for run in run_ids))


def redacted_trace(runs: Runs, redactor: Redactor, run: RunId) -> Trace:
    """The run as it is on disk. The log of one that goes on still says what a tool said, and that may be a key."""
    return fold(map(redactor.event, runs.load(run)))


def mock_from_run(project: Project, trace: Trace, tool: str = "") -> WrittenMocks:
    """Answer the tools of a recorded run as they were answered in it, from now on; only `tool` if it is named.

    Raises `UsageError` when there is nothing to take over. The project must be reloaded afterwards.
    """
    found = rules_from_trace(trace, tool)
    if not found:
        which = f"no answered call of {tool!r}" if tool else "no answered call"
        raise UsageError(f"this run has {which}", hint="`workbench show PROJECT RUN` shows what it has.")
    plans = mock_plans(project)
    fresh = {
        name: tuple(rule for rule in rules if not _is_known(rule, plans.get(name, MockPlan())))
        for name, rules in found.items()
    }
    write_mock_rules(project, fresh)
    added = {name: len(rules) for name, rules in fresh.items()}
    return WrittenMocks(added, sum(map(len, found.values())) - sum(added.values()))


def write_mock_rules(project: Project, rules: dict[str, tuple[MockRule, ...]]) -> None:
    """Add rules after those that a tool has already. Comments and order of the file are kept.

    A tool that something else runs gets a mock in its place; what ran it is kept as `real`.
    """
    document, executors = _open(project)
    for tool, added in rules.items():
        row = executors.get(tool)
        if not isinstance(row, Table) or row.get("kind") != "mock":
            row = _mock_in_place_of(row)
            executors[tool] = row
        listed = row.get("rules")
        if not isinstance(listed, AoT):
            old = listed if isinstance(listed, list) else []
            listed = tomlkit.aot()
            for one in old:
                listed.append(_table(dict(one)))
            row["rules"] = listed
        for rule in added:
            listed.append(rule_table(rule))
    _save(project, document)


def unmock(project: Project, tool: str) -> None:
    """Run the tool again as it did before its mock; a tool that nothing ran is without an executor again.

    Raises `UsageError` when the tool has no mock.
    """
    document, executors = _open(project)
    row = executors.get(tool)
    if not isinstance(row, Table) or row.get("kind") != "mock":
        raise UsageError(f"{tool!r} has no mock")
    real = row.get("real")
    if real is None:
        del executors[tool]
    else:
        executors[tool] = _table(dict(real))
    _save(project, document)


def _is_known(rule: MockRule, plan: MockPlan) -> bool:
    return any(one.when == rule.when and one.reply == rule.reply for one in plan.rules)


def _open(project: Project) -> "tuple[tomlkit.TOMLDocument, Table | Container]":
    path = project.folder / PROJECT_FILE
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    executors = document.setdefault("executors", tomlkit.table(is_super_table=True))
    if not isinstance(executors, dict):
        raise ProjectError("executors is not a table", where=PROJECT_FILE)
    return document, executors  # type: ignore[return-value]


def _save(project: Project, document: "tomlkit.TOMLDocument") -> None:
    write_whole(project.folder / PROJECT_FILE, tomlkit.dumps(document))


def _mock_in_place_of(row: Any) -> "Table":
    table = tomlkit.table()
    table["kind"] = "mock"
    table["strict"] = True
    if isinstance(row, dict):
        real = tomlkit.inline_table()
        real.update(row.unwrap() if hasattr(row, "unwrap") else dict(row))
        table["real"] = real
    return table


def rule_table(rule: MockRule) -> "Table":
    """A rule as a table of workbench.toml."""
    return _table(rule_fields(rule))


def rule_fields(rule: MockRule) -> JsonObject:
    """A rule as its table has it: only what it says, and null, which TOML lacks, as JSON text."""
    written: JsonObject = {}
    if rule.name:
        written["name"] = rule.name
    written["when"] = _when(rule.when)
    fields = msgspec.to_builtins(rule.reply)
    defaults = msgspec.to_builtins(type(rule.reply)())
    reply: JsonObject = {name: value for name, value in fields.items() if value != defaults[name]}
    if "static" in reply and _has_null(reply["static"]):
        reply["static"] = compact(reply["static"])
    written["reply"] = reply
    return written


def _when(when: When) -> JsonObject:
    found: JsonObject = {}
    for name in ("exact", "partial"):
        value = getattr(when, name)
        if value is not None:
            found[name] = compact(value) if _has_null(value) else value
    if when.jsonpath:
        found["jsonpath"] = dict(when.jsonpath)
    if when.regex:
        found["regex"] = dict(when.regex)
    if when.where:
        found["where"] = [str(condition) for condition in when.where]
    if when.call is not None:
        found["call"] = when.call
    return found


def _table(values: dict[str, Any]) -> "Table":
    """A table whose own tables take one line each."""
    table = tomlkit.table()
    for key, value in values.items():
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            if key == "when" and "where" in inline:
                inline["where"] = condition_texts(value["where"])
            table[key] = inline
        else:
            table[key] = value
    return table


def _has_null(value: JsonValue) -> bool:
    match value:
        case None:
            return True
        case dict():
            return any(map(_has_null, value.values()))
        case list():
            return any(map(_has_null, value))
        case _:
            return False
