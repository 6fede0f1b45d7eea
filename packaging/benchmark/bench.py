"""What every row needs: the server, fresh processes, rounds that alternate."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmark.figure import Samples

PROJECT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 600

Report = dict[str, Any]
"""What a program printed."""


class PeerMissing(Exception):
    """The peer's package is not installed for the interpreter that runs peers."""


class ProgramFailed(Exception):
    """A program of a row ended with an error; its output says which."""


@dataclass(frozen=True)
class Contender:
    """One side of a comparison: a program of `benchmark.programs` and what it is told."""

    program: str
    order: Mapping[str, Any]
    is_peer: bool = False


class Bench:
    """Use it as a context: the server runs inside. `share` is how much of the work of each row is done."""

    def __init__(self, *, rounds: int, share: float, peers_python: str, inspect: str = "", promptfoo: str = "") -> None:
        """`inspect` is the interpreter that has Inspect, `promptfoo` its command; empty where they are missing."""
        self.rounds = rounds
        self.inspect = inspect
        self.promptfoo = promptfoo
        self.share = share
        self._peers_python = peers_python
        self._scratch = tempfile.TemporaryDirectory(prefix="workbench-bench-")
        self._count = 0

    def __enter__(self) -> "Bench":
        order = [sys.executable, "-m", "benchmark.server"]
        self._server = subprocess.Popen(
            order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment
        )
        assert self._server.stdout is not None
        self._port = int(self._server.stdout.readline())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(timeout=10)
        self._server.stdout.close()
        self._scratch.cleanup()

    def url(self, answer: str) -> str:
        """The base URL under which the server gives this answer."""
        return f"http://127.0.0.1:{self._port}/{answer}/v1"

    def folder(self) -> str:
        """A new folder that goes away at the end."""
        self._count += 1
        path = Path(self._scratch.name) / str(self._count)
        path.mkdir()
        return str(path)

    @property
    def server_id(self) -> int:
        """The server's process."""
        return self._server.pid

    def scaled(self, count: int) -> int:
        """As much of `count` as is to be done."""
        return max(1, round(count * self.share))

    def alternating(self, contenders: Mapping[str, Contender]) -> dict[str, list[Report]]:
        """Every contender once a round, side by side; the one who is missing is missing from the answer."""
        reports: dict[str, list[Report]] = {name: [] for name in contenders}
        for _ in range(self.rounds):
            for name, contender in contenders.items():
                if name in reports:
                    try:
                        reports[name].append(self.run(contender))
                    except PeerMissing:
                        del reports[name]
        return reports

    def run(self, contender: Contender) -> Report:
        """Start the program afresh and wait for its report; raises `PeerMissing` or `ProgramFailed`."""
        python = self._peers_python if contender.is_peer else sys.executable
        order = {"folder": self.folder(), **contender.order}
        done = self.start(python, f"benchmark.programs.{contender.program}", json.dumps(order))
        if done.returncode == 0:
            report: Report = json.loads(done.stdout.splitlines()[-1])
            return report
        if contender.is_peer and "ModuleNotFoundError" in done.stderr:
            raise PeerMissing
        raise ProgramFailed(f"{contender.program} ended with {done.returncode}\n{done.stdout}{done.stderr}")

    def start(self, python: str, module: str, order: str) -> "subprocess.CompletedProcess[str]":
        """Run a module in a process of its own."""
        return subprocess.run(
            [python, "-m", module, order],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the person's: neither keys nor proxies nor a display."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        path = os.pathsep.join((str(PROJECT / "packaging"), str(PROJECT)))
        return {**kept, "HOME": self._scratch.name, "PYTHONPATH": path, "QT_QPA_PLATFORM": "offscreen"}


def samples(reports: Iterable[Report], key: str, unit: str = "", *, scale: float = 1.0) -> Samples:
    """One figure out of the reports of all rounds."""
    return Samples(tuple(report[key] * scale for report in reports), unit)
