"""Equality of JSON values, which is not Python's."""

from workbench.core.json_text import JsonValue


def same_json(one: JsonValue, other: JsonValue) -> bool:
    """Equality as JSON has it: 1 and 1.0 are one number, true is no number, the order of keys does not count."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return one == other


def contains_json(whole: JsonValue, part: JsonValue) -> bool:
    """Whether `part` is in `whole`: objects may have more keys, everything else is equal."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and contains_json(whole[key], value) for key, value in part.items()
        )
    return same_json(whole, part)
