"""Mocks and records: a rule from a call that was recorded, and which rules answered recorded calls. Pure."""

from collections.abc import Iterable

import msgspec

from workbench.core.choice import ChosenCall
from workbench.core.json_text import json_in
from workbench.core.mock import MockError, MockPlan, MockReply, MockRule, When, answered_by
from workbench.core.trace import CallSpan, Trace

_REAL_ANSWERS = frozenset({"ok", "error", "mocked", "replayed"})


def rule_from_call(call: CallSpan) -> MockRule | None:
    """A rule that answers the same arguments as this call was answered, text for text; None when it got no answer.

    A rejected, expired or interrupted call shows nothing about its tool.
    """
    settled = call.settled
    if settled is None or settled.outcome not in _REAL_ANSWERS:
        return None
    arguments = ChosenCall(call.tool, call.arguments_json).arguments
    if arguments is None:
        return None
    text = settled.full_text if settled.full_text is not None else settled.result_text
    error = _error_in(text) if settled.is_error else None
    reply = MockReply(error=error) if error is not None else MockReply(static=text, is_error=settled.is_error)
    return MockRule(When(exact=arguments), reply)


def rules_from_trace(trace: Trace, tool: str = "") -> dict[str, tuple[MockRule, ...]]:
    """Rules by tool from every answered call of a run, one for each set of arguments; only `tool` if it is named.

    Where the same arguments were answered differently, the calls are distinguished by their number.
    """
    answered: dict[str, list[tuple[int, MockRule]]] = {}
    counts: dict[str, int] = {}
    for call in trace.calls():
        if call.started is not None:
            counts[call.tool] = counts.get(call.tool, 0) + 1
        rule = rule_from_call(call) if not tool or call.tool == tool else None
        if rule is not None:
            answered.setdefault(call.tool, []).append((counts.get(call.tool, 1), rule))
    return {name: _distinguish(found) for name, found in answered.items()}


class RuleCount(msgspec.Struct, frozen=True):
    """How many recorded calls of `tool` one rule answered; `rule` is its label, `default`, or `no rule` for misses."""

    tool: str
    rule: str
    calls: int


def coverage(plans: dict[str, MockPlan], traces: Iterable[Trace]) -> tuple[RuleCount, ...]:
    """For every rule of every mock, how many calls in these runs it answered; rules with 0 are what is not covered."""
    counts = {
        (tool, label): 0
        for tool, plan in plans.items()
        for label in (*map(plan.label, range(len(plan.rules))), "no rule" if plan.strict else "default")
    }
    for trace in traces:
        for call in trace.calls():
            label = _label_of(call)
            if label is not None and call.tool in plans:
                counts[call.tool, label] = counts.get((call.tool, label), 0) + 1
    return tuple(RuleCount(tool, label, calls) for (tool, label), calls in counts.items())


def _label_of(call: CallSpan) -> str | None:
    if call.settled is None:
        return None
    return "no rule" if call.settled.error_kind == "mock_miss" else answered_by(call.settled.output)


def _distinguish(found: list[tuple[int, MockRule]]) -> tuple[MockRule, ...]:
    rules: list[MockRule] = []
    for number, rule in found:
        is_varied = any(one.when == rule.when and one.reply != rule.reply for _, one in found)
        kept = MockRule(msgspec.structs.replace(rule.when, call=number), rule.reply) if is_varied else rule
        if kept not in rules:
            rules.append(kept)
    return tuple(rules)


def _error_in(text: str) -> MockError | None:
    """The error of a structured error text, when it says nothing beyond kind and message."""
    document = json_in(text)
    error = document.get("error") if isinstance(document, dict) and len(document) == 1 else None
    if isinstance(error, dict) and error.keys() == {"kind", "message"}:
        return MockError(str(error["message"]), str(error["kind"]))
    return None
