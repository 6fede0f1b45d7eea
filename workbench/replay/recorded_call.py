"""The recorded-call check: would recorded calls still be valid with other tools? Nothing is sent."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.json_text import JsonObject, parse_strict_object
from workbench.core.optional_null import without_optional_nulls
from workbench.core.problem import Problem
from workbench.core.tool import Toolset
from workbench.engine.ports import Checker
from workbench.replay.recording import RecordedCall

Validity = Literal["valid", "invalid", "unsure"]
CheckStatus = Literal["valid", "broken", "unsure", "fixed", "wrong"]
"""Then and now in one word: still valid, now invalid, now unsure, now valid, still invalid."""
_UNJUDGED = "schema"
"""The keyword of a problem that is the schema's own: it was refused, or could not be judged in time."""


class CheckedCall(msgspec.Struct, frozen=True):
    """One recorded call: the judgment then, the judgment now, and why."""

    run_id: RunId
    call_id: CallId
    span: SpanPath
    tool: str
    arguments_json: str
    then: Validity
    now: Validity
    why: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the change of the tools affects this call."""
        return self.then != self.now

    @property
    def status(self) -> CheckStatus:
        """Then and now in one word."""
        match self.now:
            case "valid":
                return "fixed" if self.then == "invalid" else "valid"
            case "invalid":
                return "wrong" if self.then == "invalid" else "broken"
            case "unsure":
                return "unsure"
            case _:
                assert_never(self.now)

    @property
    def is_doubtful(self) -> bool:
        """Whether it makes sense to ask the model again."""
        return self.status in ("broken", "unsure")


async def judge(
    calls: Iterable[RecordedCall], toolset: Toolset, checker: Checker, *, renames: Mapping[str, str] | None = None
) -> tuple[CheckedCall, ...]:
    """Every call judged against `toolset`, in order. `renames` says which tools have another name now."""
    return tuple([await _check(call, toolset, checker, renames or {}) for call in calls])


async def _check(call: RecordedCall, toolset: Toolset, checker: Checker, renames: Mapping[str, str]) -> CheckedCall:
    now, why = await _judge(call, toolset, checker, renames)
    proposed = call.proposed
    return CheckedCall(
        proposed.run_id,
        proposed.call_id,
        proposed.span,
        proposed.tool,
        proposed.arguments_json,
        _then(call),
        now,
        why,
    )


async def _judge(
    call: RecordedCall, toolset: Toolset, checker: Checker, renames: Mapping[str, str]
) -> tuple[Validity, str]:
    name = renames.get(call.proposed.tool, call.proposed.tool)
    tool = toolset.named(name)
    if tool is None:
        return "invalid", f"there is no tool {name!r}"
    try:
        arguments = _arguments(call.proposed.arguments_json)
    except MalformedJson as error:
        return "invalid", str(error)
    problems = await checker.check(tool.input_schema, without_optional_nulls(tool.input_schema, arguments))
    if not problems:
        return "valid", ""
    if any(_is_about_the_schema(problem) for problem in problems):
        return "unsure", problems[0].message
    return "invalid", "; ".join(map(str, problems[:3]))


def _then(call: RecordedCall) -> Validity:
    if call.checked is None:
        return "unsure"
    if any(_is_about_the_schema(problem) for problem in call.checked.problems):
        return "unsure"
    return "valid" if call.checked.is_known and not call.checked.problems else "invalid"


def _is_about_the_schema(problem: Problem) -> bool:
    return problem.keyword == _UNJUDGED


def _arguments(text: str) -> JsonObject:
    return parse_strict_object(text) if text.strip() else {}
