"""The words of the house are kept, and the script that says so sees each kind of breach."""

from pathlib import Path

import house_words
import pytest


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("workbench/core/utils.py", "", "'utils'"),
        ("workbench/helpers/tool.py", "", "'helpers'"),
        ("workbench/app/data.py", "", "'data'"),
        ("workbench/gui/pane.py", "class PaneManager: ...", "'PaneManager'"),
        ("workbench/gui/pane.py", "def process(row): ...", "'process'"),
        ("workbench/gui/pane.py", "common_rows = []", "'common_rows'"),
        ("workbench/gui/pane.py", "def ghost_of(call): ...", "recorded-call check"),
        ("workbench/gui/pane.py", "likeness = 0.5", "similarity"),
        ("tests/unit/test_tool.py", "def test_a_tool_works(): ...", "'test_a_tool_works'"),
        ("workbench/gui/pane.py", "QDialog(parent).exec()", "blocks the loop"),
        ("workbench/gui/pane.py", "answer = menu.exec(point)", "blocks the loop"),
        ("workbench/gui/pane.py", "QMessageBox.question(parent, title, text)", "blocks the loop"),
        ("workbench/gui/pane.py", "task = asyncio.create_task(work())", "workbench/gui/kit/tasks.py"),
        ("workbench/app/runs/runs.py", "asyncio.create_task(work())", "nobody keeps this task"),
        ("workbench/app/runs/runs.py", "asyncio.get_running_loop().create_task(work())", "nobody keeps this task"),
        (
            "workbench/core/tool.py",
            "def look(at):\n    if at:\n        raise KeyError(at)",
            "'look' does not name KeyError",
        ),
    ],
)
def test_a_breach_is_found(tmp_path: Path, file: str, code: str, said: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(code + "\n", encoding="utf-8")
    found = house_words.breaches(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(f"{file}:1: ")
    assert said in found[0]


@pytest.mark.parametrize(
    "code",
    [
        "group.create_task(work())",
        "self._task = asyncio.create_task(work())",
        "drag.exec(actions)",
        "data = sse.data",
        'def look(at):\n    """Raises `KeyError`."""\n    raise KeyError(at)',
        'def look(at):\n    """See `ports.Eye`."""\n    raise KeyError(at)',
        "def _look(at):\n    raise KeyError(at)",
        "def look(at):\n    try:\n        raise KeyError(at)\n    except KeyError:\n        return None",
    ],
)
def test_what_is_meant_is_let_through(tmp_path: Path, code: str) -> None:
    path = tmp_path / "workbench" / "gui" / "kit" / "tasks.py"
    path.parent.mkdir(parents=True)
    path.write_text(code + "\n", encoding="utf-8")
    assert house_words.breaches(tmp_path) == []
