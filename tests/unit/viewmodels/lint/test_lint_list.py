"""The findings in all tools of a project, as the page lists them."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.projects import make_project
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.core.errors import UsageError
from workbench.store.project import load_project
from workbench.viewmodels.lint.lint_list import LintList

HIDDEN = {"name": "look", "description": "Look around\u200b, when asked.", "inputSchema": {"type": "object"}}


class Parts:
    """A project without suite runs; its server changed a tool."""

    mcp: Any = SimpleNamespace(
        changed_tools=(SimpleNamespace(server="files", name="read", change="changed"),), tools=()
    )
    suites: Any = SimpleNamespace(run_store=lambda: None)

    def __init__(self, folder: Path) -> None:
        self.project = load_project(folder, KEY_OF_WIRE)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    folder = make_project(tmp_path / "project")
    (folder / "tools" / "look.json").write_text(json.dumps(HIDDEN), encoding="utf-8")
    return Parts(folder)


async def test_the_worst_finding_comes_first_and_its_grounds_are_there(parts: Parts) -> None:
    findings = LintList(parts)
    assert findings.summary == ("Checking…", "busy")
    await findings.check()
    assert (*findings.rows[0][:2], findings.rows[0][3]) == ("error", "look", "✓")
    assert findings.shown[0].rule == "invisible-character"
    assert findings.rule is not None
    assert "reviewer cannot see" in findings.rule.grounds.words
    assert findings.summary[0].startswith("1 error, ")
    assert "changed-since-approved" in {found.rule for found in findings.shown}


async def test_findings_are_listed_by_severity_and_by_words(parts: Parts) -> None:
    findings = LintList(parts)
    await findings.check()
    findings.show_severity("error")
    assert [row[0] for row in findings.rows] == ["error"]
    findings.filter_by("TOUCH")
    assert findings.rows == ()
    assert findings.chosen is None
    findings.show_severity("all")
    assert {row[1] for row in findings.rows} == {"touch"}


async def test_a_fix_changes_the_file_and_is_undone(parts: Parts) -> None:
    findings = LintList(parts)
    await findings.check()
    assert findings.fix_words == "Remove the invisible characters"
    path = parts.project.folder / "tools" / "look.json"
    before = path.read_bytes()
    done = findings.fix()
    assert done is not None
    assert json.loads(path.read_text(encoding="utf-8"))["description"] == "Look around, when asked."
    with pytest.raises(UsageError, match="changed since it was checked"):
        findings.fix()
    done.undo()
    assert path.read_bytes() == before
