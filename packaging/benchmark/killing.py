"""Kills a recorder in the middle of its work and looks at what is on disk."""

import json
import subprocess
import sys
import time
from pathlib import Path

from benchmark.bench import Bench
from benchmark.figure import Samples
from workbench.core.event import ResponseDelta
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

_BEFORE_THE_KILL_S = 1.0


def kill_and_count(bench: Bench) -> Samples:
    """Milliseconds from the first piece that was lost to the kill, once per round; 0 when none was."""
    return Samples(tuple(_one(bench) for _ in range(bench.rounds)), "ms")


def _one(bench: Bench) -> float:
    folder = bench.folder()
    order = [sys.executable, "-m", "benchmark.programs.killed_recorder", json.dumps({"folder": folder})]
    recorded_at: list[float] = []
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True, env=bench.environment) as process:
        assert process.stdout is not None
        begun = None
        for line in process.stdout:
            now = time.monotonic()
            begun = begun or now
            recorded_at += [now] * (int(line) - len(recorded_at))
            if now - begun > _BEFORE_THE_KILL_S:
                break
        process.kill()
        killed = time.monotonic()
    store = RunStore(Path(folder), Redactor())
    kept = sum(len(event.pieces()) for event in store.events("killed") if isinstance(event, ResponseDelta))
    store.close()
    return (killed - recorded_at[kept]) * 1000 if kept < len(recorded_at) else 0.0
