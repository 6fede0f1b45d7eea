"""What would make a claim from a suite run untrue, found in what was run."""

from collections.abc import Iterator, Mapping, Sequence

from workbench.core.suite.audit import AuditFinding, schema_breach
from workbench.core.suite.case import Case
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suite import Suite
from workbench.core.tool import Toolset

CEILING = 0.98
FLOOR = 0.02
MOST_UNBALANCED = 0.02
LONGEST_APART_S = 24 * 3600.0


def audit_results(
    results: SuiteResults,
    *,
    suite: Suite | None = None,
    offered: Mapping[str, Toolset] | None = None,
    played_by: Sequence[str] = (),
    earlier_looks: int = 0,
) -> tuple[AuditFinding, ...]:
    """Everything that is wrong with a suite run, what blocks a claim first.

    `suite` is the suite as it is now, `offered` the tools of each arm (by its key) under the project's names for them,
    `played_by` the models that invent results for mocks, `earlier_looks` how many comparisons were made on the same
    held-out cases before.
    """
    found = [
        *_ends(results),
        *_unbalanced(results),
        *_cached(results),
        *_changed_models(results),
        *(_changed_cases(results, suite) if suite is not None else ()),
        *(_renamed_parameters(results, offered) if offered is not None else ()),
        *_players(results, played_by),
        *_looks(results, earlier_looks),
        *_harder_to_find(results),
    ]
    return tuple(sorted(found, key=lambda finding: finding.weight))


def _ends(results: SuiteResults) -> Iterator[AuditFinding]:
    totals = [results.total(arm) for arm in results.run.arms]
    shares = [total.right for total in totals if total.right is not None and total.cases >= 10]
    if len(shares) > 1 and min(shares) >= CEILING:
        yield AuditFinding(
            kind="ceiling", weight="blocks", message="every arm is right nearly everywhere: nothing can improve"
        )
    if len(shares) > 1 and max(shares) <= FLOOR:
        yield AuditFinding(
            kind="floor", weight="blocks", message="every arm is wrong nearly everywhere: nothing can get worse"
        )


def _harder_to_find(results: SuiteResults) -> Iterator[AuditFinding]:
    """A variant whose tools are chosen more often and found less often, under the same selector."""
    for first, other in results.run.pairs:
        before, after = results.total(first).routing, results.total(other).routing
        if before is None or after is None or first.selector != other.selector:
            continue
        offered, chosen = (before.offered, after.offered), (before.right_if_offered, after.right_if_offered)
        if None in (*offered, *chosen) or not (offered[1] < offered[0] and chosen[1] > chosen[0]):  # type: ignore[operator]
            continue
        yield AuditFinding(
            kind="harder to find",
            weight="warns",
            message=(
                f"{other.title} lifts the choice, but the right tool is offered in {offered[1]:.1%} "
                f"instead of {offered[0]:.1%}: give it a search text"
            ),
        )


def _unbalanced(results: SuiteResults) -> Iterator[AuditFinding]:
    counts = {arm: len([each for each in results.of_arm(arm.key).values() if each.graded]) for arm in results.run.arms}
    if not counts or not max(counts.values()):
        return
    if max(counts.values()) - min(counts.values()) > MOST_UNBALANCED * len(results.run.cases):
        said = ", ".join(f"{arm.title} has {count}" for arm, count in counts.items())
        yield AuditFinding(
            kind="unbalanced completion",
            weight="blocks",
            message=f"the arms have answers to different cases: {said}; resume the run first",
        )
    elif not results.is_complete and not results.run.is_early:
        missing = results.run.wanted - sum(trial.grade is not None for trial in results.trials)
        yield AuditFinding(kind="unfinished", weight="warns", message=f"{missing} trials are missing; resume the run")


def _cached(results: SuiteResults) -> Iterator[AuditFinding]:
    for arm in results.run.arms:
        taken = [trial for trial in results.trials if trial.arm == arm.key and trial.cached_from]
        if taken and not arm.is_exact:
            message = f"{len(taken)} answers of {arm.title} were reused; they are not new samples"
            yield AuditFinding(kind="cached answers", weight="blocks", message=message)


def _changed_models(results: SuiteResults) -> Iterator[AuditFinding]:
    by_spec: dict[str, set[str]] = {}
    for trial in results.trials:
        arm = results.run.arm(trial.arm)
        if arm is not None and trial.model:
            by_spec.setdefault(arm.model, set()).add(trial.model)
    for spec, names in by_spec.items():
        if len(names) > 1:
            message = f"{spec} was answered by {' and '.join(sorted(names))}"
            yield AuditFinding(kind="changed model", weight="blocks", message=message)
    sampled = {arm.key for arm in results.run.arms if not arm.is_exact}
    times = [trial.at for trial in results.trials if trial.arm in sampled and trial.at and not trial.cached_from]
    if times and max(times) - min(times) > LONGEST_APART_S:
        days = (max(times) - min(times)) / 86_400
        message = f"answers are up to {days:.1f} days apart; a model behind an API can change in between"
        yield AuditFinding(kind="changed date", weight="warns", message=message)


def _changed_cases(results: SuiteResults, suite: Suite) -> Iterator[AuditFinding]:
    now = {case.key for case in suite.cases}
    gone = [key for key in results.run.cases if key not in now]
    if gone:
        ids = tuple(results.cases[key].case_id if key in results.cases else key for key in gone)
        message = f"{len(gone)} cases were edited or deleted since; what follows is about the cases as they were"
        yield AuditFinding(kind="changed cases", weight="warns", message=message, cases=ids)


def _renamed_parameters(results: SuiteResults, offered: Mapping[str, Toolset]) -> Iterator[AuditFinding]:
    for arm in results.run.arms:
        toolset = offered.get(arm.key)
        if toolset is None:
            continue
        broken = [
            case.case_id for case in results.cases.values() if not case.offers and _is_about_others(case, toolset)
        ]
        if broken:
            message = (
                f"{arm.title} has other parameters than these cases expect, so its arguments cannot be judged by them"
            )
            yield AuditFinding(kind="renamed parameter", weight="blocks", message=message, cases=tuple(broken))


def _is_about_others(case: Case, toolset: Toolset) -> bool:
    return any(
        tool is not None and schema_breach(call, tool)
        for turn in case.turns
        for call in turn.expected.calls
        for tool in (toolset.named(call.tool),)
    )


def _players(results: SuiteResults, played_by: Sequence[str]) -> Iterator[AuditFinding]:
    for spec in sorted({arm.model for arm in results.run.arms} & set(played_by)):
        message = f"{spec} is measured and also invents the results of mocked tools"
        yield AuditFinding(kind="judge under test", weight="blocks", message=message)


def _looks(results: SuiteResults, earlier_looks: int) -> Iterator[AuditFinding]:
    if earlier_looks and results.run.split != "tune" and len(results.run.arms) > 1:
        message = (
            f"{earlier_looks} comparisons were made on these held-out cases before; they count in the family, and a "
            "variant that was chosen by them needs new cases"
        )
        yield AuditFinding(kind="held-out was read", weight="warns", message=message)
