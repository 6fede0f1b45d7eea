"""Suites on a real (virtual) display by keys alone: a run, a baseline, a cell of the matrix, and a race."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_on_a_display import trust
from tests.support.display import HAS_DISPLAY_TOOLS, virtual_display, wait_until
from tests.support.projects import make_project

pytest.importorskip("PySide6")
pytest.importorskip("scipy")
pytestmark = pytest.mark.skipif(not HAS_DISPLAY_TOOLS, reason="needs Xvfb and xdotool")

LOOKS = ({"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Seen."})
CASES = [
    {"id": f"{split}-{n}", "request": f"{word} number {n}", "expected": "touch", "split": split}
    for split, word in (("tune", "Mark"), ("held-out", "Sign"))
    for n in range(4)
]


def headers(project: Path) -> list[dict[str, Any]]:
    """What each suite run set out to do, of those that are over, the oldest first."""
    found = []
    for path in (project / ".workbench" / "suites").glob("*/suite_run.json"):
        run = json.loads(path.read_text())
        trials = path.parent / "trials.jsonl"
        done = len(trials.read_text().splitlines()) if trials.exists() else 0
        if done >= len(run["cases"]) * len(run["arms"]):
            found.append(run)
    return sorted(found, key=lambda run: run["at"])


def test_a_run_a_baseline_a_cell_and_a_race_by_keyboard_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    project = make_project(tmp_path / "p", *LOOKS)
    (project / "suites").mkdir()
    (project / "suites" / "marks.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    trust(project, home)
    with virtual_display() as display:
        window = subprocess.Popen(
            [sys.executable, "-m", "workbench", str(project)],
            env=display.environment() | {"WORKBENCH_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            display.focus(display.wait_for_window("Marks"))
            display.command("Run a suite")

            def run_begins() -> bool:
                display.press("ctrl+Return")  # does nothing before the suite was read, and while one runs
                return len(headers(project)) == 1

            wait_until(run_begins, "the run of the project as it is")

            def is_pinned() -> bool:
                display.command("Pin the shown arm")  # says that there is nothing to pin before the results were read
                return (project / ".workbench" / "suites" / "pinned.json").exists()

            wait_until(is_pinned, "the baseline")

            def race_begins() -> bool:
                display.command("Show the confusion matrix")  # it is empty before the results were read
                display.press("Right", "Return", "i")  # a cell, its trials, improve
                display.press("space", "ctrl+Return")  # suggest, race
                return len(list((project / "variants").glob("*.json"))) > 0

            wait_until(race_begins, "the race")
            wait_until(lambda: any(each["split"] == "held-out" for each in headers(project)), "its end")
            race = [each for each in headers(project) if each["race"]]
            assert len({each["race"] for each in race}) == 1
            assert race[-1]["split"] == "held-out"
            names = {path.stem for path in (project / "variants").glob("*.json")}
            assert {arm["variant"] for arm in race[0]["arms"]} - {""} == names
            display.press("ctrl+q")
            output, _ = window.communicate(timeout=120)
            assert window.returncode == 0, output
            assert "Traceback" not in output
        finally:
            window.kill()
            window.wait()
