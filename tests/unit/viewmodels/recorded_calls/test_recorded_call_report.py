"""The verdicts on recorded calls as a view shows them."""

import asyncio
from collections.abc import Callable, Collection, Mapping

from workbench.app.costs.cost_estimate import CostEstimate
from workbench.app.recorded_calls.recorded_call_check import RecordedCallLine, RecordedCallReport
from workbench.core.ids import CallId, RunId, SpanPath
from workbench.core.tool import Toolset
from workbench.replay.recorded_call import CheckedCall, Validity
from workbench.viewmodels.recorded_calls.recorded_call_report import CheckRequest, RecordedCallReportViewModel
from workbench.viewmodels.shared.progress import Progress

QUESTION = CheckRequest(Toolset([]), {}, frozenset({"look"}))


def line(then: Validity, now: Validity, why: str = "") -> RecordedCallLine:
    checked = CheckedCall(
        RunId("r"), CallId("c"), SpanPath("turn-1/round-1/call-1"), "look", '{"at": 1}', then, now, why
    )
    return RecordedCallLine(checked, 1.0, "View")


REPORT = RecordedCallReport(
    (line("valid", "valid"), line("valid", "invalid", "1 is no text"), line("valid", "unsure"), line("valid", "valid")),
    runs=1,
    unread=2,
    estimate=CostEstimate(1, 100, 10, 2.0),
)


class Judge:
    """Gives its report when it is let."""

    def __init__(self, report: RecordedCallReport = REPORT) -> None:
        self.report = report
        self.may_go = asyncio.Event()
        self.was_cancelled = 0

    async def judge(
        self,
        toolset: Toolset,
        *,
        renames: Mapping[str, str] | None = None,
        tools: Collection[str] | None = None,
        on_progress: Callable[[int, int], object] = lambda done, total: None,
    ) -> RecordedCallReport:
        on_progress(1, 4)
        try:
            await self.may_go.wait()
        except asyncio.CancelledError:
            self.was_cancelled += 1
            raise
        return self.report


async def judged() -> RecordedCallReportViewModel:
    judge = Judge()
    judge.may_go.set()
    made = RecordedCallReportViewModel(judge)
    await made.judge(QUESTION)
    return made


async def test_the_verdicts_are_counted_in_a_line() -> None:
    made = await judged()
    assert made.words == "4 recorded calls: 1 now invalid, 1 unsure, 2 still valid"
    assert made.tone == "warn"
    assert made.notes == "2 runs could not be read."
    assert made.price_words.startswith("Asking the model again for the doubtful ones only: 1 request, ≈ 100 tokens in")


async def test_what_matters_most_comes_first_and_can_be_listed_alone() -> None:
    made = await judged()
    assert [row.verdict for row in made.rows] == ["✗ now invalid", "? unsure", "✓ still valid", "✓ still valid"]
    assert made.rows[0].why == "1 is no text"
    assert made.statuses == (
        (None, "All (4)"),
        ("broken", "Now invalid (1)"),
        ("unsure", "Unsure (1)"),
        ("valid", "Still valid (2)"),
    )
    made.choose("valid")
    assert len(made.rows) == 2


async def test_stop_ends_the_work_and_keeps_what_was_shown() -> None:
    judge = Judge()
    seen: list[Progress] = []
    made = RecordedCallReportViewModel(judge, seen.append)
    made.report = REPORT
    task = asyncio.create_task(made.judge(QUESTION))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert made.is_judging
    assert (seen[0].done, seen[0].total) == (1, 4)
    assert seen[0].stop is not None
    seen[0].stop()
    await task
    assert (judge.was_cancelled, made.is_judging, made.was_stopped) == (1, False, True)
    assert made.words.startswith("4 recorded calls")


async def test_only_the_last_question_is_answered() -> None:
    judge = Judge()
    made = RecordedCallReportViewModel(judge)
    first = asyncio.create_task(made.judge(QUESTION))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.create_task(made.judge(QUESTION))
    await asyncio.sleep(0)
    judge.may_go.set()
    await asyncio.gather(first, second)
    assert judge.was_cancelled == 1
    assert (made.report, made.is_judging, made.was_stopped) == (REPORT, False, False)
