"""Tools from typed Python functions: the functions a module marks with `@tool` become tool files and executors.

The module runs in a child process, and only after the project's code is trusted.
"""

import msgspec

from workbench.app.imports.executor_rows import with_rows
from workbench.app.tools.executors import python_workers
from workbench.core.errors import ProjectError, UsageError
from workbench.core.json_text import JsonObject
from workbench.core.project_folder import PROJECT_FILE, TOOLS_FOLDER
from workbench.core.tool import Tool
from workbench.store.project import Project
from workbench.store.tool_file import write_tool, write_whole


class ImportedTools(msgspec.Struct, frozen=True):
    """What was written. `kept` are tools whose files already existed and stay as they are."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


async def import_python_tools(
    project: Project, module: str, *, is_trusted: bool, replace: bool = False
) -> ImportedTools:
    """Write a file for every `@tool` function of `python/MODULE.py`, and add its executor to workbench.toml.

    Raises `UsageError` when the code is not trusted or the module has no such function. Raises `ProjectError` when the
    project has mistakes.
    """
    if not is_trusted:
        raise UsageError("the project's code is not trusted", hint="Review python/, then add --trust.")
    for problem in project.errors:
        raise ProjectError(str(problem), hint="Fix the project first.")
    folder = project.folder
    workers = python_workers(project, size=1)
    try:
        found = await workers.describe(module)
    finally:
        await workers.close()
    marked = [one for one in found if one.get("decorated") is True]
    if not marked:
        raise UsageError(f"the module {module!r} has no function marked with @tool", hint=_EXAMPLE)
    tools = {str(one["function"]): _tool_of(one) for one in marked}
    fresh = {function: tool for function, tool in tools.items() if replace or project.toolset.named(tool.name) is None}
    rows = {tool.name: {"kind": "python", "function": function} for function, tool in fresh.items()}
    bound = with_rows((folder / PROJECT_FILE).read_text(encoding="utf-8-sig"), rows)
    for tool in fresh.values():
        write_tool(folder / TOOLS_FOLDER, tool)
    write_whole(folder / PROJECT_FILE, bound)
    kept = [tool.name for function, tool in tools.items() if function not in fresh]
    return ImportedTools(tuple(tool.name for tool in fresh.values()), tuple(kept))


def _tool_of(one: JsonObject) -> Tool:
    document = one.get("tool")
    if not isinstance(document, dict):
        raise UsageError(f"{one['function']} cannot be made a tool: {one.get('problem', 'no schema')}")
    return Tool(document)


_EXAMPLE = "Write: from workbench.core.authoring import tool"
