"""Schemas that hang, crash or spy on a validator that trusts them, each with the arguments that set them off."""

from workbench.core.json_text import JsonObject, JsonValue

LONG = "a" * 40 + "!"


def one(rule: JsonObject) -> JsonObject:
    """A tool with one parameter."""
    return {"type": "object", "properties": {"a": rule}}


def references(depth: int, keyword: str = "allOf") -> JsonObject:
    """Each level refers to the next one twice: 2^depth checks."""
    levels: JsonObject = {f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"type": "object", "$defs": levels | {f"d{depth}": {"type": "object"}}, "$ref": "#/$defs/d0"}


def nested(depth: int) -> JsonObject:
    """As deep as that."""
    schema: JsonObject = {"type": "object"}
    for _ in range(depth):
        schema = one(schema)
    return schema


def hostile(address: str, file: str) -> dict[str, tuple[JsonObject, JsonValue]]:
    """By name: the schema and the arguments. `address` is a server that counts, `file` a schema that accepts all."""
    things: list[JsonValue] = [{"x": number} for number in range(20_000)]
    return {
        "a regex that explodes": (one({"pattern": "^(a+)+$"}), {"a": LONG}),
        "a regex with two ways through": (one({"pattern": "^(a|aa)+$"}), {"a": LONG}),
        "a regex with stars in stars": (one({"pattern": "^(([a-z])*)*!?$"}), {"a": "a" * 40 + "?"}),
        "property names that explode": ({"type": "object", "patternProperties": {"^(a|aa)+$": {}}}, {LONG: 1}),
        "names that explode": ({"type": "object", "propertyNames": {"pattern": "^(a+)+$"}}, {LONG: 1}),
        "a bomb of allOf": (references(22), {}),
        "a bomb of anyOf": (references(22, "oneOf"), {}),
        "a schema that refers to itself": ({"type": "object", "$ref": "#"}, {}),
        "a property that refers to itself": (one({"$ref": "#/properties/a"}), {"a": 1}),
        "two that refer to each other": (
            one({"$ref": "#/$defs/b"}) | {"$defs": {"b": {"$ref": "#/$defs/c"}, "c": {"$ref": "#/$defs/b"}}},
            {"a": 1},
        ),
        "a loop of dynamic references": (
            {"type": "object", "$dynamicAnchor": "n", "allOf": [{"$dynamicRef": "#n"}]},
            {},
        ),
        "uniqueItems over 20,000 objects": (one({"uniqueItems": True}), {"a": things}),
        "20,000 requirements that are objects": ({"type": "object", "required": things}, {}),
        "100,000 properties": ({"type": "object", "properties": {f"k{n}": {} for n in range(100_000)}}, {}),
        "100,001 choices": (one({"enum": ["x"] * 100_001}), {"a": "y"}),
        "a thousand levels": (nested(1_000), {}),
        "levels without end": (nested(100_000), {}),
        "a pattern of a megabyte": (one({"pattern": "(a?)" * 250_000}), {"a": "a"}),
        "a reference over HTTP": (one({"$ref": f"{address}/ref"}), {"a": 1}),
        "a reference over HTTP with a fragment": (one({"$ref": f"{address}/ref#/x"}), {"a": 1}),
        "a base address on the network": (one({"$ref": "other"}) | {"$id": f"{address}/"}, {"a": 1}),
        "a reference to a file": (one({"$ref": f"file://{file}"}), {"a": 1}),
        "a reference to a file by its path": (one({"$ref": file}), {"a": 1}),
        "a dynamic reference over HTTP": (one({"$dynamicRef": f"{address}/dynamic"}), {"a": 1}),
        "a regex with what ECMA does not know": (one({"pattern": "(?>a)"}), {"a": "x"}),
        "a regex that does not compile": (one({"pattern": "("}), {"a": "x"}),
        "a pattern that is a list": (one({"pattern": ["x"]}), {"a": "x"}),
        "division by zero": (one({"multipleOf": 0}), {"a": 1}),
        "a division by a number beyond all bounds": (one({"multipleOf": 10**400}), {"a": 1.5}),
        "a type nobody knows": (one({"type": "banana"}), {"a": 1}),
        "a type that is an object": ({"type": {"a": 1}}, {}),
        "properties that are a list": ({"type": "object", "properties": [1]}, {}),
        "a reference that is a number": (one({"$ref": 7}), {"a": 1}),
        "a reference into nothing": (one({"$ref": "#/$defs/none"}), {"a": 1}),
    }
