"""A mock's rule as typed into its form: conditions from the tool's schema, and one kind of reply."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonValue, compact, parse_strict, pretty
from workbench.core.mock import MockError, MockReply, MockRule, When
from workbench.core.prepared_failure import FAILURE_NAMES, prepared_failure
from workbench.viewmodels.rules.condition_list import ConditionList

ReplyKind = Literal["static", "template", "error", "fail", "python", "model"]
REPLY_KINDS: tuple[tuple[ReplyKind, str], ...] = (
    ("static", "This result"),
    ("template", "Text with arguments in it"),
    ("error", "An error of the tool"),
    ("fail", "A prepared failure"),
    ("python", "A Python function of the project"),
    ("model", "A model invents it"),
)
FAILURES: tuple[tuple[str, str], ...] = tuple((name, prepared_failure(name).label) for name in FAILURE_NAMES)
HINTS: dict[ReplyKind, str] = {
    "static": "JSON, or plain text",
    "template": "It is {{temperature}} degrees in {{city}}.",
    "error": "what the tool says went wrong",
    "python": "module:function",
    "model": "SPEC of a model",
}
_ALWAYS = When()
assert {kind for kind, _ in REPLY_KINDS} == set(get_args(ReplyKind))


@dataclass(frozen=True)
class MockRuleDraft:
    """`call` and `delay` are numbers as typed, or empty. `older` are the conditions in other forms, which are
    kept: `exact`, `partial`, `jsonpath`, and `regex`."""

    name: str = ""
    call: str = ""
    older: When = _ALWAYS
    kind: ReplyKind = "static"
    text: str = ""
    error_kind: str = "error"
    is_error: bool = False
    delay: str = ""

    @classmethod
    def of(cls, rule: MockRule) -> "MockRuleDraft":
        """The draft of a rule, without its conditions."""
        reply, when = rule.reply, rule.when
        kind, text = _reply(reply)
        return cls(
            name=rule.name,
            call=str(when.call) if when.call is not None else "",
            older=When(exact=when.exact, partial=when.partial, jsonpath=when.jsonpath, regex=when.regex),
            kind=kind,
            text=text,
            error_kind=reply.error.kind if reply.error is not None else "error",
            is_error=reply.is_error,
            delay=f"{reply.delay_s:g}" if reply.delay_s else "",
        )

    @property
    def older_words(self) -> str:
        """The kept conditions in words; empty when there are none."""
        return str(self.older) if self.older != _ALWAYS else ""

    def without_older(self) -> "MockRuleDraft":
        """Remove the kept conditions."""
        return replace(self, older=_ALWAYS)

    def rule(self, conditions: ConditionList) -> MockRule:
        """The rule. Raises `UsageError`."""
        where = conditions.read()
        if where is None:
            place, words = next(iter(conditions.problems.items()))
            raise UsageError(f"Condition {place + 1}: {words}")
        call = _number(self.call, "the number of the call") if self.call.strip() else None
        if call is not None and (call < 1 or call != int(call)):
            raise UsageError("the number of the call must be 1, 2, 3 …")
        delay = _number(self.delay, "the delay") if self.delay.strip() else 0.0
        older = self.older
        when = When(
            exact=older.exact,
            partial=older.partial,
            jsonpath=older.jsonpath,
            regex=older.regex,
            call=int(call) if call is not None else None,
            where=where,
        )
        return MockRule(when, self._reply(delay), self.name.strip())

    def _reply(self, delay: float) -> MockReply:
        text = self.text.strip()
        if not text and self.kind not in ("static", "template"):
            raise UsageError("the reply is missing")
        match self.kind:
            case "static":
                return MockReply(static=_value(self.text), is_error=self.is_error, delay_s=delay)
            case "template":
                return MockReply(template=self.text, is_error=self.is_error, delay_s=delay)
            case "error":
                return MockReply(error=MockError(self.text, self.error_kind.strip() or "error"), delay_s=delay)
            case "fail":
                return MockReply(fail=next(name for name in FAILURE_NAMES if name == text), delay_s=delay)
            case "python":
                return MockReply(python=text, delay_s=delay)
            case "model":
                return MockReply(model=text, delay_s=delay)


def _reply(reply: MockReply) -> tuple[ReplyKind, str]:
    match reply:
        case MockReply(template=str(template)):
            return "template", template
        case MockReply(error=error) if error is not None:
            return "error", error.message
        case MockReply(fail=name) if name is not None:
            return "fail", name
        case MockReply(python=function) if function:
            return "python", function
        case MockReply(model=spec) if spec:
            return "model", spec
        case _:
            return "static", _shown(reply.static)


def _value(text: str) -> JsonValue:
    """The value of a JSON text; any other text is itself."""
    try:
        return parse_strict(text)
    except MalformedJson:
        return text or None


def _shown(value: JsonValue) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return pretty(value)
    try:
        parse_strict(value)
    except MalformedJson:
        return value
    return compact(value)  # text that looks like JSON stays text


def _number(text: str, what: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise UsageError(f"{what} must be a number") from None
    if not 0 <= found <= 3600:
        raise UsageError(f"{what} must be from 0 to 3,600")
    return found
