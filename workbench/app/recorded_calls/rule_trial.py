"""What unsaved rules would do to recorded calls. Nothing is run, asked, or recorded."""

import asyncio
from collections.abc import Sequence
from typing import Literal

import msgspec

from workbench.app.recorded_calls.tool_calls import ToolCall
from workbench.app.rules.policy_preview import PolicyPreview
from workbench.core.approval import Policy, RuleAction
from workbench.core.errors import UsageError

Fate = RuleAction | Literal["invalid"]
"""`invalid`: the arguments do not fit the current tool, so no rule would be checked."""
_TURN = 4


class TriedCall(msgspec.Struct, frozen=True):
    """A call, with its fate now and under the other rules."""

    call: ToolCall
    now: Fate
    then: Fate


async def try_rules(preview: PolicyPreview, policy: Policy | None, calls: Sequence[ToolCall]) -> tuple[TriedCall, ...]:
    """Each call under the project's rules and under `policy`, if there is one. Calls of removed tools are left out;
    equal ones are checked once."""
    known: dict[tuple[str, str], tuple[Fate, Fate] | None] = {}
    found: list[TriedCall] = []
    for number, call in enumerate(calls):
        key = (call.tool, call.arguments_json)
        if key not in known:
            known[key] = await _fates(preview, policy, call)
        fates = known[key]
        if fates is not None:
            found.append(TriedCall(call, *fates))
        if number % _TURN == 0:
            await asyncio.sleep(0)
    return tuple(found)


async def _fates(preview: PolicyPreview, policy: Policy | None, call: ToolCall) -> tuple[Fate, Fate] | None:
    try:
        now = await _fate(preview, None, call)
    except UsageError:
        return None
    return now, now if policy is None else await _fate(preview, policy, call)


async def _fate(preview: PolicyPreview, policy: Policy | None, call: ToolCall) -> Fate:
    found = (await preview.preview(call.tool, call.arguments_json, policy=policy)).policy_outcome
    return found.action if found is not None else "invalid"
