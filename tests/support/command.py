"""The command line as its users call it: a process of its own, forked from one that has imported it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.forked import run_module


def workbench(
    *arguments: str | Path, home: Path, environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run `workbench …` to its end, without a terminal and without a display."""
    return run_module("workbench", [str(each) for each in arguments], _environment(home) | (environment or {}))


def events(result: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """The events a `--json` run printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        kept.pop(name, None)
    return kept | {"WORKBENCH_HOME": str(home), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
