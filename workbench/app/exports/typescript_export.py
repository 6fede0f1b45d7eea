"""Tools as TypeScript: an interface for the arguments of each. What a type cannot say is in its comment."""

import json
import re
from collections.abc import Iterator, Sequence

from workbench.app.exports.reference_inlining import inlined
from workbench.app.exports.source_names import SourceNames
from workbench.core.export_ledger import LedgerEntry
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.problem import pointer
from workbench.core.subschemas import MISSING, referred_to
from workbench.core.tool import Tool

_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_SAID = frozenset(
    ["type", "properties", "required", "items", "prefixItems", "enum", "const", "anyOf", "allOf", "$ref", "description"]
)
_UNSEEN = frozenset(["$schema", "$id", "$defs", "definitions", "$comment", "title"])
_IN_TYPES = _SAID | _UNSEEN | {"additionalProperties"}
_RESERVED = frozenset(["Tools", "Array", "Record", "Object", "String", "Number", "Boolean", "Date", "Function"])
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def typescript_source(tools: Sequence[Tool]) -> tuple[str, list[LedgerEntry]]:
    """The text of a module, and what its types do not say."""
    names = SourceNames(_RESERVED)
    texts, ledger, rows = ["// Arguments of tools; `Tools` has each under the tool's name."], [], []
    for tool in tools:
        module = _Module(tool, names)
        rows.append(f"  {_key(tool.name)}: {module.root};")
        texts += module.texts
        ledger += module.ledger
    return "\n\n".join([*texts, "\n".join(["export interface Tools {", *rows, "}"])]) + "\n", ledger


