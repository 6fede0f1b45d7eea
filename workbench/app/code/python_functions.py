"""The Python functions of a project: the existing ones, and a new one for a tool. No code is run."""

import ast
from pathlib import Path

from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.core.project_folder import CODE_FOLDER
from workbench.core.python_stub import function_name, python_stub
from workbench.core.tool import Tool

_MAX_FILES = 200


def python_functions(project_folder: Path) -> tuple[str, ...]:
    """The functions of the modules in python/, as `module:function`. Modules that are not valid Python have none."""
    found = []
    for path in sorted((project_folder / CODE_FOLDER).glob("*.py"))[:_MAX_FILES]:
        try:
            module = ast.parse(bytes_of(path) or b"")
        except (SyntaxError, ValueError, RecursionError):
            continue
        found += [
            f"{path.stem}:{node.name}"
            for node in module.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_")
        ]
    return tuple(found)


def new_function(project_folder: Path, tool: Tool) -> tuple[Path, str, bytes]:
    """A file for the function that runs a tool, its name in workbench.toml, and its text. Nothing is written."""
    name = function_name(tool.name)
    folder = project_folder / CODE_FOLDER
    taken = {path.stem.casefold() for path in folder.glob("*")}
    names = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    stem = next(one for one in names if one.casefold() not in taken)
    return folder / f"{stem}.py", f"{stem}:{name}", python_stub(tool).encode()


def file_of_function(project_folder: Path, function: str) -> tuple[Path, int] | None:
    """The file that a function is in, and its line counted from 1 (0: unknown); None when there is no such file."""
    module, _, name = function.partition(":")
    path = project_folder / CODE_FOLDER / f"{module.replace('.', '/')}.py"
    held = bytes_of(path)
    if held is None:
        return None
    try:
        found = [node for node in ast.parse(held).body if getattr(node, "name", "") == name]
    except (SyntaxError, ValueError, RecursionError):
        found = []
    return path, found[0].lineno if found else 0
