"""Suites on a real (virtual) display by keys alone: a pilot, a run, a cell of the matrix, suggestions, a race."""

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


def test_a_pilot_a_run_a_cell_and_a_race_by_keyboard_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    project = make_project(tmp_path / "p", *LOOKS)
    for folder in ("suites", "variants"):
        (project / folder).mkdir()
    (project / "suites" / "marks.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    (project / "variants" / "plain.json").write_text('{"tools": {"touch": {"description": "Marks."}}}')
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
            display.press("Tab", "space")  # the variant
            display.press("shift+Tab", *["Tab"] * 12, "space")  # the pilot
            wait_until(lambda: len(headers(project)) == 1, "the pilot")
            display.command("Run a suite")
            display.press("ctrl+Return")
            wait_until(lambda: len(headers(project)) == 2, "the run")
            pilot, run = headers(project)
            assert [arm["variant"] for arm in pilot["arms"]] == ["", "plain"]
            assert (pilot["split"], run["split"]) == ("tune", "tune")

            display.command("Results of suites")
            display.command("Show the confusion matrix")
            display.press("Right", "Return", "i")  # a cell, its trials, improve
            display.press("space", "ctrl+Return")  # suggest, race
            wait_until(lambda: any(each["split"] == "held-out" for each in headers(project)), "the race")
            race = [each for each in headers(project) if each["race"]]
            assert len({each["race"] for each in race}) == 1
            assert race[-1]["split"] == "held-out"
            names = {path.stem for path in (project / "variants").glob("*.json")}
            assert {arm["variant"] for arm in race[0]["arms"]} - {""} == names - {"plain"}
            display.press("ctrl+q")
            output, _ = window.communicate(timeout=120)
            assert window.returncode == 0, output
            assert "Traceback" not in output
        finally:
            window.kill()
            window.wait()
