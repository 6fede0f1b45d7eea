"""What the mock of a tool would answer to every recorded call of it: as it is, and with the rule that is written."""

import asyncio
from collections import Counter

from workbench.app.recorded_calls.tool_calls import MOST_CALLS, ToolCall, tool_calls
from workbench.core.signal import Signal
from workbench.viewmodels.mocks.mock_form import MockForm, MockParts
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line


class MockTrialViewModel:
    """Reads the calls when another tool is shown, and judges them when anything changes."""

    def __init__(self, parts: MockParts, form: MockForm) -> None:
        self._parts = parts
        self._form = form
        self._read: tuple[str, tuple[ToolCall, ...]] | None = None
        self._judged: tuple[tuple[ToolCall, str, str], ...] = ()
        self.changed: Signal[[]] = Signal()

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """What answers now, what would answer, the arguments, and when; what would change comes first."""
        judged = sorted(self._judged, key=lambda one: one[1] == one[2])
        return tuple(
            (now, "same" if now == then else then, call.arguments_json or "{}", figures.clock_time(call.at))
            for call, now, then in judged
        )

    @property
    def words(self) -> str:
        """`12 recorded calls would get: 7 × rule 1, 5 × the default`."""
        if self._read is None:
            return ""
        if not self._judged:
            return "No recorded call of this tool yet."
        total = figures.count(len(self._judged), "recorded call")
        total = f"The newest {total}" if len(self._judged) >= MOST_CALLS else total
        counted = Counter(then for _, _, then in self._judged)
        parts = [f"{count:,} × {one_line(words, 60)}" for words, count in counted.most_common(6)]
        return f"{total} would get: {', '.join(parts)}"

    def forget(self) -> None:
        """There may be other calls now."""
        self._read = None

    async def judge(self) -> None:
        """Look at every call with the rules of this moment."""
        form, tool = self._form, self._form.tool
        if self._read is None or self._read[0] != tool:
            self._read = (tool, await asyncio.to_thread(tool_calls, self._parts.runs, lambda name: name == tool))
        calls, trial = self._read[1], self._parts.mock_trial
        now = await trial.answers(form.plan, calls) if form.is_mock else ("the tool itself",) * len(calls)
        self._judged = tuple(zip(calls, now, await trial.answers(form.tried_plan, calls), strict=True))
        self.changed.emit()
