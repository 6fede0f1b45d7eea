"""Runs that are killed, and what is left of them: one program that forks a run, kills it, and lets a fork look.

    python kill_ring.py FOLDER HOME NUMBER SEED      NUMBER kills at random moments of a run
    python kill_ring.py FOLDER HOME steps NUMBER     one at every NUMBERth event, and one after every claim

Prints one JSON object for each kill. Importing the workbench takes longer than a run; a fork has it already.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.approval import Approval, Decision
from workbench.core.event import CRITICAL, ApprovalGiven, RunEvent, RunFinished, ToolStarted, kind_of
from workbench.core.ids import RunId
from workbench.core.trace import fold
from workbench.engine.ports import Claim

LIMIT_S = 120.0
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "text": "Two marks and a look, in words that take a moment.",
        "calls": [
            {"tool": "touch", "arguments": {"mark": "a"}},
            {"tool": "look", "arguments": {"at": "here"}},
            {"tool": "touch", "arguments": {"mark": "b"}},
        ],
        "delay_s": 0.005,
    },
    {"calls": [{"tool": "touch", "arguments": {"mark": "c"}}], "delay_s": 0.005},
    {"text": "Marked."},
)
CODE = """\
import os
import time


def touch(mark):
    time.sleep(0.01)
    with open("marks.txt", "a", encoding="utf-8") as file:
        file.write(mark + "\\n")
    time.sleep(0.01)
    return "left"


def look(at="here"):
    return {"seen": at}
"""


async def be_run(folder: Path, home: Path, acks: int, step: int, claim: int) -> None:
    """A run that acknowledges what is on disk, asks about every touch, and dies at an event or after a claim."""
    session = Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)

    def heard(event: RunEvent) -> None:
        if isinstance(event, CRITICAL):
            session.store.flush()
            os.write(acks, f"{event.seq}\n".encode())
        if event.seq == step:
            die()

    claims = 0
    real_claim = session.store.claim

    async def dying_claim(run_id: RunId, approval: Approval) -> Claim:
        nonlocal claims
        answer = await real_claim(run_id, approval)
        claims += 1
        if claims == claim:
            die()
        return answer

    session.store.claim = dying_claim  # type: ignore[method-assign]
    live = session.runs.start("Mark it.", listener=heard)
    async with asyncio.TaskGroup() as group:
        saying_yes = group.create_task(say_yes(session))
        finished = await live.finished()
        os.write(acks, f"end {finished.seq}\n".encode())
        saying_yes.cancel()
    await session.close()


async def say_yes(session: Session) -> None:
    """A person who takes five milliseconds to approve."""
    while True:
        await asyncio.sleep(0.005)
        for question in session.desk.pending:
            session.desk.answer(question.call_id, question.shown_hash, Decision("approve", by="person"))


async def look_after(folder: Path, home: Path, verdict: dict[str, Any]) -> None:
    """Open what is left, judge it, go on with the run to its end, and judge again."""
    verdict["last"] = last_event(folder / ".workbench" / "runs.sqlite")
    begun = time.perf_counter()
    session = Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)
    rows = session.runs.recorded()
    verdict["restart_s"] = round(time.perf_counter() - begun, 3)
    acknowledged = verdict["acknowledged"]
    if not rows:
        verdict["lost"] = len(acknowledged)
        await session.close()
        return
    run_id = rows[0].run_id
    events = session.store.events(run_id)
    seqs = [event.seq for event in events]
    verdict["lost"] = len(set(acknowledged) - set(seqs))
    verdict["gaps"] = int(seqs != list(range(1, len(seqs) + 1)))
    verdict["torn"] = int(integrity(session.store.path) != "ok")
    trace = fold(events)
    waiting = {call.call_id for call in trace.calls() if call.state == "waiting"}
    verdict["left_open"] = sum(1 for call in trace.calls() if call.started and call.settled is None)
    if trace.finished is None:
        verdict["offered"] = run_id in session.interrupted
        live = session.runs.resume(run_id)
        async with asyncio.TaskGroup() as group:
            saying_yes = group.create_task(say_yes(session))
            await live.finished()
            saying_yes.cancel()
    final = session.store.events(run_id)
    asked_again = {event.call_id for event in final[len(events) :] if kind_of(event) == "approval.asked"}
    verdict["not_asked_again"] = len(waiting - asked_again) if trace.finished is None else 0
    verdict["unfinished"] = int(not isinstance(final[-1], RunFinished))
    started = [event.call_id for event in final if isinstance(event, ToolStarted)]
    given = {event.call_id: event.seq for event in reversed(final) if isinstance(event, ApprovalGiven)}
    verdict["started_twice"] = len(started) - len(set(started))
    verdict["unapproved"] = sum(
        1 for event in final if isinstance(event, ToolStarted) and given.get(event.call_id, 10**9) > event.seq
    )
    marks = (folder / "marks.txt").read_text().split() if (folder / "marks.txt").exists() else []
    verdict["effects_twice"] = len(marks) - len(set(marks))
    verdict["outcomes"] = sorted({str(call.outcome) for call in fold(final).calls()})
    verdict["wrong_outcomes"] = int(not set(verdict["outcomes"]) <= {"ok", "unknown"})
    await session.close()


def last_event(path: Path) -> str:
    """The kind of the last event that is on disk, before anything has looked after it."""
    if not path.exists():
        return "nothing"
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT kind FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    except sqlite3.Error:
        return "nothing"
    finally:
        connection.close()
    return str(row[0]) if row else "nothing"


def integrity(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def forked(act: Callable[[], None]) -> int:
    """Run `act` in a fork and return its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        act()
        code = 0
    except BaseException as error:  # noqa: BLE001 — door: a fork must not return into its parent's code
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    os._exit(code)


