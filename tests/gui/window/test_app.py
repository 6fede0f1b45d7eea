"""Starting and ending the window's program."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.projects import make_project

START = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from workbench.gui.window.app import run_window
from workbench.gui.window.shell import Shell

def look():
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowTitle() and type(w) is not Shell]
    if not windows:  # the project is still being read
        QTimer.singleShot(50, look)
        return
    print(windows[0].windowTitle())
    print(sorted(name for name in ("openai", "anthropic", "mcp") if name in sys.modules))
    windows[0].close()

from workbench.gui.window.program import Program
original = Program._main
async def started(self, path):
    QTimer.singleShot(300, look)
    return await original(self, path)
Program._main = started
sys.exit(run_window(Path(sys.argv[1])))
"""


def start(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WORKBENCH_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", START, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_window_opens_and_closes_without_an_sdk_and_without_a_word(tmp_path: Path) -> None:
    result = start(make_project(tmp_path / "project"), tmp_path / "home")
    assert result.stdout.splitlines() == ["Marks — Tool-Calling Workbench", "[]"]
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
    assert "never awaited" not in result.stderr


def test_a_folder_that_is_no_project_is_said_in_a_window(tmp_path: Path) -> None:
    result = start(tmp_path, tmp_path / "home")
    assert result.stdout.splitlines()[0] == "Tool-Calling Workbench"
    assert result.returncode == 2
