"""A card says what a server does and what the person can do about it; a sign-in waits for the person."""

import asyncio

import msgspec
import pytest

from workbench.app.mcp.mcp_servers import ServerView
from workbench.core.sign_in_plan import SignInPlan
from workbench.viewmodels.mcp.server_list import ServerCard, ToolChangeCard
from workbench.viewmodels.mcp.sign_in_step import PersonInWindow, SignInStep

VIEW = ServerView("maps", "npx maps", "unapproved", is_local=True)
PLAN = SignInPlan(
    server="https://maps.test",
    issuer="https://id.test",
    authorize="https://id.test/go",
    token="https://id.test/token",
    register="",
    client="workbench",
    scopes=(),
)


def card(step: SignInStep | None = None, changes: tuple[ToolChangeCard, ...] = (), **fields: object) -> ServerCard:
    return ServerCard(msgspec.structs.replace(VIEW, **fields), changes, step)


def test_what_is_not_approved_can_only_be_approved() -> None:
    unapproved = card()
    assert unapproved.state == ("not approved: not started", "warn")
    assert (unapproved.can_approve, unapproved.can_start, unapproved.can_sign_in) == (True, False, False)


def test_a_failed_server_says_why_or_asks_for_a_sign_in() -> None:
    assert card(state="failed", failure="no such program").failure == "no such program"
    needy = card(state="failed", sign_in="needed")
    assert needy.state == ("needs a sign-in", "warn")
    assert needy.can_sign_in
    busy = card(SignInStep(), state="failed", sign_in="needed", failure="401")
    assert (busy.state, busy.failure, busy.can_sign_in) == (("signing in…", "busy"), "", False)


@pytest.mark.parametrize(("kind", "can_accept"), [("changed", True), ("new", True), ("gone", False)])
def test_only_tools_that_are_there_can_be_accepted(kind: str, can_accept: bool) -> None:
    change = ToolChangeCard("maps__find", kind, "", ())  # type: ignore[arg-type]
    assert card(state="ready", changes=(change,)).can_accept == can_accept


def test_what_a_server_prints_is_shown_and_remarked() -> None:
    loud = card(state="ready", rubbish_lines=2, rubbish=("hello", "there"), output=" ")
    assert loud.printed == (("Lines that are not messages", "hello\nthere"),)
    assert loud.remarks == ("it also printed 2 lines outside the protocol, shown below",)


async def test_a_sign_in_shows_the_whole_plan_and_waits_for_the_person() -> None:
    steps: list[SignInStep] = []
    visited: list[str] = []
    person = PersonInWindow(steps.append, visited.append)
    asking = asyncio.create_task(person.approves(PLAN))
    await asyncio.sleep(0)
    assert steps[-1].plan == PLAN.shown
    assert not asking.done()
    person.approve()
    assert await asking
    assert steps[-1] == SignInStep()
    await person.visit("https://id.test/go?x")
    assert visited == ["https://id.test/go?x"]
    assert steps[-1].address == "https://id.test/go?x"
