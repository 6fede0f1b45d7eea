"""`workbench import`: the same preview as in the window, from a file or from standard input."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main

API = """openapi: 3.1.0
servers: [{url: "https://api.example"}]
paths:
  /pets:
    get: {operationId: listPets, summary: All pets.}
    post: {operationId: addPet}
"""


def run(*arguments: object) -> int:
    return main(["import", *map(str, arguments)], lambda _folder: 0)


def test_a_file_is_previewed_selected_and_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path / "p")
    file = tmp_path / "api.yaml"
    file.write_text(API)
    assert run(folder, file, "--dry-run") == ExitCode.ANSWERED
    assert not (folder / "tools" / "listPets.json").exists()
    shown = capsys.readouterr()
    assert "listPets: new  GET https://api.example/pets" in shown.out
    assert "nothing was written" in shown.err
    assert run(folder, file, "--select", "GET *", "--json") == ExitCode.ANSWERED
    written: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert written["written"] == ["tools/listPets.json", "workbench.toml"]
    assert [(tool["name"], tool["chosen"]) for tool in written["tools"]] == [("listPets", True), ("addPet", False)]
    mine = folder / "tools" / "listPets.json"
    mine.write_text(mine.read_text().replace("All pets.", "Mine."))
    assert run(folder, file) == ExitCode.ANSWERED
    assert "1 left out, 1 of them edited by you" in capsys.readouterr().out
    assert "Mine." in mine.read_text()
    assert run(folder, file, "--replace") == ExitCode.ANSWERED
    assert "All pets." in mine.read_text()


def test_more_tools_than_fit_are_listed_and_not_written_without_a_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file = make_project(tmp_path / "p"), tmp_path / "api.yaml"
    file.write_text(API + "".join(f"  /p{number}: {{get: {{operationId: p{number}}}}}\n" for number in range(130)))
    assert run(folder, file) == ExitCode.USAGE
    assert "--dry-run lists them" in capsys.readouterr().err
    assert run(folder, file, "--dry-run") == ExitCode.ANSWERED
    assert "p129: new" in capsys.readouterr().out
    assert not (folder / "tools" / "p129.json").exists()


def test_standard_input_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path / "p")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"curl https://api.example/items?q=1")))
    assert run(folder, "-") == ExitCode.ANSWERED
    assert "Added get_items" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("hello", [], "not JSON"),
        ("{", ["--as", "openapi"], "not JSON"),
        (API, ["--select", "nothing*"], "no tool matches nothing*"),
        (json.dumps([{"name": f"t{n}", "inputSchema": {}} for n in range(130)]), [], "Choose some with --select"),
        (API, ["--as", "har"], "HAR"),
    ],
)
def test_what_cannot_be_imported_is_wrong_usage_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, options: list[str], words: str
) -> None:
    folder = make_project(tmp_path / "p")
    before = sorted(folder.rglob("*"))
    file = tmp_path / "file"
    file.write_text(content)
    assert run(folder, file, *options) == ExitCode.USAGE
    assert words in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_a_logged_conversation_becomes_a_run_that_is_forked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path / "p", {"text": "It may rain."})
    asked = {"model": "m", "messages": [{"role": "user", "content": "Weather?"}]}
    answer = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "It is warm."}}]}
    file = tmp_path / "log.jsonl"
    file.write_text(json.dumps({"request": asked, "response": answer}) + "\n")
    assert run(folder, file, "--json") == ExitCode.ANSWERED
    [logged] = json.loads(capsys.readouterr().out)["conversations"]
    [run_id] = logged["runs"]
    fork = ["replay", str(folder), run_id, "--fork-at", "turn-1/round-1", "--model", "scripted:script.json"]
    assert main(fork, lambda _folder: 0) == ExitCode.ANSWERED
    assert "It may rain." in capsys.readouterr().out
