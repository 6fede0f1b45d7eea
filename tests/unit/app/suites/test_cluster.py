"""A suite run on a cluster: what is sent there, and what is said where it cannot be used."""

import json
import pickle
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench.app.session import Session
from workbench.app.suites.cluster import address_of, version_trouble, workbench_trouble
from workbench.app.suites.cluster_kit import TrialKit, make_kit
from workbench.app.suites.suite_order import SuiteOrder, check_place
from workbench.core.errors import UsageError

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
    with pytest.raises(UsageError, match="cannot be reached"):
        session.suites.begin(SuiteOrder(suite="gate", on="dask://127.0.0.1:1"))
    assert not (folder / ".workbench" / "suites").exists(), "nothing is kept"
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
    assert address_of("dask://127.0.0.1:8786", tmp_path)[0] == "tcp://127.0.0.1:8786"
    (tmp_path / "8786.pem").touch()
    address, security = address_of("dask://127.0.0.1:8786", tmp_path)
    assert address == "tls://127.0.0.1:8786"
    assert security.require_encryption
    assert address_of("dask://elsewhere:8786", tmp_path)[0] == "tcp://elsewhere:8786"
