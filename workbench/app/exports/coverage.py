"""Which text of each tool was tested, read from the project's suite runs; each run is read once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from workbench.core.errors import StoreError
from workbench.core.event import RunStarted
from workbench.core.evidence.statement import ToolState
from workbench.core.interval import Interval
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey
from workbench.core.tool import Tool
from workbench.store.runs import RunStore

if TYPE_CHECKING:
    from workbench.app.suites.suites import Suites


class ToolTest(msgspec.Struct, frozen=True, kw_only=True):
    """What one arm of a suite run says about a tool. `digest` identifies the offered text; the figures cover the cases
    that expect the tool. `at` is when the last answer came, in seconds since 1970."""

    tool: str
    digest: str
    suite_run_id: str
    suite: str
    arm: ArmKey
    wire: str
    at: float
    cases: int
    right: float | None
    interval: Interval


class CoverageTable:
    """All tests by tool, the newest suite run first."""

    def __init__(self, tests: Iterable[ToolTest] = ()) -> None:
        self._by_tool: dict[str, list[ToolTest]] = {}
        for test in tests:
            self._by_tool.setdefault(test.tool, []).append(test)

    def newest(self, tool: Tool) -> tuple[ToolTest, ...]:
        """The arms of the newest suite run that tested exactly this text of the tool."""
        same = [test for test in self._by_tool.get(tool.name, ()) if test.digest == tool.digest]
        return tuple(test for test in same if test.suite_run_id == same[0].suite_run_id)

    def state(self, tool: Tool) -> ToolState:
        """Whether this text was tested, another text of the tool, or none."""
        if self.newest(tool):
            return "tested"
        return "stale" if tool.name in self._by_tool else "never tested"


NOT_TESTED = CoverageTable()


class SuiteCoverage:
    """Reads the suite runs of an open project. For one thread at a time."""

    def __init__(self, suites: "Suites") -> None:
        self._suites = suites
        self._known: dict[str, tuple[int, tuple[ToolTest, ...]]] = {}

    def read(self) -> CoverageTable:
        """What has been tested so far. It reads files, so the window calls it on another thread."""
        store = self._suites.run_store()
        if store is None:
            return CoverageTable()
        found: list[ToolTest] = []
        for run in self._suites.recorded():
            size = self._suites.trials.size(run.suite_run_id)
            known = self._known.get(run.suite_run_id)
            if known is None or known[0] != size:
                known = size, self._tests(store, run.suite_run_id)
                self._known[run.suite_run_id] = known
            found += known[1]
        return CoverageTable(found)

    def _tests(self, store: RunStore, suite_run_id: str) -> tuple[ToolTest, ...]:
        try:
            results = self._suites.results(suite_run_id)
        except StoreError:
            return ()
        return tuple(test for arm in results.run.arms for test in _of_arm(store, results, arm))


def _of_arm(store: RunStore, results: SuiteResults, arm: ArmKey) -> Iterator[ToolTest]:
    """Every trial of an arm is given the same tools, unless its case chooses them itself."""
    trials = [
        (trial, case)
        for trial in results.trials
        if trial.arm == arm.key and trial.grade is not None
        if (case := results.cases.get(trial.case)) is not None and not case.offers
    ]
    started = _first_started(store, [trial.run_id for trial, _ in trials])
    if started is None:
        return
    offered: Mapping[str, Tool] = {str(document.get("name")): Tool(document) for document in started.tools}
    asked = {name for _, case in trials for name in case.expected_tools}
    at = max(trial.at for trial, _ in trials)
    for name in sorted(asked & offered.keys()):
        total = results.total(arm, only=lambda case, name=name: name in case.expected_tools)  # type: ignore[misc]
        yield ToolTest(
            tool=name,
            digest=offered[name].digest,
            suite_run_id=results.run.suite_run_id,
            suite=results.run.suite,
            arm=arm,
            wire=started.provider,
            at=at,
            cases=total.cases,
            right=total.right,
            interval=total.interval,
        )


def _first_started(store: RunStore, run_ids: Sequence[str]) -> RunStarted | None:
    """The start of the first of these runs that can be read."""
    for run_id in run_ids:
        try:
            started = next((event for event in store.events(run_id) if isinstance(event, RunStarted)), None)
        except StoreError:
            continue
        if started is not None:
            return started
    return None
