"""The approval rules of workbench.toml, written back as a person would: each rule keeps its comments."""

import re
import tomllib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import tomlkit

from workbench.app.project.condition_text import condition_texts
from workbench.app.project.file_change import FileChange, project_text
from workbench.core.approval import Rule
from workbench.core.errors import ProjectError, UsageError
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.project import Project
from workbench.store.project_file import read_project_file
from workbench.store.tool_file import write_whole

_HEADER = re.compile(r"\s*\[")
_OWN = re.compile(r"\s*\[\[\s*approval\s*\]\]|\s*\[\s*approval\s*\.")


class PolicyLine(msgspec.Struct, frozen=True):
    """A rule, and its number in the file (from 0); None for a new one."""

    rule: Rule
    was: int | None = None


def policy_lines(project: Project) -> tuple[PolicyLine, ...]:
    """The rules of the project as last read."""
    return tuple(PolicyLine(row.rule(), place) for place, row in enumerate(project.file.approval))


def write_policy(
    project: Project, lines: Sequence[PolicyLine], take_rules: Callable[[Sequence[Rule]], None]
) -> FileChange:
    """Write these rules in this order; the rest of the file stays as it is. The project must be reloaded afterwards.

    Raises `UsageError` when the file has changed since it was read, and `ProjectError` for a faulty rule.
    """
    for line in lines:
        if line.rule.faults:
            raise ProjectError(f"the rule “{line.rule}” cannot be used: {line.rule.faults[0]}")
    path = project.folder / PROJECT_FILE
    before = project_text(project.folder)
    file, problems = read_project_file(before, PROJECT_FILE)
    if problems:
        raise UsageError(f"{problems[0]}", hint="Fix the file first; rules cannot be saved in an invalid file.")
    known = [row.rule() for row in file.approval]
    if known != [row.rule() for row in project.file.approval]:
        raise UsageError(f"the rules in {PROJECT_FILE} have changed since they were read", hint="Reload them.")
    after = _rewritten(before, lines, known)
    if not _says(after, before, lines):
        after = _set_plainly(before, lines)
    write_whole(path, after)
    take_rules([line.rule for line in lines])
    return FileChange(before, after)


def _rewritten(text: str, lines: Sequence[PolicyLine], known: list[Rule]) -> str:
    """Split the file into the rules' blocks of text, including comments above them, and join them again."""
    blocks, is_rule = _cut(text)
    rules = [block for block, own in zip(blocks, is_rule, strict=True) if own]
    if len(rules) != len(known):
        return ""
    written = [_block(line, rules, known).strip("\n") + "\n" for line in lines]
    new = "\n".join(written)
    if not any(is_rule):
        return text.rstrip("\n") + "\n\n" + new if new else text
    first = is_rule.index(True)
    before = "".join(blocks[:first]).rstrip("\n")
    rest = "".join(block for block, own in zip(blocks[first:], is_rule[first:], strict=True) if not own)
    parts = [part for part in (before, new.rstrip("\n"), rest.strip("\n")) if part]
    return "\n\n".join(parts) + "\n"


def _cut(text: str) -> tuple[list[str], list[bool]]:
    lines = text.splitlines(keepends=True)
    starts, owns = [0], [False]
    for number, line in enumerate(lines):
        if not _HEADER.match(line):
            continue
        own = bool(_OWN.match(line))
        if own and owns[-1] and not line.lstrip().startswith("[["):
            continue  # a table inside the rule
        start = number
        while start > starts[-1] and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        starts.append(start)
        owns.append(own)
    ends = [*starts[1:], len(lines)]
    return ["".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)], owns


def _block(line: PolicyLine, rules: list[str], known: list[Rule]) -> str:
    if line.was is None or not 0 <= line.was < len(rules):
        return _fresh(line.rule)
    if known[line.was] == line.rule:
        return rules[line.was]
    document: Any = tomlkit.parse(rules[line.was])
    table = document["approval"][0]
    for name, value in _fields(line.rule).items():
        if table.get(name) != value:
            table[name] = _inline(value)
    for name in [name for name in table if name not in _fields(line.rule)]:
        del table[name]
    return tomlkit.dumps(document)


def _fresh(rule: Rule) -> str:
    document = tomlkit.document()
    listed = tomlkit.aot()
    table = tomlkit.table()
    for name, value in _fields(rule).items():
        table[name] = _inline(value)
    listed.append(table)
    document["approval"] = listed
    return tomlkit.dumps(document)


def _fields(rule: Rule) -> dict[str, Any]:
    fields: dict[str, Any] = {"tool": rule.tool, "action": rule.action}
    if rule.where:
        fields["where"] = [str(condition) for condition in rule.where]
    for name in ("arguments", "annotations", "server"):
        if value := getattr(rule, name):
            fields[name] = value
    return fields


def _inline(value: Any) -> Any:
    if isinstance(value, list):
        return condition_texts(value)
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    table.update(value)
    return table


def _set_plainly(text: str, lines: Sequence[PolicyLine]) -> str:
    """The rules rewritten in place if the file has them in an odd form; raises `ProjectError` if even that fails."""
    document: Any = tomlkit.parse(text)
    document.pop("approval", None)
    if lines:
        listed = tomlkit.aot()
        for line in lines:
            table = tomlkit.table()
            for name, value in _fields(line.rule).items():
                table[name] = _inline(value)
            listed.append(table)
        document["approval"] = listed
    after = tomlkit.dumps(document)
    if not _says(after, text, lines):
        raise ProjectError("the rules cannot be saved in this file", where=PROJECT_FILE, hint="Edit it as text.")
    return after


def _says(after: str, before: str, lines: Sequence[PolicyLine]) -> bool:
    """Whether the new text has exactly these rules, and everything else as it was."""
    try:
        new, old = tomllib.loads(after), tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return False
    old.pop("approval", None)
    rest = {key: value for key, value in new.items() if key != "approval"}
    file, problems = read_project_file(after, PROJECT_FILE)
    return rest == old and not problems and [row.rule() for row in file.approval] == [line.rule for line in lines]
