"""Resolve the dependencies and write packaging/locks: what `make run` and `make test` install.

    python packaging/lock.py [--upgrade]       keeps the versions that are locked already, unless told to upgrade

Needs `uv`, which resolves for every system and Python at once; nothing else here does. The locks name no address.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = Path("packaging/locks")
PEERS, INSPECT = str(LOCKS / "peers.in"), str(LOCKS / "inspect.in")
OPTIONS = ("--universal", "--python-version=3.11", "--generate-hashes")
# Which package index and who asked for what do not belong in the repository.
SILENCE = ("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet")
EXTRAS = ("--extra", "local", "--extra", "stats", "--extra", "otel", "--extra", "serve")
SOURCES = ("pyproject.toml", str(LOCKS / "editable.in"))


def main(arguments: list[str]) -> int:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        print("This needs uv: install it with pip (into .venv or anywhere on PATH), then run `make lock` again.")
        return 2
    dev = LOCKS / "dev.txt"
    _compile(uv, dev, [*EXTRAS, "--extra", "cluster", "--extra", "encoder", "--extra", "dev", *arguments, *SOURCES])
    # The smaller lock holds the same versions, so that one environment can grow from it to the larger one.
    pins = PROJECT / LOCKS / "pins.tmp"
    pins.write_text(_without_hashes((PROJECT / dev).read_text(encoding="utf-8")), encoding="utf-8")
    try:
        _compile(uv, LOCKS / "run.txt", [*EXTRAS, "--upgrade", "--constraints", str(pins), *SOURCES])
        # What the benchmarks compare with stands on the same versions of what both use.
        _compile(uv, LOCKS / "peers.txt", ["--constraints", str(pins), *arguments, PEERS])
        _compile(uv, LOCKS / "inspect.txt", [*arguments, INSPECT])
    finally:
        pins.unlink()
    _lock_promptfoo()
    print("After `make setup`, run `python packaging/notices.py` in .venv: it names what is locked now.")
    return 0


def _lock_promptfoo() -> None:
    """The newest packages that its package.json allows; what it says about money and addresses is left out."""
    npm, folder = shutil.which("npm"), PROJECT / LOCKS / "promptfoo"
    if npm is None:
        print("There is no npm here, so packaging/locks/promptfoo stays as it is.")
        return
    order = [npm, "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--silent"]
    subprocess.run(order, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    lock = folder / "package-lock.json"
    document = json.loads(lock.read_text(encoding="utf-8"))
    for package in document["packages"].values():
        for key in ("funding", "deprecated"):
            package.pop(key, None)
    lock.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _compile(uv: str, lock: Path, arguments: list[str]) -> None:
    order = [uv, "pip", "compile", *OPTIONS, *SILENCE, *arguments, "-o", str(lock)]
    subprocess.run(order, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)


def _without_hashes(lock: str) -> str:
    return "\n".join(line.rstrip(" \\") for line in lock.splitlines() if not line.startswith(" ")) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
