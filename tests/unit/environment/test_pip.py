"""What the person is told when pip fails."""

import sys
from pathlib import Path

import pytest
from environment import pip
from environment.talk import SetupProblem
from environment.venv import Venv


@pytest.fixture
def venv(tmp_path: Path) -> Venv:
    folder = tmp_path / ".venv"
    (folder / "bin").mkdir(parents=True)
    return Venv(folder)


def speaks(venv: Venv, text: str, code: int = 1) -> None:
    """Let the environment's Python print `text` instead of running pip."""
    venv.python.write_text(f"#!{sys.executable}\nimport sys\nprint({text!r})\nsys.exit({code})\n")
    venv.python.chmod(0o755)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "WARNING: Retrying (…) 'NewConnectionError('…: [Errno -3] Temporary failure in name resolution')'\n"
            "ERROR: Could not find a version that satisfies the requirement rich==15.0.0\n"
            "ERROR: No matching distribution found for rich==15.0.0",
            "the package index was not reached",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS",
            "not the one that the lock names",
        ),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "no build of a locked package"),
        ("Killed", "pip could not install a package"),
    ],
)
def test_a_failure_is_explained(venv: Venv, tmp_path: Path, said: str, meant: str) -> None:
    speaks(venv, said)
    lock = tmp_path / "run.txt"
    lock.write_text("rich==15.0.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(SetupProblem, match=meant) as problem:
        pip.install_lock(venv, lock)
    assert said.splitlines()[-1] in str(problem.value)
    assert said in (venv.folder / "pip.log").read_text()


def test_the_noise_of_a_success_is_not_shown(venv: Venv, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    speaks(venv, "Collecting rich==15.0.0\nSuccessfully installed rich-15.0.0", code=0)
    pip.install_project(venv, tmp_path)
    shown = capsys.readouterr().out
    assert "the workbench itself" in shown
    assert "rich" not in shown
