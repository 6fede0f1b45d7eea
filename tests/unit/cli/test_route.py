"""`workbench route`, and runs whose tools a selector chooses."""

import json
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main as command_line

TABLE = """
[routing]
selector = "words"
top = 1

[[routing.rules]]
words = ["stamp"]
tools = ["touch"]
"""


def main(arguments: list[str]) -> int:
    return command_line(arguments, lambda _: 99)


@pytest.fixture
def project(tmp_path: Path) -> str:
    answer = {"calls": [{"tool": "look", "arguments": {}}]}
    return str(make_project(tmp_path / "p", answer, {"text": "Seen."}, toml=TOML + TABLE))


def test_it_says_what_would_be_offered_and_why(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", project, "look around", "--selector", "words", "--selector", "rules"]) == ExitCode.ANSWERED
    out = capsys.readouterr().out
    assert "words: offers look" in out
    assert "shares look, around" in out
    assert "rules: No tool fits the request." in out


def test_it_speaks_json(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["route", project, "stamp", "--selector", "rules", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["offered"] == ["touch"]
    assert document["candidates"][0]["why"] == "has stamp"


def test_a_run_offers_what_its_selector_chooses(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", project, "Look around.", "--trust"]) == ExitCode.ANSWERED
    assert "route words: offers look" in capsys.readouterr().out
    main(["run", project, "Look around.", "--trust", "--selector", "all"])
    assert "route" not in capsys.readouterr().out
    assert main(["run", project, "Look around.", "--selector", "magic"]) == ExitCode.USAGE
    assert "there is no selector 'magic'" in capsys.readouterr().err
