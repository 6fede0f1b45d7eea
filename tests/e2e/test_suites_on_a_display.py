"""Suites on a real (virtual) display by keys alone: a run, a baseline, a cell of the matrix, and a race."""

import json
import subprocess
import sys
from collections.abc import Callable
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


PATIENT_LOOKS = 10
"""So many looks before the same keys are pressed again: what was not read yet took none of them."""


def begun(project: Path) -> list[Path]:
    return list((project / ".workbench" / "suites").glob("*/suite_run.json"))


def headers(project: Path) -> list[dict[str, Any]]:
    """What each suite run set out to do, of those that are over, the oldest first."""
    found = []
    for path in begun(project):
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
            main = display.wait_for_window("Marks")

            def wait_for(what: str, is_so: Callable[[], bool], command: str = "", *keys: str) -> None:
                looks = 0

                def has_come() -> bool:
                    nonlocal looks
                    assert window.poll() is None, f"the window is gone: {window.communicate()[0]}"
                    if command and not is_so() and looks % PATIENT_LOOKS == 0:
                        display.focus(main)
                        display.command(command)
                        for key in keys:
                            display.press(key)
                    looks += 1
                    return is_so()

                wait_until(has_come, what)

            wait_for("the run of the project as it is", lambda: bool(begun(project)), "Run a suite", "ctrl+Return")
            wait_for("its end", lambda: bool(headers(project)))
            pinned = project / ".workbench" / "suites" / "pinned.json"
            wait_for("the baseline", pinned.exists, "Pin the shown arm")
            to_race = ("Right", "Return", "i", "space", "ctrl+Return")  # a cell, its trials, improve; suggest, race
            variants = project / "variants"
            wait_for("the race", lambda: any(variants.glob("*.json")), "Show the confusion matrix", *to_race)
            wait_for("its end", lambda: any(each["split"] == "held-out" for each in headers(project)))
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
