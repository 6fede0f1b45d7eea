"""Deciding is a compare-and-set in the database: one decision, about what was shown, in time, starts a call once."""

import asyncio
import sqlite3
from pathlib import Path

import msgspec
import pytest

from tests.support.runs import ScriptedRun
from tests.support.scripts import call, calls, says, script
from workbench.core.approval import Approval
from workbench.core.event import ApprovalAsked, ApprovalGiven, ToolCallSettled
from workbench.core.ids import CallId, RunId, call_span
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.store.migrations import STEPS
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

RUN, CALL = RunId("r"), CallId("r.1.1.1")
SPAN = call_span(1, 1, 0)
YES = Approval(CALL, "shown", "shown", "approve", "person", at=20.0)
BY_RULE = msgspec.structs.replace(YES, was_asked=False, by="policy")


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    opened = RunStore(tmp_path / ".workbench", Redactor())
    yield opened
    opened.close()


def ask(
    store: RunStore, shown: str = "shown", *, expires_at: float | None = None, at: float = 10.0, seq: int = 1
) -> None:
    log = EventLog()
    store.follow(log)
    event = ApprovalAsked(
        run_id=RUN, seq=1, at=at, span=SPAN, call_id=CALL, rule="ask *", wants="decision", shown_hash=shown,
        expires_at=expires_at,
    )  # fmt: skip
    store._writer.append(msgspec.structs.replace(event, seq=seq))


def rows(store: RunStore, query: str) -> list[tuple[object, ...]]:
    store.flush()
    return store._read(query, ())


async def test_the_decision_and_the_start_of_the_call_are_one_transaction(store: RunStore) -> None:
    ask(store)
    assert await store.claim(RUN, YES) == "claimed"
    assert rows(store, "SELECT shown_hash, decision, decided_by, decided_at, runs_hash FROM approvals") == [
        ("shown", "approve", "person", 20.0, "shown")
    ]
    assert rows(store, "SELECT call_id, shown_hash FROM claims") == [(CALL, "shown")]


async def test_a_start_that_fails_leaves_no_decision_behind(store: RunStore) -> None:
    ask(store)
    store.flush()
    spoiler = sqlite3.connect(store.path)
    spoiler.execute("CREATE TRIGGER no_claims BEFORE INSERT ON claims BEGIN SELECT RAISE(ABORT, 'no'); END")
    spoiler.commit()
    with pytest.raises(Exception, match="cannot be saved"):
        await store.claim(RUN, YES)
    assert rows(store, "SELECT decision FROM approvals") == [(None,)]
    spoiler.execute("DROP TRIGGER no_claims")
    spoiler.commit()
    spoiler.close()
    assert await store.claim(RUN, YES) == "claimed"


@pytest.mark.parametrize(
    "approval",
    [
        msgspec.structs.replace(YES, asked_hash="other", runs_hash="other"),
        msgspec.structs.replace(YES, call_id=CallId("r.1.1.2")),
        *(
            msgspec.structs.replace(YES, decision=word)
            for word in ("reject", "mock", "stop", "expire", "", "APPROVE", "yes")
        ),
    ],
)
async def test_nothing_starts_on_a_decision_about_something_else_or_one_that_is_no_yes(
    store: RunStore, approval: Approval
) -> None:
    ask(store)
    assert await store.claim(RUN, approval) == "refused"
    assert rows(store, "SELECT * FROM claims") == []


async def test_a_question_nobody_asked_cannot_be_approved(store: RunStore) -> None:
    assert await store.claim(RUN, YES) == "refused"


@pytest.mark.parametrize("approval", [YES, BY_RULE])
async def test_a_call_starts_once_in_its_life(store: RunStore, tmp_path: Path, approval: Approval) -> None:
    ask(store)
    answers = await asyncio.gather(*(store.claim(RUN, approval) for _ in range(20)))
    assert sorted(answers) == ["again"] * 19 + ["claimed"]
    ask(store, seq=2)
    assert await store.claim(RUN, approval) == "again"
    store.close()
    again = RunStore(tmp_path / ".workbench", Redactor())
    assert await again.claim(RUN, approval) == "again"
    again.close()


async def test_two_programs_cannot_both_start_a_call(store: RunStore, tmp_path: Path) -> None:
    other = RunStore(tmp_path / ".workbench", Redactor())
    ask(store)
    store.flush()
    assert sorted(await asyncio.gather(store.claim(RUN, YES), other.claim(RUN, YES))) == ["again", "claimed"]
    other.close()


async def test_a_decision_after_the_question_has_expired_starts_nothing(store: RunStore) -> None:
    ask(store, expires_at=19.9)
    assert await store.claim(RUN, YES) == "expired"
    ask(store, expires_at=20.0, seq=2)
    assert await store.claim(RUN, YES) == "claimed"


async def test_a_decision_after_a_no_starts_nothing(store: RunStore) -> None:
    ask(store)
    store._writer.append(
        ApprovalGiven(run_id=RUN, seq=2, at=15.0, span=SPAN, call_id=CALL, decision="reject", by="person")
    )
    assert await store.claim(RUN, YES) == "refused"


async def test_a_decision_after_the_call_was_settled_starts_nothing(store: RunStore) -> None:
    ask(store)
    store._writer.append(
        ToolCallSettled(
            run_id=RUN, seq=2, at=15.0, span=SPAN, call_id=CALL, outcome="cancelled", result_text="", is_error=True
        )
    )
    assert await store.claim(RUN, YES) == "refused"
    assert await store.claim(RUN, BY_RULE) == "refused"


async def test_a_decision_about_a_question_that_was_asked_again_starts_nothing(store: RunStore) -> None:
    ask(store)
    ask(store, "shown after a change", seq=2)
    assert await store.claim(RUN, YES) == "refused"


async def test_a_call_that_rests_on_a_revoked_grant_does_not_start(store: RunStore) -> None:
    store._writer.submit(
        lambda connection: connection.execute("INSERT INTO grants VALUES ('g', 'touch', x'00', '', 1.0, 2.0)")
    ).result(10)
    assert await store.claim(RUN, msgspec.structs.replace(BY_RULE, grant_id="g")) == "refused"


def test_a_history_from_before_approvals_had_rows_is_brought_along(tmp_path: Path) -> None:
    folder = tmp_path / ".workbench"
    folder.mkdir()
    old = sqlite3.connect(folder / "runs.sqlite")
    old.executescript(f"{STEPS[0]} PRAGMA user_version = 1; INSERT INTO claims VALUES ('r.1.1.1', 'r', 'shown', 1.0);")
    old.close()
    store = RunStore(folder, Redactor())
    assert asyncio.run(store.claim(RUN, BY_RULE)) == "again"
    assert store.grants.kept() == ()
    store.close()


async def test_a_whole_run_leaves_one_row_for_each_call(store: RunStore) -> None:
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(
        script(calls(call("ping"), call("ping")), says("Done.")),
        tools=(Tool.make("ping", "Ping."),),
        bodies={"ping": lambda _: "pong"},
        log=log,
        gate=store,
    )
    await run.run()
    assert run.outcomes == ["ok", "ok"]
    assert rows(store, "SELECT decision, decided_by FROM approvals") == [("approve", "policy")] * 2
