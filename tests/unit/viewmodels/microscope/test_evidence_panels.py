"""What the panels of the microscope that show evidence say and offer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.reacting import ExactModel, Letters, WordyModel, wordy_project, wordy_run, wordy_session
from workbench.app.microscope.overlaps import TextOverlaps
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.interval import Interval
from workbench.core.selection import ExpectedCall
from workbench.core.share import EXACT
from workbench.viewmodels.microscope.confidence import Confidence
from workbench.viewmodels.microscope.duel import Duel
from workbench.viewmodels.microscope.overlaps import REQUEST, Overlaps
from workbench.viewmodels.microscope.point import PointViewModel
from workbench.viewmodels.microscope.what_if import WhatIf, bar_of
from workbench.viewmodels.microscope.words import WordsHeat


@pytest.fixture
def model() -> WordyModel:
    return WordyModel()


@pytest.fixture
async def session(tmp_path: Path, own_home: Path, model: WordyModel) -> AsyncIterator[Session]:
    opened = wordy_session(wordy_project(tmp_path / "shop"), own_home, model)
    await wordy_run(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def point(session: Session) -> AsyncIterator[PointViewModel]:
    replays = Replays(session.runs, session.providers, session.prices)
    (run,) = session.runs.recorded()
    yield PointViewModel(session, replays, run.run_id, "turn-1/round-1/call-1")
    await replays.close()


async def test_changes_are_grouped_ticked_and_estimated_before_anything_is_sent(
    point: PointViewModel, model: WordyModel
) -> None:
    asked = model.asked
    what_if = WhatIf(point)
    assert [title for title, _ in what_if.groups] == [
        "Without a tool",
        "Descriptions",
        "Names and places",
        "Forced: see the arguments",
    ]
    series = what_if.series
    what_if.series.tick_all(is_on=False)
    assert (series.can_start, series.estimate_words) == (False, "Select at least one change.")
    series.tick(series.rows[0], is_on=True)
    series.ask_times(3)
    assert series.can_start
    assert "6 requests" in series.estimate_words
    assert what_if.base_words == "As it was: not sampled yet"
    assert model.asked == asked


async def test_each_change_shows_its_own_votes_its_effect_and_how_sure_it_is(point: PointViewModel) -> None:
    what_if = WhatIf(point)
    point.expect(ExpectedCall("track", {}))
    series = what_if.series
    series.tick_all(is_on=True)
    series.ask_times(5)
    await series.start()
    assert series.problem == ""
    assert what_if.base_words == "As it was: 5 × details (of 5)"
    rows = {row.change.name: row for row in series.rows}
    bar = bar_of(rows["without details"])
    assert bar is not None
    assert (bar.share, bar.tone) == (1.0, "ok")
    assert bar.words == "0 % → 100 %: +100 points, at 95 % between +39 and +100"
    assert what_if.votes(rows["without details"]).startswith("5 × track (of 5) · stated confidence ")
    forced = rows["track forced"]
    assert "track({}) · stated confidence" in what_if.votes(forced)
    refused = bar_of(rows["without refund"])
    assert refused is not None
    assert "may be chance" in refused.words
    assert "| without details | 5 × track (of 5) · stated" in what_if.markdown()


async def test_what_was_sampled_is_there_again_and_costs_no_request_for_what_is_known(
    point: PointViewModel, model: WordyModel
) -> None:
    first = WhatIf(point)
    first.series.ask_times(2)
    await first.series.start()
    asked = model.asked
    again = WhatIf(point)
    assert [row.found for row in again.series.rows] == [row.found for row in first.series.rows]
    again.series.ask_times(2)
    again.series.tick_all(is_on=False)
    again.series.tick(again.series.rows[0], is_on=True)
    assert again.series.estimate_words.startswith("1 change: 2 requests")
    await again.series.start()
    assert model.asked - asked == 2


async def test_stopping_keeps_what_has_come(point: PointViewModel, model: WordyModel) -> None:
    what_if = WhatIf(point)
    series = what_if.series
    series.tick_all(is_on=True)
    task = asyncio.create_task(series.start())
    while model.asked < 25:  # noqa: ASYNC110 — the model counts, nobody can set an event
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not series.is_running
    known = WhatIf(point).series
    assert known.base is not None
    assert any(row.found is not None for row in known.rows)
    assert not all(row.found is not None for row in known.rows)


async def test_effects_follow_what_is_expected_without_sampling_again(point: PointViewModel, model: WordyModel) -> None:
    what_if = WhatIf(point)
    what_if.series.tick_all(is_on=True)
    await what_if.series.start()
    asked = model.asked
    assert what_if.counted == "details, as recorded"
    point.expect(ExpectedCall("track", {}))
    row = next(row for row in what_if.series.rows if row.change.name == "without details")
    bar = bar_of(row)
    assert bar is not None
    assert (bar.share, bar.tone) == (1.0, "ok")
    assert what_if.counted.startswith("calls of track")
    assert model.asked == asked


async def test_what_is_expected_may_change_while_it_is_sampled_and_another_model_starts_with_nothing(
    point: PointViewModel, model: WordyModel
) -> None:
    what_if = WhatIf(point)
    what_if.series.tick_all(is_on=True)
    asked = model.asked
    task = asyncio.create_task(what_if.series.start())
    while model.asked - asked < 15:  # noqa: ASYNC110 — the model counts, nobody can set an event
        await asyncio.sleep(0)
    point.expect(ExpectedCall("track", {}))
    await task
    row = next(row for row in what_if.series.rows if row.change.name == "without details")
    assert row.found is not None
    assert row.found.on_expected is not None
    assert row.found.on_expected.after == 1.0
    point.choose_model("local")
    assert what_if.series.base is None
    assert all(row.found is None for row in what_if.series.rows)


async def test_a_model_that_always_answers_the_same_is_asked_once_for_each_change(
    point: PointViewModel, session: Session
) -> None:
    exact = ExactModel()
    session.providers.provider = lambda target: exact  # type: ignore[method-assign,assignment,return-value]
    what_if = WhatIf(point)
    series = what_if.series
    assert series.note.endswith(EXACT)
    assert (series.samples_each, series.trials) == (1, 10)
    count = len(series.chosen)
    assert series.estimate_words.startswith(f"The decision as it was, and {count} changes: {count + 1} requests, ")
    await series.start()
    assert exact.asked == count + 1
    row = next(row for row in series.rows if row.change.name == "without details")
    bar = bar_of(row)
    assert bar is not None
    assert (bar.words, bar.interval) == ("100 % → 0 %: −100 points", Interval(0.0, 0.0))
    assert what_if.base_words == "As it was: details"
    assert series.estimate_words.startswith(f"{count} changes: ")  # as it was is known, and for good
    words = WordsHeat(point)
    await words.series.start()
    assert "exact for this request" in words.title
    assert {line[1] for line in words.table()} == {"exact"}


async def test_what_was_sampled_before_a_model_was_known_to_be_exact_is_sampled_once_more(
    point: PointViewModel, session: Session, model: WordyModel
) -> None:
    await WhatIf(point).series.start()
    exact = ExactModel()
    session.providers.provider = lambda target: exact  # type: ignore[method-assign,assignment,return-value]
    again = WhatIf(point)
    await again.series.start()
    assert exact.asked == len(again.series.chosen) + 1
    assert again.series.base is not None
    assert again.series.base.is_exact


async def test_what_cannot_be_written_down_is_still_shown_and_said(
    point: PointViewModel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    what_if = WhatIf(point)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.app.microscope.kept_results.write_whole", full)
    await what_if.series.start()
    assert "No space left" in what_if.series.problem
    assert any(row.found is not None for row in what_if.series.rows)


async def test_the_heat_of_a_description_tints_the_sentence_that_draws_and_says_so_in_figures(
    point: PointViewModel,
) -> None:
    words = WordsHeat(point)
    assert [line.figure for line in words.lines] == ["?", "?"]
    words.series.ask_times(5)
    await words.start()
    cold, hot = words.lines
    assert (hot.level, hot.figure, hot.token) == (3, "+100", "heat_more_3")
    assert (cold.level, cold.token) == (0, "")
    assert hot.words == "without it 100 % → 0 %: −100 points, at 95 % between −100 and −39"
    assert "5 samples each, on calls of details, at turn-1/round-1" in words.title
    assert hot.confidence
    assert words.table()[1][:3] == ("+100", "+39 to +100", "100 % → 0 %")
    assert [line.figure for line in WordsHeat(point).lines] == ["0", "+100"]


async def test_another_tool_has_a_heat_of_its_own_about_what_is_expected(point: PointViewModel) -> None:
    words = WordsHeat(point)
    point.expect(ExpectedCall("track", {}))
    assert words.tools[:2] == ("details", "track")
    words.choose("track")
    assert words.is_on_expected
    await words.start()
    assert "on calls of track" in words.title
    assert len(words.lines) == 2
    words.choose("gone")
    assert words.lines == ()


async def test_a_duel_tells_words_without_sampling_and_exchanges_with_it(point: PointViewModel) -> None:
    point.expect(ExpectedCall("track", {}))
    duel = Duel(point)
    assert duel.names == ("details", "track")
    await duel.compare_texts()
    assert "is more similar to the request" in duel.verdict
    assert duel.sides[0].strongest.startswith("my +")
    assert "not the model's reason" in duel.label
    assert len(duel.series.rows) == 4
    await duel.series.start()
    found = {row.change.name: row.found for row in duel.series.rows}
    swapped = found["details sentence 2 ⇄ track sentence 1"]
    assert swapped is not None
    assert swapped.on_expected is not None
    assert swapped.on_expected.after == 1.0
    await duel.choose("track", "track")
    assert duel.verdict == "Choose two tools."
    await duel.choose("track", "refund")
    await duel.measure_by("model")
    assert [measure for measure, _ in duel.measures] == ["words", "model"]
    assert len(duel.sides) == 2


async def test_the_map_puts_the_likest_tool_first_and_every_cell_speaks(point: PointViewModel) -> None:
    overlaps = Overlaps(point)
    assert overlaps.names == ()
    await overlaps.compare_texts()
    assert overlaps.names[0] == "details"
    assert overlaps.words.startswith("Most similar to the request: details")
    assert overlaps.text("details", "details") == ""
    assert overlaps.level("details", REQUEST) == 3
    assert overlaps.spoken("details", REQUEST).startswith("details and the request: 0.")
    lines = overlaps.tabbed().splitlines()
    assert lines[0].split("\t") == ["", REQUEST, *overlaps.names]
    assert len(lines) == 4


async def test_without_the_local_model_only_words_are_offered_and_its_failure_is_told(
    point: PointViewModel, session: Session
) -> None:
    session.text_overlaps = TextOverlaps(Letters(is_there=False))
    overlaps = Overlaps(point)
    assert [measure for measure, _ in overlaps.measures] == ["words"]
    await overlaps.measure_by("model")
    assert "not installed" in overlaps.words


async def test_the_models_own_confidence_is_shown_as_its_own_word(point: PointViewModel) -> None:
    shown = Confidence(point)
    assert shown.share is not None
    assert 0 < shown.share <= 1
    assert shown.words.startswith("The model stated a confidence of")
    assert shown.tokens == ()
    assert shown.has_any
