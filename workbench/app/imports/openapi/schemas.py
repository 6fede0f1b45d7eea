"""Schemas of an OpenAPI document as JSON Schema 2020-12, with what they refer to under `$defs`.

Versions 2.0 and 3.0 have words of their own (`nullable`, `exclusiveMinimum: true`, `example`), which are brought to
their 3.1 form. Each schema of the document is converted once; a tool gets those that its parameters reach.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from workbench.app.imports.openapi.references import References, steps_of
from workbench.core.json_text import JsonObject, JsonValue

_ONE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
Side = Literal["request", "answer"]
_OTHER_SIDE: dict[Side, str] = {"request": "readOnly", "answer": "writeOnly"}
"""Marks fields that the other side has alone."""
_DROPPED = frozenset(["xml", "externalDocs", "discriminator", "readOnly", "writeOnly", "nullable", "collectionFormat"])
_MOST_IN_CIRCLE = 4
_PLAIN_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


class SchemaReader:
    """Converts the schemas of requests or of answers. `lost` says which words of the document have no place in JSON
    Schema."""

    def __init__(self, references: References, side: Side = "request") -> None:
        self._references = references
        self._foreign = _OTHER_SIDE[side]
        self._names: dict[str, str] = {}
        """The name under `$defs` by reference."""
        self._taken: set[str] = set()
        self._reached: dict[frozenset[str], JsonObject] = {}
        """What tools reach, by what they name: many name the same."""
        self._made: dict[str, JsonValue] = {}
        """The converted schema by that name."""
        self._uses: dict[str, set[str]] = {}
        self._waiting: list[tuple[str, JsonValue]] = []
        """What is named and not converted yet; a chain of a thousand schemas is no thousand calls deep."""
        self.lost: dict[str, int] = {}

    def schema(self, value: JsonValue) -> JsonValue:
        """One schema, with references to `#/$defs/…`."""
        if not isinstance(value, dict):
            return value if isinstance(value, bool) else True
        if isinstance(reference := value.get("$ref"), str):
            beside = {key: one for key, one in value.items() if key in ("description", "title", "default")}
            name = self._named(reference)
            return {"$ref": f"#/$defs/{name}", **beside} if name else (beside or True)
        return self._converted(value)

    def definitions(self, schema: JsonValue) -> JsonObject:
        """What a converted schema reaches, by name."""
        self._convert_waiting()
        start = frozenset(_used(schema))
        if start not in self._reached:
            self._reached[start] = self._closure(start)
        return self._reached[start]

    def _closure(self, start: frozenset[str]) -> JsonObject:
        found: dict[str, None] = {}
        waiting = sorted(start)
        while waiting:
            name = waiting.pop()
            if name not in found and name in self._made:
                found[name] = None
                waiting += sorted(self._uses.get(name, ()))
        return {name: self._made[name] for name in sorted(found)}

    def circles(self) -> list[str]:
        """The schemas that contain themselves, each circle once. A schema that is used twice is none."""
        done: set[str] = set()
        found: dict[frozenset[str], str] = {}
        for start in sorted(self._uses):
            self._walk(start, done, found)
        return list(found.values())

    def _walk(self, start: str, done: set[str], found: dict[frozenset[str], str]) -> None:
        """In depth, without recursion: circles can be thousands of schemas long."""
        if start in done:
            return
        path: dict[str, None] = {start: None}
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(self._uses.get(start, ()))))]
        while stack:
            name, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                del path[name]
                done.add(name)
            elif following in path:
                names = list(path)
                circle = names[names.index(following) :]
                found.setdefault(frozenset(circle), _circle_words(circle))
            elif following not in done:
                path[following] = None
                stack.append((following, iter(sorted(self._uses.get(following, ())))))

    def _named(self, reference: str) -> str:
        if reference in self._names:
            return self._names[reference]
        target = self._references.target(reference)
        if target is None:
            return ""
        plain = _PLAIN_NAME.sub("_", (steps_of(reference) or ["document"])[-1]).strip("_")[:60] or "schema"
        name, number = plain, 2
        while name in self._taken:
            name, number = f"{plain}_{number}", number + 1
        self._names[reference] = name
        self._taken.add(name)
        self._waiting.append((name, target))
        return name

    def _convert_waiting(self) -> None:
        while self._waiting:
            name, target = self._waiting.pop()
            self._made[name] = self.schema(target)
            self._uses[name] = _used(self._made[name])

    def _converted(self, value: JsonObject) -> JsonObject:
        made: JsonObject = {}
        for key, one in value.items():
            if key in _DROPPED or key.startswith("x-"):
                if key == "discriminator":
                    self.lost[key] = self.lost.get(key, 0) + 1
            elif key in _ONE:
                made[key] = [self.schema(each) for each in one] if isinstance(one, list) else self.schema(one)
            elif key in _MANY and isinstance(one, list):
                made[key] = [self.schema(each) for each in one]
            elif key in _NAMED and isinstance(one, dict):
                made[key] = {name: self.schema(each) for name, each in one.items() if not self._is_foreign(each)}
            elif key == "example":
                made.setdefault("examples", [one])
            elif not (key == "required" and not isinstance(one, list)):
                made[key] = one
        self._require_present(made, value)
        _modern(made, is_nullable=value.get("nullable") is True)
        return made

    def _is_foreign(self, schema: JsonValue) -> bool:
        """Whether only the other side has it."""
        return isinstance(schema, dict) and schema.get(self._foreign) is True

    def _require_present(self, made: JsonObject, before: JsonObject) -> None:
        """What only the other side has is not required of this one."""
        required, properties = made.get("required"), before.get("properties")
        if isinstance(required, list) and isinstance(properties, dict):
            kept = [name for name in required if not self._is_foreign(properties.get(str(name)))]
            if kept:
                made["required"] = kept
            else:
                del made["required"]


def _circle_words(circle: list[str]) -> str:
    shown = circle if len(circle) <= _MOST_IN_CIRCLE else [*circle[: _MOST_IN_CIRCLE - 1], "…", circle[-1]]
    return " → ".join([*shown, circle[0]])


def _modern(schema: JsonObject, *, is_nullable: bool) -> None:
    """The words of older versions in their present form."""
    for flag, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(flag), bool) and schema.pop(flag) and bound in schema:
            schema[flag] = schema.pop(bound)
    kind = schema.get("type")
    if kind == "file":
        schema["type"], schema["format"] = "string", "binary"
    if not is_nullable:
        return
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
        if isinstance(values := schema.get("enum"), list) and None not in values:
            schema["enum"] = [*values, None]
    elif isinstance(kind, list):
        schema["type"] = list(dict.fromkeys([*map(str, kind), "null"]))
    elif schema.keys() & {"allOf", "anyOf", "oneOf", "$ref"}:
        inner: JsonObject = {key: schema.pop(key) for key in ("allOf", "anyOf", "oneOf", "$ref") if key in schema}
        schema["anyOf"] = [inner, {"type": "null"}]


def _used(schema: JsonValue) -> set[str]:
    """The names under `$defs` that a converted schema names."""
    found: set[str] = set()
    waiting: list[Iterable[JsonValue]] = [[schema]]
    while waiting:
        for one in waiting.pop():
            if isinstance(one, dict):
                reference = one.get("$ref")
                if isinstance(reference, str):
                    found.add(reference.removeprefix("#/$defs/"))
                waiting.append(list(one.values()))
            elif isinstance(one, list):
                waiting.append(one)
    return found
