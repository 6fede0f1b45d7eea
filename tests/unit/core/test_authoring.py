"""Tools written as Python."""

import dataclasses
import datetime
import keyword
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Literal, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from workbench.core.authoring import tool, tool_from_function, tool_from_model
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, parse_strict_object, pretty
from workbench.core.schema import check_arguments, check_schema


class Unit(Enum):
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


class Place(BaseModel):
    """A place on the map."""

    city: str
    title: str = Field(title="What it is called", description="A nickname")


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


class Tree(BaseModel):
    name: str
    children: list["Tree"] = []


def schema_of(function: Callable[..., Any]) -> JsonObject:
    return tool_from_function(function).input_schema


def property_of(function: Callable[..., Any], name: str = "x") -> JsonObject:
    found: JsonObject = schema_of(function)["properties"][name]
    return found


def test_a_decorated_function_is_called_as_before_and_carries_its_tool() -> None:
    @tool
    def add(a: int, b: int = 2) -> int:
        """Add two numbers."""
        return a + b

    assert add(1) == 3
    assert add.tool.document == {
        "name": "add",
        "description": "Add two numbers.",
        "inputSchema": {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 2}},
            "required": ["a"],
            "additionalProperties": False,
        },
    }


def test_the_decorator_takes_what_a_function_cannot_say() -> None:
    @tool(name="mail", title="Mail", description="Send it.", annotations={"destructiveHint": True}, strict=True)
    def send(to: str) -> None:
        """Ignored."""

    assert list(send.tool.document) == ["name", "title", "description", "inputSchema", "annotations", "strict"]
    assert (send.tool.name, send.tool.description, send.tool.hint("destructiveHint")) == ("mail", "Send it.", True)


async def test_an_async_function_stays_one() -> None:
    @tool
    async def later(x: int) -> int:
        return x

    assert await later(5) == 5


@pytest.mark.parametrize(
    "docstring",
    [
        "Find it.\n\nSlowly.\n\nArgs:\n    x: Name of\n        the city.\n    y (int): How many.\nReturns:\n    It.",
        "Find it.\n\nSlowly.\n\nParameters\n----------\nx : str\n    Name of\n    the city.\ny : int\n    How many.\n",
        "Find it.\n\nSlowly.\n\n:param x: Name of\n    the city.\n:param int y: How many.\n:returns: Cities.",
    ],
    ids=["google", "numpy", "rest"],
)
def test_descriptions_come_from_the_docstring(docstring: str) -> None:
    def find(x: str, y: int) -> list[str]:
        return [x] * y

    find.__doc__ = docstring
    made = tool_from_function(find)
    assert made.description == "Find it.\n\nSlowly."
    properties = made.input_schema["properties"]
    assert (properties["x"]["description"], properties["y"]["description"]) == ("Name of the city.", "How many.")


def test_a_description_at_the_annotation_wins() -> None:
    def f(x: Annotated[str, Field(description="from Field", min_length=2)], y: Annotated[int, "from text"]) -> None:
        """Do.

        Args:
            x: From the docstring.
            y: From the docstring.
        """

    assert property_of(f) == {"type": "string", "minLength": 2, "description": "from Field"}
    assert property_of(f, "y") == {"type": "integer", "description": "from text"}


def test_a_function_without_words_has_an_empty_description() -> None:
    assert tool_from_function(lambda: None, name="nothing").description == ""


def untyped(x): ...  # type: ignore[no-untyped-def]
def optional(x: Optional[int] = None) -> None: ...  # noqa: UP045 — the old spelling has to be read too
def choice(x: Literal["a", "b"] = "a") -> None: ...
def enumerated(x: Unit = Unit.CELSIUS) -> None: ...
def array(x: list[int]) -> None: ...
def mapping(x: dict[str, float]) -> None: ...
def moment(x: datetime.datetime) -> None: ...
def field_default(x: int = Field(3, ge=1, description="d")) -> None: ...
def field_required(x: int = Field(ge=1)) -> None: ...
def unwritable_default(x: Any = object()) -> None: ...  # noqa: B008 — that is the point
def keyword_only(*, x: bool = False) -> None: ...


