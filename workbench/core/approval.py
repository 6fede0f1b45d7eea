"""Approval: may this call proceed? Ordered rules, first match speaks, no match asks."""

import hashlib
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject, JsonValue, canonical
from workbench.core.problem import Problem
from workbench.core.tool import Tool

RuleAction = Literal["allow", "ask", "deny"]
DecisionKind = Literal["approve", "edit", "reject", "mock", "stop", "expire"]
Wanted = Literal["decision", "result"]
"""`result`: nothing runs this tool, so the person is asked for the result itself."""

_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")


class Rule(msgspec.Struct, frozen=True):
    """One line of a policy. A rule speaks when its glob and all of its conditions match.

    `arguments` maps a top-level argument to a glob its value (as text) must match; `annotations` maps an
    MCP hint to the value it must have. Hints come from tool authors: use them to ask more, not less.
    """

    tool: str
    action: RuleAction
    arguments: dict[str, str] = {}
    annotations: dict[str, bool] = {}

    def matches(self, tool: Tool, arguments: JsonObject) -> bool:
        """Whether this rule speaks about this call."""
        return (
            fnmatchcase(tool.name, self.tool)
            and all(tool.hint(hint) is wanted for hint, wanted in self.annotations.items())
            and all(
                name in arguments and fnmatchcase(_as_text(arguments[name]), glob)
                for name, glob in self.arguments.items()
            )
        )

    def __str__(self) -> str:
        conditions = [f"{name}={glob}" for name, glob in self.arguments.items()]
        conditions += [f"{hint}={str(value).lower()}" for hint, value in self.annotations.items()]
        return f"{self.action} {self.tool}" + (f" where {', '.join(conditions)}" if conditions else "")


class Policy(msgspec.Struct, frozen=True):
    """Ordered rules; the first that matches speaks. Without a match, the person is asked."""

    rules: tuple[Rule, ...] = ()

    def rule_for(self, tool: Tool, arguments: JsonObject) -> Rule:
        """The rule that speaks about this call."""
        for rule in self.rules:
            if rule.matches(tool, arguments):
                return rule
        return NO_RULE


NO_RULE = Rule(tool="*", action="ask")
ALLOW_ALL = Policy((Rule(tool="*", action="allow"),))
DENY_ALL = Policy((Rule(tool="*", action="deny"),))
ASK_ALL = Policy((Rule(tool="*", action="ask"),))


class Question(msgspec.Struct, frozen=True):
    """What is put before a person. A decision counts only for exactly this `shown_hash`."""

    call_id: CallId
    tool: Tool
    arguments_json: str
    rule: str
    wants: Wanted
    shown_hash: str
    problems: tuple[Problem, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """What was decided, by whom. `arguments_json` holds edited arguments, `result_text` a mock result."""

    kind: DecisionKind
    by: str
    note: str = ""
    arguments_json: str | None = None
    result_text: str | None = None


def shown_hash(call_id: CallId, tool: Tool, executor: str, arguments_json: str) -> str:
    """The identity of what was shown: this call, this tool document, this way of running, these arguments."""
    text = "\n".join((call_id, tool.digest, executor, arguments_json))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_hint(name: str) -> bool:
    """Whether `name` is an MCP annotation a rule may test."""
    return name in _HINTS


def _as_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else canonical(value)
