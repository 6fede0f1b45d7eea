"""What a person granted is not asked again, until anything changes or it is revoked."""

import asyncio
from pathlib import Path

import pytest

from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from workbench.app.clock import SystemClock
from workbench.app.rules.grants import GrantRegistry
from workbench.core.approval import DENY_ALL, Decision, Policy
from workbench.core.event import ApprovalGiven, NoteAdded
from workbench.core.grant import CallIdentity, GrantRequest, GrantScope
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool
from workbench.engine.ports import Gate
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
THRICE = script(*(calls(call("touch", at=place)) for place in "aab"), says("Done."))


class Fingerprint:
    """A registry whose answer the test can change."""

    def __init__(self) -> None:
        self.now = "first"

    async def fingerprint(self, tool: Tool) -> str:
        return self.now


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = RunStore(tmp_path / ".workbench", Redactor(), seal_file=tmp_path / "home" / "seal")
    yield opened
    opened.close()


@pytest.fixture
def grants(store: RunStore) -> GrantRegistry:
    return GrantRegistry(store.grants, SystemClock())


def yes(scope: GrantScope, **fields: object) -> Decision:
    return Decision("approve", by="person", grant=GrantRequest(scope, **fields))  # type: ignore[arg-type]


def touching(
    grants: GrantRegistry,
    *decisions: Decision,
    conversation: str = "one",
    tool: Tool = TOUCH,
    policy: Policy | None = None,
    registry: Fingerprint | None = None,
    gate: Gate | None = None,
    body: object = "felt",
) -> ScriptedRun:
    return ScriptedRun(
        THRICE,
        tools=(tool,),
        bodies={"touch": body if callable(body) else lambda _: "felt"},
        approver=Answers(*decisions),
        policy=policy or Policy(),
        grants=grants.of(conversation),
        registry=registry or Fingerprint(),
        gate=gate,
    )


def questions(run: ScriptedRun) -> int:
    return len(run.events("approval.asked"))


def deciders(run: ScriptedRun) -> list[str]:
    return [event.by for event in run.log if isinstance(event, ApprovalGiven)]


async def test_a_grant_for_the_conversation_spares_the_next_questions_and_is_on_record(grants: GrantRegistry) -> None:
    run = touching(grants, yes("conversation"))
    await run.run()
    assert run.outcomes == ["ok", "ok", "ok"]
    assert deciders(run) == ["person", "grant run-1.1.1.1", "grant run-1.1.1.1"]
    note = next(event for event in run.log if isinstance(event, NoteAdded))
    assert "Granted: touch with any arguments, in this conversation" in note.text


async def test_approving_once_grants_nothing(grants: GrantRegistry) -> None:
    run = touching(grants, *[yes("once")] * 3)
    await run.run()
    assert questions(run) == 3
    assert grants.listed() == ()


async def test_a_grant_for_these_arguments_asks_about_others(grants: GrantRegistry) -> None:
    run = touching(grants, yes("conversation", binds="exact"), Decision("reject", by="person"))
    await run.run()
    assert deciders(run) == ["person", "grant run-1.1.1.1", "person"]


async def test_an_edit_grants_the_edited_arguments(grants: GrantRegistry) -> None:
    request = GrantRequest("conversation", "exact")
    edit = Decision("edit", by="person", arguments_json='{"at":"b"}', grant=request)
    run = touching(grants, edit, Decision("reject", by="person"))
    await run.run()
    assert deciders(run) == ["person", "person", "grant run-1.1.1.1"]


async def test_a_permission_by_pattern_that_does_not_fit_what_ran_is_not_kept(grants: GrantRegistry) -> None:
    """An edit away from some arguments must not allow these for later."""
    request = GrantRequest("conversation", "patterns", {"at": "a"})
    edit = Decision("edit", by="person", arguments_json='{"at":"b"}', grant=request)
    run = touching(grants, edit, Decision("reject", by="person"), Decision("reject", by="person"))
    await run.run()
    assert deciders(run) == ["person"] * 3
    assert grants.listed() == ()
    assert any("was not saved" in event.text for event in run.log if isinstance(event, NoteAdded))


async def test_a_grant_for_the_conversation_ends_with_it_and_one_for_the_project_does_not(
    grants: GrantRegistry,
) -> None:
    await touching(grants, yes("conversation")).run()
    other = touching(grants, *[yes("project")], conversation="two")
    await other.run()
    assert questions(other) == 1
    third = touching(grants, conversation="three")
    await third.run()
    assert questions(third) == 0


@pytest.mark.parametrize(
    "changed",
    [
        Tool({**TOUCH.document, "description": "Touch, and tell nobody."}),
        Tool({**TOUCH.document, "annotations": {"readOnlyHint": True}}),
    ],
)
async def test_a_changed_tool_is_asked_about_again(grants: GrantRegistry, changed: Tool) -> None:
    await touching(grants, yes("project")).run()
    run = touching(grants, *[yes("once")] * 3, tool=changed)
    await run.run()
    assert questions(run) == 3


async def test_a_tool_that_runs_something_else_now_is_asked_about_again(grants: GrantRegistry) -> None:
    await touching(grants, yes("project")).run()
    registry = Fingerprint()
    registry.now = "second"
    run = touching(grants, *[yes("once")] * 3, registry=registry)
    await run.run()
    assert questions(run) == 3


async def test_a_revoked_grant_holds_no_longer(grants: GrantRegistry) -> None:
    def revoking(_: JsonObject) -> str:
        grants.revoke_all()
        return "felt"

    run = touching(grants, yes("project"), yes("conversation"), yes("once"), body=revoking)
    await run.run()
    assert deciders(run) == ["person"] * 3
    assert grants.listed() == ()


async def test_a_rule_that_denies_outweighs_a_grant(grants: GrantRegistry) -> None:
    await touching(grants, yes("project")).run()
    run = touching(grants, policy=DENY_ALL)
    await run.run()
    assert run.outcomes == ["rejected"] * 3


async def test_a_rejected_call_grants_nothing(grants: GrantRegistry) -> None:
    no = Decision("reject", by="person", grant=GrantRequest("project"))
    await touching(grants, no, no, no).run()
    assert grants.listed() == ()


async def test_a_listener_of_the_list_hears_of_changes(grants: GrantRegistry) -> None:
    heard: list[int] = []
    stop = grants.changed.connect(lambda: heard.append(len(grants.listed())))
    await touching(grants, yes("project")).run()
    grants.revoke(grants.listed()[0].grant_id)
    stop()
    await touching(grants, yes("conversation")).run()
    assert heard == [1, 0]


async def test_calls_made_together_read_the_grants_once_and_a_revoked_one_does_not_hold(
    store: RunStore, grants: GrantRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = CallIdentity(TOUCH, {"at": "a"}, "e", "f", "")
    kept = grants.add(GrantRequest("project"), identity, call_id=CallId("r.1.1.1"), conversation="one", by="person")
    reads: list[str | None] = []
    read = store.grants.kept
    monkeypatch.setattr(store.grants, "kept", lambda tool=None: (reads.append(tool), read(tool))[1])
    assert [grants.of("one").covering(identity) for _ in range(3)] == [kept] * 3
    assert len(reads) == 1
    assert grants.revoke(kept.grant_id)
    assert grants.of("one").covering(identity) is None
    again = grants.add(GrantRequest("project"), identity, call_id=CallId("r.1.1.2"), conversation="one", by="person")
    await asyncio.sleep(0)
    store.grants.revoke(again.grant_id, 1.0)  # as another program does
    assert grants.of("one").covering(identity) is None
