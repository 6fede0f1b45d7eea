"""A schema for the validator, which knows patterns only as Python spells them."""

from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, python_pattern
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.subschemas import all_schemas, with_subschemas

Originals = dict[str, str]
"""Python's spelling → the pattern as the schema has it, for messages."""


def with_python_patterns(schema: JsonObject) -> tuple[JsonObject, Originals]:
    """`schema` with every pattern in Python's spelling. One that cannot be checked here is ignored, and so are the
    rules about all other properties, which it might match. Raises `BadPattern` with the place."""
    if not any("pattern" in node or "patternProperties" in node for _, node in all_schemas(schema)):
        return schema, {}
    originals: Originals = {}

    def rewritten(node: JsonValue, path: str) -> JsonValue:
        if not isinstance(node, dict):
            return node
        made = with_subschemas(node, rewritten, path)
        if isinstance(pattern := made.get("pattern"), str):
            made["pattern"] = _translated(pattern, path, originals) or ""
        if isinstance(by_pattern := made.get("patternProperties"), dict):
            _translate_names(made, by_pattern, path, originals)
        return made

    whole = rewritten(schema, "")
    assert isinstance(whole, dict)
    return whole, originals


def _translate_names(node: JsonObject, by_pattern: JsonObject, path: str, originals: Originals) -> None:
    spelled: JsonObject = {}
    for pattern, inner in by_pattern.items():
        name = _translated(pattern, path, originals)
        if name is None:
            node.pop("additionalProperties", None)
            node.pop("unevaluatedProperties", None)
        else:  # two patterns may differ in spelling only
            spelled[name] = inner if name not in spelled else {"allOf": [spelled[name], inner]}
    node["patternProperties"] = spelled


def _translated(pattern: str, path: str, originals: Originals) -> str | None:
    try:
        spelled = python_pattern(pattern)
    except UncheckedPattern:
        return None
    except BadPattern as error:
        where = f"the pattern {pattern[:80]!r} at {path or '/'}"
        raise BadPattern(f"{where} is not an ECMA 262 regular expression: {error}") from None
    originals[spelled] = pattern
    return spelled
