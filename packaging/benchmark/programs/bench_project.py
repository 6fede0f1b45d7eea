"""A project with the one tool, whose model is the benchmark's server."""

import json
from pathlib import Path

from benchmark.programs import weather
from benchmark.programs.weather import DESCRIPTION, MODEL, RESULT, SCHEMA
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.telemetry.telemetry_order import TelemetryOrder

_TOML = """\
format = 1
name = "Benchmark"
prompt = "Go."
model = "bench"

[limits]
concurrency = 8
calls = 10_000

[[approval]]
tool = "*"
action = "{action}"

[executors.get_weather]
{executor}

[connections.bench]
wire = "openai-chat"
model = "{model}"
base_url = "{url}"
"""


def open_session(
    home: Path, url: str, *, in_children: bool = False, telemetry: TelemetryOrder | None = None
) -> Session:
    """Write the project into `home` and open it. The tool answers in this process, or as a Python tool in others."""
    project = write_project(home, url, in_children=in_children)
    return Session(project, folders=user_folders(home), trust_for_now=True, telemetry=telemetry)


def write_project(home: Path, url: str, *, in_children: bool = False, action: str = "allow") -> Path:
    """The project's folder; `action` is what its rule says about every call."""
    folder = home / "project"
    (folder / "tools").mkdir(parents=True)
    result = ", ".join(f"{key} = {json.dumps(value)}" for key, value in RESULT.items())
    executor = f'kind = "mock"\nresult = {{ {result} }}'
    if in_children:
        executor = 'kind = "python"\nfunction = "weather:get_weather"'
        (folder / "python").mkdir()
        (folder / "python" / "weather.py").write_text(Path(weather.__file__).read_text("utf-8"), "utf-8")
    (folder / "workbench.toml").write_text(
        _TOML.format(executor=executor, model=MODEL, url=url, action=action), encoding="utf-8"
    )
    tool = {"name": "get_weather", "description": DESCRIPTION, "inputSchema": SCHEMA}
    (folder / "tools" / "get_weather.json").write_text(json.dumps(tool), encoding="utf-8")
    return folder


def write_suite(project: Path, cases: int) -> None:
    """A suite `cases` of so many requests to which a text is the right answer."""
    (project / "suites").mkdir()
    lines = [
        json.dumps({"id": f"case-{number}", "request": f"Say something about {number}.", "expected": None})
        for number in range(cases)
    ]
    (project / "suites" / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def user_folders(home: Path) -> UserFolders:
    """Folders of a person who has never used the program."""
    return UserFolders(home / "state", home / "config", home / "data")
