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
from workbench.app.suites.suite_plan import Quote
from workbench.core.signal import Signal
from workbench.core.variant import ToolEdit, Variant
from workbench.viewmodels.suites.suite_running import SuiteRunning

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
async def test_a_quote_of_what_is_no_longer_chosen_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Any, choose: Callable[[SuiteRunning], None]
) -> None:
    session, own = running(tmp_path / "p", tmp_path / "home")
    begun, go_on, loop, quoted = asyncio.Event(), threading.Event(), asyncio.get_running_loop(), session.suites.quote

    def slowly(order: Any) -> Quote:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(60)
        return quoted(order)

    monkeypatch.setattr(session.suites, "quote", slowly)
    asking = asyncio.create_task(ask(own))
    await begun.wait()
    choose(own)
    go_on.set()
    await asking
    assert own.quote_words == own.prospect_words == ""
    await ask(own)
    assert own.quote_words
    await session.close()
