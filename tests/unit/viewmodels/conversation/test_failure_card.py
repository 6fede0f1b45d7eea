"""Which button fits which failure."""

from typing import get_args

import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, call, calls, fails, says, schema, script
from workbench.core.errors import FailureKind
from workbench.core.limit import RunLimits
from workbench.core.tool import Tool
from workbench.viewmodels.conversation.chat import ChatViewModel
from workbench.viewmodels.conversation.chat_entry import NoticeEntry
from workbench.viewmodels.conversation.failure_card import ACTION_TEXTS, FailureAction, Reach, actions_for

VENDOR = Reach(has_connection=True, key_name="OPENAI_API_KEY")
EXPECTED: dict[FailureKind, set[FailureAction]] = {
    "cut_off": {"try_again"},
    "malformed": {"try_again", "open_connection"},
    "rate_limit": {"try_again"},
    "overloaded": {"try_again"},
    "server": {"try_again"},
    "timeout": {"try_again"},
    "connection": {"try_again", "open_connection"},
    "authentication": {"replace_key", "try_again", "open_connection"},
    "permission": {"replace_key", "try_again", "open_connection"},
    "quota": {"replace_key", "try_again"},
    "not_found": {"open_connection", "try_again"},
    "invalid_request": {"try_again"},
    "refused": set(),
    "unavailable": {"try_again"},
}
LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
BODIES = {"look": lambda arguments: {"seen": arguments["at"]}}


def notices(run: ScriptedRun) -> list[NoticeEntry]:
    chat = ChatViewModel(reach=lambda spec: VENDOR)
    chat.apply(run.log)
    return [entry for entry in chat.entries if isinstance(entry, NoticeEntry)]


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_each_kind_of_failure_offers_exactly_the_buttons_that_fit(kind: FailureKind) -> None:
    assert set(actions_for(kind, VENDOR)) == EXPECTED[kind] | {"copy_details"}


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_a_model_without_a_connection_offers_neither_a_connection_nor_a_key(kind: FailureKind) -> None:
    assert not {"open_connection", "replace_key"} & set(actions_for(kind, Reach()))


def test_a_server_without_a_key_has_none_to_replace() -> None:
    assert "replace_key" not in actions_for("authentication", Reach(has_connection=True))


def test_a_wrong_address_leads_to_the_connection_and_a_request_too_large_is_not_tried_again() -> None:
    assert actions_for("invalid_request", VENDOR, status=405)[0] == "open_connection"
    assert "try_again" not in actions_for("invalid_request", VENDOR, status=413)


def test_every_action_has_a_text() -> None:
    assert set(ACTION_TEXTS) == set(get_args(FailureAction))


async def test_a_failed_request_and_its_failed_run_are_one_card_that_waits_as_long_as_the_server_asks() -> None:
    run = ScriptedRun(script(fails("rate_limit", status=429, retry_after_s=90.0)))
    await run.run()
    (card,) = notices(run)
    assert card.failure is not None
    assert card.failure.actions == ("try_again", "copy_details")
    assert "HTTP 429" in card.figures
    assert "1 round" in card.figures
    sent_at = card.failure.again_at - 90.0
    assert card.failure.text("try_again", sent_at + 60.0) == "Try again in 30 s"
    assert card.failure.text("try_again", sent_at + 91.0) == "Try again"


async def test_a_run_that_failed_after_its_calls_can_go_on_from_them() -> None:
    run = ScriptedRun(
        script(calls(call("look", at="a")), fails("authentication", status=401)), tools=(LOOK,), bodies=BODIES
    )
    await run.run()
    failure = notices(run)[-1].failure
    assert failure is not None
    assert failure.actions == ("continue", "replace_key", "try_again", "open_connection", "copy_details")


async def test_a_limit_is_raised_or_gone_on_from() -> None:
    run = ScriptedRun(
        script(calls(call("look", at="a")), says("Done.")), tools=(LOOK,), bodies=BODIES, limits=RunLimits(rounds=1)
    )
    await run.run()
    card = notices(run)[-1]
    assert card.failure is not None
    assert (card.failure.actions, card.failure.setting) == (
        ("raise_limit", "continue", "copy_details"),
        "limits.rounds",
    )
    assert f"Run: {card.failure.run_id}" in card.details


async def test_an_answer_cut_off_by_its_own_limit_leads_to_that_limit() -> None:
    run = ScriptedRun(script(says("Half a", stop_reason="length")))
    await run.run()
    failure = notices(run)[-1].failure
    assert failure is not None
    assert failure.setting == "request.max_output_tokens"
    assert failure.actions == ("raise_limit", "continue", "try_again", "copy_details")


async def test_an_answer_and_what_was_gone_on_from_offer_nothing() -> None:
    good = ScriptedRun(script(says("Done.")))
    await good.run()
    assert notices(good)[-1].failure is None
    failed = ScriptedRun(script(fails("server", status=400)))
    await failed.run()
    chat = ChatViewModel()
    chat.apply(failed.log)
    changes: list[int] = []
    chat.changed.connect(changes.append)
    chat.apply(good.log)
    assert changes
    assert all(entry.failure is None for entry in chat.entries if isinstance(entry, NoticeEntry))
