"""Small projects in temporary folders."""

import json
from pathlib import Path

from workbench.core.json_text import JsonObject

TOUCH: JsonObject = {
    "name": "touch",
    "description": "Leave a mark.",
    "inputSchema": {"type": "object", "properties": {"mark": {"type": "string"}}, "required": ["mark"]},
}
LOOK: JsonObject = {
    "name": "look",
    "description": "Look around.",
    "inputSchema": {"type": "object", "properties": {"at": {"type": "string"}}},
}
TOML = """\
format = 1
name = "Marks"
model = "scripted:script.json"

[limits]
tool_seconds = 20.0

[[approval]]
tool = "look"
action = "allow"

[executors.touch]
kind = "python"
function = "marks:touch"

[executors.look]
kind = "python"
function = "marks:look"
"""
CODE = """\
from pathlib import Path


def touch(mark):
    with Path("marks.txt").open("a", encoding="utf-8") as file:
        file.write(mark + "\\n")
    return "left"


def look(at="here"):
    return {"seen": at}
"""


def make_project(folder: Path, *answers: JsonObject, toml: str = TOML, code: str = CODE) -> Path:
    """A project with two tools, their bodies, and a script with these answers."""
    (folder / "tools").mkdir(parents=True)
    (folder / "python").mkdir()
    (folder / "workbench.toml").write_text(toml, encoding="utf-8")
    for tool in (TOUCH, LOOK):
        (folder / "tools" / f"{tool['name']}.json").write_text(json.dumps(tool, indent=2), encoding="utf-8")
    (folder / "python" / "marks.py").write_text(code, encoding="utf-8")
    (folder / "script.json").write_text(json.dumps({"answers": answers or [{"text": "Hello."}]}), encoding="utf-8")
    return folder


def trust(project: Path, home: Path) -> None:
    """As the button of the banner does, from another process: a window looks again when it is asked to run."""
    from workbench.app.project.folders import UserFolders
    from workbench.store.project import load_project
    from workbench.store.trust import TrustStore, code_digest

    folders = UserFolders(home / "state", home / "config", home / "data")
    TrustStore(folders.trust_file).add(code_digest(load_project(project)), project)
