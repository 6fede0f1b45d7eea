"""Schemas with references inlined, unless they are recursive."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.subschemas import MISSING, referred_to, with_subschemas

_MAX_NODES = 20_000


class _Recursive(Exception):
    """A reference leads back to itself, or nowhere."""


def inlined(node: JsonValue, root: JsonObject) -> JsonValue | None:
    """`node` with its references within `root` replaced by their targets, and without definitions; None when one is
    recursive or leads nowhere."""
    left = [_MAX_NODES]

    def rewrite(value: JsonValue, open_references: tuple[str, ...]) -> JsonValue:
        left[0] -= 1
        if left[0] < 0:
            raise _Recursive
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            target = referred_to(root, reference)
            if reference in open_references or target is MISSING:
                raise _Recursive
            meant = rewrite(target, (*open_references, reference))
            beside = {key: inner for key, inner in value.items() if key != "$ref"}
            return {**meant, **beside} if isinstance(meant, dict) else meant
        plain = {key: inner for key, inner in value.items() if key not in ("$defs", "definitions")}
        return with_subschemas(plain, lambda inner, _: rewrite(inner, open_references))

    try:
        return rewrite(node, ())
    except _Recursive:
        return None
