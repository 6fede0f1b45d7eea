"""Asking again, as the page shows it: what it would take, what came, compared with what was, and kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.support.voting import FickleModel, answer_with, open_session, wrong_project, wrong_run
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.choice import WITHHELD
from workbench.core.exchange import ModelResponse, StreamItem, WireRequest
from workbench.core.json_text import JsonObject, digest
from workbench.core.selection import ExpectedCall
from workbench.core.share import EXACT
from workbench.core.variant import ToolEdit, Variant
from workbench.engine.ports import Effort
from workbench.viewmodels.microscope.mark_form import NO_CALL, MarkForm
from workbench.viewmodels.microscope.marks import MarkList
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.side_by_side import as_markdown, measured_words, side_by_side
from workbench.viewmodels.microscope.votes import VotesViewModel


@pytest.fixture
async def session(tmp_path: Path, own_home: Path) -> AsyncIterator[Session]:
    opened = open_session(wrong_project(tmp_path / "project"), own_home)
    yield opened
    await opened.close()


@pytest.fixture
async def point(session: Session) -> AsyncIterator[PointViewModel]:
    run = await wrong_run(session)
    replays = Replays(session.runs, session.providers, session.prices)
    yield PointViewModel(session, replays, run, "turn-1/round-1/call-1")
    await replays.close()


def by_description(body: str) -> tuple[tuple[str, dict[str, object]], ...]:
    right, wrong = ("look", {"at": "gate"}), ("touch", {"mark": "gate"})
    return (right, right, right, right, wrong) if "Say what is" in body else (wrong, wrong, wrong, wrong, right)


def tick(votes: VotesViewModel, title: str) -> None:
    box = next(box for box in (*votes.choice.variants, *votes.choice.models) if box.title == title)
    votes.choice.choose(box, is_on=True)


def with_variant(point: PointViewModel, name: str = "clearer", **edit: str) -> None:
    edits = {"look": ToolEdit(**(edit or {"description": "Say what is at a place."}))}
    point.replays.variants.save(Variant(name=name, tools=edits))


def test_a_point_says_what_was_asked_chosen_and_expected(point: PointViewModel) -> None:
    assert (point.asked_words, point.chosen_tool) == ("What is at the gate?", "touch")
    assert (point.expected_words, point.verdict_words, point.expectation) == ("not set yet", "", None)
    heard: list[str] = []
    point.changed.connect(lambda: heard.append(point.expected_words))
    point.expect(ExpectedCall("look"))
    assert point.verdict_words == "wrong tool: touch instead of look"
    point.expect(None)
    assert point.verdict_words.startswith("needless call: ")
    point.expect_nothing()
    assert heard == ["look", "no call", "not set yet"]


def test_the_estimate_says_what_it_takes_or_why_it_cannot_be_asked(point: PointViewModel) -> None:
    with_variant(point)
    votes = VotesViewModel(point)
    assert votes.estimate_words.startswith("1 condition × 10: 10 requests")
    tick(votes, "clearer")
    votes.ask_times(25)
    assert votes.estimate_words.startswith("2 conditions × 25: 50 requests")
    for box in votes.choice.variants:
        votes.choice.choose(box, is_on=False)
    assert not votes.can_start
    assert votes.estimate_words == "Choose at least one condition and one model."


def test_variants_that_do_not_fit_or_cannot_be_read_cannot_be_ticked(point: PointViewModel) -> None:
    point.replays.variants.save(Variant(name="gone", removed=("nowhere",)))
    broken = point.parts.project.folder / "variants" / "broken.json"
    broken.write_text("{")
    boxes = {box.title: box for box in VotesViewModel(point).choice.variants}
    assert "nowhere" in boxes["gone"].problem
    assert "not valid JSON" in boxes["broken"].problem
    votes = VotesViewModel(point)
    tick(votes, "gone")
    assert len(votes.choice.arms) == 1


def test_another_model_is_named_by_its_spec(point: PointViewModel) -> None:
    votes = VotesViewModel(point)
    assert not votes.choice.name_model("gpt")
    assert "'gpt' is not a model" in votes.choice.problem
    assert votes.choice.name_model(" openai:gpt-5-mini ")
    assert votes.choice.problem == ""
    assert [arm.model for arm in votes.choice.arms] == [None, "openai:gpt-5-mini"]
    votes.choice.refresh()
    assert [arm.title for arm in votes.choice.arms] == ["as it was", "as it was · openai:gpt-5-mini"]
    assert "OPENAI_API_KEY" not in votes.estimate_words


async def test_before_and_after_are_held_against_each_other(point: PointViewModel) -> None:
    with_variant(point)
    answer_with(point.parts, FickleModel(lists=by_description))  # type: ignore[arg-type]
    votes = VotesViewModel(point)
    tick(votes, "clearer")
    votes.ask_times(20)
    await votes.start()
    before, after = side_by_side(votes.results, point)
    assert measured_words(point) == "As recorded"
    assert (before.share_figures, after.verdict) == ("80 % (58–92 %)", "▼ less often")
    point.expect(ExpectedCall("look"))
    before, after = side_by_side(votes.results, point)
    assert (after.share_words, after.verdict, after.tone) == ("80 % (between 58 % and 92 %)", "▲ better", "ok")
    assert after.change == "+60 points (between +29 and +77)"
    assert after.more == "settled"
    assert before.verdict == ""
    assert "| clearer |" in as_markdown(votes.results, point)
    assert "better" in after.spoken


async def test_too_few_samples_say_how_many_more_it_takes(point: PointViewModel) -> None:
    with_variant(point)
    answer_with(point.parts, FickleModel(lists=by_description))  # type: ignore[arg-type]
    votes = VotesViewModel(point)
    point.expect(ExpectedCall("look"))
    tick(votes, "clearer")
    votes.ask_times(2)
    await votes.start()
    _, after = side_by_side(votes.results, point)
    assert (after.verdict, after.tone) == ("? cannot tell yet", "wait")
    assert after.more == "about 3 more of each"
    assert votes.suggested_trials == 3
    votes.ask_times(votes.suggested_trials)
    await votes.start()
    assert [result.distribution.trials for result in votes.results] == [5, 5]


async def test_samples_of_the_same_request_add_up_and_are_found_again(point: PointViewModel) -> None:
    answer_with(point.parts, FickleModel(("look", {"at": "gate"}), ("touch", {"mark": "gate"})))
    votes = VotesViewModel(point)
    votes.ask_times(4)
    await votes.start()
    await votes.start()
    (result,) = votes.results
    assert result.distribution.trials == 8
    again = VotesViewModel(point)
    await again.kept.load()
    assert again.results[0].distribution == result.distribution
    assert [row[3] for row in again.kept.rows] == ["4 of 4", "4 of 4"]
    undo = again.kept.delete(0)
    assert again.results[0].distribution.trials == 4
    undo()
    assert again.results[0].distribution.trials == 8


async def test_edits_of_before_are_not_taken_for_those_of_now(point: PointViewModel) -> None:
    answer_with(point.parts, FickleModel(("look", {"at": "gate"})))
    file = point.parts.project.folder / "tools" / "look.json"
    votes = VotesViewModel(point)
    for words in ("Look about.", "Say what is at a place."):
        file.write_text(json.dumps({**json.loads(file.read_text()), "description": words}))
        await point.parts.reload()
        votes.choice.refresh()
        await votes.start()
    before, first, second = (result.name for result in votes.results)
    assert before == "as it was"
    assert first.startswith("the tools as they were, ")
    assert second == "the tools as they are now"


async def test_a_tool_under_another_name_counts_as_itself(point: PointViewModel) -> None:
    with_variant(point, name="peek")
    answer_with(point.parts, FickleModel(("peek", {"at": "gate"})))
    votes = VotesViewModel(point)
    variant = Variant(name="renamed", tools={"look": ToolEdit(name="peek")})
    point.replays.variants.save(variant)
    votes.choice.refresh()
    for box in votes.choice.variants:
        votes.choice.choose(box, is_on=box.title == "renamed")
    point.expect(ExpectedCall("look"))
    await votes.start()
    (vote,) = votes.results[0].votes(point)
    assert (vote.title, vote.verdict) == ('look({"at":"gate"})', "as expected")


async def test_votes_say_what_is_wrong_in_the_words_of_the_taxonomy(point: PointViewModel) -> None:
    answer_with(
        point.parts,
        FickleModel(("touch", {"mark": "gate"}), ("look", {"at": 7}), ("grab", {}), "Which gate?", "No idea."),
    )
    votes = VotesViewModel(point)
    point.expect(ExpectedCall("look"))
    await votes.start()
    told = {vote.title.partition("(")[0]: vote for vote in votes.results[0].votes(point)}
    assert told["touch"].verdict == "wrong tool: touch instead of look"
    assert told["touch"].is_as_then
    assert told["look"].verdict.startswith("wrong type: ")
    assert told["grab"].verdict.startswith("unknown tool: ")
    assert told["answer: asks back"].verdict.startswith("asked instead of called: ")
    assert told["answer: asks back"].said == "Which gate?"


async def test_only_flush_tells_of_samples_and_only_when_some_came(point: PointViewModel) -> None:
    model = FickleModel(("look", {}))
    model.gate, model.hold_after = asyncio.Event(), 3
    answer_with(point.parts, model)
    votes = VotesViewModel(point)
    asking = asyncio.create_task(votes.start())
    for _ in range(50):  # the fourth and the fifth wait at the gate by then
        await asyncio.sleep(0)
    heard: list[int] = []
    votes.changed.connect(lambda: heard.append(votes.results[0].distribution.trials))
    assert heard == []
    votes.flush()
    votes.flush()
    assert heard == [3]
    assert votes.progress is not None
    assert (votes.progress.done, votes.progress.total) == (3, 10)
    assert not votes.can_start
    model.gate.set()
    await asking
    assert votes.results[0].distribution.trials == 10


async def test_a_failure_that_ends_it_is_said_and_the_reasons_are_counted(point: PointViewModel) -> None:
    answer_with(point.parts, FickleModel("!authentication"))
    votes = VotesViewModel(point)
    await votes.start()
    assert "It fails here." in votes.problem
    assert votes.results[0].failures[0].endswith("× It fails here. Check the key.")
    assert votes.results[0].settled_words == "No samples returned an answer."


async def test_a_missing_key_is_said_and_nothing_was_sent(point: PointViewModel) -> None:
    votes = VotesViewModel(point)
    votes.choice.models[0].is_chosen = False
    votes.choice.models.append(type(votes.choice.models[0])("openai:gpt-5-mini", "gpt-5-mini", is_chosen=True))
    await votes.start()
    assert "OPENAI_API_KEY" in votes.problem
    assert votes.kept.samplings == ()


def test_a_draft_is_judged_while_one_types_and_expected_at_once(point: PointViewModel) -> None:
    form = MarkForm(point, MarkList(point.parts))
    assert not form.can_keep
    form.choose("look")
    assert point.expected_tool == "look"
    form.write_arguments('{"at": ')
    assert "not a JSON object" in form.problem
    assert not form.can_keep
    form.write_arguments('{"at": 7}')
    assert form.warnings[0].startswith("wrong type: ")
    assert point.expected == ExpectedCall("look", {"at": 7})
    form.choose(NO_CALL)
    assert point.is_judged
    assert point.expected is None
    assert form.can_keep


def test_a_mark_is_kept_changed_undone_and_taken_away(point: PointViewModel) -> None:
    marks = MarkList(point.parts)
    form = MarkForm(point, marks)
    form.choose("look")
    undo = form.keep()
    assert form.state_words.startswith("✗ Marked as wrong. ")
    assert not form.can_keep
    assert marks.words(point.run_id, "turn-1/round-1/call-1") == "✗ marked wrong, look was expected"
    assert marks.words(point.run_id, "turn-1/round-2") == ""
    form.choose(NO_CALL)
    assert "not saved yet" in form.state_words
    undo_second = form.keep()
    undo_second()
    assert form.tool == "look"
    bring_back = form.remove()
    assert (marks.marks, form.tool, point.is_judged) == ((), None, False)
    bring_back()
    assert (len(marks.marks), form.tool, point.expected_tool) == (1, "look", "look")
    undo()
    assert marks.marks == ()


async def test_a_call_with_wrong_arguments_starts_from_those_that_were_chosen(point: PointViewModel) -> None:
    form = MarkForm(point, MarkList(point.parts))
    form.choose("touch")
    assert json.loads(form.arguments) == {"mark": "gate"}
    assert point.verdict_words == "as expected"
    form.write_arguments('{"mark": "door"}')
    assert point.verdict_words.startswith("wrong value: touch")
    form.choose("look")
    assert form.arguments == '{"mark": "door"}'
    form.choose("touch")
    form.write_arguments("")
    form.choose("look")
    assert form.arguments == ""


async def test_a_tool_that_was_not_offered_can_be_expected(point: PointViewModel) -> None:
    file = point.parts.project.folder / "tools" / "wait.json"
    file.write_text(json.dumps({"name": "wait", "description": "Wait.", "inputSchema": {"type": "object"}}))
    await point.parts.reload()
    form = MarkForm(point, MarkList(point.parts))
    assert [title for _, title in form.tools] == ["look", "touch", "wait (was not offered)"]
    form.choose("wait")
    assert point.verdict_words == "wrong tool: touch instead of wait"


async def test_the_form_follows_what_is_expected_elsewhere(point: PointViewModel) -> None:
    form = MarkForm(point, MarkList(point.parts))
    point.expect(ExpectedCall("look", {"at": "gate"}, exactly=True))
    assert (form.tool, json.loads(form.arguments), form.is_exact) == ("look", {"at": "gate"}, True)
    point.expect(None)
    assert (form.tool, form.arguments) == (NO_CALL, "")
    assert form.can_keep


class ExactFickleModel(FickleModel):
    """Says that it always answers the same."""

    def effort(self, wire: WireRequest) -> Effort:
        return Effort(digest(wire.body_json), 7.0, 0.3, 2)


async def test_a_model_that_always_answers_the_same_is_asked_once_each_way(
    session: Session, point: PointViewModel
) -> None:
    model = ExactFickleModel(lists=by_description)
    answer_with(session, model)
    with_variant(point)
    votes = VotesViewModel(point)
    tick(votes, "clearer")
    point.expect(ExpectedCall("look"))
    assert votes.is_exact
    assert votes.estimate_words.startswith("2 conditions, each once: 2 requests, 2 loads of ~7 s + 2 × 0.3 s")
    await votes.start()
    assert len(model.bodies) == 2
    assert [result.settled_words for result in votes.results] == [EXACT, EXACT]
    assert [vote.words for result in votes.results for vote in result.votes(point)] == ["exact", "exact"]
    before, after = side_by_side(votes.results, point)
    assert (before.share_words, before.share_figures, after.share_words) == ("0 %", "0 %", "100 %")
    assert (after.change, after.change_figures, after.verdict, after.more) == (
        "+100 points",
        "+100",
        "▲ better",
        "exact",
    )
    assert votes.suggested_trials == 0
    assert "between" not in as_markdown(votes.results, point)
    loaded = VotesViewModel(point)
    await loaded.load()
    assert [result.settled_words for result in loaded.results] == [EXACT, EXACT]


async def test_what_a_model_withheld_is_a_vote_of_its_own(session: Session, point: PointViewModel) -> None:
    answer_with(session, Withholding("I am not sure."))
    votes = VotesViewModel(point)
    votes.ask_times(2)
    point.expect(ExpectedCall("look"))
    await votes.start()
    (vote,) = votes.results[0].votes(point)
    assert (vote.title, vote.count) == ('withheld: look({"at":"gate"})', 2)
    assert "withheld look" in vote.verdict


class Withholding(FickleModel):
    """Its program holds a call back."""

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        async for item in super().stream(wire):
            assert isinstance(item, ModelResponse)
            held: JsonObject = {"tool": "look", "arguments_json": '{"at":"gate"}'}
            yield msgspec.structs.replace(item, details={WITHHELD: [held]})
