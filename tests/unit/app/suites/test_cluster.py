"""A suite run on a cluster: what is sent there, and what is said where it cannot be used."""

import asyncio
import json
import pickle
import tempfile
import threading
from collections.abc import Callable, Generator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from distributed import Security

from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench import __version__
from workbench.app.runs.runs import Runs
from workbench.app.session import Session
from workbench.app.suites.cluster import address_of, version_trouble, workbench_trouble
from workbench.app.suites.cluster_kit import TrialKit, make_kit
from workbench.app.suites.cluster_worker import TrialPlugin, _Trials
from workbench.app.suites.suite_order import SuiteOrder, check_place
from workbench.core.errors import UsageError
from workbench.core.suite.case import CaseTurn
from workbench.core.suite.results import SuiteResults
from workbench.core.tool import Tool, Toolset
from workbench.store.runs import RunStore

KEY = "sk-kit-0123456789abcdef0123456789"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = make_project(tmp_path / "project")
    (project / "suites").mkdir()
    case = {"id": "look", "request": "What is at the gate?", "expected": "look"}
    (project / "suites" / "gate.jsonl").write_text(json.dumps(case))
    return project


def kit_of(session: Session) -> TrialKit:
    suites = session.suites
    order = SuiteOrder(suite="gate")
    results = suites.begin(order).results
    return make_kit(results, suites.arms(suites.files.load("gate"), order), suites._parts)


async def test_workers_get_the_project_without_its_hidden_files(folder: Path, tmp_path: Path) -> None:
    (folder / ".env").write_text(f"OPENAI_API_KEY={KEY}")
    (folder / "python" / "build").mkdir()
    (folder / "python" / "build" / "more.py").write_text("MORE = 1\n")
    (folder / "link.txt").symlink_to(tmp_path)
    session = open_session(folder, tmp_path / "home")
    kit = kit_of(session)
    assert set(kit.files) == {
        *("workbench.toml", "script.json", "tools/look.json", "tools/touch.json", "python/marks.py"),
        "python/build/more.py",
    }
    again = pickle.loads(pickle.dumps(kit))
    assert again.arms == kit.arms
    assert again.own.names == kit.own.names
    assert again.open_project is Session
    await session.close()


async def test_a_key_in_a_file_is_not_sent(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (folder / "notes.txt").write_text(f"use {KEY}")
    session = open_session(folder, tmp_path / "home")
    with pytest.raises(UsageError, match=r"notes\.txt contains a key"):
        kit_of(session)
    await session.close()


@pytest.mark.parametrize(
    "on", ["dask://", "dask://host", "dask://host:0", "dask://host:99999", "tcp://host:1", "there"]
)
def test_a_place_that_is_none_is_refused(on: str) -> None:
    with pytest.raises(UsageError, match="dask://HOST:PORT"):
        check_place(on)


async def test_a_cluster_that_is_not_there_costs_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.app.suites.cluster.CONNECT_S", 0.2)
    session = open_session(folder, tmp_path / "home")
    own = Security.temporary()
    session.folders.cluster_folder.mkdir(parents=True)
    (session.folders.cluster_folder / "1.pem").write_text(f"{own.tls_client_key}{own.tls_client_cert}")
    with pytest.raises(UsageError, match="cannot be reached"):
        session.suites.begin(SuiteOrder(suite="gate", on="dask://127.0.0.1:1"))
    assert session.suites.recorded() == (), "nothing is kept"
    assert not [thread for thread in threading.enumerate() if thread.name == "background loop"]
    await session.close()


@pytest.mark.parametrize("where", ["case", "tool"])
async def test_a_key_in_a_case_or_in_a_tool_of_a_server_is_not_sent(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    session = open_session(folder, tmp_path / "home")
    suites, order = session.suites, SuiteOrder(suite="gate")
    (case,) = suites.files.load("gate").cases
    arms = suites.arms(suites.files.load("gate"), order)
    request = f"Look with {KEY}." if where == "case" else "Look."
    asked = msgspec.structs.replace(case, turns=(CaseTurn(request, case.turns[0].expected),))
    results = SuiteResults(suites.begin(order).results.run, {asked.key: asked}, ())
    if where == "tool":
        far = Tool.make("far", f"Needs {KEY}.")
        monkeypatch.setattr(Runs, "toolset", Toolset([*session.toolset, far]))
    with pytest.raises(UsageError, match=f"the {where}s contain a key"):
        make_kit(results, arms, suites._parts)
    await session.close()


class Workers:
    """Stands for Dask's client and one worker, in this process. `versions` are those it has, one a look."""

    status = "running"

    def __init__(self, *versions: str) -> None:
        self.versions = list(versions)
        self.plugin: Any = None
        self.is_closed = False

    def __call__(self, address: str, **_: object) -> "Workers":
        return self

    def __await__(self) -> Generator[Any, None, "Workers"]:
        return self._ready().__await__()

    async def _ready(self) -> "Workers":
        return self

    async def nthreads(self) -> dict[str, int]:
        return {"w": 1}

    async def get_versions(self, *, check: bool) -> dict[str, Any]:
        return {"client": {"packages": {}}, "scheduler": {"packages": {}}, "workers": {}}

    async def run(self, act: object, *, on_error: str) -> dict[str, str]:
        return {"w": self.versions.pop(0)}

    async def register_plugin(self, plugin: TrialPlugin) -> None:
        self.plugin = plugin
        if len(self.versions) == 0:
            plugin.setup(None)  # type: ignore[arg-type]

    def submit(self, _: object, __: str, arm: str, case: str, number: int, **more: object) -> Any:
        task = asyncio.ensure_future(self.plugin.trial(arm, case, number))
        task.release = lambda: None  # type: ignore[attr-defined]
        return task

    async def unregister_worker_plugin(self, name: str) -> None:
        await self.plugin.teardown(None)

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def with_workers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Workers], Workers]:
    def use(workers: Workers) -> Workers:
        monkeypatch.setattr("workbench.app.suites.cluster.Client", workers)
        monkeypatch.setattr("workbench.app.suites.cluster.address_of", lambda *_: ("tls://there:1", None))
        return workers

    return use


