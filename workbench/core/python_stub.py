"""A Python function without a body yet, from the schema of a tool. Pure."""

import json
import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from textwrap import fill, indent

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.tool import Tool

_WIDTH = 100
MISSING_BODY = "raise NotImplementedError"
"""How the line begins that stands for the body."""
_SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_MAX_DEPTH = 6


class _Parameter(msgspec.Struct, frozen=True):
    name: str
    annotation: str
    default: str = ""
    about: str = ""


def function_name(tool: str) -> str:
    """A name that a function can have, and its file: the tool's, as far as Python takes it."""
    name = re.sub(r"\W", "_", tool, flags=re.ASCII) or "tool"
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def is_parameter(name: str) -> bool:
    """Whether Python takes a name as it is, which is how it is called by."""
    is_name = name.isidentifier() and not keyword.iskeyword(name) and name != "__debug__"
    return is_name and unicodedata.normalize("NFKC", name) == name


def python_stub(tool: Tool) -> str:
    """The text of a module with the function: parameters with their types and defaults, the description as its
    docstring, and a body that says that it is missing."""
    name = function_name(tool.name)
    parameters = sorted(_parameters(tool.input_schema), key=lambda parameter: bool(parameter.default))
    properties = tool.input_schema.get("properties")
    is_whole = len(parameters) == len(properties if isinstance(properties, Mapping) else {})
    shown = [f"{one.name}: {one.annotation}{f' = {one.default}' if one.default else ''}" for one in parameters]
    if not is_whole:
        others = "others" if all(one.name != "others" for one in parameters) else "further"
        shown.append(f"**{others}: Any")  # parameters whose names Python does not take
    line = f"def {name}({', '.join(shown)}) -> Any:"
    if len(line) > _WIDTH:
        line = f"def {name}(\n" + "".join(f"    {one},\n" for one in shown) + ") -> Any:"
    words = "Any, Literal" if "Literal[" in line else "Any"
    return (
        f'"""What runs {name}. It runs in a process of its own, after you have trusted it."""\n\n'
        f"from typing import {words}\n\n\n"
        f"{line}\n"
        f"{indent(_docstring(tool, parameters), '    ')}\n"
        f'    {MISSING_BODY}("{name} has no body yet")\n'
    )


def _parameters(schema: JsonObject) -> Iterator[_Parameter]:
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict):
        return
    needed = required if isinstance(required, list) else []
    for name, node in properties.items():
        if not is_parameter(name):
            continue
        inner = node if isinstance(node, dict) else {}
        annotation = _type(inner, schema, 0)
        about = inner.get("description")
        default = ""
        if name not in needed:
            value = inner.get("default")
            default = _literal(value)
            if value is None and "None" not in annotation.split(" | ") and annotation != "Any":
                annotation = f"{annotation} | None"
        yield _Parameter(name, annotation, default, about if isinstance(about, str) else "")


def _type(node: JsonValue, root: JsonObject, depth: int) -> str:
    if not isinstance(node, dict) or depth > _MAX_DEPTH:
        return "Any"
    if isinstance(reference := node.get("$ref"), str):
        return _type(_resolved(reference, root), root, depth + 1)
    choices = [node["const"]] if "const" in node else node.get("enum")
    if isinstance(choices, list) and choices:
        return _choices(choices)
    for key in ("anyOf", "oneOf"):
        if isinstance(branches := node.get(key), list) and branches:
            return _union([_type(branch, root, depth + 1) for branch in branches])
    kind = node.get("type")
    if isinstance(kind, list):
        return _union([_type({**node, "type": one}, root, depth + 1) for one in kind])
    if kind == "array":
        return f"list[{_type(node.get('items'), root, depth + 1)}]"
    if kind == "object":
        inner = node.get("additionalProperties")
        return f"dict[str, {_type(inner, root, depth + 1) if isinstance(inner, dict) and inner else 'Any'}]"
    return _SIMPLE.get(kind, "Any") if isinstance(kind, str) else "Any"


def _choices(choices: list[JsonValue]) -> str:
    if all(isinstance(one, (str, int, bool)) or one is None for one in choices):
        own = [one for one in choices if one is not None]
        literal = [f"Literal[{', '.join(map(_quoted, own))}]"] if own else []
        return _union([*literal, *(["None"] if None in choices else [])])
    return "Any"


def _union(types: list[str]) -> str:
    kept = list(dict.fromkeys(part for one in types for part in ([one] if "[" in one else one.split(" | "))))
    if not kept or "Any" in kept:
        return "Any"
    if "None" in kept:
        kept = [one for one in kept if one != "None"] + ["None"]
    return " | ".join(kept)


def _resolved(reference: str, root: JsonObject) -> JsonValue:
    found: JsonValue = root
    if not reference.startswith("#/"):
        return None
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found


def _literal(value: JsonValue) -> str:
    """A default that cannot be changed by accident; lists and tables are made new in the body."""
    return "None" if isinstance(value, (list, dict)) else _quoted(value)


def _quoted(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and value.isprintable() else repr(value)


def _docstring(tool: Tool, parameters: list[_Parameter]) -> str:
    text = _wrapped(tool.description or f"{tool.name}.")
    described = [one for one in parameters if one.about]
    if described:
        text += "\n\nArgs:\n" + "\n".join(
            indent(_wrapped(f"{one.name}: {one.about}", hanging="    "), "    ") for one in described
        )
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    text = "".join(one if one.isprintable() or one == "\n" else one.encode("unicode_escape").decode() for one in text)
    if text.endswith('"'):
        text += " "
    return f'"""{text}\n"""' if "\n" in text else f'"""{text}"""'


def _wrapped(text: str, hanging: str = "") -> str:
    paragraphs = (fill(" ".join(part.split()), _WIDTH - 8, subsequent_indent=hanging) for part in text.split("\n\n"))
    return "\n\n".join(part for part in paragraphs if part)
