"""Tools from Python source that is never run: functions, models, and lists of tools written as literals."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union
from uuid import UUID

import msgspec

from workbench.app.imports.found import FoundTool, SourceFile
from workbench.app.imports.tool_import import found_in
from workbench.core.errors import ProjectError, WorkbenchError
from workbench.core.tool import Tool

SHAPE = "Python"
_MAX_CHARS = 500_000
_MAX_DEPTH = 12
_PLAIN: dict[str, Any] = {
    **{kind.__name__: kind for kind in (str, int, float, bool, bytes, date, datetime, time, timedelta, Decimal, UUID)},
    **dict.fromkeys(("Path", "EmailStr", "HttpUrl", "AnyUrl", "SecretStr"), str),
    **dict.fromkeys(("list", "List", "Sequence", "Iterable", "set", "Set", "tuple", "Tuple"), list),
    **dict.fromkeys(("dict", "Dict", "Mapping"), dict),
    "None": None,
}
_LISTS = frozenset(["list", "List", "Sequence", "Iterable", "set", "Set", "frozenset", "tuple", "Tuple"])
_DICTS = frozenset(["dict", "Dict", "Mapping", "MutableMapping"])
_MODELS = frozenset(["BaseModel", "TypedDict", "NamedTuple"])
_FIELD_KEYS = frozenset(["description", "title", "ge", "gt", "le", "lt", "min_length", "max_length", "pattern"])


def tools_of_code(name: str, text: str) -> tuple[FoundTool, ...]:
    """The tools of a Python file whose functions will run the calls. If some functions are marked with `@tool`, the
    others are not tools. Raises like `tools_of_python`."""
    code = SourceFile(f"{re.sub(r'[^A-Za-z0-9_]', '_', Path(name).stem)}.py", text.encode())
    found = _read(text)
    marked = [(node, one) for node, one in found if _mark(node) is not None]
    made = []
    for node, one in marked or found:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            row = {"kind": "python", "function": node.name}
            one = msgspec.structs.replace(one, runs=row, code=code, identity=f"{code.name} {node.name}")
        made.append(one)
    return tuple(made)


def tools_of_python(text: str) -> tuple[FoundTool, ...]:
    """The tools in a piece of Python; none if it is not valid Python or has none. Nothing in it is run.

    Raises `ProjectError` naming a parameter that cannot become part of a schema.
    """
    return tuple(tool for _, tool in _read(text))


def _read(text: str) -> list[tuple[ast.stmt, FoundTool]]:
    """The tools, each with the statement that describes it."""
    try:
        module = ast.parse(textwrap.dedent(text)) if len(text) <= _MAX_CHARS else ast.Module([], [])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    reader = _Reader({node.name: node for node in module.body if isinstance(node, ast.ClassDef)})
    found: list[tuple[ast.stmt, FoundTool]] = []
    for node in module.body:
        try:
            found += [(node, tool) for tool in reader.tools(node)]
        except WorkbenchError:
            raise
        except Exception as error:  # noqa: BLE001 — door: pydantic raises what it likes on odd names and types
            raise ProjectError(f"line {node.lineno} cannot become a tool: {type(error).__name__}") from None
    return [(node, tool) for node, tool in found if getattr(node, "name", "") not in reader.used]


class _Reader:
    """Reads annotations by their names; `classes` are those in the same text."""

    def __init__(self, classes: dict[str, ast.ClassDef]) -> None:
        self._classes = classes
        self.used: set[str] = set()
        """Classes that another annotation names: they are parts of tools, not tools."""

    def tools(self, node: ast.stmt) -> Iterator[FoundTool]:
        """The tool that a statement describes."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not node.name.startswith("_"):
                yield FoundTool(self._function(node), SHAPE)
            case ast.ClassDef() if _bases(node) & _MODELS:
                yield FoundTool(self._model(node), SHAPE)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) | ast.Expr(value=value):
                try:
                    literal = ast.literal_eval(value)
                except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                    return
                if isinstance(literal, list | dict):
                    yield from found_in(literal).items

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Tool:
        from workbench.core.authoring import tool_from_function

        stub = self._stub(node.name, ast.get_docstring(node), list(self._parameters(node.args)))
        said = {
            word.arg: word.value.value
            for word in getattr(_mark(node), "keywords", ())
            if isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
        }
        name, title, description = (said.get(key, "") for key in ("name", "title", "description"))
        return tool_from_function(stub, name=name, title=title, description=description)

    def _model(self, node: ast.ClassDef) -> Tool:
        from workbench.core.authoring import tool_from_model

        return tool_from_model(self._class(node, 0), description=ast.get_docstring(node) or "")

    @staticmethod
    def _stub(name: str, doc: str | None, parameters: list[inspect.Parameter]) -> Any:
        """A function with this signature and no body."""

        def stub() -> None: ...

        made: Any = stub
        made.__name__, made.__doc__ = name, doc
        made.__signature__ = inspect.Signature(parameters)
        made.__annotations__ = {one.name: one.annotation for one in parameters}
        return made

    def _parameters(self, written: ast.arguments) -> Iterator[inspect.Parameter]:
        plain = [*written.posonlyargs, *written.args]
        defaults: list[ast.expr | None] = [None] * (len(plain) - len(written.defaults)) + list(written.defaults)
        for place, (one, default) in enumerate(zip(plain, defaults, strict=True)):
            if place == 0 and one.arg in ("self", "cls") and one.annotation is None:
                continue
            yield self._parameter(one, default)
        if written.vararg is not None:
            yield inspect.Parameter(written.vararg.arg, inspect.Parameter.VAR_POSITIONAL)
        for one, default in zip(written.kwonlyargs, written.kw_defaults, strict=True):
            yield self._parameter(one, default)
        if written.kwarg is not None:
            yield inspect.Parameter(written.kwarg.arg, inspect.Parameter.VAR_KEYWORD)

    def _parameter(self, written: ast.arg, default: ast.expr | None) -> inspect.Parameter:
        kind = self._type(written.annotation, 0) if written.annotation is not None else Any
        held = inspect.Parameter.empty if default is None else self._default(default)
        return inspect.Parameter(written.arg, inspect.Parameter.KEYWORD_ONLY, default=held, annotation=kind)

    def _default(self, node: ast.expr) -> Any:
        """The default as written; an object that is not JSON for a default that only running the code would show."""
        if isinstance(node, ast.Call) and _name(node.func) == "Field":
            return self._field(node)
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return object()

    def _field(self, node: ast.Call) -> Any:
        from pydantic import Field

        options: dict[str, Any] = {}
        for option in node.keywords:
            if option.arg in _FIELD_KEYS or option.arg == "default":
                options[option.arg] = self._default(option.value)
        if node.args and not (isinstance(node.args[0], ast.Constant) and node.args[0].value is ...):
            options["default"] = self._default(node.args[0])
        return Field(**options)

    def _type(self, node: ast.expr, depth: int) -> Any:
        """The type that an annotation names; `Any` for an unknown one."""
        if depth > _MAX_DEPTH:
            return Any
        match node:
            case ast.Constant(value=str(text)):
                try:
                    return self._type(ast.parse(text, mode="eval").body, depth + 1)
                except (SyntaxError, ValueError, RecursionError):
                    return Any
            case ast.Constant(value=None):
                return None
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return Union[self._type(left, depth + 1), self._type(right, depth + 1)]  # noqa: UP007 — made here
            case ast.Subscript(value=value, slice=inside):
                inner = inside.elts if isinstance(inside, ast.Tuple) else [inside]
                return self._generic(_name(value), list(inner), depth)
            case ast.Name() | ast.Attribute():
                name = _name(node)
                return self._class(self._classes[name], depth + 1) if name in self._classes else _PLAIN.get(name, Any)
            case _:
                return Any

    def _generic(self, name: str, inner: list[ast.expr], depth: int) -> Any:
        match name:
            case "Literal":
                values = [one.value for one in inner if isinstance(one, ast.Constant)]
                return Literal[tuple(values)] if values else Any
            case "Annotated":
                notes = [self._default(one) for one in inner[1:]]
                kind = self._type(inner[0], depth + 1)
                kept = [note for note in notes if isinstance(note, str) or type(note).__name__ == "FieldInfo"]
                return Annotated[(kind, *kept)] if kept else kind
        kinds = [self._type(one, depth + 1) for one in inner]
        if name == "Optional":
            return Optional[kinds[0]]  # noqa: UP045 — made here
        if name == "Union":
            return Union[tuple(kinds)]  # noqa: UP007 — made here
        if name in _LISTS:
            return list[kinds[0]]  # type: ignore[valid-type]
        if name in _DICTS:
            return dict[str, kinds[-1]]  # type: ignore[valid-type]
        return kinds[0] if name in ("Required", "NotRequired", "Final") else Any

    def _class(self, node: ast.ClassDef, depth: int) -> Any:
        """A class of the same text: a model of its annotated fields, or the values of an enumeration."""
        from pydantic import create_model

        if depth:
            self.used.add(node.name)
        if any("Enum" in base for base in _bases(node)):
            set_to = [one.value for one in node.body if isinstance(one, ast.Assign)]
            values = [one.value for one in set_to if isinstance(one, ast.Constant)]
            return Literal[tuple(values)] if values else str
        if depth > _MAX_DEPTH:
            return dict
        fields: dict[str, Any] = {}
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                default = ... if one.value is None else self._default(one.value)
                fields[one.target.id] = (self._type(one.annotation, depth + 1), default)
        return create_model(node.name, __doc__=ast.get_docstring(node), **fields)


def _mark(node: ast.stmt) -> ast.expr | None:
    """The decorator that marks a function as a tool."""
    return next((one for one in getattr(node, "decorator_list", ()) if _name(one) == "tool"), None)


def _bases(node: ast.ClassDef) -> set[str]:
    return {_name(base) for base in node.bases} | {
        "BaseModel" for one in node.decorator_list if _name(one) == "dataclass"
    }


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return _name(func)
        case _:
            return ""