class _Module:
    """The types of one tool."""

    def __init__(self, tool: Tool, names: SourceNames) -> None:
        self.texts: list[str] = []
        self.ledger: list[LedgerEntry] = []
        self._tool = tool
        self._names = names
        self._schema = tool.input_schema
        self.root = names.take(tool.name)
        self._referred = {"#": self.root}
        for key, value in tool.document.items():
            if key not in ("name", "description", "inputSchema") and value not in (None, "", [], {}):
                self._note(pointer([key]), f'"{key}" is left out', "an interface has the parameters only")
        schema = {**tool.input_schema, "description": tool.description}
        if "description" in tool.input_schema:
            self._note("/inputSchema/description", '"description" is the tool\'s own', "an interface has one")
        self._declare(self.root, schema, "")

    def _declare(self, name: str, node: JsonObject, path: str) -> None:
        """An interface if that says everything, a type otherwise."""
        place = len(self.texts)
        is_plain = node.get("type") in ("object", None) and not node.keys() & {
            "anyOf",
            "oneOf",
            "allOf",
            "enum",
            "$ref",
        }
        body = self._object(node, path, "") if is_plain else self._type(node, path, "")
        comment = "".join(f"{line}\n" for line in self._comment(node, path))
        head = f"export interface {name} " if is_plain else f"export type {name} = "
        self.texts.insert(place, f"{comment}{head}{body}{'' if is_plain else ';'}")

    def _object(self, node: JsonObject, path: str, indent: str) -> str:
        properties, required, others = (node.get(key) for key in ("properties", "required", "additionalProperties"))
        needed = required if isinstance(required, list) else []
        fields = properties if isinstance(properties, dict) else {}
        deeper, lines = f"{indent}  ", []
        for key, inner in fields.items():
            place = path + pointer(["properties", key])
            lines += [f"{deeper}{line}" for line in self._comment(inner, place)]
            mark = "" if key in needed else "?"
            lines.append(f"{deeper}{_key(key)}{mark}: {self._type(inner, place, deeper)};")
        unknown = [key for key in needed if isinstance(key, str) and key not in fields]
        lines += [f"{deeper}{_key(key)}: unknown;" for key in unknown]
        if others is True or (isinstance(others, dict) and fields):
            lines.append(f"{deeper}[key: string]: unknown;")
        elif isinstance(others, dict):
            lines.append(f"{deeper}[key: string]: {self._type(others, f'{path}/additionalProperties', deeper)};")
        if isinstance(others, dict) and fields and others:
            words = "the type of further properties is left out"
            self._note(f"/inputSchema{path}/additionalProperties", words, "it would have to fit the others, too")
        return "\n".join(["{", *lines, f"{indent}}}"]) if lines else "{}"

    def _type(self, node: JsonValue, path: str, indent: str) -> str:
        if not isinstance(node, dict):
            return "never" if node is False else "unknown"
        reference = node.get("$ref")
        if isinstance(reference, str):
            return self._reference(reference, path)
        choices = [node["const"]] if "const" in node else node.get("enum")
        if isinstance(choices, list) and choices:
            return " | ".join(_literal(choice) for choice in choices)
        parts = [*self._branches(node, path, indent)]
        kind = node.get("type")
        own = [self._kind(each, node, path, indent) for each in (kind if isinstance(kind, list) else [kind])]
        if kind is not None or isinstance(node.get("properties"), dict) or not parts:
            parts.insert(0, " | ".join(dict.fromkeys(own)))
        parts = [part for part in parts if part != "unknown"] or ["unknown"]
        return " & ".join(f"({part})" if " | " in part else part for part in parts) if len(parts) > 1 else parts[0]

    def _branches(self, node: JsonObject, path: str, indent: str) -> Iterator[str]:
        for key, sign in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
            branches = node.get(key)
            if isinstance(branches, list) and branches:
                types = [self._type(one, f"{path}/{key}/{number}", indent) for number, one in enumerate(branches)]
                unique = list(dict.fromkeys(types))
                if sign == " | " and "unknown" in unique:
                    unique = ["unknown"]
                yield sign.join(f"({each})" if " | " in each and sign == " & " else each for each in unique)

    def _kind(self, kind: JsonValue, node: JsonObject, path: str, indent: str) -> str:
        if kind == "array":
            tuple_of = node.get("prefixItems")
            if isinstance(tuple_of, list):
                types = [self._type(one, f"{path}/prefixItems/{number}", indent) for number, one in enumerate(tuple_of)]
                return f"[{', '.join(types)}]"
            inner = self._type(node.get("items", True), f"{path}/items", indent)
            return f"Array<{inner}>"
        if kind == "object" or (kind is None and isinstance(node.get("properties"), dict)):
            if not node.get("properties") and node.get("additionalProperties", True) is True:
                return "Record<string, unknown>"
            return self._object(node, path, indent)
        return _PLAIN.get(kind, "unknown") if isinstance(kind, str) else "unknown"

    def _reference(self, reference: str, path: str) -> str:
        if reference in self._referred:
            return self._referred[reference]
        target = referred_to(self._schema, reference)
        if target is MISSING or not isinstance(target, dict):
            words = "a reference that leads nowhere is left out"
            self._note(f"/inputSchema{path}/$ref", words, "there is no type to name")
            return "unknown"
        if "$ref" in target and inlined(target, self._schema) is None:
            return "unknown"
        name = self._referred[reference] = self._names.take(reference.split("/")[-1])
        self._declare(name, target, reference.removeprefix("#"))
        return name

    def _comment(self, node: JsonValue, path: str) -> list[str]:
        """The description, with tags for what a type cannot say; the ledger lists those, too."""
        if not isinstance(node, dict):
            return []
        text = node.get("description")
        lines = text.split("\n") if isinstance(text, str) and text else []
        for key in (key for key in node if key not in _IN_TYPES):
            lines.append(f"@{key} {compact(node[key])}")
            words = f"{key!r} is only in a comment"
            self._note(f"/inputSchema{path}/{key}", words, "TypeScript has no type for it")
        if node.get("type") == "integer":
            lines.append("@type integer")
            self._note(f"/inputSchema{path}/type", '"integer" is only in a comment', "TypeScript has only numbers")
        if node.get("additionalProperties") is False:
            words = '"additionalProperties": false is left out'
            self._note(f"/inputSchema{path}/additionalProperties", words, "an interface may have more properties")
        if isinstance(text, str) and ("*/" in text or text != text.strip()):
            self._note(f"/inputSchema{path}/description", "the description is written differently", "it is a comment")
        safe = [line.replace("*/", "*\\/").rstrip() for line in lines]
        if len(safe) == 1:
            return [f"/** {safe[0]} */"]
        return ["/**", *(f" * {line}".rstrip() for line in safe), " */"] if safe else []

    def _note(self, place: str, what: str, why: str) -> None:
        entry = LedgerEntry(self._tool.name, place, "left out", what, why)
        if entry not in self.ledger:
            self.ledger.append(entry)


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


def _literal(value: JsonValue) -> str:
    return json.dumps(value) if value is None or isinstance(value, str | int | float) else "unknown"
