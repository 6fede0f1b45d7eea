"""Approval: may this call proceed? Ordered rules: the first match decides, and without a match the person is asked."""

import hashlib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Literal, get_args

import msgspec

from workbench.core.argument_glob import fit
from workbench.core.condition import NOTHING_FOUND, Condition, PatternMatches, patterns_in
from workbench.core.grant import CallIdentity, Grant, GrantRequest, covering
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.problem import Problem
from workbench.core.sanitizer import SanitizedValue
from workbench.core.tool import Tool

RuleAction = Literal["allow", "ask", "deny"]
DecisionKind = Literal["approve", "edit", "reject", "mock", "stop", "expire"]
DECISIONS: frozenset[str] = frozenset(get_args(DecisionKind))
"""Any other word means no."""
RUNS: frozenset[str] = frozenset({"approve", "edit"})
"""The decisions that let a call run."""
Wanted = Literal["decision", "result"]
"""`result`: no executor runs this tool, so the person is asked for the result itself."""
ModelSees = Literal["note", "edited"]

_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")


class Rule(msgspec.Struct, frozen=True):
    """One line of a policy. A rule applies when its globs and all of its conditions match.

    `where` are conditions on arguments; one that cannot be judged makes a rule ask or deny, never allow. `arguments` is
    an older form: it maps an argument (or a JSON pointer into them) to a glob for its text. `annotations` maps an MCP
    hint to the value it must have; `server` is a glob for the MCP server a tool comes from, and a tool that comes from
    none matches no such glob. Hints come from tool authors: they can make a rule ask or deny, never allow.
    """

    tool: str
    action: RuleAction
    arguments: dict[str, str] = {}
    annotations: dict[str, bool] = {}
    server: str = ""
    where: tuple[Condition, ...] = ()

    def matches(
        self, tool: Tool, arguments: JsonObject, server: str = "", found: PatternMatches = NOTHING_FOUND
    ) -> bool:
        """Whether this rule applies to this call; `found` is what came of the patterns of its conditions."""
        return (
            fnmatchcase(tool.name, self.tool)
            and (not self.server or (bool(server) and fnmatchcase(server, self.server)))
            and all(tool.hint(hint) is wanted for hint, wanted in self.annotations.items())
            and fit(self.arguments, arguments)
            and all(each.holds(arguments, found, unsure=self.action != "allow") for each in self.where)
        )

    @property
    def is_plain(self) -> bool:
        """Whether it applies to every call of its tools."""
        return not (self.arguments or self.where or self.annotations or self.server)

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the rule itself, in words."""
        return tuple(_faults(self))

    def __str__(self) -> str:
        conditions = [f"server={self.server}"] if self.server else []
        conditions += [f"{name}={glob}" for name, glob in self.arguments.items()]
        conditions += map(str, self.where)
        conditions += [f"{hint}={str(value).lower()}" for hint, value in self.annotations.items()]
        return f"{self.action} {self.tool}" + (f" where {', '.join(conditions)}" if conditions else "")


class Policy(msgspec.Struct, frozen=True):
    """Ordered rules; the first that matches decides. Without a match, the person is asked."""

    rules: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        """The rules as one line."""
        return "; ".join(map(str, self.rules)) or str(NO_RULE)

    def rule_for(
        self, tool: Tool, arguments: JsonObject, server: str = "", found: PatternMatches = NOTHING_FOUND
    ) -> Rule:
        """The rule that applies to this call; `found` is what came of `patterns_for`. An invalid rule never allows."""
        for rule in self.rules:
            if rule.matches(tool, arguments, server, found):
                return rule if rule.action != "allow" or not rule.faults else NO_RULE
        return NO_RULE

    def patterns_for(self, arguments: JsonObject) -> dict[str, tuple[str, str]]:
        """The patterns that decide about these arguments; see `condition.patterns_in`."""
        return patterns_in((each for rule in self.rules for each in rule.where), arguments)

    def silenced(self) -> Iterator[tuple[int, int]]:
        """Pairs (rule, earlier rule) by position, where the earlier one always matches first."""
        for later, rule in enumerate(self.rules):
            for earlier, other in enumerate(self.rules[:later]):
                if other.is_plain and other.tool in ("*", rule.tool):
                    yield later, earlier
                    break


NO_RULE = Rule(tool="*", action="ask")
ALLOW_ALL = Policy((Rule(tool="*", action="allow"),))
DENY_ALL = Policy((Rule(tool="*", action="deny"),))
ASK_ALL = Policy((Rule(tool="*", action="ask"),))


class Question(msgspec.Struct, frozen=True):
    """What a person is asked. A decision counts only for exactly this `shown_hash`, until `expires_at`.

    `remarks` are things the person should know, such as having rejected the same call before; `changes` is what the
    project's sanitizers did to the arguments, which are shown as they came out.
    """

    call_id: CallId
    tool: Tool
    arguments_json: str
    rule: str
    wants: Wanted
    shown_hash: str
    problems: tuple[Problem, ...] = ()
    expires_at: float | None = None
    remarks: tuple[str, ...] = ()
    changes: tuple[SanitizedValue, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """What was decided, by whom. `arguments_json` holds edited arguments, `result_text` a mock result.

    `grant` is what to allow from now on, if the call may run. `model_sees` says what the model is shown of an edit: its
    own call with a note in the result, or the edited call as if it had made it. `is_error` marks a mock result as an
    error.
    """

    kind: DecisionKind
    by: str
    note: str = ""
    arguments_json: str | None = None
    result_text: str | None = None
    grant: GrantRequest | None = None
    model_sees: ModelSees = "note"
    is_error: bool = False


class Approval(msgspec.Struct, frozen=True):
    """A decision on its way to the gate: about `asked_hash`, letting exactly `runs_hash` run. Not `was_asked`: a rule
    or a grant decided, and nobody was asked. `at` is when it was decided, in seconds since the epoch."""

    call_id: CallId
    asked_hash: str
    runs_hash: str
    decision: str
    by: str
    at: float
    was_asked: bool = True
    grant_id: str = ""


class PolicyOutcome(msgspec.Struct, frozen=True):
    """What would happen to a call, which rule or grant says so, and why."""

    action: RuleAction
    rule: str
    why: str


def what_would_happen(
    policy: Policy,
    grants: Iterable[Grant],
    call: CallIdentity,
    *,
    conversation: str = "",
    found: PatternMatches = NOTHING_FOUND,
) -> PolicyOutcome:
    """Predict whether a call with valid arguments would run, be asked about, or be refused."""
    rule = policy.rule_for(call.tool, call.arguments, call.server, found)
    number = policy.rules.index(rule) + 1 if rule in policy.rules else 0
    matched = f"rule {number} is the first that matches" if number else "no rule matches, and then the person is asked"
    if rule.action == "ask" and (grant := covering(grants, call, conversation)) is not None:
        return PolicyOutcome("allow", f"grant {grant.grant_id}", f"{matched}, but there is a grant for {grant}")
    return PolicyOutcome(rule.action, str(rule) if number else "", matched)


def shown_hash(call_id: CallId, tool: Tool, executor: str, arguments_json: str, fingerprint: str = "") -> str:
    """The identity of what was shown: this call, this tool document, this way of running, these arguments."""
    text = "\n".join((call_id, tool.digest, executor, fingerprint, arguments_json))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_hint(name: str) -> bool:
    """Whether `name` is an MCP annotation a rule may test."""
    return name in _HINTS


def _faults(rule: Rule) -> Iterator[str]:
    if not rule.tool.strip():
        yield "tool: a rule needs a glob for the tool's name, such as * or delete_*"
    if rule.action not in ("allow", "ask", "deny"):
        yield f"action: {rule.action!r} is not allow, ask or deny"
    for hint in rule.annotations:
        if not is_hint(hint):
            yield f"annotations: {hint!r} is not an annotation that a rule can test; use one of {', '.join(_HINTS)}"
    if rule.action == "allow" and rule.annotations:
        yield "annotations: these are hints from the tool's author and cannot allow a call; use them to ask or to deny"
    for name in rule.arguments:
        if not name:
            yield "arguments: an argument name is missing"
    for condition in rule.where:
        if condition.fault:
            yield f"where: {condition}: {condition.fault}"
