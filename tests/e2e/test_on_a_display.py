"""The window on a real (virtual) display, driven by real key presses from first message to approval to answer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import events, workbench
from tests.support.display import HAS_DISPLAY_TOOLS, virtual_display, wait_until
from tests.support.projects import TOML, make_project, trust

pytest.importorskip("PySide6")
pytestmark = pytest.mark.skipif(not HAS_DISPLAY_TOOLS, reason="needs Xvfb and xdotool")

ANSWERS = (
    {"text": "I will leave a mark.", "calls": [{"tool": "touch", "arguments": {"mark": "a"}}]},
    {"text": "Marked."},
)


def kinds_of_last_run(project: Path, home: Path) -> list[str]:
    shown = workbench("show", project, "last", "--json", home=home)
    return [event["kind"] for event in events(shown)] if shown.returncode == 0 else []


def test_a_message_is_sent_a_call_approved_and_the_answer_read_by_keyboard_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    project = make_project(
        tmp_path / "p", *ANSWERS, toml=TOML.replace('name = "Marks"', 'name = "Marks"\nprompt = "Mark it."')
    )
    with virtual_display() as display:
        window = subprocess.Popen(
            [sys.executable, "-m", "workbench", str(project)],
            env=display.environment() | {"WORKBENCH_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            shown = display.wait_for_window("Marks")
            display.focus(shown)
            # The project's code is not trusted yet, so the message does not run before the banner's button is pressed.
            display.press("ctrl+Return")
            assert kinds_of_last_run(project, home) == []
            trust(project, home)
            display.press("ctrl+r")

            def is_asked() -> bool:
                display.press("ctrl+Return")  # does nothing before the project was read again, and while a run goes on
                return "approval.asked" in kinds_of_last_run(project, home)

            wait_until(is_asked, "the question")
            display.press("a")
            assert "tool.started" not in kinds_of_last_run(project, home), "a key outside the card decided"
            display.press("F8", "a")
            wait_until(lambda: "run.finished" in kinds_of_last_run(project, home), "the answer")
            assert (project / "marks.txt").read_text() == "a\n"
            display.press("ctrl+q")
            output, _ = window.communicate(timeout=120)
            assert window.returncode == 0, output
            assert "Traceback" not in output
        finally:
            window.kill()
            window.wait()
