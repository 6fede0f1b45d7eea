"""Every wire from the command line: a run with parallel calls, its rerun, forks to all others, samples, and exports."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.invented import WEATHER, request
from tests.contract.misbehaving_server import Answer, MisbehavingServer, Received
from tests.support.projects import make_project
from tests.support.wire_answers import WireCall, wire_answer
from workbench.app.exports.tool_export import export_tools
from workbench.app.imports.tool_import import found_in
from workbench.app.models.wires import TOOL_FORMATS
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main as command_line
from workbench.core.tool import Tool, Toolset

CALLS = (WireCall("touch", '{"mark": "a"}', "c1"), WireCall("look", '{"at": "sea"}', "c2"))
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


def main(order: list[str]) -> int:
    return command_line(order, lambda folder: 0)


def model(form: Format) -> str:
    return f"{form.wire.prefixes[0]}:some-model"


def answering(form: Format) -> Iterator[Answer]:
    """Two calls, then words for as long as somebody asks."""
    yield Answer(body=b"".join(wire_answer(form.wire_format, "Let me see.", CALLS)))
    while True:
        yield Answer(body=b"".join(wire_answer(form.wire_format, "All done.")))


def serving(form: Format) -> MisbehavingServer:
    answers = answering(form)
    return MisbehavingServer(lambda _: next(answers))


def finished(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The last event that was printed."""
    last: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return last


@pytest.fixture
def project(tmp_path: Path, own_home: Path) -> Path:
    return make_project(tmp_path / "marks")


def ran(form: Format, project: Path, *more: str) -> tuple[int, list[Received]]:
    with serving(form) as server:
        order = ["run", str(project), "Look and touch.", "--model", model(form)]
        order += ["--base-url", server.root + form.base_suffix, "--approve", "all", "--trust", "--json", *more]
        return main(order), server.received


def offered(form: Format, received: Received) -> int:
    """How many tools a request offers."""
    return sum(1 for _ in form.wire.shape.definitions(json.loads(received.body)))


@every_format
def test_a_run_with_parallel_calls_goes_to_its_end_and_runs_again_the_same(
    form: Format, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, received = ran(form, project)
    last = finished(capsys)
    assert (code, last["outcome"]) == (ExitCode.ANSWERED, "answered")
    first, second = received
    assert offered(form, first) == offered(form, second) == 2
    assert "left" in second.body.decode()
    assert "sea" in second.body.decode()
    assert (project / "marks.txt").read_text() == "a\n"
    assert main(["replay", str(project), "last"]) == ExitCode.ANSWERED


@every_format
@pytest.mark.parametrize("choice", ["none", "required", "touch", "touch,look", "auto:look"])
def test_every_tool_choice_can_be_asked_for(
    form: Format, choice: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = ran(form, project, "--tool-choice", choice)
    assert (code, finished(capsys)["outcome"]) == (ExitCode.ANSWERED, "answered")


@every_format
def test_it_is_forked_to_itself_and_to_every_other_wire(
    form: Format, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(form, project)
    run = finished(capsys)["run_id"]
    for other in FORMATS.values():
        with serving(other) as server:
            order = ["replay", str(project), run, "--fork-at", "round-2", "--model", model(other), "--tools", "mock"]
            code = main([*order, "--base-url", server.root + other.base_suffix, "--json"])
        assert code == ExitCode.ANSWERED, capsys.readouterr().err
        body = server.received[0].body.decode()
        assert all(said in body for said in ("Let me see.", "touch", "look", "left", "sea"))
        assert finished(capsys)["outcome"] == "answered"


@every_format
def test_a_decision_is_sampled(form: Format, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(form, project)
    capsys.readouterr()
    with serving(form) as server:
        order = ["replay", str(project), "last", "--fork-at", "round-1", "--trials", "3", "--concurrency", "1"]
        code = main([*order, "--model", model(form), "--base-url", server.root + form.base_suffix, "--json"])
    assert code == ExitCode.ANSWERED
    assert len(server.received) == 2 * 3  # as it was, and with the model that was named
    assert len({(received.path, received.body) for received in server.received}) == 1


@pytest.mark.parametrize("name", [name for name, _ in TOOL_FORMATS])
def test_tools_that_are_exported_can_be_taken_in_again(name: str) -> None:
    schema = {"type": "object", "properties": {"mark": {"type": "string"}}, "required": ["mark"]}
    tool = Tool({"name": "touch", "description": "Leave a mark.", "inputSchema": schema})
    (again,) = found_in(json.loads(export_tools([tool], name).text)).tools
    assert (again.name, again.description, again.input_schema) == (tool.name, tool.description, schema)


@every_format
def test_the_tools_of_a_request_can_be_taken_in(form: Format) -> None:
    body = json.loads(form.encode(request("some-model", tools=Toolset((WEATHER,)))).body_json)
    assert [tool.name for tool in found_in({"tools": body["tools"]}).tools] == ["get_weather"]
