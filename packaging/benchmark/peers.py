"""The environment of the programs we compare with: the versions of packaging/locks/peers.txt, never in `.venv`."""

import subprocess
import sys
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCK = PROJECT / "packaging" / "locks" / "peers.txt"
_FOLDER = PROJECT / ".venv-peers"


def peers_python() -> str:
    """The interpreter that has the peers, which are installed first where they are not there yet in these versions.

    Without a network it is an interpreter without them: then their rows are skipped.
    """
    python = _FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    note = _FOLDER / "installed.txt"
    lock = LOCK.read_text("utf-8")
    if not note.exists() or note.read_text("utf-8") != lock:
        print("… installing the peers into .venv-peers", file=sys.stderr, flush=True)
        venv.create(_FOLDER, with_pip=True, clear=True)
        order = (str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK))
        if subprocess.run(order, check=False, stdout=sys.stderr).returncode == 0:
            note.write_text(lock, "utf-8")
        else:
            print("The peers could not be installed; their rows are skipped.", file=sys.stderr, flush=True)
    return str(python)


def versions() -> str:
    """Which versions are compared with."""
    pins = [line.split()[0] for line in LOCK.read_text("utf-8").splitlines() if "==" in line]
    return ", ".join(pin.replace("==", " ") for pin in pins if pin.startswith(("openai", "pydantic-ai-slim=")))
