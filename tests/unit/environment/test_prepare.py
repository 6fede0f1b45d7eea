"""When the set-up has something to do, and that it does only that."""

import sys
from pathlib import Path

import pytest
from environment import pip, prepare, qt_libraries, stamp
from environment.venv import Venv

VERSION = ".".join(map(str, sys.version_info[:3]))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "clone"
    (folder / "packaging" / "locks").mkdir(parents=True)
    for kind in ("run", "dev"):
        (folder / "packaging" / "locks" / f"{kind}.txt").write_text("rich==15.0.0 \\\n    --hash=sha256:00\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "workbench"\n[tool.ruff]\nline-length = 120\n')
    monkeypatch.setattr(prepare, "PROJECT", folder)
    return folder


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps that were taken, instead of taking them."""
    steps: list[str] = []

    def make(venv: Venv) -> None:
        steps.append("make")
        (venv.folder / "bin").mkdir(parents=True, exist_ok=True)
        (venv.folder / "lib" / "python3.11" / "site-packages").mkdir(parents=True, exist_ok=True)
        venv.python.write_text("")
        (venv.folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {VERSION}\n")

    def ensure(site_packages: Path) -> bool:
        steps.append("qt")
        return True

    monkeypatch.setattr(Venv, "make", make)
    monkeypatch.setattr(Venv, "works", lambda venv: venv.python.exists())
    monkeypatch.setattr(pip, "install_lock", lambda venv, lock: steps.append(lock.name))
    monkeypatch.setattr(pip, "install_project", lambda venv, project: steps.append("project"))
    monkeypatch.setattr(qt_libraries, "ensure", ensure)
    return steps


def set_up(kind: str, *, is_python_chosen: bool = False) -> int:
    return prepare.main([kind], is_python_chosen=is_python_chosen)


def test_a_fresh_clone_gets_everything(project: Path, done: list[str]) -> None:
    assert set_up("dev") == 0
    assert done == ["make", "dev.txt", "project", "qt"]


def test_the_second_time_there_is_nothing_to_do_and_nothing_to_say(
    project: Path, done: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("dev")
    done.clear()
    capsys.readouterr()
    assert set_up("dev") == 0
    assert set_up("run") == 0  # the large lock holds the small one
    assert done == []
    assert capsys.readouterr().out == ""


def test_the_environment_grows_from_running_to_testing(project: Path, done: list[str]) -> None:
    set_up("run")
    set_up("dev")
    assert done == ["make", "run.txt", "project", "qt", "dev.txt", "project", "qt"]


@pytest.mark.parametrize("changed", ["packaging/locks/dev.txt", "pyproject.toml"])
def test_a_change_of_what_is_installed_installs_again(project: Path, done: list[str], changed: str) -> None:
    set_up("dev")
    done.clear()
    text = (project / changed).read_text()
    (project / changed).write_text(text.replace("15.0.0", "15.0.1").replace('"workbench"', '"other"'))
    set_up("dev")
    assert done == ["dev.txt", "project", "qt"]


def test_a_change_of_a_tools_settings_installs_nothing(project: Path, done: list[str]) -> None:
    set_up("dev")
    done.clear()
    (project / "pyproject.toml").write_text('[project]\nname = "workbench"\n[tool.ruff]\nline-length = 100\n')
    set_up("dev")
    assert done == []


def test_a_package_that_came_or_went_is_looked_after(project: Path, done: list[str]) -> None:
    set_up("dev")
    done.clear()
    packages = project / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "stranger").mkdir()
    set_up("dev")
    assert done == ["dev.txt", "project", "qt"]


def test_a_moved_environment_is_rebuilt(project: Path, done: list[str]) -> None:
    set_up("dev")
    done.clear()
    (project / ".venv").rename(project / ".venv-moved")
    assert prepare.main(["--venv", ".venv-moved", "dev"], is_python_chosen=False) == 0
    assert done[0] == "make"


def test_an_environment_whose_python_is_gone_is_rebuilt(project: Path, done: list[str]) -> None:
    set_up("dev")
    done.clear()
    (project / ".venv" / "bin" / "python").unlink()
    set_up("dev")
    assert done[0] == "make"


def test_another_python_rebuilds_the_environment_only_when_it_was_asked_for(project: Path, done: list[str]) -> None:
    set_up("dev")
    done.clear()
    known = stamp.read(project / ".venv")
    known.python = "3.12.99"
    stamp.write(project / ".venv", known)
    (project / ".venv" / "pyvenv.cfg").write_text("version = 3.12.99\n")
    set_up("dev")
    assert done == []
    set_up("dev", is_python_chosen=True)
    assert done[0] == "make"


def test_an_interrupted_set_up_goes_on_without_making_the_environment_again(
    project: Path, done: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(venv: Venv, lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pip, "install_lock", interrupt)
        assert set_up("dev") == 130
    assert "goes on from here" in capsys.readouterr().err
    done.clear()
    assert set_up("dev") == 0
    assert done == ["dev.txt", "project", "qt"]


def test_missing_system_libraries_are_looked_for_each_time(
    project: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_libraries, "ensure", lambda site_packages: done.append("qt lacks") or False)
    assert set_up("dev") == 0
    done.clear()
    assert set_up("dev") == 0
    assert done == ["qt lacks"]
