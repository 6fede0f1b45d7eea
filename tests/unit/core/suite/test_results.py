"""What trials add up to: repeats are averaged inside a case, and verdicts are paired."""

from decimal import Decimal

from workbench.core.suite.case_line import read_case
from workbench.core.suite.comparing import compare_arms
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults, together
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial

BEFORE = ArmKey("a", "scripted:x")
AFTER = ArmKey("b", "scripted:x", "shorter")
CASES = [
    read_case({"id": f"c{number}", "request": f"Where is {number}?", "expected": "look", "cluster": f"k{number // 2}"})
    for number in range(120)
]


def trial(case: int, arm: ArmKey, chosen: str = "look", *, number: int = 1, failure: str = "") -> Trial:
    grade = Grade(
        is_right=chosen == "look", expected="look", chosen=chosen, kind="" if chosen == "look" else "wrong tool"
    )
    return Trial(
        case=CASES[case].key,
        arm=arm.key,
        number=number,
        grade=None if failure else grade,
        failure=failure,
        rounds=2,
        input_tokens=100,
        dollars="0.01",
        seconds=0.5,
    )


def results(*trials: Trial, arms: tuple[ArmKey, ...] = (BEFORE, AFTER), repeats: int = 1) -> SuiteResults:
    keys = tuple(dict.fromkeys(each.case for each in trials))
    run = SuiteRun(
        suite_run_id="r", at=0.0, suite="s", suite_digest="d", arms=arms, cases=keys, trials=repeats, split="all"
    )
    return SuiteResults(run, {case.key: case for case in CASES}, trials)


def test_repeats_are_averaged_inside_the_case() -> None:
    found = results(
        *(trial(0, BEFORE, number=number) for number in range(1, 10)),
        trial(1, BEFORE, "touch"),
        trial(2, BEFORE, number=1),
        trial(2, BEFORE, "touch", number=2),
        repeats=9,
    )
    total = found.total(BEFORE)
    assert (total.cases, total.trials, total.clusters) == (3, 12, 2)
    assert total.right == 0.5
    assert (total.flaky, total.all_right) == (1, 1 / 3)
    assert total.wrong == {"wrong tool": 2}
    assert total.dollars == Decimal("0.12")
    assert total.missing == 3 * 9 - 12


def test_a_failure_says_nothing_about_the_arm_and_gives_way_to_an_answer() -> None:
    found = results(trial(0, BEFORE), trial(1, BEFORE, failure="rate limit"))
    total = found.total(BEFORE)
    assert (total.cases, total.failed, total.right) == (1, 1, 1.0)
    assert not found.is_complete
    found.add(trial(1, BEFORE, "touch"))
    assert (found.total(BEFORE).failed, found.total(BEFORE).right) == (0, 0.5)
    found.add(trial(1, BEFORE))
    assert found.total(BEFORE).right == 0.5


def test_the_matrix_leads_to_the_trials() -> None:
    found = results(
        trial(0, BEFORE), trial(1, BEFORE, "touch"), trial(2, BEFORE, "touch"), trial(3, BEFORE, "withheld")
    )
    matrix = found.matrix(BEFORE)
    assert matrix.columns == ("look", "touch", "withheld")
    assert [each.case for each in matrix.cells["look", "touch"]] == [CASES[1].key, CASES[2].key]
    assert matrix.worst[0] == ("look", "touch", 2)
    assert found.matrix(BEFORE, only=lambda case: case.case_id == "c1").count("look", "touch") == 1


def test_a_change_that_fixes_many_and_breaks_few_is_an_improvement() -> None:
    before = [trial(case, BEFORE, "touch" if case < 40 else "look") for case in range(120)]
    after = [trial(case, AFTER, "touch" if case > 116 else "look") for case in range(120)]
    (found,) = compare_arms(results(*before, *after), [(BEFORE, AFTER)])
    selection = found.axis("selection")
    assert selection is not None
    assert selection.word == "improvement"
    assert (selection.clusters, selection.fixed, selection.broken) == (60, 20, 2)
    assert selection.change == (40 - 3) / 120
    assert selection.interval.low > 0
    steps = found.axis("steps")
    assert steps is not None
    assert steps.word == "no change"
    assert selection.family == 1
    assert steps.family == len(found.verdicts) - 1


def test_more_tokens_are_a_regression_and_unpaired_cases_are_counted() -> None:
    before = [trial(case, BEFORE) for case in range(30)]
    after = [
        Trial(case=CASES[case].key, arm=AFTER.key, grade=before[0].grade, rounds=2, input_tokens=200)
        for case in range(5, 30)
    ]
    (found,) = compare_arms(results(*before, *after), [(BEFORE, AFTER)])
    tokens = found.axis("tokens")
    assert tokens is not None
    assert (tokens.word, tokens.change) == ("regression", 100.0)
    assert tokens.interval.low <= 100 <= tokens.interval.high
    assert found.left_out == 5
    assert found.axis("cost") is None


def test_every_comparison_that_was_looked_at_counts() -> None:
    before = [trial(case, BEFORE, "touch" if case < 24 else "look") for case in range(100)]
    after = [trial(case, AFTER, "touch" if case in (50, 51) else "look") for case in range(100)]
    alone = compare_arms(results(*before, *after), [(BEFORE, AFTER)])[0].axis("selection")
    later = compare_arms(results(*before, *after), [(BEFORE, AFTER)], further_looks=200)[0].axis("selection")
    assert alone is not None
    assert later is not None
    assert later.adjusted_p > alone.adjusted_p
    assert later.family == alone.family + 200
    assert (alone.word, later.word) == ("improvement", "insufficient data")
    assert (later.more_cases or 0) > 20, "to stand out among 201 takes more than to stand out alone"


def test_each_arm_is_compared_with_the_one_that_lacks_only_its_change() -> None:
    models, variants, selectors = ("x", "y"), ("", "new"), ("all", "words")
    arms = [ArmKey(f"{m}{v}{s}", m, v, selector=s) for m in models for v in variants for s in selectors]
    named = {after.title: before.title for before, after in results(trial(0, BEFORE), arms=tuple(arms)).run.pairs}
    assert named == {
        "as it is · x · words": "as it is · x · all",
        "new · x · all": "as it is · x · all",
        "new · x · words": "as it is · x · words",
        "as it is · y · all": "as it is · x · all",
        "as it is · y · words": "as it is · y · all",
        "new · y · all": "as it is · y · all",
        "new · y · words": "as it is · y · words",
    }


def test_what_was_called_first_is_learned_from_right_trials() -> None:
    grade = Grade(is_right=True, expected="look", chosen="look", reads=("find",))
    found = results(
        Trial(case=CASES[0].key, arm="a", grade=grade), trial(1, BEFORE), Trial(case=CASES[2].key, arm="a", grade=grade)
    )
    assert found.reads_before(BEFORE)["look"] == {("find",): 2, (): 1}


def test_two_suite_runs_are_compared_as_one_also_when_they_measured_the_same_arm() -> None:
    one = results(*(trial(case, BEFORE, "touch") for case in range(60)), arms=(BEFORE,))
    other = results(*(trial(case, BEFORE) for case in range(60)), arms=(BEFORE,))
    both = together(one, other)
    first, second = both.run.arms
    assert (both.total(first).right, both.total(second).right) == (0.0, 1.0)
    (found,) = compare_arms(both, [(first, second)])
    assert found.axis("selection") is not None
    assert found.verdicts[0].word == "improvement"
    assert "later" in second.title
