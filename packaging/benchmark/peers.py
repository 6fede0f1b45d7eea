"""The environments of the programs we compare with: the versions of packaging/locks, never in `.venv`.

What cannot be installed, without a network for instance, is missing, and its rows are skipped.
"""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = PROJECT / "packaging" / "locks"
_PEERS, _INSPECT = LOCKS / "peers.txt", LOCKS / "inspect.txt"
_PROMPTFOO = LOCKS / "promptfoo" / "package-lock.json"
_FOLDER = PROJECT / ".venv-peers"
_IS_WINDOWS = sys.platform == "win32"
_COMPARED = ("openai=", "openai-agents=", "pydantic-ai-slim=")


def peers_python() -> str:
    """The interpreter that has the frameworks for agents."""
    return _python_with(_FOLDER / "agents", _PEERS)


def inspect_python() -> str:
    """The interpreter that has Inspect; empty where it cannot be installed."""
    python = _python_with(_FOLDER / "inspect", _INSPECT)
    return python if (_FOLDER / "inspect" / "installed.txt").exists() else ""


def promptfoo() -> str:
    """promptfoo's command; empty where it cannot be installed."""
    npm, folder = shutil.which("npm"), _FOLDER / "promptfoo"

    def install() -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", _PROMPTFOO.name):
            shutil.copy(_PROMPTFOO.with_name(name), folder)
        order = (str(npm), "ci", "--silent", "--no-audit", "--no-fund")
        return subprocess.run(order, cwd=folder, check=False, stdout=sys.stderr).returncode == 0

    if npm is None or not _is_kept(folder, _PROMPTFOO, install):
        return ""
    return str(folder / "node_modules" / ".bin" / ("promptfoo.cmd" if _IS_WINDOWS else "promptfoo"))


def versions() -> str:
    """Which versions are compared with."""
    pins = [*_pins(_PEERS, _COMPARED), *_pins(_INSPECT, ("inspect-ai=",))]
    node = json.loads(_PROMPTFOO.read_text("utf-8"))["packages"]["node_modules/promptfoo"]["version"]
    return ", ".join((*pins, f"promptfoo {node}"))


def _pins(lock: Path, names: tuple[str, ...]) -> list[str]:
    pins = [line.split()[0] for line in lock.read_text("utf-8").splitlines() if line.startswith(names)]
    return [pin.replace("==", " ") for pin in pins]


def _python_with(folder: Path, lock: Path) -> str:
    python = folder / ("Scripts/python.exe" if _IS_WINDOWS else "bin/python")

    def install() -> bool:
        venv.create(folder, with_pip=True, clear=True)
        order = (str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
        return subprocess.run(order, check=False, stdout=sys.stderr).returncode == 0

    _is_kept(folder, lock, install)
    return str(python)


def _is_kept(folder: Path, lock: Path, install: Callable[[], bool]) -> bool:
    """Whether what the lock says is in the folder, where it is installed first if it is not."""
    note, wanted = folder / "installed.txt", lock.read_text("utf-8")
    if note.exists() and note.read_text("utf-8") == wanted:
        return True
    print(f"… installing {folder.name} into {_FOLDER.name}", file=sys.stderr, flush=True)
    if not install():
        print("It could not be installed; its rows are skipped.", file=sys.stderr, flush=True)
        return False
    note.write_text(wanted, "utf-8")
    return True
