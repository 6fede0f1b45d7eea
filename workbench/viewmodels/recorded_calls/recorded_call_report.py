"""What the recorded calls are by other tools: counted in a line, and listed with why."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workbench.app.recorded_calls.recorded_call_check import (
    STATUS_WORDS,
    RecordedCallLine,
    RecordedCallReport,
    counted,
    shown_arguments,
)
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.signal import Signal
from workbench.core.tool import Toolset
from workbench.replay.recorded_call import CheckStatus
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.tone import Tone

MAX_ROWS = 500
_MARKS: dict[CheckStatus, str] = {"broken": "✗", "unsure": "?", "fixed": "✓", "valid": "✓", "wrong": "✗"}


class Judging(Protocol):
    """Who judges; see `app.recorded_calls.background_check.BackgroundCheck`."""

    async def judge(
        self,
        toolset: Toolset,
        *,
        renames: Mapping[str, str] | None = None,
        tools: Collection[str] | None = None,
        on_progress: Callable[[int, int], object] = ...,
    ) -> RecordedCallReport: ...


@dataclass(frozen=True)
class CheckRequest:
    """By which tools the calls are judged. `tools` are the names they were called by; None means all."""

    toolset: Toolset
    renames: Mapping[str, str]
    tools: frozenset[str] | None = None
    words: str = "the current tools"


@dataclass(frozen=True)
class RecordedCallRow:
    """A call in the list, and where it is."""

    verdict: str
    tool: str
    arguments: str
    why: str
    when: str
    run_id: RunId
    call_id: CallId
    span: SpanPath

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """As the columns of the list."""
        return self.verdict, self.tool, self.arguments, self.why, self.when


class RecordedCallReportViewModel:
    """Judges when asked to, the last question always; an answer to an older one is not shown."""

    def __init__(self, judging: Judging, follow: Callable[[Progress], object] = lambda progress: None) -> None:
        """`follow` shows a progress where progress is shown."""
        self.report: RecordedCallReport | None = None
        self.question: CheckRequest | None = None
        self.only: CheckStatus | None = None
        self.is_judging = False
        self.was_stopped = False
        self.changed: Signal[[]] = Signal()
        self._judging = judging
        self._follow = follow
        self._task: asyncio.Task[RecordedCallReport] | None = None
        self._is_closed = False

    # what is shown

    @property
    def lines(self) -> tuple[RecordedCallLine, ...]:
        """Every judged call."""
        return self.report.lines if self.report is not None else ()

    @property
    def words(self) -> str:
        """`412 calls: 12 now invalid, 2 unsure, 398 still valid`."""
        if self.report is None:
            return "Checking recorded calls…" if self.is_judging else "Stopped" if self.was_stopped else ""
        if not self.lines:
            return "No recorded calls yet"
        parts = ", ".join(f"{count:,} {words}" for words, count in counted(self.lines))
        return f"{figures.count(len(self.lines), 'recorded call')}: {parts}"

    @property
    def tone(self) -> Tone:
        """Whether there is something to look at."""
        return "warn" if any(line.checked.is_doubtful for line in self.lines) else "ok" if self.lines else "plain"

    @property
    def price_words(self) -> str:
        """What asking again would take where calls are doubtful; empty where none are."""
        estimate = self.report.estimate if self.report is not None else None
        if estimate is None:
            return ""
        return f"Asking the model again for the doubtful ones only: {str(estimate).partition(';')[0]}."

    @property
    def notes(self) -> str:
        """What was left out."""
        unread = self.report.unread if self.report is not None else 0
        shown = len(self._chosen)
        left = f"First {MAX_ROWS} of {shown:,} are listed." if shown > MAX_ROWS else ""
        return " ".join(filter(None, (left, f"{figures.count(unread, 'run')} could not be read." if unread else "")))

    @property
    def statuses(self) -> tuple[tuple[CheckStatus | None, str], ...]:
        """What can be chosen to be listed alone."""
        found = {line.checked.status for line in self.lines}
        kinds: list[tuple[CheckStatus | None, str]] = [(None, f"All ({len(self.lines):,})")]
        for status, words in STATUS_WORDS.items():
            if status in found:
                count = sum(line.checked.status == status for line in self.lines)
                kinds.append((status, f"{words.capitalize()} ({count:,})"))
        return tuple(kinds)

    @property
    def rows(self) -> tuple[RecordedCallRow, ...]:
        """The list, what matters most first."""
        return tuple(_row(line) for line in self._chosen[:MAX_ROWS])

    @property
    def _chosen(self) -> list[RecordedCallLine]:
        order = list(STATUS_WORDS)
        found = [line for line in self.lines if self.only is None or line.checked.status == self.only]
        return sorted(found, key=lambda line: order.index(line.checked.status))

    # acts

    def choose(self, status: CheckStatus | None) -> None:
        """List only these."""
        if status != self.only:
            self.only = status
            self.changed.emit()

    async def judge(self, question: CheckRequest) -> None:
        """Judge; what was being judged before is given up. Nothing is judged anymore once it is closed."""
        if self._is_closed:
            return
        self.stop()
        progress = Progress("Checking recorded calls", "call", stop=self.stop)
        self._follow(progress)
        self.question, self.is_judging, self.was_stopped = question, True, False
        work: Coroutine[Any, Any, RecordedCallReport] = self._judging.judge(
            question.toolset, renames=question.renames, tools=question.tools, on_progress=progress.tell
        )
        task = self._task = asyncio.get_running_loop().create_task(work, name="check recorded calls")
        self.changed.emit()
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            progress.finish()
            if self._task is task:
                self._end(task)

    def stop(self) -> None:
        """Give up what is being judged; what is shown stays."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            self.is_judging, self.was_stopped = False, True
            self.changed.emit()

    def close(self) -> None:
        """The window goes: give up what is being judged, and begin nothing new."""
        self._is_closed = True
        self.stop()

    def _end(self, task: "asyncio.Task[RecordedCallReport]") -> None:
        self._task = None
        self.is_judging = False
        if task.done() and not task.cancelled() and task.exception() is None:
            self.report = task.result()
            if self.only is not None and all(line.checked.status != self.only for line in self.lines):
                self.only = None
        self.changed.emit()
        if task.done() and not task.cancelled():
            task.result()  # a bug is a bug


def _row(line: RecordedCallLine) -> RecordedCallRow:
    checked = line.checked
    return RecordedCallRow(
        f"{_MARKS[checked.status]} {STATUS_WORDS[checked.status]}",
        checked.tool,
        one_line(shown_arguments(checked), 200),
        one_line(checked.why, 300),
        f"{figures.clock_time(line.started_at)} · {one_line(line.title, 40)}",
        checked.run_id,
        checked.call_id,
        checked.span,
    )
