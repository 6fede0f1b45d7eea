"""The fix of a finding, made in the tool's file; it can be undone."""

from pathlib import Path

from workbench.app.lint.project_lint import LintFinding
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import UsageError
from workbench.store.small_file import read_small

_MARK = b"\xef\xbb\xbf"


def fix_finding(project_folder: Path, finding: LintFinding) -> Undoable:
    """Make the fix. Raises `UsageError` where there is none, or the file changed since it was checked, and `StoreError`
    where it cannot be written."""
    fix, path = finding.fix, project_folder / finding.file
    if fix is None:
        raise UsageError("this finding has no fix", hint="Edit the tool.")
    try:
        data = read_small(path)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None
    start, end = (_offset(text, *place) for place in (fix.start, fix.end))
    if text[start:end] != fix.old:
        raise UsageError(f"{path.name} changed since it was checked", hint="Check the tools again.")
    mark = _MARK if data.startswith(_MARK) else b""
    return change_files(fix.words, {path: mark + (text[:start] + fix.text + text[end:]).encode()})


def _offset(text: str, line: int, column: int) -> int:
    begins = 0
    for _ in range(line - 1):
        begins = text.find("\n", begins) + 1
    return begins + column - 1
