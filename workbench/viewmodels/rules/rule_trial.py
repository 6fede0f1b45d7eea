"""What would happen to every recorded call that a rule is about: as the rules are, and with the rule in the form."""

import asyncio
from collections import Counter
from fnmatch import fnmatchcase
from typing import Protocol

from workbench.app.parts import HasPreview, HasRuns
from workbench.app.recorded_calls.rule_trial import Fate, TriedCall, try_rules
from workbench.app.recorded_calls.tool_calls import MOST_CALLS, ToolCall, tool_calls
from workbench.core.signal import Signal
from workbench.viewmodels.rules.policy_form import PolicyForm
from workbench.viewmodels.shared import figures

FATES: dict[Fate, str] = {
    "allow": "✓ runs",
    "ask": "? asks",
    "deny": "✗ denied",
    "invalid": "– does not fit the tool",
}


class TrialParts(HasPreview, HasRuns, Protocol):
    """What calls are tried with."""


class RuleTrial:
    """Reads the calls when the tool of the form changes, and judges them when anything does."""

    def __init__(self, parts: TrialParts, form: PolicyForm) -> None:
        self._parts = parts
        self._form = form
        self._read: tuple[str, tuple[ToolCall, ...]] | None = None
        self.tried: tuple[TriedCall, ...] = ()
        self.changed: Signal[[]] = Signal()

    @property
    def rows(self) -> tuple[tuple[str, str, str, str, str], ...]:
        """What happens now, what would happen, the tool, the arguments, and when; what would change comes first."""
        tried = sorted(self.tried, key=lambda one: one.now == one.then)
        return tuple(
            (
                FATES[one.now],
                "same" if one.now == one.then else FATES[one.then],
                one.call.tool,
                one.call.arguments_json or "{}",
                figures.clock_time(one.call.at),
            )
            for one in tried
        )

    @property
    def words(self) -> str:
        """`12 recorded calls: 2 ? asks → ✓ runs, 10 stay as they are`."""
        if self._read is None:
            return ""
        if not self.tried:
            return "No recorded call of such a tool yet."
        total = figures.count(len(self.tried), "recorded call")
        total = f"The newest {total}" if len(self.tried) >= MOST_CALLS else total
        moved = Counter((one.now, one.then) for one in self.tried if one.now != one.then)
        if self._form.tried_policy is None:
            return f"{total}, by the saved rules"
        if not moved:
            return f"{total}: this rule changes nothing"
        parts = [f"{count:,} {FATES[now]} → {FATES[then]}" for (now, then), count in moved.most_common()]
        rest = len(self.tried) - moved.total()
        return f"{total}: {', '.join(parts)}" + (f", {rest:,} as before" if rest else "")

    def forget(self) -> None:
        """There may be other calls now."""
        self._read = None

    async def judge(self) -> None:
        """Look at every call by the rules and the form of this moment."""
        tool = self._form.draft.tool.strip()
        if self._read is None or self._read[0] != tool:
            calls = await asyncio.to_thread(tool_calls, self._parts.runs, lambda name: fnmatchcase(name, tool))
            self._read = (tool, calls)
        self.tried = await try_rules(self._parts.policy_preview, self._form.tried_policy, self._read[1])
        self.changed.emit()
