"""Mocks: rules about arguments and the replies they give. Values and pure matching; nothing waits here.

A regular expression is the one condition that is not judged here: it cannot be interrupted, so the mock's executor
has it judged elsewhere (see `pattern_schema`).
"""

import re
from collections.abc import Mapping

import msgspec

from workbench.core.condition import NOTHING_FOUND, Condition, PatternMatches
from workbench.core.json_equality import contains_json, same_json
from workbench.core.json_path import find_json
from workbench.core.json_text import JsonObject, JsonValue, canonical, compact
from workbench.core.prepared_failure import FailureName


class When(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions on a call; all that are given must hold, and none at all hold for every call.

    `exact` is the whole arguments object, `partial` a part of it. `jsonpath` maps a path to the value that must be
    found there, or to `{"exists": true|false}`. `regex` maps an argument to a pattern that must be found in its text.
    `call` is the number of the call of this tool within its run, from 1. `where` are conditions on arguments; one that
    cannot be judged does not hold.
    """

    exact: JsonObject | None = None
    partial: JsonObject | None = None
    jsonpath: dict[str, JsonValue] = {}
    regex: dict[str, str] = {}
    call: int | None = None
    where: tuple[Condition, ...] = ()

    def fits(self, arguments: JsonObject, call: int, found: PatternMatches = NOTHING_FOUND) -> bool:
        """Whether every condition except `regex` holds; `found` is what came of the patterns in `where`. Raises
        `BadJsonPath`."""
        return (
            (self.call is None or self.call == call)
            and (self.exact is None or same_json(self.exact, arguments))
            and (self.partial is None or contains_json(arguments, self.partial))
            and all(_found(path, wanted, arguments) for path, wanted in self.jsonpath.items())
            and all(condition.holds(arguments, found) for condition in self.where)
        )

    def __str__(self) -> str:
        parts = [f"call {self.call}"] if self.call is not None else []
        parts += map(str, self.where)
        parts += [f"exactly {_short(self.exact)}"] if self.exact is not None else []
        parts += [f"with {_short(self.partial)}"] if self.partial is not None else []
        parts += [f"{path} is {_short(wanted)}" for path, wanted in self.jsonpath.items()]
        parts += [f"{name} ~ {pattern}" for name, pattern in self.regex.items()]
        return " and ".join(parts) or "always"


class MockError(msgspec.Struct, frozen=True):
    """An error reply, as a tool would have raised it."""

    message: str
    kind: str = "error"


class MockReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a mock answers: the one of these that is given, after `delay_s` seconds; `static` when none is.

    `template` is text with `{{argument}}` or `{{argument.key}}` in it. `python` is `module:function` of the project,
    `model` the SPEC of a model that plays the tool. `is_error` marks a `static` or `template` reply as an error.
    """

    static: JsonValue = None
    template: str | None = None
    is_error: bool = False
    error: MockError | None = None
    fail: FailureName | None = None
    python: str = ""
    model: str = ""
    delay_s: float = 0.0


class MockRule(msgspec.Struct, frozen=True):
    """When → reply. `name` is for people."""

    when: When
    reply: MockReply
    name: str = ""


class MockPlan(msgspec.Struct, frozen=True):
    """The mock of one tool: rules in order, the first that fits answers; else `default`, or a loud miss if `strict`."""

    rules: tuple[MockRule, ...] = ()
    default: MockReply = MockReply()
    strict: bool = False

    def label(self, index: int) -> str:
        """How the rule at `index` (from 0) is called in records, such as `rule 2 (sold out)`."""
        name = self.rules[index].name
        return f"rule {index + 1} ({name})" if name else f"rule {index + 1}"


class TemplateGap(ValueError):
    """A template names an argument that the call does not have."""


def pattern_schema(patterns: Mapping[str, str]) -> JsonObject:
    """A JSON Schema that holds exactly for `pattern_texts` in which every pattern is found."""
    return {
        "type": "object",
        "properties": {name: {"type": "string", "pattern": pattern} for name, pattern in patterns.items()},
        "required": list(patterns),
    }


def pattern_texts(patterns: Mapping[str, str], arguments: JsonObject) -> JsonObject:
    """The arguments that patterns look at, as text."""
    return {name: _text(arguments[name]) for name in patterns if name in arguments}


def fill_template(template: str, arguments: JsonObject) -> str:
    """The template with the arguments put in, as plain text and once; raises `TemplateGap`."""

    def put(found: "re.Match[str]") -> str:
        value: JsonValue = arguments
        for key in found[1].split("."):
            if not isinstance(value, dict) or key not in value:
                raise TemplateGap(f"the template names {{{{{found[1]}}}}}, and the call has no such argument")
            value = value[key]
        return _text(value)

    return _SLOT.sub(put, template)


def mock_output(label: str) -> str:
    """The line by which a record says which rule answered."""
    return f"{_MARK}{label}"


def answered_by(output: str) -> str | None:
    """The label in a call's output, or None when no mock answered it."""
    first = output.partition("\n")[0]
    return first.removeprefix(_MARK) if first.startswith(_MARK) else None


_SLOT = re.compile(r"\{\{\s*([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*\}\}")
_MARK = "mock: "


def _found(path: str, wanted: JsonValue, arguments: JsonObject) -> bool:
    values = find_json(path, arguments)
    if isinstance(wanted, dict) and wanted.keys() == {"exists"} and isinstance(wanted["exists"], bool):
        return bool(values) is wanted["exists"]
    return any(same_json(value, wanted) for value in values)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else compact(value)


def _short(value: JsonValue) -> str:
    text = canonical(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
