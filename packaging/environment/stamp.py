"""The note in the environment that says what it was made from, so that the second time is quick."""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from environment import npm

NAME = "workbench-environment.json"
# The tables of pyproject.toml that change what is installed; the others only change how the tools behave.
INSTALLED_TABLES = ("build-system", "project")


@dataclass
class Stamp:
    """What an environment was made from.

    `digests` has one entry for each kind (`run`, `dev`) whose packages are all there. `place` is where the environment
    stood: scripts hold absolute paths, so a moved one is rebuilt. `touched_ns` is when packages last came or went.
    `npm` is the digest of the MCP servers from npm, "" where they are not.
    """

    place: str = ""
    python: str = ""
    touched_ns: int = 0
    has_qt_libraries: bool = False
    npm: str = ""
    digests: dict[str, str] = field(default_factory=dict)


def read(venv: Path) -> Stamp:
    """The stamp in `venv`; an empty one when there is none or it cannot be read."""
    try:
        return Stamp(**json.loads((venv / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Stamp()


def write(venv: Path, stamp: Stamp) -> None:
    (venv / NAME).write_text(json.dumps(asdict(stamp), indent=1) + "\n", encoding="utf-8")


def digest(project: Path, kind: str) -> str:
    """A hash of all that decides what an environment of this kind contains."""
    tables = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    deciding = [*(tables.get(name) for name in INSTALLED_TABLES), tables.get("tool", {}).get("hatch")]
    heart = hashlib.sha256(json.dumps(deciding, sort_keys=True).encode())
    heart.update((project / "packaging" / "locks" / f"{kind}.txt").read_bytes())
    if kind == "dev":
        heart.update(npm.digest(project).encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        heart.update(source.read_bytes())
    return heart.hexdigest()