def judged(verdict: dict[str, Any], judge: Callable[[], Coroutine[Any, Any, None]]) -> dict[str, Any]:
    """What a fork makes of the verdict, `broken` where it died."""
    reading, writing = os.pipe()

    def act() -> None:
        asyncio.run(judge())
        os.write(writing, json.dumps(verdict).encode())

    looker = forked(act)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(looker, 0)
    found: dict[str, Any] = json.loads(told) if told else verdict | {"broken": 1}
    return found


def one(
    folder: Path, home: Path, number: int, *, delay_s: float | None, step: int = 0, claim: int = 0
) -> dict[str, Any]:
    """One run, killed; then the verdict about it."""
    project = make_project(folder / f"{number}", *ANSWERS, code=CODE)
    acks = folder / f"{number}.acks"
    ack_file = os.open(acks, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    begun = time.perf_counter()
    child = forked(lambda: asyncio.run(be_run(project, home, ack_file, step, claim)))
    os.close(ack_file)
    if delay_s is not None:
        time.sleep(delay_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    lines = acks.read_text().split("\n")
    verdict: dict[str, Any] = {
        "number": number,
        "step": step,
        "claim": claim,
        "delay_s": delay_s,
        "killed": os.WIFSIGNALED(status),
        "took_s": round(time.perf_counter() - begun, 3),
        "events": next((int(line.split()[1]) for line in lines if line.startswith("end")), 0),
        "acknowledged": [int(line) for line in lines if line.isdecimal()],
    }
    found = judged(verdict, lambda: look_after(project, home, verdict))
    found.pop("acknowledged", None)
    return found


def tell(verdict: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(verdict) + "\n")
    sys.stdout.flush()


def main(folder: Path, home: Path, how: str, more: str) -> None:
    """Print the verdicts."""
    whole = one(folder, home, 0, delay_s=None)
    tell(whole)
    if how == "steps":
        for step in range(1, whole["events"] + 1, int(more)):
            tell(one(folder, home, step, delay_s=None, step=step))
        for claim in range(1, 5):
            tell(one(folder, home, 1000 + claim, delay_s=None, claim=claim))
        return
    chance = random.Random(int(more))
    warm = one(folder, home, -1, delay_s=None)  # the first run of all takes longer than those that are killed
    for number in range(1, int(how) + 1):
        tell(one(folder, home, number, delay_s=chance.uniform(0.0, warm["took_s"] * 1.05)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
