"""A service that is killed in the middle of calls, and what is left: a server, its clients and a judge, each a fork.

    python service_ring.py FOLDER HOME NUMBER SEED      NUMBER kills at random moments

Prints one JSON object for each kill.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2

from tests.support.kill_ring import CODE, forked, integrity, judged, tell
from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.session import Session
from workbench.core.event import RunFinished, ToolCallSettled, ToolStarted
from workbench.core.ids import RunId
from workbench.service.server import Service

CLIENTS, CALLS = 6, 8
ALLOWED = TOML.replace('tool = "look"', 'tool = "*"')


def opened(folder: Path, home: Path) -> tuple[Session, Service, str]:
    """The project and its service, which does not listen yet, with a token."""
    session = Session(folder, folders=UserFolders(home, home, home), trust_for_now=True)
    tokens = ClientTokens(session.keys, folder)
    token, _ = tokens.create("ring", ("read", "call", "approve"))
    tools = session.serve(ServiceSettings(), has_person=lambda: True)
    return session, Service(tools, tokens, title="Ring", port=0), token


async def serve(folder: Path, home: Path, told: int) -> None:
    """Serve until the end of this process comes from outside."""
    _, service, token = opened(folder, home)
    await service.start()
    os.write(told, f"{service.url} {token}\n".encode())
    await asyncio.Event().wait()


async def call_on(url: str, token: str, answers: int) -> None:
    """Clients that call one tool after the other, each with a mark of its own, until the service is gone."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=60) as http:

        async def client(name: int) -> None:
            for number in range(CALLS):
                mark = f"{name}-{number}"
                found = (await http.post("/v1/tools/touch/call", json={"arguments": {"mark": mark}})).json()
                line = json.dumps({"mark": mark, "run_id": found["run_id"], "outcome": found["outcome"]})
                os.write(answers, f"{line}\n".encode())

        await asyncio.gather(*map(client, range(CLIENTS)), return_exceptions=True)


async def judge(folder: Path, home: Path, answered: list[dict[str, Any]], verdict: dict[str, Any]) -> None:
    """Serve what is left again, go on with what was interrupted, and count."""
    session, service, token = opened(folder, home)
    await service.start()
    headers = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=service.url, headers=headers, trust_env=False, timeout=60) as http:
        for answer in answered:
            events = (await http.get(f"/v1/runs/{answer['run_id']}/events", headers={"last-event-id": "2"})).text
            numbers = [int(line[4:]) for line in events.splitlines() if line.startswith("id: ")]
            verdict["lost"] += numbers != list(range(3, 3 + len(numbers))) or "event: run.finished" not in events
            verdict["lost"] += answer["outcome"] != "ok"
    for run_id in tuple(session.interrupted):
        await session.runs.resume(run_id).finished()
    audit = (folder / ".workbench" / "service.jsonl").read_text().splitlines()
    noted = {line["run"] for line in map(json.loads, audit) if line["act"] == "call"}
    marks = Counter((folder / "marks.txt").read_text().split() if (folder / "marks.txt").exists() else [])
    for answer in answered:
        verdict["lost"] += marks[answer["mark"]] != 1 or answer["run_id"] not in noted
    rows = session.runs.recorded()
    for row in rows:
        log = list(session.runs.load(RunId(row.run_id)))
        started = sum(isinstance(event, ToolStarted) for event in log)
        settled = sum(isinstance(event, ToolCallSettled) for event in log)
        verdict["open"] += not isinstance(log[-1], RunFinished) or settled < started
        verdict["twice"] += started > 1
    verdict["twice"] += sum(count > 1 for count in marks.values())
    verdict["torn"] = int(integrity(session.store.path) != "ok")
    verdict["runs"], verdict["marks"] = len(rows), len(marks)
    await service.stop()
    await session.close()


def one(folder: Path, home: Path, number: int, delay_s: float) -> dict[str, Any]:
    """A service, killed after its first answer and `delay_s` more."""
    project = make_project(folder / f"{number}", toml=ALLOWED, code=CODE)
    reading, writing = os.pipe()
    server = forked(lambda: asyncio.run(serve(project, home, writing)))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        url, token = pipe.readline().split()
    path = folder / f"{number}.answers"
    answers = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    clients = forked(lambda: asyncio.run(call_on(url, token, answers)))
    os.close(answers)
    while not path.stat().st_size and os.waitpid(clients, os.WNOHANG) == (0, 0):
        time.sleep(0.002)
    time.sleep(delay_s)
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
    os.waitpid(clients, 0)
    answered = [json.loads(line) for line in path.read_text().splitlines()]
    verdict: dict[str, Any] = {"number": number, "answered": len(answered)}
    verdict |= dict.fromkeys(("lost", "open", "twice", "torn", "broken"), 0)
    return judged(verdict, lambda: judge(project, home, answered, verdict))


def main(folder: Path, home: Path, count: int, seed: int) -> None:
    """Print the verdicts."""
    chance = random.Random(seed)
    for number in range(count):
        tell(one(folder, home, number, chance.uniform(0.0, 0.4)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
