"""The registry: whatever changes about a tool on disk, its fingerprint changes; nothing else does."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.support.projects import LOOK, TOUCH, make_project
from workbench.core.tool import Tool
from workbench.store.registry import ToolRegistry

TOOL = Tool(TOUCH)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


CHANGES = {
    "another description": lambda p: write(p / "tools/touch.json", json.dumps({**TOUCH, "description": "Erase."})),
    "no file": lambda p: (p / "tools/touch.json").unlink(),
    "a broken file": lambda p: write(p / "tools/touch.json", "{"),
    "another function": lambda p: write(
        p / "workbench.toml", (p / "workbench.toml").read_text().replace("marks:touch", "marks:look")
    ),
    "a broken project file": lambda p: write(p / "workbench.toml", "["),
    "other code": lambda p: write(p / "python/marks.py", "def touch(mark): return 'erased'"),
    "a new module": lambda p: write(p / "python/deeper/extra.py", ""),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_the_tool_shows(tmp_path: Path, change: str) -> None:
    folder = make_project(tmp_path / "p")
    registry = ToolRegistry(folder)
    before = registry.fingerprint_now(TOOL)
    CHANGES[change](folder)
    assert registry.fingerprint_now(TOOL) != before


def test_what_has_nothing_to_do_with_the_tool_does_not_show(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    registry = ToolRegistry(folder)
    before = registry.fingerprint_now(TOOL)
    write(folder / "tools/look.json", json.dumps({**LOOK, "description": "Stare."}))
    write(folder / "tools/touch.json", json.dumps(TOUCH))
    write(folder / "python/__pycache__/marks.pyc", "leftover")
    write(folder / "workbench.toml", (folder / "workbench.toml").read_text() + "\n# a remark\n")
    assert registry.fingerprint_now(TOOL) == before


def test_a_tool_whose_file_has_another_name_is_found(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    registry = ToolRegistry(folder)
    before = registry.fingerprint_now(TOOL)
    (folder / "tools/touch.json").rename(folder / "tools/a.json")
    assert registry.fingerprint_now(TOOL) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_code_without_an_end_has_a_fingerprint_too(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    for name in ("one", "two"):
        (folder / "python" / name).symlink_to(folder / "python", target_is_directory=True)
    assert ToolRegistry(folder).fingerprint_now(TOOL)


def test_a_change_in_a_large_file_of_code_is_seen(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    large = folder / "python" / "native.so"
    large.write_bytes(bytes(6_000_000))
    before = ToolRegistry(folder).fingerprint_now(TOOL)
    with large.open("r+b") as file:
        file.seek(5_999_999)
        file.write(b"x")
    assert ToolRegistry(folder).fingerprint_now(TOOL) != before


async def test_calls_made_together_look_once_and_each_later_one_looks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path / "p")
    registry = ToolRegistry(folder)
    registry.fingerprint_now(TOOL)  # so that it knows how little code there is
    looks: list[str] = []
    fingerprint_now = registry.fingerprint_now
    monkeypatch.setattr(registry, "fingerprint_now", lambda tool: (looks.append(tool.name), fingerprint_now(tool))[1])
    together = await asyncio.gather(*(registry.fingerprint(TOOL) for _ in range(3)))
    assert (len(set(together)), looks) == (1, ["touch"])
    CHANGES["another description"](folder)
    await asyncio.sleep(0)
    assert await registry.fingerprint(TOOL) != together[0]
