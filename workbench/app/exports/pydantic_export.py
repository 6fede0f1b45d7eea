"""Tools as pydantic source: a class for the arguments of each, whose schema is the tool's."""

import inspect
import keyword
import re
from collections.abc import Sequence

from workbench.app.exports.pydantic_types import (
    ANNOTATIONS,
    ANYTHING,
    PythonType,
    field_arguments,
    scalar_type,
    union_type,
)
from workbench.app.exports.reference_inlining import inlined
from workbench.app.exports.source_names import SourceNames
from workbench.core.export_ledger import LedgerEntry
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.core.python_stub import is_parameter
from workbench.core.subschemas import referred_to
from workbench.core.tool import Tool

_ABOUT = (
    '"""Arguments of tools. `model_json_schema()` of a class is the tool\'s schema; its title is the tool\'s name."""'
)
_DROPS_DEFAULT = '''def _left_out(schema: dict[str, Any]) -> None:
    """What may be left out is None here, which its schema does not say."""
    schema.pop("default", None)


'''
_RESERVED = frozenset(
    ["Annotated", "Any", "Literal", "UUID", "BaseModel", "ConfigDict", "Field", "WithJsonSchema", "SkipJsonSchema"]
)
_CLASS_KEYS = frozenset(["type", "properties", "required", "additionalProperties", "title", "description"])
_UNSEEN = frozenset(["$schema", "$id", "$defs", "definitions", "$comment"])
_TAKEN = frozenset(["copy", "dict", "json", "schema", "validate", "construct", "fields", "parse_obj"])
_TAKEN |= {"date", "datetime", "str", "int", "float", "bool", "list", "type"}
"""Names of methods, and of types: an attribute would hide them in its own class."""
_WIDTH = 110


def pydantic_source(tools: Sequence[Tool]) -> tuple[str, list[LedgerEntry]]:
    """The text of a module, and what its classes do not check although their schemas say it."""
    names = SourceNames(_RESERVED)
    texts, ledger, rows = [], [], []
    literals: dict[frozenset[str], tuple[str, ...]] = {}
    for tool in tools:
        module = _Module(tool, names, literals)
        rows.append(f"    {tool.name!r}: {module.root},")
        texts += module.classes
        ledger += module.ledger
    table = "\n".join(["TOOLS: dict[str, type[BaseModel]] = {", *rows, "}"])
    body = "\n\n\n".join([*texts, table]) + "\n"
    return _head_of(body) + body, ledger


def _head_of(body: str) -> str:
    """The imports, and the function, that the classes use."""
    used = set(re.findall(r"\w+", body)) | {"BaseModel", "Any"}

    def names(among: Sequence[str]) -> str:
        return ", ".join(name for name in among if name in used)

    froms = (
        ("datetime", ("date", "datetime")),
        ("typing", ("Annotated", "Any", "Literal")),
        ("uuid", ("UUID",)),
        ("pydantic", ("BaseModel", "ConfigDict", "Field", "WithJsonSchema")),
        ("pydantic.json_schema", ("SkipJsonSchema",)),
    )
    lines = [f"from {module} import {names(among)}" for module, among in froms if names(among)]
    place = next(number for number, line in enumerate(lines) if line.startswith("from pydantic "))
    imports = "\n".join([*lines[:place], "", *lines[place:]])
    function = _DROPS_DEFAULT if "_left_out" in used else ""
    return f"{_ABOUT}\n\nfrom __future__ import annotations\n\n{imports}\n\n\n{function}"


