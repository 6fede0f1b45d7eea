"""Runs are chosen, the first one as the baseline, and what differs is said in words and tones."""

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, calls, raw_call, says, schema, script
from workbench.app.compare.comparisons import MOST_RUNS, compare_runs
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.run_row import RunRow
from workbench.core.tool import Tool
from workbench.viewmodels.compare.comparison import ComparisonViewModel
from workbench.viewmodels.compare.run_choice import RunChoice


def row(number: int) -> RunRow:
    return RunRow(
        run_id=RunId(f"run-{number}"),
        started_at=float(number),
        title=f"Question {number}",
        provider="scripted",
        model="m",
        conversation="c",
        parent_run=None,
        fork_seq=None,
        outcome="answered",
        ended_by="answer",
        calls=1,
        is_live=False,
    )


def test_the_baseline_is_chosen_first_and_two_runs_are_needed() -> None:
    choice = RunChoice([row(1), row(2)], RunId("run-1"))
    heard: list[str] = []
    choice.changed.connect(lambda: heard.append("changed"))
    assert choice.obstacle == "Choose at least two runs."
    choice.choose(RunId("run-2"), is_chosen=True)
    choice.choose(RunId("run-2"), is_chosen=True)
    assert (choice.chosen, choice.obstacle, heard) == ([RunId("run-1"), RunId("run-2")], "", ["changed"])
    assert choice.verdict.startswith("Baseline: Question 1 · ")
    assert choice.verdict.endswith("1 run against it.")
    assert [choice.shown_words(one)[0] for one in choice.rows] == ["A", "B"]
    choice.choose(RunId("run-1"), is_chosen=False)
    assert choice.shown_words(choice.rows[1]).startswith("A")


def test_too_many_runs_are_refused_and_the_list_is_filtered_by_words() -> None:
    choice = RunChoice([row(number) for number in range(MOST_RUNS + 1)])
    for one in choice.rows:
        choice.choose(one.run_id, is_chosen=True)
    assert choice.obstacle == f"Compare at most {MOST_RUNS} runs."
    choice.filter_by("QUESTION 3")
    assert [one.run_id for one in choice.rows] == ["run-3"]


async def a_run(arguments: str, answer: str) -> list[RunEvent]:
    run = ScriptedRun(
        script(calls(raw_call("look", arguments)), says(answer)),
        tools=(Tool.make("look", "Look.", schema(at=TEXT)),),
        bodies={"look": lambda _: "seen"},
    )
    await run.run("Look.")
    return list(run.log)


async def compared(first: str, second: str) -> ComparisonViewModel:
    return ComparisonViewModel(compare_runs([await a_run(first, "Seen."), await a_run(second, "Seen.")]))


async def test_runs_that_chose_the_same_say_so() -> None:
    same = await compared('{"at": "x"}', '{"at": "x"}')
    assert (same.title, same.heading) == ("Same choices and answers.", "B against A")
    same.show_only_differences(only=True)
    assert (same.rows, same.hidden_words) == ((), "2 rounds without differences hidden")


async def test_a_call_with_other_arguments_is_shown_with_what_differs() -> None:
    other = await compared('{"at": "x"}', '{"at": "y"}')
    assert other.title == "1 of 2 rounds differ."
    [(first, second)] = other.rows[0].calls
    assert (first.status, first.tone) == ("baseline", "plain")
    assert (second.status, second.tone) == ("arguments changed", "warn")
    assert second.differences == ('/at: "x" → "y"',)
    assert second.words == 'arguments changed, look, {"at": "y"}, /at: "x" → "y"'
    assert "calls 1 → 1 (±0)" in other.deltas[0]
