"""G23 · A cluster loses and doubles no trial: a worker is killed, its scheduler goes, and the table is the same."""

import asyncio
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from tests.support.projects import make_project
from tests.support.tally import counted, size
from tests.support.voting import open_session
from workbench.app.session import Session
from workbench.app.suites.cluster import address_of
from workbench.app.suites.suite_order import SuiteOrder
from workbench.app.suites.suite_report import SuiteReport, tag_table
from workbench.core.json_text import JsonObject
from workbench.core.suite.results import SuiteResults
from workbench.core.trace import fold

pytestmark = [pytest.mark.child_process, pytest.mark.log_expected, pytest.mark.timeout(600)]
PROGRAM = Path(__file__).resolve().parents[2] / "packaging" / "cluster.py"
CALLS: list[JsonObject] = [{"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}, {"text": "Done."}]
KEY = "sk-cluster-0123456789abcdef0123456789"
CASES = 12


class Cluster:
    """`make cluster` with two workers."""

    def __init__(self, home: Path, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = log
        self._joined: subprocess.Popen[bytes] | None = None
        environment = {**os.environ, "WORKBENCH_HOME": str(home), "PYTHONWARNINGS": "ignore"}
        order = [sys.executable, str(PROGRAM), "--port", str(self.port), "--threads", "2"]
        with log.open("wb") as errors:
            self._program = subprocess.Popen(order, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self._program.stdout is not None
        words = self._program.stdout.readline().split()
        assert words[:1] == ["Processes:"], log.read_text()
        self.scheduler, *self.workers = map(int, words[1:])

    @property
    def place(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def join(self, home: Path) -> None:
        """One more worker, by hand."""
        certificate = home / "state" / "cluster" / f"{self.port}.pem"
        tls = [f"--tls-{what}={certificate}" for what in ("ca-file", "cert", "key")]
        order = ["--host", "127.0.0.1", "--nthreads", "2", "--no-nanny", "--no-dashboard", *tls]
        module = [sys.executable, "-m", "distributed.cli.dask_worker", f"tls://127.0.0.1:{self.port}"]
        with self.log.open("ab") as errors:
            self._joined = subprocess.Popen([*module, *order], stdout=errors, stderr=errors)

    def close(self) -> None:
        if self._joined is not None:
            self._joined.kill()
            self._joined.wait(60)
        self._program.send_signal(signal.SIGINT)
        assert self._program.wait(60) is not None
        assert self._program.stdout is not None
        self._program.stdout.close()


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    monkeypatch.setenv("SOME_API_KEY", KEY)
    folder = make_project(tmp_path / "project", *CALLS)
    (folder / "suites").mkdir()
    lines: list[JsonObject] = [
        {"id": f"case-{number}", "request": f"Mark {number}.", "expected": "touch" if number % 3 else "look"}
        for number in range(CASES)
    ]
    (folder / "suites" / "gate.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (folder / ".env").write_text(f"SOME_API_KEY={KEY}\n")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    opened = open_session(folder, tmp_path / "home")
    yield opened
    await opened.close()


async def test_a_killed_worker_and_a_lost_scheduler_lose_and_double_nothing(session: Session, tmp_path: Path) -> None:
    alone = await session.suites.begin(SuiteOrder(suite="gate", trials=2)).run()
    with counted("G23", "cluster runs with a worker killed half-way") as tally:
        for number in range(size(1, 3, 10)):
            cluster = await asyncio.to_thread(Cluster, tmp_path / "home", tmp_path / f"cluster-{number}.log")
            try:
                with tally.case(number):
                    if not number:
                        await _check_a_killed_program(cluster, tmp_path / "home")
                    spread, state = await _run_with_a_kill(session, cluster, tmp_path / "home")
                    assert _table(spread) == _table(alone)
                    _check_store(session, spread)
                    assert b"workbench.toml" in state, "this is where the project's files are while a suite runs"
                    assert KEY.encode() not in state
                    assert KEY not in cluster.log.read_text()
                    if not number:
                        await _check_a_lost_scheduler(session, cluster)
            finally:
                await asyncio.to_thread(cluster.close)
            assert not list((tmp_path / "home" / "state" / "cluster").iterdir()), "its certificate is removed"


BRINGS_A_KIT = """
import asyncio, sys
from pathlib import Path
from distributed import Client, WorkerPlugin
from workbench.app.suites.cluster import _caretaker, address_of

class Kit(WorkerPlugin):
    name = "kit"

async def main():
    address, security = address_of(sys.argv[1], Path(sys.argv[2]))
    client = await Client(address, security=security, asynchronous=True, set_as_default=False)
    await client.register_plugin(_caretaker("kit", client.id))
    await client.register_plugin(Kit())
    print("there", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def _check_a_killed_program(cluster: Cluster, home: Path) -> None:
    """It leaves no project on the cluster."""
    folder = home / "state" / "cluster"
    order = [sys.executable, "-c", BRINGS_A_KIT, cluster.place, str(folder)]
    program = await asyncio.create_subprocess_exec(*order, stdout=subprocess.PIPE)
    assert program.stdout is not None
    assert await program.stdout.readline() == b"there\n"
    address, security = address_of(cluster.place, folder)
    async with Client(address, security=security, asynchronous=True, set_as_default=False) as client:
        assert await client.run_on_scheduler(_kits) == ["caretaker of kit", "kit"]
        program.kill()
        await program.wait()
        while await client.run_on_scheduler(_kits):  # noqa: ASYNC110 — another process tells nobody when
            await asyncio.sleep(0.05)
        held = await client.run(lambda dask_worker: "kit" in dask_worker.plugins)
        assert not any(held.values())


def _kits(dask_scheduler: Any) -> list[str]:
    return sorted(name for name in (*dask_scheduler.worker_plugins, *dask_scheduler.plugins) if "kit" in name)


async def _run_with_a_kill(session: Session, cluster: Cluster, home: Path) -> tuple[SuiteResults, bytes]:
    """The first worker dies without a word when a quarter of the trials is there, and the second one once another has
    joined, which so makes the rest. The results, and what the scheduler knew in between."""
    heard: list[int] = []
    is_killed = asyncio.Event()

    def hear(*_: object) -> None:
        heard.append(1)
        if len(heard) == CASES // 2:
            os.kill(cluster.workers[0], signal.SIGKILL)
            runner.pause()
            is_killed.set()

    order = SuiteOrder(suite="gate", trials=2, on=cluster.place)
    runner = session.suites.begin(order, listener=hear)
    running = asyncio.create_task(runner.run())
    await is_killed.wait()
    state = await _scheduler_state(cluster, home)
    await _until_another_joins(cluster, home)
    os.kill(cluster.workers[1], signal.SIGKILL)
    runner.go_on()
    results = await running
    assert len(heard) == 2 * CASES
    return results, state


def _table(results: SuiteResults) -> object:
    grades = {trial.place: trial.grade for trial in results.trials}
    return results.is_complete, grades, tag_table(results), SuiteReport(results).totals[0].wrong


def _check_store(session: Session, results: SuiteResults) -> None:
    suites = session.suites
    lines = (suites.trials.folder / results.run.suite_run_id / "trials.jsonl").read_text().splitlines()
    assert len(lines) == 2 * CASES
    runs = Counter(trial.run_id for trial in results.trials)
    assert set(runs.values()) == {1}
    for run_id in runs:
        trace = fold(session.runs.load(run_id))
        assert trace.finished is not None
        assert [call.outcome for call in trace.calls()] == ["mocked"]


async def _until_another_joins(cluster: Cluster, home: Path) -> None:
    address, security = address_of(cluster.place, home / "state" / "cluster")
    async with Client(address, security=security, asynchronous=True, set_as_default=False) as client:
        known = set(await client.nthreads())
        await asyncio.to_thread(cluster.join, home)
        while not set(await client.nthreads()) - known:  # noqa: ASYNC110 — another process tells nobody when
            await asyncio.sleep(0.05)


async def _scheduler_state(cluster: Cluster, home: Path) -> bytes:
    """All that the scheduler knows, the plugins and what it remembers of tasks included, and its log."""

    def told(dask_scheduler: Any) -> bytes:
        plugins = pickle.dumps(dict(dask_scheduler.worker_plugins))
        story = repr([dask_scheduler.transition_log, dask_scheduler.get_logs(), dask_scheduler.tasks])
        return plugins + story.encode()

    address, security = address_of(cluster.place, home / "state" / "cluster")
    async with Client(address, security=security, asynchronous=True, set_as_default=False) as client:
        found: bytes = await client.run_on_scheduler(told)
    return found


async def _check_a_lost_scheduler(session: Session, cluster: Cluster) -> None:
    heard: list[int] = []

    def hear(*_: object) -> None:
        heard.append(1)
        if len(heard) == CASES // 2:
            os.kill(cluster.scheduler, signal.SIGKILL)

    order = SuiteOrder(suite="gate", trials=2, on=cluster.place, concurrency=2)
    runner = session.suites.begin(order, listener=hear)
    results = await runner.run()
    assert not results.is_complete
    assert f"The cluster {cluster.place} cannot be used" in runner.progress.stopped_by
    resumed = await session.suites.resume(results.run.suite_run_id, SuiteOrder(suite="gate")).run()
    assert resumed.is_complete
    assert len(resumed.trials) == 2 * CASES
