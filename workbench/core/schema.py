"""Is this a legal parameter schema, and do these arguments fit it?

JSON Schema Draft 2020-12 by default, or the older draft that `$schema` names. No reference is ever fetched, from
the network or from a file. Anything a hostile schema makes the validator raise is returned as a problem.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from workbench.core.ecma_pattern import BadPattern
from workbench.core.json_text import JsonObject, JsonValue, canonical
from workbench.core.meta_schema import DIALECTS, Dialect, meta_problems
from workbench.core.problem import Problem, pointer
from workbench.core.python_patterns import with_python_patterns
from workbench.core.subschemas import with_subschemas

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

MAX_PROBLEMS = 20

_NEWEST: Dialect = "draft/2020-12"
_DIALECT = re.compile(r"https?://json-schema\.org/(.+)/schema#?")
_COSTLY = frozenset(
    {"pattern", "patternProperties", "uniqueItems", "$ref", "$dynamicRef", "propertyNames", "multipleOf"}
)
_CHEAP_NODES = 400

MAX_DEPTH = 64
MAX_PARTS = 2_000
"""Objects and lists in one schema. The largest of 400 schemas of public MCP servers has 95."""
MAX_VALUES = 100_000
MAX_PATTERN_CHARS = 1_000
MAX_PATTERNS_CHARS = 50_000
"""All patterns of one schema together."""


def check_schema(schema: JsonObject) -> tuple[Problem, ...]:
    """Problems with the schema itself: against its meta-schema, and what a tool's parameters must be. The first 20 of
    them, soon: the time it takes grows with the size of the schema alone."""
    if (excess := _excess(schema)) is not None:
        return (excess,)
    problems = []
    if schema.get("type", "object") != "object":
        problems.append(Problem("/type", 'the parameters of a tool must have "type": "object"', "type"))
    dialect = _dialect(schema)
    if dialect is None:
        name = _shortened(canonical(schema["$schema"]))
        words = f"{name} is not a known dialect; the schema is read as Draft 2020-12"
        problems.append(Problem("/$schema", words, "$schema", severity="warning"))
    return (*problems, *islice(meta_problems(schema, dialect or _NEWEST), MAX_PROBLEMS))


def check_arguments(schema: JsonObject, arguments: JsonValue) -> tuple[Problem, ...]:
    """Where `arguments` do not fit `schema`, best first; empty when they fit."""
    return prepared_check(schema)(arguments)


def prepared_check(schema: JsonObject) -> Callable[[JsonValue], tuple[Problem, ...]]:
    """`check_arguments` for a schema that stays as it is: to get ready takes longer than to check."""
    if (excess := _excess(schema)) is not None:
        return lambda arguments: (excess,)
    from workbench.core.schema_validator import (
        misfits,
        validator_of,  # takes long to import, and opening a project needs no validator
    )

    try:
        rules, originals = with_python_patterns(schema)
        validator = validator_of(rules, _dialect(schema) or _NEWEST)
    except Exception as error:  # noqa: BLE001 — door: validators raise what they like on hostile schemas
        refused = _refused(error)
        return lambda arguments: (refused,)

    def check(arguments: JsonValue) -> tuple[Problem, ...]:
        try:
            errors = misfits(validator, arguments)
        except Exception as error:  # noqa: BLE001 — as above
            return (_refused(error),)
        return tuple(_problem(error, originals) for error in errors[:MAX_PROBLEMS])

    return check


def _excess(schema: JsonObject) -> Problem | None:
    """Why a schema is too large to be judged at all: deeper, wider or with longer patterns than any ordinary one."""
    parts = values = patterns = 0
    waiting: list[tuple[JsonValue, int]] = [(schema, 1)]
    while waiting:
        node, depth = waiting.pop()
        members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        parts += 1
        values += len(members)
        if depth > MAX_DEPTH:
            return _too_large(f"it is nested deeper than {MAX_DEPTH} levels")
        if parts > MAX_PARTS:
            return _too_large(f"it has more than {MAX_PARTS:,} objects and lists")
        if values > MAX_VALUES:
            return _too_large(f"it has more than {MAX_VALUES:,} values")
        lengths = [len(pattern) for pattern in _patterns(node)] if isinstance(node, dict) else []
        patterns += sum(lengths)
        if any(length > MAX_PATTERN_CHARS for length in lengths):
            return _too_large(f"it has a pattern of more than {MAX_PATTERN_CHARS:,} characters")
        if patterns > MAX_PATTERNS_CHARS:
            return _too_large(f"its patterns have more than {MAX_PATTERNS_CHARS:,} characters")
        waiting.extend((member, depth + 1) for member in members if isinstance(member, dict | list))
    return None


def _patterns(node: JsonObject) -> Iterator[str]:
    if isinstance(pattern := node.get("pattern"), str):
        yield pattern
    if isinstance(patterned := node.get("patternProperties"), dict):
        yield from patterned


def _too_large(what: str) -> Problem:
    return Problem("", f"schema refused: {what}", "schema")


def is_cheap(schema: JsonObject) -> bool:
    """Whether checking against `schema` is certain to be quick, so that no other process is needed for it.

    Regular expressions, references and uniqueness are where hostile schemas take forever.
    """
    budget = _CHEAP_NODES
    waiting: list[JsonValue] = [schema]
    while waiting:
        node = waiting.pop()
        budget -= 1
        if budget < 0:
            return False
        if isinstance(node, dict):
            if not _COSTLY.isdisjoint(node):
                return False
            waiting.extend(node.values())
        elif isinstance(node, list):
            if len(node) <= 200:
                waiting.extend(item for item in node if isinstance(item, dict | list))
            else:
                return False
    return True


def cheap_part(schema: JsonObject) -> JsonObject:
    """`schema` without the rules that could take long to check; whatever fits all of it also fits this."""

    def cheap(node: JsonValue, path: str) -> JsonValue:
        if not isinstance(node, dict):
            return node
        left = {key: value for key, value in node.items() if key not in _COSTLY}
        if "patternProperties" in node:
            left.pop("additionalProperties", None)
        # A value that fits more of these could fit too many or the wrong one.
        for keyword in ("not", "if", "oneOf", "unevaluatedProperties", "unevaluatedItems", "contains"):
            left.pop(keyword, None)
        return with_subschemas(left, cheap, path)

    if is_cheap(schema):
        return schema
    part = cheap(schema, "") if _excess(schema) is None else {}
    return part if isinstance(part, dict) and is_cheap(part) else {}


def _dialect(schema: JsonObject) -> Dialect | None:
    """The dialect that a schema names; None for one that is not known here."""
    named = schema.get("$schema", "https://json-schema.org/draft/2020-12/schema")
    found = _DIALECT.fullmatch(named) if isinstance(named, str) else None
    return next((dialect for dialect in DIALECTS if found is not None and found[1] == dialect), None)


def _problem(error: "ValidationError", originals: dict[str, str]) -> Problem:
    path = pointer(error.absolute_path)
    keyword = str(error.validator)
    match keyword:
        case "required":
            message = _shortened(error.message)
        case "enum" if isinstance(error.validator_value, list):
            allowed = ", ".join(canonical(value) for value in error.validator_value[:20])
            message = f"{_shortened(canonical(error.instance))} is not one of: {allowed}"
        case "type":
            message = f"{_shortened(canonical(error.instance))} is not of type {_words(error.validator_value)}"
        case _:
            message = error.message
            for written, original in originals.items():
                message = message.replace(repr(written), repr(original))
            message = _shortened(message)
    return Problem(path, message, keyword)


def _words(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _refused(error: Exception) -> Problem:
    if isinstance(error, BadPattern):
        return Problem("", f"schema refused: {error}", "schema")
    reason = str(error) or type(error).__name__
    return Problem("", f"schema refused: {type(error).__name__}: {_shortened(reason)}", "schema")


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:280]}… ({len(text):,} characters)"
