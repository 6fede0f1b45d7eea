"""Tools written as Python: a typed function or a pydantic model becomes a tool with its JSON Schema.

    @tool
    def get_weather(city: str, unit: Literal["celsius", "fahrenheit"] = "celsius") -> dict:
        \"\"\"Current weather in a city.

        Args:
            city: City name, such as Oslo.
        \"\"\"

Descriptions of parameters come from `Annotated[str, Field(description="…")]`, from a plain text in
`Annotated[str, "…"]`, or else from the docstring (Google, NumPy or reST style).
"""

import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, Protocol, TypeVar, cast, get_args, get_origin, get_type_hints, overload

from docstring_parser import Docstring, ParseError, parse
from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError, PydanticUserError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import CoreSchema, PydanticSerializationError

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import PORTABLE_NAME, Tool

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)


class ToolFunction(Protocol[P, R_co]):
    """A function that is still called as before and carries its tool."""

    tool: Tool

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """The function itself."""
        ...


@overload
def tool(function: Callable[P, R_co], /) -> ToolFunction[P, R_co]: ...
@overload
def tool(
    *,
    name: str = "",
    title: str = "",
    description: str = "",
    annotations: JsonObject | None = None,
    strict: bool | None = None,
) -> Callable[[Callable[P, R_co]], ToolFunction[P, R_co]]: ...
def tool(function: Callable[..., Any] | None = None, /, **fields: Any) -> Any:
    """Give a function its tool, as the attribute `tool`; usable with or without parentheses.

    Raises `ProjectError` naming the parameter that cannot become part of a schema.
    """

    def decorate(plain: Callable[..., Any]) -> Callable[..., Any]:
        cast(Any, plain).tool = tool_from_function(plain, **fields)
        return plain

    return decorate if function is None else decorate(function)


def tool_from_function(
    function: Callable[..., Any],
    *,
    name: str = "",
    title: str = "",
    description: str = "",
    annotations: JsonObject | None = None,
    strict: bool | None = None,
) -> Tool:
    """The tool that a typed function stands for. Its name is the function's, its description the docstring's.

    A parameter with a default is not required; one without an annotation takes anything.
    """
    written_name: str = name or getattr(function, "__name__", type(function).__name__)
    _check_name(written_name)
    documentation = _documentation(inspect.getdoc(function) or "")
    return Tool.make(
        written_name,
        description or _description(documentation),
        _input_schema(function, documentation),
        title=title,
        annotations=annotations,
        strict=strict,
    )


def tool_from_model(model: type[BaseModel], *, name: str = "", description: str = "") -> Tool:
    """The tool whose arguments are the fields of `model`. Its name is the class's, in snake_case.

    Raises `ProjectError` when it has no JSON schema.
    """
    written_name = name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", model.__name__).lower()
    _check_name(written_name)
    try:
        written: dict[str, Any] = model.model_json_schema(schema_generator=_SchemaWithoutNoise)
    except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
        raise ProjectError(f"{model.__name__} has no JSON schema: {error.message}") from None
    if "$ref" in written:  # a model that contains itself; parameters must be an object at the top level
        reference = written.pop("$ref").rpartition("/")[2]
        written = written["$defs"][reference] | written
    schema: JsonObject = written
    _drop_titles_of_definitions(schema)
    if schema.get("title") == model.__name__:
        del schema["title"]
    said = schema.pop("description", "")
    return Tool.make(written_name, description or str(said), schema)


