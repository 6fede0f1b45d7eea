"""Null where a parameter was left out: how models that were given a strict schema say "not given".

Strict modes make every parameter required and the optional ones nullable, so the model writes `null` for them. The
tool's own schema knows no such null. Leaving it out again is not a repair of a mistake: it is what the model said.
"""

from workbench.core.json_text import JsonObject, JsonValue

_DECIDES_ELSEWHERE = ("anyOf", "oneOf", "allOf", "not", "if", "$ref", "$dynamicRef", "const", "enum")


def without_optional_nulls(schema: JsonObject, arguments: JsonObject) -> JsonObject:
    """`arguments` less every null of an optional parameter that is plainly not nullable; the same object when none is.

    Where a schema leaves any doubt (references, alternatives, no type), the null stays and the check decides.
    """
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return arguments
    required = schema.get("required")
    needed = set(required) if isinstance(required, list) and all(isinstance(name, str) for name in required) else set()
    kept: JsonObject = {}
    for name, value in arguments.items():
        rule = properties.get(name)
        if value is None and name not in needed and _refuses_null(rule):
            continue
        kept[name] = _within(rule, value)
    return arguments if kept == arguments else kept


def _within(rule: JsonValue, value: JsonValue) -> JsonValue:
    if not isinstance(rule, dict):
        return value
    if isinstance(value, dict):
        return without_optional_nulls(rule, value)
    items = rule.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        return [_within(items, item) for item in value]
    return value


def _refuses_null(rule: JsonValue) -> bool:
    if not isinstance(rule, dict) or any(keyword in rule for keyword in _DECIDES_ELSEWHERE[:-1]):
        return False
    choices = rule.get("enum")
    if isinstance(choices, list):
        return None not in choices
    kind = rule.get("type")
    return kind != "null" if isinstance(kind, str) else isinstance(kind, list) and "null" not in kind