@pytest.mark.parametrize(
    ("function", "expected", "required"),
    [
        (untyped, {}, True),
        (optional, {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}, False),
        (choice, {"enum": ["a", "b"], "type": "string", "default": "a"}, False),
        (enumerated, {"$ref": "#/$defs/Unit", "default": "celsius"}, False),
        (array, {"type": "array", "items": {"type": "integer"}}, True),
        (mapping, {"type": "object", "additionalProperties": {"type": "number"}}, True),
        (moment, {"type": "string", "format": "date-time"}, True),
        (field_default, {"type": "integer", "minimum": 1, "description": "d", "default": 3}, False),
        (field_required, {"type": "integer", "minimum": 1}, True),
        (unwritable_default, {}, False),
        (keyword_only, {"type": "boolean", "default": False}, False),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_annotations_become_schemas(function: Callable[..., Any], expected: JsonObject, required: bool) -> None:
    assert property_of(function) == expected
    assert schema_of(function).get("required", []) == (["x"] if required else [])
    assert check_schema(schema_of(function)) == ()


def test_nested_types_are_kept_as_definitions_without_the_noise_of_titles() -> None:
    def f(place: Place, points: list[Point], unit: Unit) -> None: ...

    schema = schema_of(f)
    assert schema["properties"]["place"] == {"$ref": "#/$defs/Place"}
    assert schema["properties"]["points"] == {"type": "array", "items": {"$ref": "#/$defs/Point"}}
    assert set(schema["$defs"]) == {"Place", "Point", "Unit"}
    assert "title" not in schema["$defs"]["Place"]
    assert schema["$defs"]["Unit"] == {"enum": ["celsius", "fahrenheit"], "type": "string"}
    nickname = schema["$defs"]["Place"]["properties"]["title"]
    assert nickname == {"type": "string", "title": "What it is called", "description": "A nickname"}


def test_postponed_annotations_are_read() -> None:
    scope: dict[str, Any] = {}
    exec("from __future__ import annotations\ndef f(x: list[int] | None = None): ...", scope)
    assert property_of(scope["f"])["anyOf"][0] == {"type": "array", "items": {"type": "integer"}}


def test_names_that_mean_something_to_pydantic_are_only_names() -> None:
    def f(schema: int, copy: int, model_config: int, json: int, _hidden: int = 1, self_: int = 2) -> None: ...

    assert list(schema_of(f)["properties"]) == ["schema", "copy", "model_config", "json", "_hidden", "self_"]


def test_a_model_becomes_a_tool() -> None:
    made = tool_from_model(Place)
    assert (made.name, made.description) == ("place", "A place on the map.")
    assert made.input_schema["required"] == ["city", "title"]
    assert "title" not in made.input_schema
    assert "description" not in made.input_schema


def test_a_model_that_contains_itself_is_an_object_on_the_spot() -> None:
    made = tool_from_model(Tree, name="plant", description="Plant a tree.")
    assert made.input_schema["type"] == "object"
    assert check_schema(made.input_schema) == ()
    assert check_arguments(made.input_schema, {"name": "a", "children": [{"name": "b"}]}) == ()
    assert check_arguments(made.input_schema, {"name": "a", "children": [{"nome": "b"}]}) != ()


def test_class_names_are_written_in_snake_case() -> None:
    class HTTPGetRequest(BaseModel):
        url: str

    assert tool_from_model(HTTPGetRequest).name == "http_get_request"


class Opaque: ...


def positional(x: int, /) -> None: ...
def starred(*x: int) -> None: ...
def double_starred(**x: int) -> None: ...
def callback(x: Callable[[], int]) -> None: ...
def opaque(x: Opaque) -> None: ...
def unknown(x: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821 — that is the point


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (positional, "parameter 'x' is positional-only"),
        (starred, r"\*x has no schema"),
        (double_starred, r"\*\*x has no schema"),
        (callback, "parameter 'x' has no JSON schema"),
        (opaque, "parameter 'x' has no JSON schema"),
        (unknown, "'Nowhere' is not defined"),
        (lambda: None, "'<lambda>' cannot be the name of a tool"),
    ],
    ids=["positional", "starred", "double_starred", "callback", "opaque", "unknown", "lambda"],
)
def test_what_cannot_become_a_schema_is_refused_by_name(function: Callable[..., Any], said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        tool_from_function(function)


TYPES: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**53), 2**53),
    str: st.text(max_size=20),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    list[int]: st.lists(st.integers(-9, 9), max_size=3),
    dict[str, bool]: st.dictionaries(st.text(max_size=3), st.booleans(), max_size=3),
    Literal["a", "b"]: st.sampled_from(["a", "b"]),
    int | None: st.none() | st.integers(-9, 9),
    Unit: st.sampled_from(["celsius", "fahrenheit"]),
    Point: st.fixed_dictionaries({"x": st.integers(-9, 9)}, optional={"y": st.integers(-9, 9)}),
}
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))


@st.composite
def functions_with_arguments(draw: st.DrawFn) -> tuple[Callable[..., Any], dict[str, Any]]:
    """A function with any signature of ours, and arguments that fit it."""
    annotations = draw(st.dictionaries(NAMES, st.sampled_from(list(TYPES)), max_size=6))
    with_default = [name for name in annotations if draw(st.booleans())]
    scope: dict[str, Any] = {f"T{index}": kind for index, kind in enumerate(annotations.values())}
    written = [
        f"{name}: T{index}" + (" = None" if name in with_default else "") for index, name in enumerate(annotations)
    ]
    exec(f"def function({'*, ' if written else ''}{', '.join(written)}): return locals()", scope)
    arguments = {
        name: draw(TYPES[kind]) for name, kind in annotations.items() if name not in with_default or draw(st.booleans())
    }
    return scope["function"], arguments


@given(functions_with_arguments())
def test_the_schema_accepts_what_the_function_accepts(case: tuple[Callable[..., Any], dict[str, Any]]) -> None:
    function, arguments = case
    schema = schema_of(function)
    assert check_schema(schema) == ()
    assert parse_strict_object(pretty(schema)) == schema
    assert check_arguments(schema, arguments) == ()
    function(**arguments)


@given(functions_with_arguments())
def test_the_schema_refuses_what_the_function_refuses(case: tuple[Callable[..., Any], dict[str, Any]]) -> None:
    function, arguments = case
    schema = schema_of(function)
    assert check_arguments(schema, arguments | {"not a parameter": 1}) != ()
    for name in schema.get("required", []):
        assert check_arguments(schema, {key: value for key, value in arguments.items() if key != name}) != ()
