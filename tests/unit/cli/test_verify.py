"""`workbench export --evidence` and `workbench verify`: every state from a real suite run, each with its exit code."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from tests.support.projects import make_project
from tests.unit.cli.test_replay import Command
from tests.unit.cli.test_suite import TOUCHES, cases, suite
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main


class Exported:
    """A project whose tools were tested, exported with their evidence into a folder of its own."""

    def __init__(self, command: Command, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.command, self.folder, self._capsys = command, folder, capsys
        self.evidence = folder / "evidence.intoto.json"

    def verify(self, *options: str) -> tuple[int, Any]:
        code = main(["verify", str(self.evidence), "--allow-unsigned", "--json", *options], lambda _: 99)
        return code, json.loads(self._capsys.readouterr().out)

    def words(self) -> str:
        main(["verify", str(self.evidence), "--allow-unsigned"], lambda _: 99)
        return self._capsys.readouterr().out

    @property
    def document(self) -> Any:
        return json.loads(self.evidence.read_text(encoding="utf-8"))

    def export(self, *options: str) -> int:
        return self.command("export", "--format", "mcp", "--out", str(self.folder), "--evidence", *options)

    def edit(self, change: Callable[[Any], None]) -> None:
        document = self.document
        change(document)
        self.evidence.write_text(json.dumps(document), encoding="utf-8")

    def describe(self, tool: str, words: str) -> None:
        path = self.command.project / "tools" / f"{tool}.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "description": words}), encoding="utf-8")


@pytest.fixture
def exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Exported:
    command = Command(make_project(tmp_path / "gate", *TOUCHES), capsys)
    suite(command, *cases(2, 1))
    assert command("suite", "run", "gate") == ExitCode.ANSWERED
    made = Exported(command, tmp_path / "out", capsys)
    made.folder.mkdir()
    assert made.export() == ExitCode.ANSWERED
    return made


def test_evidence_says_what_was_exported_and_what_it_was_tested_with(exported: Exported) -> None:
    document = exported.document
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    details = document["predicate"]["toolCallingWorkbench"]
    for subject in document["subject"]:
        data = (exported.folder / subject["name"]).read_bytes()
        assert subject["digest"]["sha256"] == hashlib.sha256(data).hexdigest()
        form = rfc8785.dumps(json.loads(data))
        assert details["canonical"][subject["name"]] == hashlib.sha256(form).hexdigest()
    assert {subject["name"] for subject in document["subject"]} == {"look.json", "touch.json"}
    (measured,) = details["measurements"]
    assert [case["outcome"] for case in measured["cases"]] == ["passed", "passed", "failed"]
    assert document["predicate"]["result"] == "FAILED"
    assert document["predicate"]["failedTests"] == [f"{measured['suite_run_id']}/c2"]
    (arm,) = measured["arms"]
    assert (arm["model"], arm["cases"], round(arm["right"], 3)) == ("scripted:script.json", 3, 0.667)
    assert (measured["family_size"], measured["held_out_readings"]) == (0, 0)
    assert measured["warnings"]
    assert {tool["name"]: tool["state"] for tool in details["tools"]} == {"look": "tested", "touch": "tested"}


def test_evidence_that_holds_is_ok_with_and_without_the_project(exported: Exported) -> None:
    assert exported.verify()[0] == ExitCode.ANSWERED
    code, found = exported.verify("--project", str(exported.command.project), "--max-age", "1")
    assert (code, found["state"], found["faults"]) == (ExitCode.ANSWERED, "ok", [])
    assert "66.7% right" in exported.words()


def test_a_changed_file_is_told_from_one_that_was_only_laid_out_again(exported: Exported) -> None:
    look, touch = exported.folder / "look.json", exported.folder / "touch.json"
    look.write_text(json.dumps(json.loads(look.read_text())), encoding="utf-8")
    touch.write_text(touch.read_text().replace("mark", "scratch"), encoding="utf-8")
    code, found = exported.verify()
    assert (code, found["state"]) == (ExitCode.DIGEST_MISMATCH, "digest mismatch")
    whats = {fault["about"]: fault["what"] for fault in found["faults"]}
    assert "only its layout" in whats["look.json"]
    assert "its content" in whats["touch.json"]
    look.unlink()
    assert "look.json: the file is missing. Put it beside" in exported.words()


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.pop("subject"),
        lambda document: document.update(predicateType="https://example.com/other"),
        lambda document: document["subject"][0].update(name="../workbench.toml"),
        lambda document: document["predicate"].pop("toolCallingWorkbench"),
    ],
)
def test_what_is_no_evidence_is_malformed(exported: Exported, change: Callable[[Any], None]) -> None:
    exported.edit(change)
    code, found = exported.verify()
    assert (code, found["state"]) == (ExitCode.MALFORMED, "malformed")
    exported.evidence.write_bytes(b"\xff{")
    assert exported.verify()[0] == ExitCode.MALFORMED
    exported.evidence.unlink()
    assert main(["verify", str(exported.evidence)], lambda _: 99) == ExitCode.USAGE


def test_a_text_that_changed_after_its_test_is_stale_before_and_after_the_export(exported: Exported) -> None:
    exported.describe("touch", "Another text.")
    assert exported.verify()[0] == ExitCode.ANSWERED
    code, found = exported.verify("--project", str(exported.command.project))
    assert (code, found["faults"][0]["about"]) == (ExitCode.STALE, "touch")
    assert exported.export() == ExitCode.ANSWERED
    assert "touch: stale" in exported.command.err
    code, found = exported.verify()
    assert (code, found["state"]) == (ExitCode.STALE, "stale")


def test_the_age_of_evidence_is_that_of_its_runs(exported: Exported) -> None:
    def age(document: Any) -> None:
        details = document["predicate"]["toolCallingWorkbench"]
        details["measurements"][0]["ended_at"] = time.time() - 10 * 86_400
        details["exported_at"] = time.time()

    exported.edit(age)
    assert exported.verify("--max-age", "11")[0] == ExitCode.ANSWERED
    assert exported.verify("--max-age", "9")[0] == ExitCode.STALE


def test_a_tool_that_no_case_expects_was_never_tested(exported: Exported) -> None:
    only = {"name": "idle", "description": "Do nothing.", "inputSchema": {"type": "object"}}
    (exported.command.project / "tools" / "idle.json").write_text(json.dumps(only), encoding="utf-8")
    assert exported.export() == ExitCode.ANSWERED
    assert "idle: never tested" in exported.command.err
    code, found = exported.verify()
    assert (code, [fault["about"] for fault in found["faults"]]) == (ExitCode.NOT_COVERED, ["idle"])
    exported.evidence.unlink()
    assert exported.export("--tool", "idle") == ExitCode.NOT_COVERED
    assert not exported.evidence.exists()


def test_a_suite_with_other_cases_is_another_suite(exported: Exported) -> None:
    suite(exported.command, *cases(1, 1))
    code, found = exported.verify("--project", str(exported.command.project))
    assert (code, found["state"], found["faults"][0]["about"]) == (ExitCode.SUITE_CHANGED, "suite changed", "gate")


def test_evidence_needs_files_to_be_about(exported: Exported) -> None:
    assert exported.command("export", "--format", "mcp", "--evidence") == ExitCode.USAGE
    assert "Add --out" in exported.command.err
