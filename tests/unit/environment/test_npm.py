"""The MCP servers from npm: installed where Node is, and never a reason to stop."""

import subprocess
from pathlib import Path

import pytest
from environment import npm
from environment.venv import Venv


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "tests" / "e2e" / "npm"
    folder.mkdir(parents=True)
    for name in npm.SOURCES:
        (folder / name).write_text("{}")
    return tmp_path


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run; each ends well."""
    given: list[list[str]] = []

    def run(order: list[str], **_: object) -> "subprocess.CompletedProcess[str]":
        given.append(order)
        return subprocess.CompletedProcess(order, 0, "", "")

    monkeypatch.setattr(npm.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(npm.subprocess, "run", run)
    return given


def test_the_servers_are_installed_once_without_running_their_scripts(project: Path, orders: list[list[str]]) -> None:
    venv = Venv(project / ".venv")
    known = npm.ensure(venv, project, "")
    assert known == npm.digest(project)
    assert npm.ensure(venv, project, known) == known
    assert len(orders) == 1
    assert orders[0][1:3] == ["ci", "--ignore-scripts"]
    assert (venv.folder / "npm" / "package-lock.json").exists()


def test_a_change_of_the_lock_installs_again(project: Path, orders: list[list[str]]) -> None:
    known = npm.ensure(Venv(project / ".venv"), project, "")
    (project / "tests" / "e2e" / "npm" / "package-lock.json").write_text("{ }")
    assert npm.ensure(Venv(project / ".venv"), project, known) != known
    assert len(orders) == 2


def test_without_node_nothing_is_done_and_nothing_is_said(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(npm.shutil, "which", lambda _: None)
    assert npm.ensure(Venv(project / ".venv"), project, "") == ""
    assert capsys.readouterr().out == ""


def test_a_failure_is_said_and_stops_nothing(
    project: Path, orders: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "npm error network\nmore")
    monkeypatch.setattr(npm.subprocess, "run", lambda *_, **__: failed)
    assert npm.ensure(Venv(project / ".venv"), project, "") == ""
    assert "their tests are skipped: npm error network" in capsys.readouterr().out
