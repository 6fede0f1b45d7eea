"""What happens when no rule of a mock matches: an error, one reply, a model that plays the tool, or the person."""

from typing import Any, Literal

import tomlkit

from workbench.app.mocks.mock_rules import write_mock_rules
from workbench.app.project.file_change import FileChange, project_text
from workbench.core.errors import UsageError
from workbench.core.mock import MockReply
from workbench.core.project_folder import PROJECT_FILE
from workbench.store.executor_row import MockRow
from workbench.store.project import Project
from workbench.store.project_file import read_project_file
from workbench.store.tool_file import write_whole

MockEnding = Literal["error", "default", "model", "hand"]


def ending_of(project: Project, tool: str) -> tuple[MockEnding | None, str]:
    """How the tool's mock ends, and the SPEC of the model that plays it; None for a tool without a mock."""
    row = project.file.executors.get(tool)
    if not isinstance(row, MockRow):
        return None, ""
    if row.by_hand:
        return "hand", ""
    if row.default is not None and row.default.model:
        return "model", row.default.model
    return ("error" if row.strict else "default"), ""


def write_ending(project: Project, tool: str, ending: MockEnding, model: str = "") -> FileChange:
    """Save it; a mock replaces any other executor of the tool. A default reply in the file is kept, except that of
    another model. The project must be reloaded afterwards. Raises `UsageError`.
    """
    before = project_text(project.folder)
    _, problems = read_project_file(before, PROJECT_FILE)
    if problems:
        raise UsageError(f"{problems[0]}", hint="Fix this first.")
    if ending == "model" and not model:
        raise UsageError("no model is chosen to play the tool", hint="Choose one.")
    if ending_of(project, tool)[0] is None:
        write_mock_rules(project, {tool: ()})
    document: Any = tomlkit.parse(project_text(project.folder))
    row = document["executors"][tool]
    played = isinstance(row.get("default"), dict) and "model" in row["default"]
    if ending == "model":
        reply = tomlkit.inline_table()
        reply["model"] = model
        row["default"] = reply
    elif played:
        del row["default"]
    for name, is_so in (("strict", ending == "error"), ("by_hand", ending == "hand")):
        if bool(row.get(name, False)) != is_so:
            row[name] = is_so
    after = tomlkit.dumps(document)
    file, problems = read_project_file(after, PROJECT_FILE)
    if problems or not isinstance(file.executors.get(tool), MockRow):
        write_whole(project.folder / PROJECT_FILE, before)
        raise UsageError("this cannot be saved in this file", hint=f"Edit {PROJECT_FILE} as text.")
    write_whole(project.folder / PROJECT_FILE, after)
    return FileChange(before, after)


def default_reply(project: Project, tool: str) -> MockReply | None:
    """The reply when no rule matches, if the mock has one."""
    row = project.file.executors.get(tool)
    return row.plan().default if isinstance(row, MockRow) and not row.strict and not row.by_hand else None
