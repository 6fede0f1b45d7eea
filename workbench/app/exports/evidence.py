"""What the tools of an export were tested with, gathered from the project's suite runs."""

from collections.abc import Mapping, Sequence

from workbench import __version__
from workbench.app.exports.tool_export import Exported
from workbench.app.redaction.redacted_text import keyless
from workbench.app.suites.suites import Suites
from workbench.core.errors import StoreError, WorkbenchError
from workbench.core.event import RunStarted
from workbench.core.evidence.statement import (
    Details,
    MeasuredArm,
    MeasuredCase,
    Measurement,
    Statement,
    TestedTool,
    TestOutcome,
    canonical_sha256,
    statement_of,
)
from workbench.core.evidence.verification import ProjectNow
from workbench.core.json_text import digest
from workbench.core.suite.results import CaseResult, SuiteResults
from workbench.core.suite.trial import ArmKey
from workbench.core.tool import Tool
from workbench.store.runs import RunStore


class Gathered:
    """The newest suite run that tested each tool with the text it has now, and which others were tested otherwise."""

    def __init__(self, suites: Suites, tools: Sequence[Tool]) -> None:
        """Reads suite runs, the newest first, until every tool is found. Raises `StoreError`."""
        self._suites = suites
        self._store = suites.run_store()
        self._arms: dict[str, dict[str, tuple[ArmKey, RunStarted]]] = {}
        self._results: dict[str, SuiteResults] = {}
        self._tested: dict[str, str] = {}
        self._covered: set[str] = set()
        if self._store is not None:
            for run in suites.recorded():
                if missing := [tool for tool in tools if tool.name not in self._tested]:
                    self._look(self._store, suites.results(run.suite_run_id), missing)
        self.tools = tuple(self._state(tool) for tool in tools)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known about any of the tools."""
        return all(tool.state == "never tested" for tool in self.tools)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The suite runs that are the evidence, the newest first."""
        return tuple(self._measured(results, self._arms[key]) for key, results in self._results.items())

    def _look(self, store: RunStore, results: SuiteResults, tools: Sequence[Tool]) -> None:
        run = results.run
        for tool in tools:
            for arm in run.arms:
                started = _started(store, results, arm, tool.name)
                if started is None:
                    continue
                self._covered.add(tool.name)
                if tool.document in started.tools:
                    self._tested[tool.name] = run.suite_run_id
                    self._results[run.suite_run_id] = results
                    self._arms.setdefault(run.suite_run_id, {})[arm.key] = arm, started

    def _state(self, tool: Tool) -> TestedTool:
        tested = self._tested.get(tool.name)
        if tested is not None:
            return TestedTool(tool.name, digest(tool.document), "tested", (tested,))
        return TestedTool(tool.name, digest(tool.document), "stale" if tool.name in self._covered else "never tested")

    def _measured(self, results: SuiteResults, arms: Mapping[str, tuple[ArmKey, RunStarted]]) -> Measurement:
        run = results.run
        earlier = self._suites.earlier_looks(run)
        compared = len(run.arms) - 1
        return Measurement(
            suite_run_id=run.suite_run_id,
            suite=run.suite,
            suite_digest=run.suite_digest,
            program_version=run.program_version,
            split=run.split,
            began_at=run.at,
            ended_at=max([run.at, *(trial.at for trial in results.trials if trial.arm in arms)]),
            trials_per_case=run.trials,
            family_size=compared + earlier,
            held_out_readings=0 if run.split == "tune" else compared + earlier,
            arms=tuple(_arm(results, arm, started) for arm, started in arms.values()),
            cases=_cases(results, list(arms)),
            warnings=tuple(keyless(str(finding)) for finding in self._suites.audit_run(results)),
        )


def evidence_for(
    gathered: Gathered, exports: Mapping[str, Exported], format_name: str, *, strict: bool, at: float
) -> Statement:
    """The statement about exported files, by name, at a time in seconds since 1970."""
    texts = {name: exported.text for name, exported in exports.items()}
    forms = {name: canonical_sha256(text) for name, text in texts.items()}
    details = Details(
        program_version=__version__,
        exported_at=at,
        export_format=format_name,
        strict=strict,
        tools=gathered.tools,
        measurements=gathered.measurements,
        canonical={name: form for name, form in forms.items() if form is not None},
        ledger=tuple(f"{entry.kind}: {entry}" for exported in exports.values() for entry in exported.ledger),
    )
    return statement_of(texts, details)


def project_now(suites: Suites, tools: Sequence[Tool]) -> ProjectNow:
    """The digests that evidence is compared with; a suite that cannot be read has none."""
    found = {}
    for name in suites.files.names():
        try:
            found[name] = suites.files.load(name).digest
        except WorkbenchError:
            continue
    return ProjectNow({tool.name: digest(tool.document) for tool in tools}, found)


def _started(store: RunStore, results: SuiteResults, arm: ArmKey, tool: str) -> RunStarted | None:
    """The beginning of a graded trial in which the project's tool of that name was expected."""
    for trial in results.trials:
        case = results.cases.get(trial.case)
        if (
            trial.arm == arm.key
            and trial.grade is not None
            and case
            and not case.offers
            and tool in case.expected_tools
        ):
            try:
                return next((event for event in store.events(trial.run_id) if isinstance(event, RunStarted)), None)
            except StoreError:
                continue
    return None


def _arm(results: SuiteResults, arm: ArmKey, started: RunStarted) -> MeasuredArm:
    total = results.total(arm)
    return MeasuredArm(
        title=arm.title,
        variant=arm.variant,
        model=arm.model,
        wire=started.provider,
        answered_as=tuple(sorted({trial.model for trial in results.trials if trial.arm == arm.key and trial.model})),
        cases=total.cases,
        clusters=total.clusters,
        trials=total.trials,
        failed=total.failed,
        missing=total.missing,
        right=total.right,
        interval=total.interval,
    )


def _cases(results: SuiteResults, arms: Sequence[str]) -> tuple[MeasuredCase, ...]:
    by_arm = [results.of_arm(arm) for arm in arms]
    made = []
    for key in results.run.cases:
        case = results.cases.get(key)
        outcome = _outcome([found[key] for found in by_arm if key in found])
        made.append(MeasuredCase(case.case_id if case else key, key, case.split if case else "", outcome))
    return tuple(made)


def _outcome(found: Sequence[CaseResult]) -> TestOutcome | None:
    """Passed where every trial was right, failed where none was."""
    shares = [each.right for each in found if each.right is not None]
    if not shares:
        return None
    return "passed" if min(shares) == 1 else "failed" if max(shares) == 0 else "warned"
