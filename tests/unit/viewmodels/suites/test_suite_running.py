"""What is to be run of a suite, and what it would take."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench.app.session import Session
from workbench.app.suites.suite_plan import SuiteEstimate
from workbench.core.signal import Signal
from workbench.core.variant import ToolEdit, Variant
from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.suites.suite_running import SuiteRunning
from workbench.viewmodels.suites.suites import SuitesViewModel

CASE = '{"id": "a", "request": "Mark it.", "expected": "touch"%s}\n'


def running(folder: Path, home: Path) -> tuple[Session, SuiteRunning]:
    make_project(folder)
    (folder / "suites").mkdir()
    held_out = CASE.replace('"a"', '"b"') % ', "split": "held-out"'
    (folder / "suites" / "gate.jsonl").write_text(CASE % "" + held_out, encoding="utf-8")
    session = open_session(folder, home)
    for name in ("one", "two"):
        session.suites.variants.save(Variant(name=name, tools={"look": ToolEdit(description=name)}))
    changed: Signal[[]] = Signal()
    own = SuiteRunning(session, changed, pytest.fail, lambda progress: None)
    own.forget("gate")
    own.decide(variants=("", "one", "two"))
    return session, own


@pytest.mark.parametrize("ask", [SuiteRunning.estimate, lambda own: own.plan(30, 0)])
@pytest.mark.parametrize("choose", [lambda own: own.decide(trials=3), lambda own: own.let_race(is_on=True)])
async def test_an_estimate_of_what_is_no_longer_chosen_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Any, choose: Callable[[SuiteRunning], None]
) -> None:
    session, own = running(tmp_path / "p", tmp_path / "home")
    begun, go_on, loop, estimated = (
        asyncio.Event(),
        threading.Event(),
        asyncio.get_running_loop(),
        session.suites.estimate,
    )

    def slowly(order: Any) -> SuiteEstimate:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(60)
        return estimated(order)

    monkeypatch.setattr(session.suites, "estimate", slowly)
    asking = asyncio.create_task(ask(own))
    await begun.wait()
    choose(own)
    go_on.set()
    await asking
    assert own.estimate_words == own.prospect_words == ""
    await ask(own)
    assert own.estimate_words
    choose(own)
    assert own.estimate_words == own.prospect_words == ""
    await session.close()


async def _begin(own: SuiteRunning) -> str:
    return await own.run()


async def _race(own: SuiteRunning) -> str:
    own.let_race(is_on=True)
    return await own.run()


@pytest.mark.parametrize("start", [_begin, SuiteRunning.run_pilot, _race, lambda own: own.resume("", "earlier")])
async def test_stop_ends_a_run_that_is_still_beginning_and_nothing_of_it_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: Any
) -> None:
    session, own = running(tmp_path / "p", tmp_path / "home")
    begun, go_on, loop, prepare = asyncio.Event(), threading.Event(), asyncio.get_running_loop(), session.suites.prepare

    def held(*given: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(60)
        return prepare(*given)

    monkeypatch.setattr(session.suites, "prepare", held)
    monkeypatch.setattr("workbench.viewmodels.suites.suite_running.order_of_race", lambda *_: held(own.order))
    starting = asyncio.create_task(start(own))
    await begun.wait()
    assert own.is_running
    assert own.progress_words == "Starting…"
    assert await own.run() == "", "one at a time"
    own.stop()
    go_on.set()
    assert await starting == ""
    assert not own.is_running
    assert session.suites.recorded() == ()
    await session.close()


async def test_generation_can_be_stopped_and_shows_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = running(tmp_path / "p", tmp_path / "home")
    shown: list[Progress] = []
    suites = SuitesViewModel(session, shown.append)
    await suites.choose("gate")
    second = asyncio.Event()

    async def answers_once(*_: Any, **more: Any) -> str:
        if shown[0].done:
            second.set()
            await asyncio.Event().wait()
        return "Is anybody at the gate?"

    monkeypatch.setattr("workbench.app.suites.case_generation.answer_of", answers_once)
    generating = asyncio.create_task(suites.editing.generate("look", 3, "scripted:x", "tune"))
    await second.wait()
    assert suites.editing.generated == "Generating… 1 of 3"
    assert shown[0].stop is not None
    shown[0].stop()
    await asyncio.wait([generating])
    assert generating.cancelled()
    assert shown[0].is_over
    assert suites.editing.generated == ""
    assert suites.suite is not None
    assert suites.suite.cases[-1].request == "Is anybody at the gate?"
    await session.close()


async def test_what_was_stopped_while_it_paused_is_no_longer_called_paused(tmp_path: Path) -> None:
    session, own = running(tmp_path / "p", tmp_path / "home")
    seen: list[str] = []

    def pause_then_stop() -> None:
        if own.progress is not None and own.progress.done and not seen:
            own.pause()
            seen.append(own.progress_words)
            own.stop()

    own.progressed.connect(pause_then_stop)
    await own.run()
    assert seen[0].startswith("paused · ")
    assert "/s" not in seen[0], "it has no speed"
    assert "trials" in own.progress_words
    assert "paused" not in own.progress_words
    await session.close()
