"""The fixes of findings, made in the tools' files; they can be undone together."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from workbench.app.lint.project_lint import TOOL_RULES, LintFinding
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import ProjectError, UsageError, WorkbenchError
from workbench.core.json_text import parse_strict_object
from workbench.core.lint.finding import Fix
from workbench.core.lint.rule import run_rules
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.store.small_file import read_small

_MARK = b"\xef\xbb\xbf"
_MOST_FIXES = 1_000


class Fixed(msgspec.Struct, frozen=True):
    """`made` are the fixes, each with the file it was made in."""

    made: tuple[tuple[str, str], ...]
    files: Undoable


def fix_finding(project_folder: Path, finding: LintFinding) -> Undoable:
    """Make the fix. Raises `UsageError` where there is none, or the file changed since it was checked, and `StoreError`
    where it cannot be written."""
    fix, path = finding.fix, project_folder / finding.file
    if fix is None:
        raise UsageError("this finding has no fix", hint="Edit the tool.")
    mark, text = _read(path)
    start, end = (_offset(text, *place) for place in (fix.start, fix.end))
    if text[start:end] != fix.old:
        raise UsageError(f"{path.name} changed since it was checked", hint="Check the tools again.")
    return change_files(fix.words, {path: mark + (text[:start] + fix.text + text[end:]).encode()})


def fix_everything(project_folder: Path) -> Fixed:
    """Apply all fixes in all tools' files; a file that cannot be read is left alone. Raises `StoreError` where one
    cannot be written, and then nothing is changed."""
    made: list[tuple[str, str]] = []
    wanted: dict[Path, bytes | None] = {}
    for path in sorted((project_folder / TOOLS_FOLDER).glob("*.json")):
        try:
            mark, text = _read(path)
        except WorkbenchError:
            continue
        fixed, fixes = fixed_text(text)
        if fixes:
            made += [(f"{TOOLS_FOLDER}/{path.name}", fix.words) for fix in fixes]
            wanted[path] = mark + fixed.encode()
    count = f"{len(made):,} {'fix' if len(made) == 1 else 'fixes'}"
    where = f"{len(wanted):,} {'file' if len(wanted) == 1 else 'files'}"
    return Fixed(tuple(made), change_files(f"Made {count} in {where}", wanted))


def fixed_text(text: str) -> tuple[str, tuple[Fix, ...]]:
    """A tool's text with all of its fixes. One is made after the other, because each can move or settle the next."""
    made: list[Fix] = []
    while len(made) < _MOST_FIXES and (found := next(_fixes(text), None)) is not None:
        fix, text = found
        made.append(fix)
    return text, tuple(made)


def _fixes(text: str) -> Iterator[tuple[Fix, str]]:
    """The fixes that change the text, each with what it makes of it."""
    try:
        document = parse_strict_object(text)
    except WorkbenchError:
        return
    for finding in run_rules(TOOL_RULES, document):
        if finding.fix is None:
            continue
        try:
            after = finding.fix.applied(text)
        except KeyError:
            continue
        if after != text:
            yield finding.fix, after


def _read(path: Path) -> tuple[bytes, str]:
    """The byte order mark of a file, and its text."""
    try:
        data = read_small(path)
        mark = _MARK if data.startswith(_MARK) else b""
        return mark, data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError, ProjectError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None


def _offset(text: str, line: int, column: int) -> int:
    begins = 0
    for _ in range(line - 1):
        begins = text.find("\n", begins) + 1
    return begins + column - 1
