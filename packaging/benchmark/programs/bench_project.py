"""A project with the one tool, whose model is the benchmark's server."""

import json
from pathlib import Path

from benchmark.programs.weather import DESCRIPTION, MODEL, RESULT, SCHEMA
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session

_TOML = """\
format = 1
name = "Benchmark"
prompt = "Go."
model = "bench"

[limits]
concurrency = 8

[[approval]]
tool = "*"
action = "allow"

[executors.get_weather]
kind = "mock"
result = {{ {result} }}

[connections.bench]
wire = "openai-chat"
model = "{model}"
base_url = "{url}"
"""


def open_session(home: Path, url: str) -> Session:
    """Write the project into `home` and open it. The tool answers in this process, as the floor's does."""
    return Session(write_project(home, url), folders=user_folders(home), trust_for_now=True)


def write_project(home: Path, url: str) -> Path:
    """The project's folder."""
    folder = home / "project"
    (folder / "tools").mkdir(parents=True)
    result = ", ".join(f"{key} = {json.dumps(value)}" for key, value in RESULT.items())
    (folder / "workbench.toml").write_text(_TOML.format(result=result, model=MODEL, url=url), encoding="utf-8")
    tool = {"name": "get_weather", "description": DESCRIPTION, "inputSchema": SCHEMA}
    (folder / "tools" / "get_weather.json").write_text(json.dumps(tool), encoding="utf-8")
    return folder


def user_folders(home: Path) -> UserFolders:
    """Folders of a person who has never used the program."""
    return UserFolders(home / "state", home / "config", home / "data")
