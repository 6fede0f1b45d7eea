"""The grade of a trial as evaluation events, one for each axis, which belong to the trial's run."""

from workbench.core.ids import ROOT_SPAN
from workbench.core.json_text import JsonObject
from workbench.core.selection import Mistake
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.core.telemetry import conventions as names
from workbench.core.telemetry.span import LogRecord, nanoseconds, span_id_of, trace_id_of


def verdicts_of(trial: Trial, run: SuiteRun) -> list[LogRecord]:
    """The verdicts about a trial of that suite run; none for one that failed or has no run of its own."""
    grade = trial.grade
    if grade is None or not trial.run_id:
        return []
    arm = run.arm(trial.arm)
    about: JsonObject = {
        names.SUITE: run.suite,
        names.SUITE_RUN: run.suite_run_id,
        names.SUITE_CASE: trial.case,
        names.SUITE_ARM: arm.title if arm is not None else trial.arm,
    }
    why = grade.kind and f"{grade.kind}: {grade.chosen} instead of {grade.expected}"
    axes: list[tuple[str, bool | None, str]] = [
        ("selection", grade.is_right, why),
        ("arguments", grade.has_right_arguments, ", ".join(_mistake(mistake) for mistake in grade.mistakes)),
        ("steps", grade.extra_calls == 0, f"{grade.extra_calls} calls were not needed"),
        ("schemas", grade.fits_schemas, ""),
    ]
    records = []
    for axis, is_passed, explanation in axes:
        if is_passed is None:
            continue
        found: JsonObject = {
            names.EVALUATION_NAME: axis,
            names.EVALUATION_SCORE: float(is_passed),
            names.EVALUATION_LABEL: "pass" if is_passed else "fail",
            **about,
        }
        if explanation and not is_passed:
            found[names.EVALUATION_WHY] = explanation
        records.append(
            LogRecord(
                trace_id=trace_id_of(trial.run_id),
                span_id=span_id_of(trial.run_id, ROOT_SPAN),
                at_ns=nanoseconds(trial.at),
                event=names.EVALUATION,
                attributes=found,
            )
        )
    return records


def _mistake(mistake: Mistake) -> str:
    """Without the values, which are content."""
    return f"{mistake.kind} at {mistake.path}" if mistake.path else mistake.kind
