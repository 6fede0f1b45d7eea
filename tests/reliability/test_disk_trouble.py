"""G18 · Nothing is lost when the disk is in trouble: no crash, a clear message, and the conversation can be saved."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.runs import RUN_ID, Body, ScriptedRun
from tests.support.scripts import TEXT, call, calls, says, schema, script
from tests.support.tally import counted
from workbench.core.errors import StoreError
from workbench.core.event import ToolStarted
from workbench.core.json_text import JsonObject
from workbench.core.log import EventLog
from workbench.core.tool import Tool
from workbench.store.migrations import CURRENT, STEPS
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

TOUCH = Tool.make("touch", "Touch.", schema("at", at=TEXT))
LONG = "a long answer " * 2_000

pytestmark = pytest.mark.timeout(300)


def opened(folder: Path) -> RunStore:
    return RunStore(folder / "history", Redactor())


async def talk(store: RunStore, body: Body = lambda _: "felt") -> ScriptedRun:
    """A run of two calls, kept in the store as far as the disk lets it."""
    log = EventLog()
    store.follow(log)
    run = ScriptedRun(
        script(calls(call("touch", at="a")), calls(call("touch", at="b")), says(LONG)),
        tools=(TOUCH,),
        bodies={"touch": body},
        log=log,
        gate=store,
    )
    await run.run()
    return run


def can_be_saved_elsewhere(run: ScriptedRun, folder: Path) -> None:
    """What is in memory goes into another history as it is."""
    other = RunStore(folder / "elsewhere", Redactor())
    log = EventLog()
    other.follow(log)
    for event in run.log:
        log.append(event)
    other.flush()
    assert other.events(RUN_ID) == list(run.log)
    other.close()


def refuses_to_write(store: RunStore) -> str:
    with pytest.raises(StoreError) as caught:
        store.flush()
    assert caught.value.hint, "the message gives no way out"
    return str(caught.value)


async def disk_full(folder: Path) -> None:
    store = opened(folder)
    leave_room(store, 1)
    run = await talk(store)
    assert run.trace.finished is not None
    claims = store._read("SELECT count(*) FROM claims", ())[0][0]
    assert len(run.bodies.ran) == claims < 2, "a call that could not be recorded was run"
    assert run.settled[-1].error_kind == "not_recorded"
    assert "full" in refuses_to_write(store)
    assert "full" in store.failure
    can_be_saved_elsewhere(run, folder)
    store.close()
    opened(folder).close()


async def full_in_mid_run(folder: Path) -> None:
    store = opened(folder)

    def fill(arguments: JsonObject) -> str:
        if arguments == {"at": "b"}:
            leave_room(store, 0)
        return "felt"

    run = await talk(store, fill)
    assert run.outcomes == ["ok", "ok"]
    assert "full" in refuses_to_write(store)
    can_be_saved_elsewhere(run, folder)
    store.close()
    again = opened(folder)
    kept = again.events(RUN_ID)
    assert kept == list(run.log)[: len(kept)], "what is on disk is not the beginning of what happened"
    assert sum(isinstance(event, ToolStarted) for event in kept) == 2, "a call ran without being on record"
    again.recover()
    again.close()


def leave_room(store: RunStore, pages: int) -> None:
    """The disk has room for this many pages more."""
    used = store._read("PRAGMA page_count", ())[0][0]
    store._writer.submit(lambda connection: connection.execute(f"PRAGMA max_page_count = {used + pages}")).result(10)


async def no_folder(folder: Path) -> None:
    (folder / "history").write_text("in the way", encoding="utf-8")
    store = opened(folder)
    run = await talk(store)
    store.flush()
    assert "not kept" in store.notice
    assert run.outcomes == ["ok", "ok"]
    store.close()


async def locked(folder: Path) -> None:
    store = opened(folder)
    store._writer.submit(lambda c: c.execute("PRAGMA busy_timeout = 1")).result(10)
    blocker = sqlite3.connect(store.path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    run = await talk(store)
    assert run.bodies.ran == []
    assert "locked" in refuses_to_write(store)
    can_be_saved_elsewhere(run, folder)
    blocker.execute("ROLLBACK")
    blocker.close()
    store.flush()
    assert store.events(RUN_ID) == list(run.log)
    store.close()


async def corrupt_page(folder: Path) -> None:
    store = opened(folder)
    await talk(store)
    store.flush()
    store.close()
    path = folder / "history" / "runs.sqlite"
    content = bytearray(path.read_bytes())
    for at in range(4096, len(content), 4096):
        content[at : at + 200] = b"\xff" * 200
    path.write_bytes(content)
    await declared(folder)
    assert path.read_bytes() == bytes(content), "a damaged history was changed"


async def cut_short(folder: Path) -> None:
    store = opened(folder)
    await talk(store)
    store.flush()
    store.close()
    path = folder / "history" / "runs.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    await declared(folder)


async def declared(folder: Path) -> None:
    """Opening and reading a damaged history raises what is declared, with a way out, and nothing else."""
    with pytest.raises(StoreError) as caught:
        read_all(folder)
    assert caught.value.hint


def read_all(folder: Path) -> None:
    store = opened(folder)
    try:
        store.recover()
        store.recorded()
        store.events(RUN_ID)
    finally:
        store.close()


async def not_a_database(folder: Path) -> None:
    (folder / "history").mkdir()
    (folder / "history" / "runs.sqlite").write_bytes(b"no database " * 1000)
    await declared(folder)


async def old_format(folder: Path) -> None:
    for version in range(CURRENT):
        place = folder / f"{version}"
        (place / "history").mkdir(parents=True)
        connection = sqlite3.connect(place / "history" / "runs.sqlite")
        connection.executescript("".join(STEPS[:version]) + f"PRAGMA user_version = {version};")
        connection.close()
        store = opened(place)
        run = await talk(store)
        store.flush()
        assert store.events(RUN_ID) == list(run.log)
        store.close()


async def format_of_tomorrow(folder: Path) -> None:
    opened(folder).close()
    connection = sqlite3.connect(folder / "history" / "runs.sqlite")
    connection.execute(f"PRAGMA user_version = {CURRENT + 1}")
    connection.close()
    with pytest.raises(StoreError, match="Update the workbench"):
        opened(folder)


async def taken_away(folder: Path) -> None:
    store = opened(folder)
    for path in (folder / "history").glob("runs.sqlite*"):
        path.unlink()
    run = await talk(store)
    assert run.trace.finished is not None
    can_be_saved_elsewhere(run, folder)
    store.close()


TROUBLES: dict[str, Callable[[Path], Awaitable[None]]] = {
    "no space left": disk_full,
    "no space left in mid-run": full_in_mid_run,
    "a file where the folder should be": no_folder,
    "a database somebody else has locked": locked,
    "damaged pages": corrupt_page,
    "a database cut short": cut_short,
    "a file that is no database": not_a_database,
    "every older format": old_format,
    "a newer format": format_of_tomorrow,
    "a history that is deleted while it is open": taken_away,
}


async def test_trouble_with_the_disk_costs_nothing_and_is_said_clearly(tmp_path: Path) -> None:
    with counted("G18", "kinds of trouble with the disk") as tally:
        for number, (name, suffer) in enumerate(TROUBLES.items()):
            (tmp_path / f"{number}").mkdir()
            with tally.case(name):
                await suffer(tmp_path / f"{number}")
