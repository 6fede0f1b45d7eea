"""From nothing to a working environment; from a working one to nothing to do, quickly."""

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from environment import npm, pip, qt_libraries, stamp
from environment.talk import SetupProblem, say
from environment.venv import Venv

PROJECT = Path(__file__).resolve().parents[2]
# Installing the lock of a kind also makes these kinds complete.
INCLUDES = {"run": ("run",), "dev": ("run", "dev")}
DOWNLOAD_MB = {"run": 135, "dev": 170}


def main(arguments: Sequence[str], *, is_python_chosen: bool) -> int:
    """Make or refresh the environment. Returns the exit code; prints nothing when there was nothing to do."""
    parser = argparse.ArgumentParser(prog="setup_env.py", description="Make the environment of this source tree.")
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="where, seen from the project")
    parser.add_argument("kind", choices=sorted(INCLUDES), help="run: the program; dev: also its tests and tools")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    venv = Venv(PROJECT / options.venv)
    try:
        if not is_ready(venv, options.kind, is_python_chosen=is_python_chosen):
            with _alone():
                prepare(venv, options.kind, is_python_chosen=is_python_chosen)
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def is_ready(venv: Venv, kind: str, *, is_python_chosen: bool) -> bool:
    """Is everything of `kind` there already? Starts no process."""
    known = stamp.read(venv.folder)
    return (
        _is_sound(venv, known, is_python_chosen=is_python_chosen)
        and known.digests.get(kind) == stamp.digest(PROJECT, kind)
        and known.touched_ns == _touched_ns(venv)
        and known.has_qt_libraries
    )


def prepare(venv: Venv, kind: str, *, is_python_chosen: bool) -> None:
    """Bring `venv` to `kind`: whatever of it is missing, changed or broken."""
    begun = time.monotonic()
    known = stamp.read(venv.folder)
    if not _is_sound(venv, known, is_python_chosen=is_python_chosen) or not venv.works():
        say(f"Setting up {venv.folder.name} (once; the packages are a download of about {DOWNLOAD_MB[kind]} MB)")
        venv.make()
        known = stamp.Stamp(place=str(venv.folder), python=venv.version())
        stamp.write(venv.folder, known)  # from here on, a second try goes on instead of starting again
    digest = stamp.digest(PROJECT, kind)
    if known.digests.get(kind) != digest or known.touched_ns != _touched_ns(venv):
        known.digests = {}
        stamp.write(venv.folder, known)
        pip.install_lock(venv, PROJECT / "packaging" / "locks" / f"{kind}.txt")
        pip.install_project(venv, PROJECT)
        known.digests = {name: stamp.digest(PROJECT, name) for name in INCLUDES[kind]}
    if kind == "dev":
        known.npm = npm.ensure(venv, PROJECT, known.npm)
    known.has_qt_libraries = qt_libraries.ensure(venv.site_packages)
    known.touched_ns = _touched_ns(venv)
    stamp.write(venv.folder, known)
    say(f"Ready ({time.monotonic() - begun:.0f} s).")


def _is_sound(venv: Venv, known: stamp.Stamp, *, is_python_chosen: bool) -> bool:
    """Made by us, here, with a Python that is still there and, if one was asked for, that one."""
    if not known.python or known.place != str(venv.folder) or known.python != venv.version():
        return False
    return not is_python_chosen or known.python == ".".join(map(str, sys.version_info[:3]))


def _touched_ns(venv: Venv) -> int:
    """When a package last came into the environment or left it."""
    try:
        return venv.site_packages.stat().st_mtime_ns
    except OSError:
        return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups at the same time wait for each other."""
    handle = os.open(PROJECT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
