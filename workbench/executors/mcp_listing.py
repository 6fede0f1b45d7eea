"""The pages of a server's list of tools, put together. Pure. What is wrong with one tool leaves out that tool only."""

from collections.abc import Iterable, Iterator

from workbench.core.json_text import JsonObject, JsonValue, compact, type_name
from workbench.core.problem import Problem, ProblemSeverity
from workbench.core.schema import check_schema
from workbench.executors.mcp_words import first_problem

MAX_PAGES = 1_000
MAX_TOOLS = 20_000
MAX_TOOL_CHARS = 500_000
_MAX_REMARKS = 30
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_DATA = ("default", "const", "enum", "examples")


class ToolListing:
    """Give it one page after another. `tools` are the documents as the server wrote them, `remarks` what is odd."""

    def __init__(self) -> None:
        self.tools: list[JsonObject] = []
        self.pages = 0
        self._remarks: list[str] = []
        self._left_out = 0
        self._names: set[str] = set()
        self._warned: set[str] = set()
        self._cursors: set[str] = set()

    @property
    def remarks(self) -> list[str]:
        """What was left out and why, and how the list ended."""
        rest = self._left_out - _MAX_REMARKS
        return [*self._remarks, *([f"{rest} more of its tools were left out"] if rest > 0 else [])]

    def take(self, page: JsonObject) -> str | None:
        """Add a page. Returns the cursor of the next one; None when the list ends here."""
        self.pages += 1
        known = len(self._names)
        listed = page.get("tools")
        if not isinstance(listed, list):
            self.end(f"page {self.pages} of its list of tools has no list, but {type_name(listed)}")
            listed = []
        for document in listed:
            self._take_tool(document)
        cursor = page.get("nextCursor")
        if cursor is None:
            return None
        if not isinstance(cursor, str):
            self.end(f"the cursor of its list of tools is not text but {type_name(cursor)}")
        elif not cursor:
            self.end("its list of tools ends with an empty cursor, which was taken for the end")
        elif cursor in self._cursors or (listed and len(self._names) == known):
            self.end("its list of tools does not end: the cursor brings the same page again")
        elif len(self.tools) > MAX_TOOLS or self.pages >= MAX_PAGES:
            self.end(f"its list of tools does not end: it was read to page {self.pages:,}")
        else:
            self._cursors.add(cursor)
            return cursor
        return None

    def end(self, remark: str) -> None:
        """Note why the list ends here although there may be more."""
        self._remarks.append(remark)

    def _take_tool(self, document: JsonValue) -> None:
        name = document.get("name") if isinstance(document, dict) else None
        if not isinstance(document, dict):
            return self._leave_out(f"an entry in its list of tools is not an object but {type_name(document)}")
        if not isinstance(name, str) or not name.strip():
            return self._leave_out("one of its tools has no name")
        if name in self._names:
            if document not in self.tools:
                self._leave_out(f"it lists the tool {name[:80]!r} more than once; the first one counts")
            return None
        self._names.add(name)
        try:
            tool = _without_empty_lists(document)
            problem = _problem(tool)
        except RecursionError:
            problem = "it is nested too deeply"
        if problem:
            return self._leave_out(f"the tool {name[:80]!r} was left out: {problem}")
        if tool != document:
            self._remarks.append(f"the tool {name[:80]!r} has [] where an object belongs; it was read as {{}}")
        self._warn(name, _schema_problems(tool.get("inputSchema"), "warning"))
        self.tools.append(tool)
        return None

    def _warn(self, name: str, problems: Iterable[Problem]) -> None:
        """Report each kind of fault once: a server makes the same one in all of its tools."""
        for problem in problems:
            if problem.message not in self._warned and len(self._warned) < _MAX_REMARKS:
                self._warned.add(problem.message)
                self._remarks.append(f"the tool {name[:80]!r}: inputSchema{problem.path}: {problem.message}")

    def _leave_out(self, remark: str) -> None:
        self._left_out += 1
        if self._left_out <= _MAX_REMARKS:
            self._remarks.append(remark)


def _problem(tool: JsonObject) -> str:
    from mcp_types import Tool

    if len(compact(tool)) > MAX_TOOL_CHARS:
        return f"it is larger than {MAX_TOOL_CHARS:,} characters"
    schema = tool.get("inputSchema")
    if not isinstance(schema, dict):
        return f"its inputSchema is {type_name(schema)}, not an object" if "inputSchema" in tool else "no inputSchema"
    kind = schema.get("type", "object")
    if kind != "object" and not (isinstance(kind, list) and "object" in kind):
        return "its inputSchema is not for an object"
    # Vendors refuse a whole request for one schema like this.
    if (found := next(_schema_problems(schema, "error"), None)) is not None:
        return f"its inputSchema{found.path}: {found.message}"
    try:
        Tool.model_validate(tool, by_name=False)
    except ValueError as error:
        return first_problem(error)
    return ""


def _schema_problems(schema: JsonValue, severity: ProblemSeverity) -> Iterator[Problem]:
    """What is wrong with a schema; it does not matter that parameters may be null as well as an object."""
    found = check_schema(schema) if isinstance(schema, dict) else ()
    return (problem for problem in found if problem.severity == severity and problem.path != "/type")


def _without_empty_lists(document: JsonObject) -> JsonObject:
    """The tool with `{}` where some languages, which know only one kind of empty collection, have written `[]`."""
    found = dict(document)
    for key in ("inputSchema", "outputSchema"):
        if key in found:
            found[key] = {} if found[key] == [] else _fix_empty_maps(found[key])
    for key in ("annotations", "_meta"):
        if found.get(key) == []:
            found[key] = {}
    return found


def _fix_empty_maps(value: JsonValue, *, is_map: bool = False) -> JsonValue:
    if isinstance(value, list):
        return {} if is_map and not value else [_fix_empty_maps(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item if key in _DATA and not is_map else _fix_empty_maps(item, is_map=key in _MAPS and not is_map)
        for key, item in value.items()
    }
