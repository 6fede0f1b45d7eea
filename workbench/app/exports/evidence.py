"""What the tools of an export were tested with, gathered from the project's suite runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench import __version__
from workbench.app.exports.coverage import CoverageTable, SuiteCoverage
from workbench.app.exports.tool_export import Exported
from workbench.app.redaction.redacted_text import keyless
from workbench.app.suites.suites import Suites
from workbench.core.errors import WorkbenchError
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
from workbench.core.suite.results import CaseResult, SuiteResults
from workbench.core.suite.trial import ArmKey, Trial
from workbench.core.tool import Tool

ENDING = ".intoto.json"


class Gathered:
    """The newest suite run that tested each tool with the text it has now, and which others were tested otherwise."""

    def __init__(self, suites: Suites, tools: Sequence[Tool], table: CoverageTable | None = None) -> None:
        """Reads the suite runs that are the evidence. Raises `StoreError`."""
        table = table or SuiteCoverage(suites).read()
        self._suites = suites
        self._wires: dict[str, dict[str, str]] = {}
        for test in (test for tool in tools for test in table.newest(tool)):
            self._wires.setdefault(test.suite_run_id, {})[test.arm.key] = test.wire
        self.tools = tuple(_state(tool, table) for tool in tools)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known about any of the tools."""
        return all(tool.state == "never tested" for tool in self.tools)

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The suite runs that are the evidence, newest first."""
        newest_first = sorted(self._wires, reverse=True)
        return tuple(self._measured(self._suites.results(each), self._wires[each]) for each in newest_first)

    def _measured(self, results: SuiteResults, wires: Mapping[str, str]) -> Measurement:
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
            ended_at=_age([trial for trial in results.trials if trial.arm in wires]),
            trials_per_case=run.trials,
            family_size=compared + earlier,
            held_out_readings=0 if run.split == "tune" else compared + earlier,
            arms=tuple(_arm(results, arm, wires[arm.key]) for arm in run.arms if arm.key in wires),
            cases=_cases(results, list(wires)),
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
    return ProjectNow({tool.name: tool.digest for tool in tools}, found)


def evidence_path(out: Path) -> Path:
    """`tools.json` → `tools.intoto.json`; in a folder `evidence.intoto.json`."""
    return out / f"evidence{ENDING}" if out.is_dir() else out.with_name(f"{out.stem}{ENDING}")


def _age(trials: Sequence[Trial]) -> float:
    """When the last answer came. One that was taken over is as old as the run that asked, so the oldest counts."""
    return min((trial.at for trial in trials if trial.cached_from), default=max(trial.at for trial in trials))


def _state(tool: Tool, table: CoverageTable) -> TestedTool:
    runs = tuple(dict.fromkeys(test.suite_run_id for test in table.newest(tool)))
    return TestedTool(tool.name, tool.digest, table.state(tool), runs)


def _arm(results: SuiteResults, arm: ArmKey, wire: str) -> MeasuredArm:
    total, by_case = results.total(arm), results.of_arm(arm.key)
    return MeasuredArm(
        title=arm.title,
        variant=arm.variant,
        model=arm.model,
        wire=wire,
        answered_as=tuple(sorted({trial.model for trial in results.trials if trial.arm == arm.key and trial.model})),
        cases=total.cases,
        clusters=total.clusters,
        trials=total.trials,
        failed=total.failed,
        missing=total.missing,
        right=total.right,
        interval=total.interval,
        shares=tuple(by_case[key].right if key in by_case else None for key in results.run.cases),
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
