"""Makes the environment that `make run` and `make test` use: finds a Python, then hands over to `environment`.

    python3 packaging/setup_env.py [--venv DIR] run|dev

`run` is what the program needs, `dev` adds what its tests need. PYTHON=… in the environment chooses the interpreter.
This one file is written for any Python from 3.5 on, so that an old one can say what is missing; all else needs 3.11.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import List, Optional, Tuple

SUPPORTED = ((3, 13), (3, 12), (3, 11))
HANDED_OVER = "WORKBENCH_SETUP_HANDED_OVER"
PROBE = "import sys; print(sys.version_info[0], sys.version_info[1], getattr(sys, '_base_executable', sys.executable))"


def main() -> int:
    if os.name == "nt":
        print("On Windows use pip: see 'Installing' in README.md.")
        return 2
    asked = os.environ.get("PYTHON", "")
    if HANDED_OVER not in os.environ:
        python = chosen_python(asked)
        if python is None:
            print(no_python_message(asked))
            return 2
        if not is_running(python):
            again = [python, str(Path(__file__).resolve())] + sys.argv[1:]
            return subprocess.call(again, env=dict(os.environ, **{HANDED_OVER: "1"}))
    from environment.prepare import main as prepare

    return prepare(sys.argv[1:], is_python_chosen=bool(asked))


def chosen_python(asked: str) -> Optional[str]:
    """The interpreter to use: the one asked for, or this one, or the newest supported one on the machine."""
    if asked:
        found = probe(asked)
        if found is None:  # not on PATH, or a shim of pyenv that is not switched on: go by the version in the name
            named = [path for version, path in supported_pythons() if asked.endswith("{}.{}".format(*version))]
            return named[0] if named else None
        return found[1] if found[0] in SUPPORTED else None
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    on_machine = supported_pythons()
    return on_machine[0][1] if on_machine else None


def supported_pythons() -> List[Tuple[Tuple[int, int], str]]:
    """One interpreter for each supported version on this machine, newest first."""
    found = []
    for version in SUPPORTED:
        name = "python{}.{}".format(*version)
        pyenv = Path.home().joinpath(".pyenv", "versions").glob("{}.{}.*/bin/{}".format(version[0], version[1], name))
        candidates = [name, "python3"] + sorted(map(str, pyenv), reverse=True)
        if sys.version_info[:2] == version:
            candidates.insert(0, sys.executable)
        for candidate in candidates:
            probed = probe(candidate)
            if probed and probed[0] == version:
                found.append(probed)
                break
    return found


def probe(command: str) -> Optional[Tuple[Tuple[int, int], str]]:
    """The version of an interpreter and the path of the installation behind it; None when it does not start."""
    try:
        said = subprocess.check_output([command, "-I", "-c", PROBE], stderr=subprocess.DEVNULL).decode()
        major, minor, path = said.strip().split(" ", 2)
        return (int(major), int(minor)), path
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def is_running(python: str) -> bool:
    """Is `python` the interpreter that runs this, or the installation behind it?"""
    running = {os.path.realpath(path) for path in (sys.executable, getattr(sys, "_base_executable", sys.executable))}
    return os.path.realpath(python) in running


def no_python_message(asked: str) -> str:
    if asked:
        return ("PYTHON={} does not start Python 3.11, 3.12 or 3.13. Name one of these, or leave PYTHON out.").format(
            asked
        )
    return (
        "The workbench needs Python 3.11, 3.12 or 3.13; this is {}.{} and no other was found.\n"
        "Install one (Debian 12, Ubuntu 24.04 or newer: apt-get install python3 python3-venv; macOS: brew install\n"
        "python@3.13; anywhere: pyenv install 3.13), or name it: make run PYTHON=/path/to/python3.13"
    ).format(*sys.version_info[:2])


if __name__ == "__main__":
    sys.exit(main())
