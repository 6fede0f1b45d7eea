"""Check recorded calls against the current tools: which would no longer fit?"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from workbench.app.costs.cost_estimate import CostEstimate
from workbench.app.costs.prices import Prices
from workbench.app.runs.runs import Runs
from workbench.checking.process import ProcessChecker
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunStarted
from workbench.core.exchange import Usage
from workbench.core.ids import RunId, SpanPath
from workbench.core.json_text import compact
from workbench.core.price import usage_cost
from workbench.core.run_row import RunRow
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Toolset
from workbench.replay.recorded_call import CheckedCall, CheckStatus, judge
from workbench.replay.recording import Attempt, RecordedCall, Recording

MOST_RUNS = 500
MOST_CALLS = 20_000
"""Of more, only the newest are checked."""
_STRETCH_S = 0.003
"""After this long without a pause, pause as long: Python runs one thread at a time, and the window needs it."""

STATUS_WORDS: dict[CheckStatus, str] = {
    "broken": "now invalid",
    "unsure": "unsure",
    "fixed": "now valid",
    "valid": "still valid",
    "wrong": "still invalid",
}
"""Most important first."""

OnProgress = Callable[[int, int], object]
"""Called with the number of checked calls, or read runs, and the total."""


class Round(msgspec.Struct, frozen=True):
    """The cost of one request of a run, and so about that of repeating it."""

    usage: Usage
    seconds: float | None


class KeptRun(msgspec.Struct, frozen=True):
    """The part of a run needed to check its calls, without its results."""

    row: RunRow
    started: RunStarted
    calls: tuple[RecordedCall, ...]
    rounds: dict[SpanPath, Round]


class RecordedCallLine(msgspec.Struct, frozen=True):
    """One recorded call and its current verdict; when its run was made, and its message."""

    checked: CheckedCall
    started_at: float
    title: str


class RecordedCallReport(msgspec.Struct, frozen=True):
    """Every checked call, newest run first. `unread` counts unreadable runs."""

    lines: tuple[RecordedCallLine, ...] = ()
    runs: int = 0
    unread: int = 0
    estimate: CostEstimate | None = None
    """The cost of repeating the requests whose calls are now invalid or unsure; None when there are none."""


class RecordedCallCheck:
    """Checks the recorded calls of a session, any number of times; each run is read once. Close it at the end.

    Use it on one event loop, which may differ from the window's.
    """

    def __init__(self, runs: Runs, prices: Prices) -> None:
        self._runs = runs
        self._prices = prices
        self._checker = ProcessChecker()
        self._kept: dict[RunId, KeptRun | None] = {}

    async def judge(
        self,
        toolset: Toolset,
        *,
        renames: Mapping[str, str] | None = None,
        tools: Collection[str] | None = None,
        on_progress: OnProgress = lambda done, total: None,
    ) -> RecordedCallReport:
        """Check the calls of the newest runs, of all tools or of those named `tools` when they were called."""
        kept, unread = await self._read(on_progress)
        wanted = [(run, [call for call in run.calls if tools is None or call.proposed.tool in tools]) for run in kept]
        total, done = sum(len(calls) for _, calls in wanted), 0
        lines: list[RecordedCallLine] = []
        pause = _Pause()
        for run, calls in wanted:
            for start in range(0, len(calls), 8):
                part = calls[start : start + 8]
                report = await judge(part, toolset, self._checker, renames=renames)
                lines += [
                    RecordedCallLine(self._seen(checked), run.row.started_at, run.row.title) for checked in report
                ]
                done += len(part)
                on_progress(done, total)
                await pause.rest()
        return RecordedCallReport(
            tuple(lines), len([1 for _, calls in wanted if calls]), unread, self._estimate(kept, lines)
        )

    async def close(self) -> None:
        """End the checker's process, if it belongs to this check."""
        await self._checker.close()

    async def _read(self, on_progress: OnProgress) -> tuple[list[KeptRun], int]:
        rows = _newest(row for row in self._runs.recorded()[:MOST_RUNS] if row.calls and not row.is_live)
        fresh = [row for row in rows if row.run_id not in self._kept]
        pause = _Pause()
        for number, row in enumerate(fresh, start=1):
            self._kept[row.run_id] = self._kept_run(row)
            on_progress(number, len(fresh))
            await pause.rest()
        found = [self._kept[row.run_id] for row in rows]
        return [run for run in found if run is not None], found.count(None)

    def _kept_run(self, row: RunRow) -> KeptRun | None:
        """None for a run that cannot be read, or was recorded by a newer program."""
        try:
            recording = Recording(tuple(self._runs.load(row.run_id)))
        except WorkbenchError:
            return None
        calls = tuple(RecordedCall(call.proposed, call.checked) for call in recording.calls.values())
        rounds = {_round_of(span): _round(attempt) for span, attempt in recording.attempts.items()}
        return KeptRun(row, recording.started, calls, rounds)

    def _seen(self, checked: CheckedCall) -> CheckedCall:
        """A tool of an unconnected server is not gone: its calls are unsure."""
        server = checked.tool.partition("__")[0]
        if checked.now == "invalid" and checked.why.startswith("there is no tool") and server in self._servers:
            return msgspec.structs.replace(checked, now="unsure", why=f"the server {server} is not connected")
        return checked

    @property
    def _servers(self) -> Collection[str]:
        return self._runs.project.file.mcp

    def _estimate(self, kept: Sequence[KeptRun], lines: Sequence[RecordedCallLine]) -> CostEstimate | None:
        """Each request once, however many doubtful calls its answer held."""
        doubtful = {(line.checked.run_id, _round_of(line.checked.span)) for line in lines if line.checked.is_doubtful}
        total: CostEstimate | None = None
        for run in kept:
            price = self._prices.list.price_of(run.started)
            for span, took in run.rounds.items():
                if (run.row.run_id, span) in doubtful:
                    usage = took.usage
                    dollars = usage_cost(price, usage).dollars if price is not None else None
                    one = CostEstimate(1, usage.input_tokens, usage.output_tokens, took.seconds, dollars)
                    total = one if total is None else total + one
        return total


class _Pause:
    """Yields the interpreter every few milliseconds."""

    def __init__(self) -> None:
        self._rested = time.monotonic()

    async def rest(self) -> None:
        if time.monotonic() - self._rested > _STRETCH_S:
            await asyncio.sleep(_STRETCH_S)
            self._rested = time.monotonic()


def _newest(rows: Iterable[RunRow]) -> list[RunRow]:
    found: list[RunRow] = []
    calls = 0
    for row in rows:
        calls += row.calls
        if found and calls > MOST_CALLS:
            break
        found.append(row)
    return found


def _round_of(span: SpanPath) -> SpanPath:
    return SpanPath("/".join(span.split("/")[:2]))


def _round(attempt: Attempt) -> Round:
    received = attempt.received
    if received is not None:
        usage = received.response.usage or Usage(0, 0)
        if usage.input_tokens:
            return Round(usage, received.latency_ms / 1000)
        return Round(Usage(estimated_tokens(attempt.sent.body_json), usage.output_tokens), received.latency_ms / 1000)
    return Round(Usage(0, 0), None)


def shown_arguments(checked: CheckedCall) -> str:
    """The call's arguments as received, in one line."""
    return checked.arguments_json if checked.arguments_json.strip() else compact({})


def counted(lines: Sequence[RecordedCallLine]) -> Iterator[tuple[str, int]]:
    """The number of calls by verdict, in words, without empty verdicts."""
    for status, words in STATUS_WORDS.items():
        count = sum(line.checked.status == status for line in lines)
        if count:
            yield words, count
