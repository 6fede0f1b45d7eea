"""`workbench weigh`: tokens of tools and their parts."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main


def test_tools_are_listed_with_their_parts_and_a_sum(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = str(make_project(tmp_path / "project"))
    assert main(["weigh", project], lambda _: 99) == ExitCode.ANSWERED
    out = capsys.readouterr().out
    assert "offers all 2 tools" in out
    assert "description" in out
    assert main(["weigh", project, "--tool", "touch", "--json"], lambda _: 99) == ExitCode.ANSWERED
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["kind"] == "tool"
    assert all(not line["is_counted"] for line in lines)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--tool", "none"], "there is no tool 'none'"),
        (["--exact", "x"], "--tool"),
        (["--tool", "touch", "--exact", "x"], "takes a key"),
    ],
)
def test_what_cannot_be_weighed_is_said(
    options: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["weigh", str(make_project(tmp_path / "project")), *options], lambda _: 99) == ExitCode.USAGE
    assert words in capsys.readouterr().err
