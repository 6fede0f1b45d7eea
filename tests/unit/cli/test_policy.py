"""The commands about approvals: what would happen to a call, and which permissions stand."""

import asyncio
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.cli.main import main
from workbench.core.grant import CallIdentity, GrantRequest
from workbench.core.ids import CallId
from workbench.core.tool import Tool

SANITIZE = """
[sanitizers.look.at]
trim = true

[[approval]]
tool = "touch"
action = "deny"
arguments = { mark = "x" }
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return make_project(tmp_path / "p", toml=TOML + SANITIZE)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(list(arguments), lambda folder: 0)
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("tool", "arguments", "first", "why"),
    [
        ("look", '{"at":"here"}', "allow", "rule 1 is the first that matches"),
        ("touch", '{"mark":"a"}', "ask", "no rule matches, and then the person is asked"),
        ("touch", '{"mark":"x"}', "deny", "rule 2 is the first that matches"),
    ],
)
def test_the_box_says_what_would_happen_and_why(
    project: Path, capsys: pytest.CaptureFixture[str], tool: str, arguments: str, first: str, why: str
) -> None:
    code, lines = said(capsys, "policy", str(project), tool, arguments, "--trust")
    assert (code, lines[0]) == (0, first)
    assert f"  why:  {why}" in lines
    assert lines[-1].startswith("  runs: python marks:")
    assert not (project / "marks.txt").exists()


def test_what_a_sanitizer_would_change_is_said_before_anything_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, lines = said(capsys, "policy", str(project), "look", '{"at":" here "}')
    assert lines[0] == '  changed /at (trim): " here " → "here"'


def test_invalid_arguments_are_told_apart_from_a_denial(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "policy", str(project), "touch", '{"mark":7}')
    assert (code, lines[0]) == (1, "invalid")
    assert "/mark" in lines[1]


def test_a_tool_that_is_not_there_is_wrong_usage(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", str(project), "erase", "{}"], lambda folder: 0) == 2
    assert "look, touch" in capsys.readouterr().err


async def grant(project: Path, home: Path) -> None:
    session = Session(project, folders=UserFolders(home, home, home))
    tool = session.project.toolset.named("touch")
    assert isinstance(tool, Tool)
    call = CallIdentity(tool, {"mark": "a"}, "python marks:touch", session.runs._registry.fingerprint_now(tool))  # type: ignore[union-attr]
    session.grants.add(GrantRequest("project"), call, call_id=CallId("r.1.1.1"), conversation="r", by="person")
    await session.close()


def test_a_grant_is_foretold_listed_and_ended(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(project)
    asyncio.run(grant(project, project.parent / "home" / "state"))
    assert said(capsys, "policy", folder, "touch", '{"mark":"b"}')[1][:2] == ["allow", "  rule: grant r.1.1.1"]
    assert said(capsys, "grants", folder)[1] == ["r.1.1.1  touch with any arguments, in this project · by person"]
    assert said(capsys, "grants", folder, "--revoke", "r.1.1.1") == (0, ["Revoked r.1.1.1."])
    assert said(capsys, "policy", folder, "touch", '{"mark":"b"}')[1][0] == "ask"
    assert said(capsys, "grants", folder, "--revoke-all") == (0, ["Revoked 0."])
    assert said(capsys, "grants", folder, "--revoke", "r.1.1.1")[0] == 2


def test_conditions_compare_numbers_and_find_patterns_without_waiting_for_hostile_ones(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = project / "workbench.toml"
    rules = """
[[approval]]
tool = "touch"
action = "deny"
where = ['mark matches "^(a+)+$"']

[[approval]]
tool = "touch"
action = "allow"
where = ['mark in ["c", "d"]', 'mark matches "^[cd]$"']
"""
    text = toml.read_text()
    toml.write_text(text[: text.index("[[approval]]")] + rules + text[text.index("[executors") :])
    for mark, first in (("a", "deny"), ("c", "allow"), ("z", "ask"), ("a" * 60 + "!", "deny")):
        _, lines = said(capsys, "policy", str(project), "touch", f'{{"mark":"{mark}"}}', "--trust")
        assert lines[0] == first, mark
