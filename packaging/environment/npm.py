"""The MCP servers from npm that the tests start. A courtesy: without Node their tests are skipped."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from environment.talk import say, step
from environment.venv import Venv

SOURCES = ("package.json", "package-lock.json")
LIMIT_S = 300


def digest(project: Path) -> str:
    """A hash of what is to be installed; "" when there is nothing."""
    try:
        texts = [(_folder(project) / name).read_bytes() for name in SOURCES]
    except OSError:
        return ""
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def ensure(venv: Venv, project: Path, known: str) -> str:
    """Install the servers into the environment, checked against the lock. Returns the digest of what is there now.

    Nothing here ends the set-up: what is missing is said, and the tests say it again.
    """
    wanted = digest(project)
    npm = shutil.which("npm")
    if not wanted or wanted == known or npm is None or shutil.which("node") is None:
        return known
    target = venv.folder / "npm"
    target.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        shutil.copyfile(_folder(project) / name, target / name)
    with step("MCP servers from npm"):
        order = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            done = subprocess.run(
                order, cwd=target, capture_output=True, text=True, timeout=LIMIT_S, check=False, env=dict(os.environ)
            )
            failure = (done.stderr.strip() or "npm failed") if done.returncode else ""
        except (OSError, subprocess.TimeoutExpired) as error:
            failure = str(error)
    if failure:
        say(f"  ! They were not installed, so their tests are skipped: {failure.splitlines()[0][:200]}")
        return ""
    return wanted


def _folder(project: Path) -> Path:
    return project / "tests" / "e2e" / "npm"
