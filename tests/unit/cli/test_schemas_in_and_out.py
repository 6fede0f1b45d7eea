"""The whole way: an OpenAPI file in, lint, fix, suite, export for two vendors with evidence, verify somewhere else."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.unit.cli.test_replay import Command
from tests.unit.cli.test_suite import suite
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main

API = """\
openapi: 3.0.3
info: {title: Gate, version: "1"}
servers: [{url: "https://gate.example/v1"}]
paths:
  /marks/{mark}:
    parameters: [{name: mark, in: path, required: true, schema: {type: string}}]
    put:
      operationId: addMark
    get:
      operationId: readMark
      summary: Read one mark of the gate. Use it when the user asks whether a mark is there.
"""
ANSWERS = [{"calls": [{"tool": "addMark", "arguments": {"mark": "gate"}}]}, {"text": "Done."}]
WORDS = "Leave a mark on the gate. Use it when the user wants to add a mark."


def findings(command: Command) -> set[tuple[str, str]]:
    command("lint", "--json")
    return {(one["rule"], one["file"]) for one in command.document["findings"] if one["severity"] != "note"}


def test_an_openapi_file_leaves_as_tested_tools_of_every_vendor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api = tmp_path / "api.yaml"
    api.write_text(API, encoding="utf-8")
    command = Command(make_project(tmp_path / "gate", *ANSWERS), capsys)
    assert command("import", str(api)) == ExitCode.ANSWERED
    assert "Added readMark, addMark" in command.out

    file = command.project / "tools" / "addMark.json"
    before = findings(command)
    assert any(name == "tools/addMark.json" for _, name in before)
    document = json.loads(file.read_text("utf-8"))
    document["description"] = WORDS
    document["inputSchema"]["properties"]["mark"]["description"] = "The mark's name, such as gate."
    file.write_text(json.dumps(document), encoding="utf-8")
    assert not any(name == "tools/addMark.json" for _, name in findings(command))

    command("export", "--format", "anthropic")
    assert "never tested: " in command.err
    assert "readMark" in command.err
    suite(command, *({"id": f"c{n}", "request": f"Mark thing {n}", "expected": "addMark"} for n in range(4)))
    assert command("suite", "run", "gate", "--fail-under", "100") == ExitCode.ANSWERED

    command("export", "--format", "anthropic", "--tool", "addMark")
    assert "never tested" not in command.err
    elsewhere = tmp_path / "elsewhere"
    for vendor in KEY_OF_WIRE:
        out = tmp_path / vendor
        out.mkdir()
        order = ("export", "--format", vendor, "--tool", "addMark", "--evidence", "--out", str(out))
        assert command(*order) == ExitCode.ANSWERED
        assert "_meta" not in (out / "addMark.json").read_text("utf-8")
        shutil.copytree(out, elsewhere / vendor)
        evidence = str(elsewhere / vendor / "evidence.intoto.json")
        assert main(["verify", evidence, "--allow-unsigned"], lambda _: 99) == ExitCode.ANSWERED

    capsys.readouterr()
    assert command("import", str(api), "--json") == ExitCode.ANSWERED
    fates = {tool["name"]: tool["fate"] for tool in command.document["tools"]}
    assert fates == {"addMark": "edited", "readMark": "same"}
    (elsewhere / vendor / "addMark.json").write_text("{}", encoding="utf-8")
    assert main(["verify", evidence, "--allow-unsigned"], lambda _: 99) == ExitCode.DIGEST_MISMATCH
