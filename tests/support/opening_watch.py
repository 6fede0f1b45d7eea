"""Opens projects and tells, for each, what that did: an audit hook hears of every process, connection and file.

python opening_watch.py HOME SCRATCH < lines of {"name", "project", "outside"}      one JSON line for each
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.errors import WorkbenchError

PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn")
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
CHANGES = (
    "sqlite3.connect",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.link",
    "os.chmod",
    "os.truncate",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CODE = ("pickle.find_class", "ctypes.dlopen", "exec", "compile")


class Watch:
    """What was heard since the last `clear`."""

    def __init__(self) -> None:
        self.heard: dict[str, list[str]] = {}
        self.project = Path("/nowhere")
        self.allowed: tuple[str, ...] = ()

    def clear(self, project: Path, *allowed: Path) -> None:
        self.heard = {"processes": [], "network": [], "outside": [], "code": []}
        self.project = project
        self.allowed = tuple(f"{path.resolve()}" for path in allowed)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.heard:
            return
        if event in PROCESSES:
            self.heard["processes"].append(f"{event} {arguments!r:.200}")
        elif event in NETWORK and "AF_UNIX" not in repr(arguments):
            self.heard["network"].append(f"{event} {arguments!r:.200}")
        elif event in CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES):
            self._changed(arguments[0])
        elif event in CODE and str(self.project) in repr(arguments)[:2000]:
            self.heard["code"].append(f"{event} {arguments!r:.200}")

    def _changed(self, path: object) -> None:
        if isinstance(path, int) or path is None:
            return
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
        if text.startswith("file:"):
            text = text.removeprefix("file:").removeprefix("//").partition("?")[0]
        path = Path(text)
        place = str(path.parent.resolve() / path.name)
        if not place.startswith((*self.allowed, "/dev/null")):
            self.heard["outside"].append(place)


async def opened(project: Path, home: Path) -> str:
    """Open the project, look at what a person would see, and close it. Only declared errors are caught."""
    try:
        session = Session(project, folders=UserFolders(home, home, home))
    except WorkbenchError as error:
        return f"refused: {type(error).__name__}"
    try:
        session.runs.recorded()
        session.grants.listed()
        assert not session.grants.listed(), "a forged grant counts"
        _ = session.is_trusted, session.code_files(), session.project.errors, session.mcp.views
        return "opened"
    except WorkbenchError as error:
        return f"opened, then {type(error).__name__}"
    finally:
        await session.close()


def main(home: Path, scratch: Path) -> None:
    watch = Watch()
    asyncio.run(asyncio.sleep(0))
    sys.addaudithook(watch)
    for line in sys.stdin:
        order = json.loads(line)
        project = Path(order["project"])
        watch.clear(project, project, home, scratch)
        before = sorted(Path(order["outside"]).iterdir())
        begun = time.perf_counter()
        try:
            outcome = asyncio.run(opened(project, home))
        except BaseException as error:  # noqa: BLE001 — door: anything undeclared is the finding
            outcome = f"broke: {type(error).__name__}: {error}"[:300]
        heard, watch.heard = watch.heard, {}
        if sorted(Path(order["outside"]).iterdir()) != before:
            heard["outside"].append("something changed in the folder outside")
        took = round(time.perf_counter() - begun, 2)
        sys.stdout.write(json.dumps({"name": order["name"], "outcome": outcome, "took_s": took, **heard}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
