"""The command line as its users call it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

LIMIT_S = 240
"""For machines under load; a healthy one needs a second."""


def workbench(
    *arguments: str | Path, home: Path, environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run `workbench …` to its end, without a terminal and without a display."""
    return subprocess.run(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        stdin=subprocess.DEVNULL,
        env=_environment(home) | (environment or {}),
        check=False,
    )


def events(result: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """The events a `--json` run printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        kept.pop(name, None)
    return kept | {"WORKBENCH_HOME": str(home), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