ON_CLUSTER = SuiteOrder(suite="gate", on="dask://there:1")


async def test_a_run_of_a_worker_is_on_disk_before_its_trial(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_workers: Callable[[Workers], Workers]
) -> None:
    workers = with_workers(Workers(__version__))
    session = open_session(folder, tmp_path / "home")
    told: list[str] = []

    async def written(store: RunStore) -> None:
        told.append(f"written in {store.folder.name}")
        await plain(store)

    plain = RunStore.written
    monkeypatch.setattr(RunStore, "written", written)
    runner = session.suites.begin(ON_CLUSTER, listener=lambda *_: told.append("trial"))
    await runner.run()
    assert told[-2:] == ["written in suites", "trial"]
    assert told.count("written in suites") == 2, "once on the worker, and once here"
    assert workers.is_closed
    await session.close()


async def test_a_worker_of_another_version_that_joins_ends_the_run_in_clear_words(
    folder: Path, tmp_path: Path, with_workers: Callable[[Workers], Workers]
) -> None:
    with_workers(Workers(__version__, "0.0.1"))
    session = open_session(folder, tmp_path / "home")
    runner = session.suites.begin(ON_CLUSTER)
    results = await runner.run()
    assert f"worker w has the workbench 0.0.1, and here it is {__version__}" in runner.progress.stopped_by
    assert [trial.grade for trial in results.trials] == [None]
    await session.close()


async def test_a_project_that_cannot_be_opened_leaves_nothing_on_a_worker(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(folder, tmp_path / "home")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()

    def fail(*_: object, **__: object) -> None:
        raise OSError("no room")

    kit = msgspec.structs.replace(kit_of(session), open_project=fail)
    trials = _Trials(kit)
    for _ in range(3):
        line, _ = await trials.make(next(iter(kit.arms)), next(iter(kit.cases)), 1)
        assert b"no room" in line
    assert len(list((tmp_path / "temp").iterdir())) == 1
    await trials.close()
    assert list((tmp_path / "temp").iterdir()) == []
    await session.close()


async def test_a_missing_extra_is_said_with_its_remedy(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr("workbench.app.suites.suite_order.find_spec", nothing)
    session = open_session(folder, tmp_path / "home")
    with pytest.raises(UsageError, match=r"tool-calling-workbench\[cluster\]"):
        session.suites.begin(SuiteOrder(suite="gate", on="dask://127.0.0.1:8786"))
    await session.close()


def test_versions_that_differ_are_named() -> None:
    def has(**packages: str) -> dict[str, Any]:
        return {"packages": {"python": "3.11.2.final.0", "distributed": "2026.8.0", **packages}}

    def trouble(scheduler: dict[str, Any], **workers: dict[str, Any]) -> str:
        return version_trouble({"client": has(), "scheduler": scheduler, "workers": workers})

    assert trouble(has(python="3.11.9.final.0"), a=has()) == ""
    assert trouble(has(), a=has(python="3.12.1.final.0")).startswith("a has python 3.12.1")
    assert trouble(has(distributed="2025.1.0")) == "scheduler has distributed 2025.1.0, and here it is 2026.8.0"
    assert workbench_trouble({"a": ModuleNotFoundError("workbench")}).startswith("worker a has no workbench")
    assert "has the workbench 0.0.1" in workbench_trouble({"a": "0.0.1"})


def test_a_cluster_of_this_machine_is_entered_by_its_certificate(tmp_path: Path) -> None:
    for here in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises(UsageError, match="has no certificate for it"):
            address_of(f"dask://{here}:8786", tmp_path)
    (tmp_path / "8786.pem").touch()
    address, security = address_of("dask://127.0.0.1:8786", tmp_path)
    assert address == "tls://127.0.0.1:8786"
    assert security.require_encryption
    assert address_of("dask://elsewhere:8786", tmp_path)[0] == "tcp://elsewhere:8786"
