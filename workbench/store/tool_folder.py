"""The tools in a project's folder, each checked again only where its file has changed."""

from pathlib import Path

import msgspec

from workbench.core.errors import MalformedJson, ProjectError
from workbench.core.problem import Problem, ProblemSeverity
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.core.schema import check_schema
from workbench.core.tool import PORTABLE_NAME, Tool, Toolset
from workbench.store.project_file import ProjectProblem
from workbench.store.routing_row import misshapen_keys
from workbench.store.small_file import KnownFiles, text_in
from workbench.store.tool_file import read_tool


class CheckedFile(msgspec.Struct, frozen=True):
    """A tool's file as it was read: its tool, if it describes one, and everything that is wrong with it."""

    tool: Tool | None
    problems: tuple[ProjectProblem, ...]


class ToolFolder:
    """Reads all tools again whenever it is asked to."""

    def __init__(self, project_folder: Path) -> None:
        self._folder = project_folder / TOOLS_FOLDER
        self._files = KnownFiles(_checked)

    def read(self) -> tuple[Toolset, tuple[ProjectProblem, ...]]:
        """The tools in the order of their files' names, and everything that is wrong with them."""
        tools: dict[str, Tool] = {}
        problems: list[ProjectProblem] = []
        paths = sorted(self._folder.glob("*.json"))
        for path in paths:
            try:
                file = self._files.read(path)
            except (OSError, ProjectError) as error:
                file = _unreadable(path, error)
            if file.tool is not None and file.tool.name in tools:
                message = f"a tool named {file.tool.name!r} is already there"
                problems.append(ProjectProblem(_place(path), 0, message, "Rename one."))
                continue
            problems += file.problems
            if file.tool is not None:
                tools[file.tool.name] = file.tool
        self._files.keep_only(paths)
        return Toolset(list(tools.values())), tuple(problems)


def _checked(path: Path, content: bytes) -> CheckedFile:
    try:
        tool = read_tool(text_in(content))
    except MalformedJson as error:
        column = f" (column {error.column})" if error.column else ""
        message = f"not valid JSON: {error.message}{column}"
        return CheckedFile(None, (ProjectProblem(_place(path), error.line, message),))
    except ProjectError as error:
        return _unreadable(path, error)
    return CheckedFile(tool, tuple(_problems(tool, _place(path), path.stem)))


def _unreadable(path: Path, error: OSError | ProjectError) -> CheckedFile:
    if isinstance(error, ProjectError):
        return CheckedFile(None, (ProjectProblem(_place(path), 0, error.message, error.hint),))
    message = f"the file cannot be read: {error.strerror or error}"
    return CheckedFile(None, (ProjectProblem(_place(path), 0, message),))


def _place(path: Path) -> str:
    return f"{TOOLS_FOLDER}/{path.name}"


def _problems(tool: Tool, place: str, stem: str) -> list[ProjectProblem]:
    problems = [_schema_problem(place, f"inputSchema{each.path}", each) for each in check_schema(tool.input_schema)]
    if tool.output_schema is not None:  # what is wrong with it does not stop any call
        found = [each for each in check_schema(tool.output_schema) if each.path != "/type"]
        problems += [_schema_problem(place, f"outputSchema{each.path}", each, "warning") for each in found]
    problems += [ProjectProblem(place, 0, fault, severity="warning") for fault in misshapen_keys(tool)]
    if not PORTABLE_NAME.fullmatch(tool.name):
        hint = "Use 1 to 64 letters, digits, _ or -."
        problems.append(ProjectProblem(place, 0, f"vendors refuse the name {tool.name!r}.", hint, "warning"))
    elif tool.name != stem:
        hint = f"Name it {tool.name}.json."
        problems.append(
            ProjectProblem(place, 0, f"the file is not named after its tool {tool.name!r}.", hint, "warning")
        )
    return problems


def _schema_problem(place: str, where: str, found: Problem, severity: ProblemSeverity = "error") -> ProjectProblem:
    is_warning = "warning" in (severity, found.severity)
    return ProjectProblem(place, 0, f"{where}: {found.message}", severity="warning" if is_warning else "error")