class _SchemaWithoutNoise(GenerateJsonSchema):
    """Leaves out the titles that only repeat a name; those an author wrote stay."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: Any) -> dict[str, Any]:
        """A default that is not JSON makes its field optional, and is not mentioned."""
        try:
            return super().default_schema(schema)
        except (PydanticInvalidForJsonSchema, PydanticSerializationError):
            return self.generate_inner(cast(CoreSchema, schema["schema"]))


def _input_schema(function: Callable[..., Any], documentation: Docstring) -> JsonObject:
    parameters = _parameters(function)
    adapters = {parameter.name: _adapter(parameter) for parameter in parameters}
    described = {one.arg_name: one.description for one in documentation.params if one.description}
    schemas, shared = _json_schemas(adapters)
    properties: JsonObject = {}
    for parameter in parameters:
        found: JsonObject = schemas[parameter.name]
        found.pop("default", None)
        if "description" not in found and parameter.name in described:
            found["description"] = " ".join(str(described[parameter.name]).split())
        properties[parameter.name] = found
        _add_default(found, parameter, adapters[parameter.name])
    schema: JsonObject = {"type": "object", "properties": properties}
    required = [parameter.name for parameter in parameters if _default(parameter) is inspect.Parameter.empty]
    if required:
        schema["required"] = list[JsonValue](required)
    schema["additionalProperties"] = False
    if shared:
        schema["$defs"] = shared
    _drop_titles_of_definitions(schema)
    return schema


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters with resolved annotations, or `ProjectError` for those a call by keyword cannot fill."""
    try:
        signature = inspect.signature(function)
        hints = get_type_hints(function, include_extras=True)
    except (NameError, TypeError, ValueError, SyntaxError) as error:
        raise ProjectError(f"its annotations cannot be read: {error}") from None
    found = []
    for parameter in signature.parameters.values():
        match parameter.kind:
            case inspect.Parameter.POSITIONAL_ONLY:
                raise ProjectError(f"parameter {parameter.name!r} is positional-only", hint="Remove the / after it.")
            case inspect.Parameter.VAR_POSITIONAL:
                raise ProjectError(f"*{parameter.name} has no schema", hint="Use one parameter that is a list.")
            case inspect.Parameter.VAR_KEYWORD:
                raise ProjectError(f"**{parameter.name} has no schema", hint="Name every parameter.")
        found.append(parameter.replace(annotation=hints.get(parameter.name, Any)))
    return found


def _adapter(parameter: inspect.Parameter) -> TypeAdapter[Any]:
    annotation = parameter.annotation
    if get_origin(annotation) is Annotated:
        base, *notes = get_args(annotation)
        annotation = Annotated[
            base, *(FieldInfo(description=note) if isinstance(note, str) else note for note in notes)
        ]
    if isinstance(parameter.default, FieldInfo):
        annotation = Annotated[annotation, parameter.default]
    try:
        return TypeAdapter(annotation)
    except (PydanticSchemaGenerationError, PydanticUserError, TypeError) as error:
        raise _no_schema(parameter.name, error) from None


def _json_schemas(adapters: dict[str, TypeAdapter[Any]]) -> tuple[dict[str, JsonObject], JsonObject]:
    """The schema of each parameter, and the definitions that they share."""
    for name, adapter in adapters.items():
        try:
            adapter.json_schema(schema_generator=_SchemaWithoutNoise)
        except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
            raise _no_schema(name, error) from None
    schemas, shared = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in adapters.items()], schema_generator=_SchemaWithoutNoise
    )
    return {name: cast(JsonObject, schemas[name, "validation"]) for name in adapters}, shared.get("$defs", {})


def _default(parameter: inspect.Parameter) -> Any:
    """The default, or `inspect.Parameter.empty`; looks into `= Field(…)`."""
    if not isinstance(parameter.default, FieldInfo):
        return parameter.default
    if parameter.default.is_required():
        return inspect.Parameter.empty
    return parameter.default.get_default(call_default_factory=True, validated_data={})


def _add_default(schema: JsonObject, parameter: inspect.Parameter, adapter: TypeAdapter[Any]) -> None:
    default = _default(parameter)
    if default is inspect.Parameter.empty:
        return
    try:
        schema["default"] = adapter.dump_python(default, mode="json", warnings=False)
    except (PydanticSerializationError, ValueError):  # not JSON: the parameter is optional all the same
        return


def _drop_titles_of_definitions(schema: JsonObject) -> None:
    definitions = schema.get("$defs")
    for key, node in definitions.items() if isinstance(definitions, dict) else ():
        if isinstance(node, dict) and re.sub(r"\W", "_", str(node.get("title", ""))) == key:
            del node["title"]


def _documentation(text: str) -> Docstring:
    try:
        return parse(text)
    except ParseError:
        plain = Docstring()
        plain.short_description = text
        return plain


def _description(documentation: Docstring) -> str:
    return "\n\n".join(filter(None, (documentation.short_description, documentation.long_description)))


def _check_name(name: str) -> None:
    if not PORTABLE_NAME.fullmatch(name):
        raise ProjectError(f"{name!r} cannot be the name of a tool", hint="Use 1 to 64 letters, digits, _ or -.")


def _no_schema(name: str, error: Exception) -> ProjectError:
    reason = str(getattr(error, "message", error)).partition("\n")[0].partition(". Set ")[0]
    return ProjectError(
        f"parameter {name!r} has no JSON schema: {reason}", hint="Annotate it with JSON types, a dataclass or a model."
    )
