"""Suites on a real (virtual) display by keys alone: a run, a baseline, a cell of the matrix, a race, and a plan."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_on_a_display import trust
from tests.support.at_spi import HAS_AT_SPI, Accessible, ScreenReader, accessibility_bus
from tests.support.display import HAS_DISPLAY_TOOLS, Display, virtual_display, wait_until
from tests.support.projects import make_project
from workbench.app.suites.suite_plan import PILOT_CASES

pytest.importorskip("PySide6")
pytest.importorskip("scipy")
pytestmark = pytest.mark.skipif(not HAS_DISPLAY_TOOLS, reason="needs Xvfb and xdotool")

LOOKS = ({"calls": [{"tool": "look", "arguments": {"at": "gate"}}]}, {"text": "Seen."})
PATIENT_LOOKS = 10
"""So many looks before the same keys are pressed again: what was not read yet took none of them."""


def project_with(folder: Path, cases: int) -> Path:
    """A project with a suite of that many tune and held-out cases each."""
    project = make_project(folder, *LOOKS)
    (project / "suites").mkdir()
    lines = [
        {"id": f"{split}-{n}", "request": f"{word} number {n}", "expected": "touch", "split": split}
        for split, word in (("tune", "Mark"), ("held-out", "Sign"))
        for n in range(cases)
    ]
    (project / "suites" / "marks.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return project


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


class Keyboard:
    """Somebody who has no mouse, in front of the window of a project."""

    def __init__(self, display: Display, window: "subprocess.Popen[str]") -> None:
        self.display = display
        self._window = window
        self._main = display.wait_for_window("Marks")

    def wait_for(self, what: str, is_so: Callable[[], bool], command: str = "", *keys: str) -> None:
        """Until it is so. The command and the keys are what it takes."""
        looks = 0

        def has_come() -> bool:
            nonlocal looks
            assert self._window.poll() is None, f"the window is gone: {self._window.communicate()[0]}"
            if command and looks % PATIENT_LOOKS == 0 and not is_so():
                self.display.focus(self._main)
                self.display.command(command)
                for key in keys:
                    self.display.press(key)
            looks += 1
            return is_so()

        wait_until(has_come, what)

    def quit(self) -> None:
        self.display.press("ctrl+q")
        output, _ = self._window.communicate(timeout=120)
        assert self._window.returncode == 0, output
        assert "Traceback" not in output


@contextmanager
def keyboard_at(project: Path, home: Path, environment: Mapping[str, str] = {}) -> Iterator[Keyboard]:
    trust(project, home)
    with virtual_display() as display:
        window = subprocess.Popen(
            [sys.executable, "-m", "workbench", str(project)],
            env=display.environment() | {"WORKBENCH_HOME": str(home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Keyboard(display, window)
        finally:
            window.kill()
            window.wait()


def test_a_run_a_baseline_a_cell_and_a_race_by_keyboard_alone(tmp_path: Path) -> None:
    project = project_with(tmp_path / "p", 4)
    with keyboard_at(project, tmp_path / "home") as keyboard:
        wait_for = keyboard.wait_for
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
        keyboard.quit()


@pytest.mark.skipif(not HAS_AT_SPI, reason="needs at-spi2-core and dbus-daemon")
def test_a_plan_by_hand_and_one_by_a_pilot_by_keyboard_alone(tmp_path: Path) -> None:
    pytest.importorskip("jeepney")
    project = project_with(tmp_path / "p", PILOT_CASES)
    (project / "variants").mkdir()
    (project / "variants" / "clearer.json").write_text('{"tools": {"look": {"description": "Look at a place."}}}')
    with accessibility_bus(tmp_path) as bus, keyboard_at(project, tmp_path / "home", bus) as keyboard:
        reader = ScreenReader(bus["DBUS_SESSION_BUS_ADDRESS"])

        def heard() -> Sequence[Accessible]:
            return [item for at in reader.programs() for item in reader.read(at)]

        def focused() -> list[tuple[str, str]]:
            return [(item.role, item.name) for item in heard() if "focused" in item.states]

        def says(words: str) -> bool:
            return any(words in item.name for item in heard())

        def tab_to(name: str) -> None:
            here, passed = focused(), list[list[tuple[str, str]]]()

            def has_moved() -> bool:
                nonlocal here
                here = focused()
                return here != passed[-1]

            while not any(name in each for _, each in here):
                assert here not in passed, f"the keyboard comes back without having been at {name!r}"
                passed.append(here)
                keyboard.display.press("Tab")
                keyboard.wait_for("the next control", has_moved)

        def plan() -> None:
            keyboard.wait_for("the run page", lambda: ("page tab list", "Run") in focused(), "Run a suite")
            keyboard.wait_for("the suite", lambda: says("tune (30)"))

        try:
            press = keyboard.display.press
            plan()
            tab_to("Percent of cases that the change should fix")
            press("ctrl+a", "3", "0")
            tab_to("Percent of cases that the change may break")
            press("ctrl+a", "0")
            tab_to("Say whether that could be shown")
            press("space")
            keyboard.wait_for("the plan", lambda: says("With 30% of cases fixed and 0% broken (as you said)"))
            assert begun(project) == [], "a plan asks nobody"
            plan()
            tab_to("clearer")
            press("space")
            keyboard.wait_for("no plan for other arms", lambda: not says("(as you said)"))
            tab_to("Measure both on a few tune cases")
            press("space")
            measured = f"(measured on {PILOT_CASES} cases)"
            keyboard.wait_for("what it measured", lambda: says(f"0% of cases fixed and 0% broken {measured}"))
            (pilot,) = headers(project)
            assert (pilot["split"], len(pilot["cases"])) == ("tune", PILOT_CASES)
            assert [arm["variant"] for arm in pilot["arms"]] == ["", "clearer"]
            keyboard.quit()
        finally:
            reader.close()
