"""The virtual environment itself: is it sound, and how it is made."""

import shutil
import subprocess
import sys
from pathlib import Path

from environment import apt
from environment.talk import SetupProblem, step


class Venv:
    """A folder with a Python of its own. `python` is its interpreter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """Where its packages are. Exists once the environment was made."""
        return next(self.folder.glob("lib/python3.*/site-packages"), self.folder / "lib" / "missing")

    def version(self) -> str:
        """The version its interpreter had when it was made, such as `3.11.7`; "" when there is none or it is gone."""
        try:
            lines = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
        except OSError:
            return ""
        settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
        return settings.get("version", "") if self.python.exists() else ""

    def works(self) -> bool:
        """Does its interpreter start, and does it have pip? Takes a process."""
        if not self.version():
            return False
        return subprocess.run([self.python, "-I", "-c", "import pip"], capture_output=True, check=False).returncode == 0

    def make(self) -> None:
        """Rebuild it with the running Python, removing what was there."""
        python = getattr(sys, "_base_executable", sys.executable)  # of an activated environment: the one behind it
        _ensure_venv_module(python)
        shutil.rmtree(self.folder, ignore_errors=True)
        with step(f"{self.folder.name} with Python {'.'.join(map(str, sys.version_info[:3]))}"):
            made = subprocess.run(
                [python, "-I", "-m", "venv", self.folder], capture_output=True, text=True, check=False
            )
            if made.returncode:
                raise SetupProblem(f"Python could not make {self.folder}:\n{made.stdout}{made.stderr}")


def _ensure_venv_module(python: str) -> None:
    """Debian keeps `venv` in a package of its own. Install that, or say how to."""
    probe = [python, "-I", "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if not apt.is_here():
        raise SetupProblem(f"{python} has no 'venv' module. Install it ({package} or the like) and run this again.")
    if not apt.may_install():
        raise SetupProblem(
            f"Python's 'venv' module is missing. Type this once, then run the same command again:\n"
            f"    {apt.line_to_type([package])}"
        )
    with step(f"system package {package}"):
        said = apt.install([package])
        if said or subprocess.run(probe, capture_output=True, check=False).returncode:
            raise SetupProblem(f"{package} could not be installed:\n{said}")
