"""Packages into the environment, with plain pip: exactly what the lock names, checked by hash."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from environment.talk import SetupProblem, Step, step
from environment.venv import Venv

# What pip prints, and what it means for the person. The first that fits speaks.
CAUSES = (
    (
        r"name resolution|Network is unreachable|NewConnectionError|ConnectTimeout|Read timed out|ProxyError"
        r"|Max retries",
        "The packages could not be downloaded: the package index was not reached.\n"
        "Check the network (behind a proxy: set HTTPS_PROXY), then run the same command again; it goes on from there.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that the lock names, so it was not installed.\n"
        "Run the same command again. If it happens again, something between you and the package index changes files.",
    ),
    (r"No space left on device", "The disk is full. Make room (the environment takes about 0.6 GB) and try again."),
    (r"CERTIFICATE_VERIFY_FAILED", "The package index showed a certificate that this machine does not trust."),
    (
        r"No matching distribution found|Could not find a version",
        "The package index has no build of a locked package for this system and this Python.\n"
        "Supported: Python 3.11 to 3.13 on Linux (glibc 2.28 or newer, x86-64 or arm64) and macOS 13 or newer.",
    ),
)


def install_lock(venv: Venv, lock: Path) -> None:
    """Install what `lock` names, each file checked against its hash."""
    count = len(re.findall(r"^[A-Za-z0-9][\w.-]*==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    with step(f"{count} packages") as current:
        _pip(venv, current, ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)])


def install_project(venv: Venv, project: Path) -> None:
    """Install the source tree itself so that edits are seen at once. Fetches nothing."""
    with step("the workbench itself") as current:
        _pip(venv, current, ["--no-index", "--no-build-isolation", "--editable", str(project)])


def _pip(venv: Venv, current: Step, arguments: Sequence[str]) -> None:
    order = [str(venv.python), "-I", "-m", "pip", "install", "--no-deps", "--no-input", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
    said: list[str] = []
    with subprocess.Popen(
        order,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line.rstrip())
            _note(current, line)
    if pip.returncode:
        raise SetupProblem(_explain(said, venv.folder / "pip.log"))


def _note(current: Step, line: str) -> None:
    found = re.match(r"\s*(Collecting|Installing collected)\s(\S+)", line)
    if found:
        current.note(found[2].split("==")[0] if found[1] == "Collecting" else "unpacking")


def _explain(said: list[str], log: Path) -> str:
    """What happened and how to fix it, then the lines that say most."""
    text = "\n".join(said)
    log.write_text(text + "\n", encoding="utf-8")
    cause = next(
        (meaning for pattern, meaning in CAUSES if re.search(pattern, text)), "pip could not install a package."
    )
    telling = [line for line in said if line.startswith(("ERROR", "error", "WARNING"))] or said
    last = "\n".join(f"    {line[:300]}" for line in telling[-4:])
    return f"{cause}\nFrom what pip said (all of it: {log}):\n{last}"
