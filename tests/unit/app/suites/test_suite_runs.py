"""Running a suite: every trial is a stored run, nothing runs that could do harm, and nothing is asked twice."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.passes import Passes
from tests.support.projects import make_project
from tests.support.runs import settle_down
from tests.support.voting import FickleModel, Says, answer_with, open_session
from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.run_options import RunOptions
from workbench.app.runs.runs import Runs
from workbench.app.session import Session
from workbench.app.suites.case_making import case_as_it_went
from workbench.app.suites.pinned_baseline import Pin
from workbench.app.suites.suite_judging import judged
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_pilot import pilot_order, recorded_pilot
from workbench.app.suites.suite_progress import SuiteProgress
from workbench.app.suites.suite_race import (
    RaceListeners,
    arms_of_race,
    order_of_race,
    race_estimates,
    recorded_rounds,
    run_race,
    runs_of_race,
)
from workbench.app.suites.suite_report import arm_note
from workbench.app.suites.suite_runner import SuiteRunner, made_in_thread
from workbench.core.approval import ALLOW_ALL
from workbench.core.errors import StoreError, UsageError
from workbench.core.json_text import JsonObject
from workbench.core.suite.case_line import case_document
from workbench.core.suite.trial import Trial
from workbench.core.trace import fold
from workbench.core.variant import ToolEdit, Variant
from workbench.store.batch_journal import JOURNAL

LOOK: JsonObject = {"id": "look", "request": "What is at the gate?", "expected": "look"}
TOUCH: JsonObject = {"id": "touch", "request": "Mark the gate.", "expected": "touch", "arguments": {"mark": "gate"}}
HELLO: JsonObject = {"id": "hello", "request": "Hello!", "expected": None}
CALLS_TOUCH: list[JsonObject] = [{"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}, {"text": "Done."}]


def suite_in(folder: Path, *cases: JsonObject, name: str = "gate", **settings: object) -> None:
    (folder / "suites").mkdir(exist_ok=True)
    lines = [{"suite": name, **settings}, *cases]
    (folder / "suites" / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[..., Session]]:
    sessions: list[Session] = []

    def open_project(*cases: JsonObject, answers: list[JsonObject] = CALLS_TOUCH, **settings: object) -> Session:
        folder = tmp_path / "project"
        if not folder.exists():
            make_project(folder, *answers)
        suite_in(folder, *(cases or (LOOK, TOUCH, HELLO)), **settings)
        sessions.append(open_session(folder, tmp_path / "home"))
        return sessions[-1]

    yield open_project
    for session in sessions:
        await session.close()


def answering(session: Session, *says: Says, lists: Callable[[str], tuple[Says, ...]] | None = None) -> FickleModel:
    model = FickleModel(*says, lists=lists)
    model.follows = True
    answer_with(session, model)
    return model


async def test_every_trial_is_a_stored_run_with_a_grade(opened: Callable[..., Session]) -> None:
    session = opened()
    heard: list[Trial] = []
    runner = session.suites.begin(SuiteOrder(suite="gate"), listener=lambda trial, progress: heard.append(trial))
    results = await runner.run()
    arm = results.run.arms[0]
    total = results.total(arm)
    assert (total.cases, total.right, total.arguments, total.missing) == (3, 1 / 3, 1.0, 0)
    assert total.wrong == {"wrong tool": 1, "needless call": 1}
    assert (runner.progress.done, runner.progress.right, runner.progress.wrong) == (3, 1, 2)
    assert len(heard) == 3
    for trial in heard:
        trace = fold(session.runs.load(trial.run_id))
        assert trace.finished is not None
        assert trace.started is not None
        assert [call.outcome for call in trace.calls()] == ["mocked"]
    assert session.runs.recorded() == [], "trials are not in the list of conversations"
    assert session.runs.find(heard[0].run_id[:-1]) == heard[0].run_id


async def test_what_was_prepared_for_the_estimate_is_not_prepared_again_for_the_run(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    made = session.suites.prepare(SuiteOrder(suite="gate"))
    monkeypatch.setattr(session.suites, "prepare", lambda order: pytest.fail("everything is known"))
    assert session.suites.estimate(made).trials == 3
    assert session.suites.recorded() == ()
    results = await session.suites.begin(made).run()
    assert results.is_complete
    assert results.run == made.run


async def test_models_of_one_connection_share_what_it_is_asked_at_a_time(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-suite-0123456789abcdef0123456789")
    session = opened(*({**LOOK, "id": f"c{number}", "request": f"Look {number}"} for number in range(6)))
    model = answering(session, "Nothing.")
    models = ("openai:one", "openai:two")
    results = await session.suites.begin(SuiteOrder(suite="gate", models=models, concurrency=2)).run()
    assert results.is_complete
    assert {arm.model for arm in results.run.arms} == set(models)
    assert model.most_under_way == 2


async def test_nothing_sensitive_runs(opened: Callable[..., Session], tmp_path: Path) -> None:
    for tools in ("mocks", "reads"):
        session = opened(tools=tools)
        await session.suites.begin(SuiteOrder(suite="gate", reuse=False)).run()
    assert not (tmp_path / "project" / "marks.txt").exists()


async def test_reads_run_for_real_where_the_suite_wants_them_and_the_rules_allow_it(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    looks = [{"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Done."}]
    session = opened(LOOK, answers=looks, tools="reads")
    plain = await session.suites.begin(SuiteOrder(suite="gate")).run()
    tool = tmp_path / "project" / "tools" / "look.json"
    tool.write_text(json.dumps({**json.loads(tool.read_text()), "annotations": {"readOnlyHint": True}}))
    await session.reload()
    real = await session.suites.begin(SuiteOrder(suite="gate")).run()
    texts = []
    for results in (plain, real):
        (call,) = fold(session.runs.load(results.trials[0].run_id)).calls()
        assert call.settled is not None
        texts.append(json.loads(call.settled.result_text))
    assert texts == [{"status": "ok"}, {"seen": "gate"}]


async def test_the_results_of_a_case_are_served_to_the_calls_they_are_for(opened: Callable[..., Session]) -> None:
    results = [
        {"tool": "touch", "arguments": {"mark": {"$regex": "^d"}}, "result": "a door"},
        {"tool": "touch", "arguments": {"mark": {"$regex": "^g"}}, "result": "a gate"},
    ]
    session = opened({**TOUCH, "results": results})
    found = await session.suites.begin(SuiteOrder(suite="gate")).run()
    (call,) = fold(session.runs.load(found.trials[0].run_id)).calls()
    assert call.settled is not None
    assert call.settled.result_text == "a gate"


async def test_several_turns_and_what_was_said_before_are_one_run(opened: Callable[..., Session]) -> None:
    case = {
        "id": "two",
        "earlier": [{"user": "Hi."}, {"tool": "look", "arguments": {}, "result": {"seen": 1}}, {"assistant": "Yes?"}],
        "turns": [{"request": "Mark it.", "expected": "touch"}, {"request": "Thanks.", "expected": None}],
    }
    session = opened(case)
    model = answering(session, "Before", "Before", ("touch", {"mark": "gate"}), "Done.", "Welcome.")
    results = await session.suites.begin(SuiteOrder(suite="gate")).run()
    trace = fold(session.runs.load(results.trials[0].run_id))
    assert len(trace.turns) == 2
    assert all(word in model.bodies[0] for word in ("Hi.", "seen", "Yes?"))
    assert results.total(results.run.arms[0]).right == 1.0


async def test_variants_are_arms_and_are_graded_by_the_projects_own_names(opened: Callable[..., Session]) -> None:
    session = opened(TOUCH)
    session.suites.variants.save(Variant(name="renamed", tools={"touch": ToolEdit(name="mark_it")}))
    session.suites.variants.save(Variant(name="texts", tools={"touch": ToolEdit(description="Mark.")}))
    own, renamed = ("touch", {"mark": "gate"}), ("mark_it", {"mark": "gate"})
    answering(session, lists=lambda body: (renamed, "Done.") if "mark_it" in body else (own, "Done."))
    order = SuiteOrder(suite="gate", variants=("", "renamed", "texts"))
    results = await session.suites.begin(order).run()
    assert [arm.is_texts_only for arm in results.run.arms] == [True, False, True]
    assert [results.total(arm).right for arm in results.run.arms] == [1.0, 1.0, 1.0]
    assert [results.total(arm).arguments for arm in results.run.arms] == [1.0, 1.0, 1.0]


async def test_at_most_so_many_trials_are_under_way(opened: Callable[..., Session]) -> None:
    session = opened(*({**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(12)))
    model = answering(session, "Hi.")
    await session.suites.begin(SuiteOrder(suite="gate", concurrency=3, trials=2)).run()
    assert len(model.bodies) == 24
    assert 1 < model.most_under_way <= 3


async def test_trials_begin_one_in_each_pass_of_the_loop(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = Runs.launch

    def marked(runs: Runs, *args: Any, **options: Any) -> LiveRun:
        passes.mark()
        return launch(runs, *args, **options)

    monkeypatch.setattr(Runs, "launch", marked)
    session = opened(*({**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(24)))
    answering(session, "Hi.")
    with Passes() as passes:
        await session.suites.begin(SuiteOrder(suite="gate", concurrency=24)).run()
    assert passes.by_pass.total() == 24
    assert set(passes.by_pass.values()) == {1}


async def test_stop_keeps_what_is_done_and_resume_repeats_none_of_it(opened: Callable[..., Session]) -> None:
    cases = [{**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(6)]
    session = opened(*cases)
    model = answering(session, "Hi.")
    model.gate, model.hold_after = asyncio.Event(), 3
    third = asyncio.Event()
    runner = session.suites.begin(
        SuiteOrder(suite="gate", concurrency=1),
        listener=lambda trial, progress: third.set() if progress.done == 3 else None,
    )
    task = asyncio.create_task(runner.run())
    await third.wait()
    await settle_down()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stopped = session.suites.results("last")
    assert len(stopped.trials) == 3
    model.gate = None
    again = session.suites.resume("last", SuiteOrder(suite="gate"))
    assert (again.progress.done, again.progress.wanted) == (3, 6)
    results = await again.run()
    assert results.is_complete
    assert len(model.bodies) in (6, 7), "at most the one that was under way is asked again"
    assert len(session.suites.results("last").trials) == 6


async def test_a_suite_run_whose_variant_was_edited_cannot_go_on(opened: Callable[..., Session]) -> None:
    session = opened(TOUCH)
    session.suites.variants.save(Variant(name="v", tools={"touch": ToolEdit(description="Mark.")}))
    session.suites.begin(SuiteOrder(suite="gate", variants=("v",)))
    session.suites.variants.save(Variant(name="v", tools={"touch": ToolEdit(description="Mark it.")}))
    with pytest.raises(UsageError, match="has changed since"):
        session.suites.resume("last", SuiteOrder(suite="gate"))


async def test_a_failure_is_no_wrong_answer_and_is_asked_again(opened: Callable[..., Session]) -> None:
    session = opened(HELLO)
    answering(session, "!invalid_request")
    results = await session.suites.begin(SuiteOrder(suite="gate")).run()
    total = results.total(results.run.arms[0])
    assert (total.cases, total.failed, total.right) == (0, 1, None)
    answering(session, "Hi.")
    results = await session.suites.resume("last", SuiteOrder(suite="gate")).run()
    total = results.total(results.run.arms[0])
    assert (total.cases, total.failed, total.right) == (1, 0, 1.0)


async def test_a_hopeless_failure_is_not_repeated_for_every_case(opened: Callable[..., Session]) -> None:
    session = opened(*({**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(9)))
    model = answering(session, "!authentication")
    runner = session.suites.begin(SuiteOrder(suite="gate", concurrency=2))
    results = await runner.run()
    assert len(model.bodies) <= 3
    assert results.total(results.run.arms[0]).missing >= 6
    assert "cannot be asked" in runner.progress.stopped_by


async def test_a_model_that_always_answers_the_same_is_asked_once_for_each_case(opened: Callable[..., Session]) -> None:
    session = opened(TOUCH)
    model = answering(session, "Hi.")
    model.effort = lambda wire: None  # type: ignore[attr-defined]
    results = await session.suites.begin(SuiteOrder(suite="gate", trials=5)).run()
    assert results.run.arms[0].is_exact
    assert len(model.bodies) == results.run.wanted == 1
    again = await session.suites.begin(SuiteOrder(suite="gate", trials=5)).run()
    assert len(model.bodies) == 1, "the answer was taken over"
    (trial,) = again.trials
    assert trial.cached_from == results.run.suite_run_id
    assert again.total(again.run.arms[0]).cached == 1
    await session.suites.begin(SuiteOrder(suite="gate", reuse=False)).run()
    assert len(model.bodies) == 2


async def test_an_answer_that_is_taken_over_is_graded_as_the_case_is_now(opened: Callable[..., Session]) -> None:
    session = opened({**HELLO, "expected": None})
    model = answering(session, ("look", {}), "Hi.")
    model.effort = lambda wire: None  # type: ignore[attr-defined]
    first = await session.suites.begin(SuiteOrder(suite="gate")).run()
    suite_in(session.project.folder, {**HELLO, "expected": "look"})
    second = await session.suites.begin(SuiteOrder(suite="gate")).run()
    assert [each.total(each.run.arms[0]).right for each in (first, second)] == [0.0, 1.0]
    assert second.trials[0].cached_from == "", "an edited case is a new one"


async def test_what_cannot_be_run_is_said_before_anything_is_kept(opened: Callable[..., Session]) -> None:
    session = opened(HELLO)
    suites = session.suites
    for order, said in (
        (SuiteOrder(suite="other"), "there is no suite"),
        (SuiteOrder(suite="gate", split="held-out"), "no cases of held-out"),
        (SuiteOrder(suite="gate", variants=("gone",)), "there is no variant"),
        (SuiteOrder(suite="gate", models=("openai:gpt-5",)), "needs the key"),
        (SuiteOrder(suite="gate", trials=0), "0 trials"),
        (SuiteOrder(suite="gate", models=(None, None)), "are the same"),
        (SuiteOrder(suite="gate", concurrency=0), "cannot run 0 trials"),
    ):
        with pytest.raises(UsageError, match=said):
            suites.begin(order)
    suite_in(session.project.folder, HELLO, {**HELLO, "id": "again"})
    with pytest.raises(UsageError, match="are the same"):
        suites.begin(SuiteOrder(suite="gate"))
    assert suites.recorded() == ()
    with pytest.raises(StoreError, match="there is no suite run"):
        suites.results("last")


async def test_a_budget_that_cannot_be_kept_or_is_not_above_zero_is_refused(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    session = opened(*({**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(9)))
    order = SuiteOrder(suite="gate", models=("openai:gpt-5",), budget=Decimal(1))
    with pytest.raises(UsageError, match="price of openai:gpt-5 is unknown"):
        session.suites.begin(order)
    free = await session.suites.begin(SuiteOrder(suite="gate", budget=Decimal(0))).run()
    assert free.is_complete, "what costs nothing does not use a budget up"


async def test_pause_holds_what_has_not_begun(opened: Callable[..., Session]) -> None:
    session = opened(*({**HELLO, "id": f"h{number}", "request": f"Hello {number}!"} for number in range(4)))
    model = answering(session, "Hi.")
    second = asyncio.Event()

    def heard(trial: Trial, progress: SuiteProgress) -> None:
        if progress.done == 2:
            runner.pause()
            second.set()

    runner = session.suites.begin(SuiteOrder(suite="gate", concurrency=1), listener=heard)
    task = asyncio.create_task(runner.run())
    await second.wait()
    await settle_down()
    assert (len(model.bodies), runner.progress.is_paused) == (2, True)
    runner.go_on()
    assert (await task).is_complete


async def test_a_question_that_is_decided_ends_the_run_and_says_so(opened: Callable[..., Session]) -> None:
    session = opened(*({**LOOK, "id": f"c{number}", "request": f"Look {number}"} for number in range(60)))
    session.suites.variants.save(Variant(name="better", tools={"look": ToolEdit(description="Better.")}))
    good, bad = ("look", {}), ("touch", {"mark": "x"})
    answering(session, lists=lambda body: (good, "Done.") if "Better." in body else (bad, "Done."))
    order = SuiteOrder(suite="gate", variants=("", "better"), stop_early=True)
    runner = session.suites.begin(order)
    results = await runner.run()
    assert "decided" in runner.progress.stopped_by
    assert len(results.trials) < 40
    selection = session.suites.compare(results)[0].axis("selection")
    assert selection is not None
    assert (selection.test, selection.word) == ("e-value", "improvement")
    assert "unbalanced completion" not in {finding.kind for finding in session.suites.audit_run(results)}


async def test_readings_of_held_out_cases_are_counted(opened: Callable[..., Session]) -> None:
    session = opened(*({**LOOK, "id": f"c{n}", "request": f"Look {n}", "split": "held-out"} for n in range(3)))
    session.suites.variants.save(Variant(name="v", tools={"look": ToolEdit(description="Better.")}))
    answering(session, ("look", {}), "Done.")
    order = SuiteOrder(suite="gate", variants=("", "v"), split="held-out")
    families = []
    for _ in range(2):
        results = await session.suites.begin(order).run()
        verdict = session.suites.compare(results)[0].verdicts[0]
        families.append(verdict.family)
    assert families[1] == families[0] + 1
    kinds = {finding.kind for finding in session.suites.audit_run(results)}
    assert "held-out was read" in kinds


async def test_a_recorded_turn_becomes_a_case_that_the_same_answers_pass(opened: Callable[..., Session]) -> None:
    session = opened()
    answering(session, *[("touch", {"mark": "gate"}), "Done."] * 2)
    first = session.runs.start("Say hello.", RunOptions(policy=ALLOW_ALL))
    await first.finished()
    live = session.runs.start("Mark the gate.", RunOptions(policy=ALLOW_ALL, continues=first.run_id))
    await live.finished()
    case = case_as_it_went(tuple(session.runs.load(live.run_id)), 1, "as-it-went")
    assert case.request == "Mark the gate."
    assert [entry.user for entry in case.earlier if entry.user] == ["Say hello."]
    suite_in(session.project.folder, case_document(case))
    results = await session.suites.begin(SuiteOrder(suite="gate")).run()
    total = results.total(results.run.arms[0])
    assert (total.right, total.arguments) == (1.0, 1.0)


async def test_a_race_drops_the_worse_and_confirms_the_best_on_held_out_cases(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    tune = ({**LOOK, "id": f"t{n}", "request": f"Look {n}"} for n in range(20))
    held = ({**LOOK, "id": f"h{n}", "request": f"Peek {n}", "split": "held-out"} for n in range(30))
    session = opened(*tune, *held)
    for name, text in (("same", "As before."), ("better", "Better."), ("worse", "Worse.")):
        session.suites.variants.save(Variant(name=name, tools={"look": ToolEdit(description=text)}))
    good, bad = ("look", {}), ("touch", {"mark": "x"})
    answering(session, lists=lambda body: (good, "Done.") if "Better." in body else (bad, "Done."))
    order = SuiteOrder(suite="gate", variants=("same", "better", "worse"))
    told: list[str] = []
    begin = session.suites.begin

    def watched(order: Any, *, told: Callable[[str], None], **more: Any) -> SuiteRunner:
        told(threading.current_thread().name)
        return begin(order, told=told, **more)

    monkeypatch.setattr(session.suites, "begin", watched)
    arms = arms_of_race(session.suites, order)
    monkeypatch.setattr(session.suites, "arms", lambda *_: pytest.fail("every arm is made already"))
    assert [each.arms for each in race_estimates(session.suites, order, arms)] == [4, 2]
    session.suites.variants.save(Variant(name="better", tools={"look": ToolEdit(description="Edited meanwhile.")}))
    race = await run_race(session.suites, order, RaceListeners(told=told.append), arms)
    assert len(told) == 3
    assert threading.main_thread().name not in told, "a window draws meanwhile"
    assert (race.winner, race.is_accepted) == ("better", True)
    assert [len(each.standings) for each in race.rounds] == [3, 2]
    assert race.rounds[0].standings[0].candidate == "better"
    assert {case.split for case in race.held_out.cases.values()} == {"held-out"}
    confirmed = race.held_out.run
    assert recorded_rounds(session.suites, confirmed.race) == race.rounds, "dropped candidates stay visible"
    for order, why in (
        (SuiteOrder(suite="gate", variants=("better",)), "at least two variants"),
        (SuiteOrder(suite="gate", variants=("better", "same"), models=(None, "local")), "one model"),
    ):
        with pytest.raises(UsageError, match=why):
            await run_race(session.suites, order)


@pytest.mark.parametrize("has_batches", [False, True])
async def test_a_suite_run_that_is_begun_for_nobody_is_closed_and_goes_unless_batches_were_sent(
    opened: Callable[..., Session], has_batches: bool
) -> None:
    session = opened()
    begins, go_on, closed = asyncio.Event(), threading.Event(), list[str]()
    loop = asyncio.get_running_loop()

    async def close() -> None:
        closed.append("closed")

    def make() -> SuiteRunner:
        loop.call_soon_threadsafe(begins.set)
        go_on.wait(60)
        runner = session.suites.begin(SuiteOrder(suite="gate"))
        if has_batches:
            (session.suites.trials.folder / runner.results.run.suite_run_id / JOURNAL).touch()
        runner.close = close  # type: ignore[method-assign]
        return runner

    making = asyncio.create_task(made_in_thread(make))
    await begins.wait()
    for _ in range(2):
        making.cancel()
        await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait([making])
    assert making.cancelled()
    assert closed == ["closed"]
    assert len(session.suites.recorded()) == has_batches


async def test_a_race_that_was_stopped_goes_on_without_asking_anything_twice(opened: Callable[..., Session]) -> None:
    tune = ({**LOOK, "id": f"t{n}", "request": f"Look {n}"} for n in range(8))
    held = ({**LOOK, "id": f"h{n}", "request": f"Peek {n}", "split": "held-out"} for n in range(8))
    session = opened(*tune, *held)
    for name in ("one", "two", "three"):
        session.suites.variants.save(Variant(name=name, tools={"look": ToolEdit(description=name)}))
    model = answering(session, "Nothing.")
    order = SuiteOrder(suite="gate", variants=("one", "two", "three"), concurrency=1)
    stopped: list[asyncio.Task[Any]] = []

    def hear(trial: Trial, progress: SuiteProgress) -> None:
        if len(model.bodies) == 20:  # in the second round
            stopped[0].cancel()

    stopped.append(asyncio.create_task(run_race(session.suites, order, RaceListeners(hear))))
    await asyncio.wait(stopped)
    assert stopped[0].cancelled()
    race = session.suites.recorded()[0].race
    again = order_of_race(session.suites, race, SuiteOrder(suite="gate"))
    assert again.variants == ("", "one", "two", "three")
    second, first = (session.suites.results(run.suite_run_id) for run in runs_of_race(session.suites, race))
    kept = {arm.key for arm in second.run.arms}
    known = [trial for results in (first, second) for trial in results.trials if trial.arm in kept]
    rounds, last = race_estimates(session.suites, again)
    assert (rounds.trials, rounds.cached) == (8 * 3, len(known))
    assert 4 * 3 < rounds.cached < 4 * 3 * 2
    assert (last.trials, last.cached) == (8 * 2, 0)
    done = await run_race(session.suites, again)
    assert [each.trials - each.cached for each in race_estimates(session.suites, again)] == [0, 0]
    assert done.winner == "one"
    assert not done.is_accepted
    trials = [
        trial for run in runs_of_race(session.suites, race) for trial in session.suites.results(run.suite_run_id).trials
    ]
    assert len({(trial.case, trial.arm) for trial in trials}) == len(trials) == 4 * 4 + 4 * 3 + 8 * 2
    assert len(model.bodies) <= len(trials) + 1, "only what was under way is asked again"


async def test_a_variant_of_another_structure_is_served_by_mocks_alone(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    looks = [{"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Done."}]
    session = opened(LOOK, answers=looks, tools="reads")
    tool = tmp_path / "project" / "tools" / "look.json"
    document = {**json.loads(tool.read_text()), "annotations": {"readOnlyHint": True}}
    tool.write_text(json.dumps(document))
    await session.reload()
    schema = {"type": "object", "properties": {"at": {"type": "string"}, "now": {"type": "boolean"}}}
    session.suites.variants.save(Variant(name="wider", tools={"look": ToolEdit(input_schema=schema)}))
    session.suites.variants.save(Variant(name="words", tools={"look": ToolEdit(description="Words.")}))
    results = await session.suites.begin(SuiteOrder(suite="gate", variants=("words", "wider"))).run()
    texts = {}
    for trial in results.trials:
        (call,) = fold(session.runs.load(trial.run_id)).calls()
        assert call.settled is not None
        texts[trial.arm] = json.loads(call.settled.result_text)
    assert [texts[arm.key] for arm in results.run.arms] == [{"seen": "gate"}, {"status": "ok"}]
    assert [arm_note(arm) for arm in results.run.arms] == ["wire compatible", "mocks only"]


async def test_later_runs_are_compared_with_the_pinned_arm_as_well(opened: Callable[..., Session]) -> None:
    session = opened(*({**LOOK, "id": f"c{n}", "request": f"Look {n}"} for n in range(12)))
    answering(session, ("look", {}), "Done.")
    good = await session.suites.begin(SuiteOrder(suite="gate")).run()
    session.suites.pins.pin("gate", Pin(good.run.suite_run_id, good.run.arms[0].key), "Pinned")
    assert judged(session.suites, good).comparisons == (), "a run is not compared with itself"
    answering(session, "Nothing.")
    bad = judged(session.suites, await session.suites.begin(SuiteOrder(suite="gate")).run())
    (comparison,) = bad.comparisons
    verdict = comparison.axis("selection")
    assert verdict is not None
    assert (verdict.word, verdict.fixed, verdict.broken) == ("regression", 0, 12)
    assert "pinned as it is" in comparison.before.title
    session.suites.pins.pin("gate", None, "Unpinned")
    assert session.suites.pins.of("gate") is None


async def test_a_pilot_asks_few_tune_cases_and_plans_by_them(opened: Callable[..., Session]) -> None:
    cases = [{**LOOK, "id": f"c{n}", "request": f"Look {n}"} for n in range(40)]
    held = [{**LOOK, "id": f"h{n}", "request": f"Peek {n}", "split": "held-out"} for n in range(40)]
    session = opened(*cases, *held)
    session.suites.variants.save(Variant(name="better", tools={"look": ToolEdit(description="Better.")}))
    answering(session, lists=lambda body: (("look", {}), "Done.") if "Better." in body else ("Hm.",))
    order = pilot_order(session.suites, SuiteOrder(suite="gate", variants=("", "better"), split="all"))
    results = await session.suites.begin(order).run()
    assert len(results.run.cases) == 30
    assert {case.split for case in results.cases.values()} == {"tune"}
    found = recorded_pilot(session.suites, "gate", "better")
    assert found is not None
    assert (found.fixed, found.broken) == (1.0, 0.0)
    assert recorded_pilot(session.suites, "gate", "another") is None


async def test_a_disk_that_is_full_ends_the_run_with_a_clear_word(opened: Callable[..., Session]) -> None:
    session = opened(*({**HELLO, "id": f"h{n}", "request": f"Hello {n}!"} for n in range(4)))
    answering(session, "Hi.")
    runner = session.suites.begin(SuiteOrder(suite="gate"))
    folder = session.suites.trials.folder / runner.results.run.suite_run_id
    (folder / "trials.jsonl").mkdir()
    with pytest.raises(StoreError, match="the trial cannot be saved"):
        await runner.run()
