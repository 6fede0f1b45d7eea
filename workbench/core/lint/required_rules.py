"""Rules about what has to be given: required, optional, and defaults, where prose and schema disagree."""

import re
from collections.abc import Iterator

from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.lint.finding import Finding, Fix, SetValue
from workbench.core.lint.parts import ToolParameter, parameters
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import JSON_SCHEMA, OPENAI_GUIDE
from workbench.core.schema import check_arguments, is_cheap

_OPTIONAL = re.compile(
    r"^\W*optional\b(?!\s+(?:for|in|when|if|with|unless)\b)|\(optional\)|\[optional\]", re.IGNORECASE
)
_REQUIRED = re.compile(
    r"^\W*required\b(?!\s+(?:for|in|when|if|with|unless|by|to)\b)|\(required\)|\[required\]", re.IGNORECASE
)
_DEFAULT = re.compile(
    r"\b(?:defaults? to|default(?: value)?(?: is|:|=))\s*"
    r"(?:(?P<quoted>'[^'\n]{1,40}'|\"[^\"\n]{1,40}\"|`[^`\n]{1,40}`)|(?P<plain>-?\d+(?:\.\d+)?|true|false)\b(?![-/:%\w]|\.\d))",
    re.IGNORECASE,
)


def _contradicted(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        said = f"{found.path}/description"
        if found.is_required and _OPTIONAL.search(found.description):
            yield Finding("warning", said, f"{found.name[:40]!r} is required, but its description says optional")
        elif not found.is_required and "default" not in found.node and _REQUIRED.search(found.description):
            yield Finding("warning", said, f"the description says required, but {found.name[:40]!r} may be left out")


def _useless(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        if found.is_required and "default" in found.node:
            words = f"{found.name[:40]!r} is required, so its default is never used"
            yield Finding("note", f"{found.path}/default", words, on_key=True)


def _in_prose(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    for found in parameters(document):
        listed = _DEFAULT.search(found.description)
        if listed is None or "default" in found.node or found.is_required:
            continue
        value = _value(found, listed["quoted"], listed["plain"])
        if value is not None and _fits(found.node, value):
            fix = Fix(f"Add the default {compact(value)}", (SetValue(f"{found.path}/default", value),))
            words = f"only the description of {found.name[:40]!r} says its default"
            yield Finding("note", f"{found.path}/description", words, fix=fix)


def _value(parameter: ToolParameter, quoted: str | None, plain: str | None) -> JsonValue:
    kind = parameter.node.get("type")
    text = quoted[1:-1] if quoted else plain or ""
    if kind == "string":
        return text
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        number = float(text)
    except ValueError:
        return None
    if kind not in ("integer", "number"):
        return None
    return int(number) if number.is_integer() else number if kind == "number" else None


def _fits(node: JsonObject, value: JsonValue) -> bool:
    return is_cheap(node) and not check_arguments(node, value)


REQUIRED_RULES = (
    LintRule(
        "required-contradicted",
        "warning",
        "A description that calls a required parameter optional, or an optional one required.",
        Grounds("A model that follows the description makes a call that is refused.", f"{JSON_SCHEMA}, section 6.5.3"),
        _contradicted,
    ),
    LintRule(
        "default-never-used",
        "note",
        "A default for a required value.",
        Grounds("A default only matters when no value is given.", f"{JSON_SCHEMA}, section 9.2"),
        _useless,
    ),
    LintRule(
        "default-in-prose",
        "note",
        "A default that only the description mentions.",
        Grounds("A program can use what the schema says, and nobody has to repeat it.", OPENAI_GUIDE),
        _in_prose,
    ),
)