class _Module:
    """The classes of one tool, those that others use first."""

    def __init__(self, tool: Tool, names: SourceNames, literals: dict[frozenset[str], tuple[str, ...]]) -> None:
        self._literals = literals
        self.classes: list[str] = []
        self.ledger: list[LedgerEntry] = []
        self._tool = tool
        self._names = names
        self._schema = tool.input_schema
        self._referred: dict[str, str] = {}
        for key, value in tool.document.items():
            if key not in ("name", "description", "inputSchema") and value not in (None, "", [], {}):
                self._note("left out", pointer([key]), f'"{key}" is left out', "a class has the parameters only")
        for key in ("title", "description"):
            if key in self._schema:
                self._note("rewritten", f"/inputSchema/{key}", f'"{key}" is the tool\'s own', "a class has one of each")
        own = {key: value for key, value in self._schema.items() if key not in ("title", "description")}
        described: JsonObject = {"description": tool.description} if tool.description else {}
        self.root = names.take(tool.name)
        self._referred["#"] = self.root
        self._add_class(self.root, {**own, **described, "title": tool.name}, "")

    def _add_class(self, name: str, node: JsonObject, path: str) -> None:
        properties = node.get("properties")
        fields = properties if isinstance(properties, dict) else {}
        listed = node.get("required")
        required = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
        extra = {key: value for key, value in node.items() if key not in _CLASS_KEYS | _UNSEEN}
        lines: list[str] = []
        used: set[str] = set()
        for key, inner in fields.items():
            lines += self._field(name, key, inner, path + pointer(["properties", key]), used, key in required)
        given = {key for key, inner in fields.items() if isinstance(inner, dict) and "default" in inner}
        if unheld := [each for each in required if each not in fields or each in given]:
            extra["required"] = list(required)
            words = f"the class does not require {', '.join(unheld)}"
            self._note("left out", f"/inputSchema{path}/required", words, "it has a default, or is not a property")
        if node.get("type") != "object":
            self._note("rewritten", f"/inputSchema{path}", '"type": "object" is added', "a class is an object")
        others = node.get("additionalProperties")
        if isinstance(others, dict):
            value = self._inner(others, f"{path}/additionalProperties", name, "Value")
            lines.insert(0, f"    __pydantic_extra__: dict[str, {value.text}]")
        head = self._class_head(node, extra, path, others)
        body = [*head, *lines] or ["    pass"]
        self.classes.append("\n".join([f"class {name}(BaseModel):", *body]))

    def _class_head(self, node: JsonObject, extra: JsonObject, path: str, others: JsonValue | None) -> list[str]:
        for key in (key for key in extra if key not in ANNOTATIONS and key != "required"):
            self._unchecked(key, path)
        description, config = node.get("description"), []
        if isinstance(node.get("title"), str):
            config.append(f"title={node['title']!r}")
        if others is False:
            config.append('extra="forbid"')
        elif others is not None:
            config.append('extra="allow"')
        lines = []
        if isinstance(description, str) and description and inspect.cleandoc(description) == description:
            lines = _docstring(description)
        elif isinstance(description, str):
            extra = {**extra, "description": description}
        if extra:
            config.append(f"json_schema_extra={self._plain(extra, path)!r}")
        return [*lines, *([_call("    model_config = ConfigDict", config), ""] if config else [])]

    def _field(self, owner: str, key: str, node: JsonValue, path: str, used: set[str], is_required: bool) -> list[str]:
        place = node if isinstance(node, dict) else {}
        found = self._type(node, path, owner, key)
        annotation, arguments = found.text, field_arguments(place)
        name = _field_name(key, used)
        if name != key:
            arguments.append(f"alias={key!r}")
        if "default" in place:
            arguments.insert(0, f"default={place['default']!r}")
        elif not is_required:
            if not found.takes_none:
                annotation = f"{annotation} | SkipJsonSchema[None]"
            arguments = ["default=None", *arguments, "json_schema_extra=_left_out"]
        if not arguments:
            return [f"    {name}: {annotation}"]
        return [_call(f"    {name}: {annotation} = Field", arguments)]

    def _inner(self, node: JsonValue, path: str, owner: str, hint: str) -> PythonType:
        """The type of what is not a field: what a field would say about it goes into `Annotated`."""
        found, arguments = self._type(node, path, owner, hint), field_arguments(node)
        if isinstance(node, dict) and "default" in node:
            self._note("left out", f"/inputSchema{path}/default", '"default" is left out', "only a field has one")
        if not arguments:
            return found
        return PythonType(f"Annotated[{found.text}, Field({', '.join(arguments)})]", found.checks, found.is_exact)

    def _type(self, node: JsonValue, path: str, owner: str, hint: str) -> PythonType:
        if not isinstance(node, dict):
            if node is False:
                self._note("left out", f"/inputSchema{path}", "the class takes anything here", "no type takes nothing")
            return ANYTHING
        keys = node.keys() - ANNOTATIONS - _UNSEEN
        if not keys:
            return ANYTHING
        if keys == {"$ref"} and (name := self._reference(str(node["$ref"]), owner)) is not None:
            return PythonType(name, ())
        if isinstance(node.get("properties"), dict) and "$ref" not in node and node.get("type", "object") == "object":
            name = self._names.take(owner, hint)
            self._add_class(name, {key: value for key, value in node.items() if key not in ANNOTATIONS}, path)
            return PythonType(name, ())
        found = self._plain_type(node, keys, path, owner, hint)
        if found.is_exact and self._keeps_order(node.get("enum")):
            return found
        for key in sorted(keys - set(found.checks) - {"format"}):
            self._unchecked(key, path)
        whole = self._plain({key: node[key] for key in node if key in keys}, path)
        return PythonType(f"Annotated[{found.text}, WithJsonSchema({whole!r})]", ()) if whole is not None else found

    def _plain_type(self, node: JsonObject, keys: set[str], path: str, owner: str, hint: str) -> PythonType:
        for key in ("anyOf", "oneOf"):
            branches = node.get(key)
            if keys == {key} and isinstance(branches, list) and branches:
                types = [
                    self._inner(one, f"{path}/{key}/{number}", owner, f"{hint} {number + 1}")
                    for number, one in enumerate(branches)
                ]
                return union_type(types, branches, is_exact=key == "anyOf")
        items, others = node.get("items"), node.get("additionalProperties")
        if node.get("type") == "array" and isinstance(items, dict):
            inner = self._inner(items, f"{path}/items", owner, f"{hint} item")
            return scalar_type(node, keys, f"list[{inner.text}]")
        if node.get("type") == "object" and isinstance(others, dict):
            inner = self._inner(others, f"{path}/additionalProperties", owner, f"{hint} value")
            known = ("type", "additionalProperties")
            return PythonType(f"dict[str, {inner.text}]", known, keys == set(known))
        if "$ref" in keys and len(keys) == 1:
            target = referred_to(self._schema, str(node["$ref"]))
            is_leaf = isinstance(target, dict) and not target.keys() & {"$ref", "anyOf", "oneOf", "allOf", "items"}
            if is_leaf and isinstance(target, dict):
                return PythonType(scalar_type(target, target.keys() - ANNOTATIONS).text, ("$ref",))
            return ANYTHING
        return scalar_type(node, keys)

    def _keeps_order(self, choices: JsonValue) -> bool:
        """Python takes two `Literal`s for one that differ only in their order; the second has to say its own."""
        if not isinstance(choices, list):
            return True
        order = tuple(map(repr, choices))
        return self._literals.setdefault(frozenset(order), order) == order

    def _reference(self, reference: str, owner: str) -> str | None:
        """The class of a definition; other references are put in their place."""
        if reference in self._referred:
            return self._referred[reference]
        target = referred_to(self._schema, reference)
        if not isinstance(target, dict) or not isinstance(target.get("properties"), dict):
            return None
        name = self._referred[reference] = self._names.take(owner if reference == "#" else reference.split("/")[-1])
        self._add_class(name, target, reference.removeprefix("#"))
        return name

    def _plain(self, node: JsonObject, path: str) -> JsonValue | None:
        """Without references, which a class names differently."""
        found = inlined(node, self._schema)
        if found is None:
            words = "a reference that leads back to itself, or nowhere, is left out"
            self._note("left out", f"/inputSchema{path}", words, "it stands where a class cannot be named")
        return found

    def _unchecked(self, key: str, path: str) -> None:
        words = f"the class does not check {key!r}"
        self._note("left out", f"/inputSchema{path}/{key}", words, "no type can; its schema has it")

    def _note(self, kind: str, place: str, what: str, why: str) -> None:
        entry = LedgerEntry(self._tool.name, place, kind, what, why)  # type: ignore[arg-type]
        if entry not in self.ledger:
            self.ledger.append(entry)


def _field_name(key: str, used: set[str]) -> str:
    """What the attribute is called; an alias has the parameter's own name."""
    is_plain = is_parameter(key) and key[0] != "_" and not key.startswith("model_")
    name = key if is_plain else "".join(char if char.isalnum() and char.isascii() else "_" for char in key).strip("_")
    if not name or name[0].isdigit():
        name = f"field_{name}"
    if keyword.iskeyword(name) or name in _TAKEN or name[0].isupper() or name.startswith("model_"):
        name = f"{name}_" if not name.startswith("model_") else f"the_{name}"
    while name in used:
        name = f"{name}_"
    used.add(name)
    return name


def _call(head: str, arguments: Sequence[str]) -> str:
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{head}(", *(f"        {argument}," for argument in arguments), "    )"])


def _docstring(text: str) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in escaped)
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    return [f'    """{escaped}"""', ""]
