"""Arguments for a tool, from honest to malicious: built from its schema, then spoiled."""

import json
import random
import string
from copy import deepcopy
from typing import Any

ODD = [
    None, True, False, 0, -1, 1.5, 1e308, 2**53, "", " ", "\x00", "\u202e", "ü", "0", "true", [], [None], {}, {"": 1},
    "../../etc/passwd", "'; DROP TABLE x; --", "a" * 3000,
]  # fmt: skip
TRICKS = (
    '{"a":1,"a":2}', "NaN", '{"a":NaN}', '{"a":Infinity}', '{"a":-Infinity}', '{"a":18446744073709551616}',
    '{"a":1e999}', '{"a":"\\ud800"}', '{"\\udfff":1}', "[]", "null", '"{}"', "{", "{}}", "{'a':1}", '{"a":01}',
    '{"a":1,}', "\ufeff{}", '{"a":' + "[" * 70 + "]" * 70 + "}", '{"a":\x00}', "{}{}", "// {}\n{}",
    '{"a":123456789012345678901234567890}',
)  # fmt: skip


class Stranger:
    """Makes argument texts, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def text(self, schema: dict[str, Any]) -> str:
        """An argument text for a tool with this schema; about every third is honest."""
        chance = self._chance
        arguments = self._of(schema, schema, 0)
        if not isinstance(arguments, dict):
            arguments = {}
        way = chance.random()
        if way < 0.35:
            return json.dumps(arguments, ensure_ascii=chance.random() < 0.5)
        if way < 0.85:
            for _ in range(chance.randint(1, 3)):
                self._spoil(arguments)
            return json.dumps(arguments)
        text = json.dumps(arguments)
        if way < 0.93:
            return chance.choice(TRICKS)
        at = chance.randrange(len(text) + 1)
        return text[:at] + chance.choice(string.printable) * chance.randint(0, 2) + text[at + chance.randint(0, 2) :]

    def _spoil(self, node: Any) -> None:
        chance = self._chance
        if isinstance(node, dict):
            if not node or chance.random() < 0.2:
                node[chance.choice(["extra", "__proto__", "a", ""])] = deepcopy(chance.choice(ODD))
                return
            name = chance.choice(list(node))
            if isinstance(node[name], dict | list) and chance.random() < 0.5:
                self._spoil(node[name])
            elif chance.random() < 0.3:
                del node[name]
            else:
                node[name] = deepcopy(chance.choice(ODD))
        elif isinstance(node, list):
            if node and chance.random() < 0.5:
                node[chance.randrange(len(node))] = deepcopy(chance.choice(ODD))
            else:
                node.append(deepcopy(chance.choice(ODD)))

    def _of(self, schema: Any, root: dict[str, Any], depth: int) -> Any:  # noqa: C901 — one keyword after the other
        chance = self._chance
        if not isinstance(schema, dict) or depth > 8:
            return deepcopy(chance.choice(ODD))
        if "$ref" in schema:
            here: Any = root
            for step in schema["$ref"].split("/")[1:]:
                here = here[step]
            return self._of(here, root, depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return chance.choice(schema["enum"])
        for keyword in ("anyOf", "oneOf", "allOf"):
            if keyword in schema:
                return self._of(chance.choice(schema[keyword]), root, depth + 1)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = chance.choice(kind) if isinstance(kind, list) else kind
        match kind:
            case "object":
                required = schema.get("required", [])
                return {
                    name: self._of(rule, root, depth + 1)
                    for name, rule in schema.get("properties", {}).items()
                    if name in required or chance.random() < 0.4
                }
            case "array":
                least = schema.get("minItems", 0)
                most = max(least, min(schema.get("maxItems", least + 3), least + 3))
                return [self._of(schema.get("items", {}), root, depth + 1) for _ in range(chance.randint(least, most))]
            case "integer":
                low = int(schema.get("minimum", schema.get("exclusiveMinimum", -9)))
                return chance.randint(low - 1, int(schema.get("maximum", low + 99)) + 1)
            case "number":
                low = float(schema.get("minimum", -9))
                return chance.choice([low, low - 0.5, low + chance.random() * 99, float(schema.get("maximum", 9))])
            case "boolean":
                return chance.random() < 0.5
            case "null":
                return None
            case _:
                length = chance.choice([schema.get("minLength", 3), schema.get("maxLength", 12)])
                return "".join(chance.choice("abc/.:-0 é") for _ in range(min(length, 5000)))
