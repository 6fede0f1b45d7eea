"""`workbench suite`: from marked decisions and files to tables and exit codes."""

import asyncio
import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from tests.support.projects import make_project
from tests.unit.cli.test_marks import mark
from tests.unit.cli.test_replay import SAYS, Command
from workbench.app.suites.suite_report import SuiteReport
from workbench.cli.exit_code import ExitCode
from workbench.cli.suite_run import exit_code_of_suite
from workbench.core.suite.case_line import read_case
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial

TOUCHES = [{"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}, {"text": "Done."}]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(make_project(tmp_path / "gate", *TOUCHES), capsys)


def suite(command: Command, *lines: object) -> None:
    (command.project / "suites").mkdir(exist_ok=True)
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    (command.project / "suites" / "gate.jsonl").write_text(text, encoding="utf-8")


def cases(right: int, wrong: int) -> list[object]:
    words = ["look", "touch"]
    return [
        {"id": f"c{n}", "request": f"Do thing number {n}", "expected": words[n < right]} for n in range(right + wrong)
    ]


def test_a_suite_is_run_and_its_last_line_is_the_summary(command: Command) -> None:
    suite(command, {"suite": "gate", "tools": "reads"}, *cases(3, 1), "{broken")
    assert command("suite", "run", "gate", "--json") == ExitCode.ANSWERED
    lines = [json.loads(line) for line in command.out.splitlines()]
    assert [line["kind"] for line in lines] == [*["suite.trial"] * 4, "suite.finished"]
    last = lines[-1]
    assert (last["cases"], last["right"], last["wrong"]) == (4, 3.0, {"wrong tool": 1})
    assert last["arms"][0]["interval"]["low"] > 0.2
    assert "line 6" in command.err
    assert "not trusted" in command.err
    command("suite", "run", "gate", "--trust")
    assert "not trusted" not in command.err


def test_the_exit_code_says_what_came_out(command: Command) -> None:
    suite(command, *cases(3, 1))
    assert command("suite", "run", "gate", "--fail-under", "80") == ExitCode.REGRESSION
    assert command("suite", "run", "gate", "--fail-under", "70%") == ExitCode.ANSWERED
    variants = command.project / "variants"
    variants.mkdir()
    (variants / "named.json").write_text('{"tools": {"touch": {"description": "Mark it."}}}', encoding="utf-8")
    assert command("suite", "run", "gate", "--variant", "named") == ExitCode.INSUFFICIENT
    assert "insufficient data" in command.out
    assert "blocks" not in command.out
    assert command("suite", "run", "other") == ExitCode.USAGE
    assert command("suite", "run", "gate", "--model", "openai:gpt-5") == ExitCode.USAGE


def test_a_weaker_model_decides_nothing_where_a_variant_is_compared(command: Command) -> None:
    suite(command, *cases(40, 0))
    (command.project / "bad.json").write_text('{"answers": [{"text": "No."}]}', encoding="utf-8")
    (command.project / "variants").mkdir()
    (command.project / "variants" / "named.json").write_text('{"tools": {"touch": {"description": "Mark it."}}}')
    models = ("--model", "scripted:script.json", "--model", "scripted:bad.json")
    assert command("suite", "run", "gate", *models) == ExitCode.REGRESSION
    assert command("suite", "run", "gate", *models, "--variant", "named", "--no-reuse") == ExitCode.ANSWERED
    for model in ("script", "bad"):
        said = f"**named · scripted:{model}.json** compared with as it is · scripted:{model}.json"
        assert said in command.out
        assert f"named · scripted:{model}.json: 0 fixed, 0 broken so far" in command.err
    assert "0 better, 40 worse of 40" in command.out
    assert "rounds (+0, 95 %: +0 to +0)" in command.out


def test_what_a_budget_ended_is_too_little_to_say_anything() -> None:
    done, missing = (read_case({"id": name, "request": f"Go {name}.", "expected": "look"}) for name in "ab")
    arm = ArmKey("a", "openai:gpt-5")
    run = SuiteRun(suite_run_id="r", at=0, suite="s", suite_digest="d", arms=(arm,), cases=(done.key, missing.key))
    right = Trial(case=done.key, arm=arm.key, grade=Grade(is_right=True, expected="look", chosen="look"))
    found = SuiteResults(run, {case.key: case for case in (done, missing)}, [right])
    assert exit_code_of_suite(SuiteReport(found)) == ExitCode.INSUFFICIENT
    found.add(msgspec.structs.replace(right, case=missing.key))
    assert exit_code_of_suite(SuiteReport(found)) == ExitCode.ANSWERED


def test_a_provider_that_fails_has_a_code_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failing = [{"fail": {"kind": "authentication", "message": "No."}}, {"text": "Hi."}]
    command = Command(make_project(tmp_path / "gate", *failing), capsys)
    suite(command, *cases(3, 0))
    assert command("suite", "run", "gate") == ExitCode.PROVIDER
    assert "cannot be asked" in command.err


def test_results_are_written_for_build_servers_tables_and_people(command: Command, tmp_path: Path) -> None:
    suite(command, {"id": "=cmd|evil", "request": "Odd\u0001 <one>", "expected": "look"}, *cases(2, 0))
    files = {name: tmp_path / f"out.{name}" for name in ("junit", "csv", "markdown")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    assert command("suite", "run", "gate", *options) == ExitCode.ANSWERED
    (element,) = ElementTree.parse(files["junit"]).getroot()
    assert (element.get("tests"), element.get("failures"), element.get("errors")) == ("3", "1", "0")
    failed = [each for each in element if each.find("failure") is not None]
    assert failed[0].find("failure").get("message") == "wrong tool: touch instead of look"  # type: ignore[union-attr]
    rows = list(csv.DictReader(files["csv"].read_text(encoding="utf-8").splitlines()))
    assert [row["right"] for row in rows] == ["False", "True", "True"]
    assert rows[0]["case"] == "'=cmd|evil"
    assert "| as it is · scripted:script.json | tune | 33.3%" in files["markdown"].read_text(encoding="utf-8")


def test_suites_and_their_runs_are_listed_shown_and_compared(command: Command) -> None:
    assert command("suite", "show") == ExitCode.ANSWERED
    assert "No suites." in command.out
    suite(command, *cases(2, 1))
    command("suite", "run", "gate")
    command("suite", "show")
    assert "gate" in command.out
    command("suite", "show", "gate")
    assert "tune: 3 cases, 3 clusters" in command.out
    command("suite", "show", "last", "--wrong")
    assert "touch instead of look" in command.out
    suite(command, *({**case, "tags": ["odd"]} for case in cases(1, 1)))  # type: ignore[dict-item]
    command("suite", "run", "gate")
    command("suite", "show", "last", "--by-tag")
    assert "| odd | 50.0% of 2 |" in command.out
    assert command("suite", "compare", "last", "--baseline", "no") == ExitCode.USAGE
    assert command("suite", "show", "nothing") == ExitCode.USAGE


def test_a_plan_says_what_it_takes_and_whether_it_is_enough(command: Command) -> None:
    suite(command, *cases(2, 1))
    assert command("suite", "plan", "gate", "--trials", "5") == ExitCode.ANSWERED
    assert "15 trials" in command.out
    assert "--fixed" in command.out
    command("suite", "plan", "gate", "--fixed", "12", "--broken", "2")
    assert "99 cases would show the difference" in command.out
    assert command("suite", "plan", "gate", "--fixed", "12") == ExitCode.USAGE
    assert "--broken" in command.err


def test_an_audit_names_what_weighs_against_a_claim(command: Command) -> None:
    suite(command, {"id": "a", "request": "Go", "expected": "teleport"})
    assert command("suite", "audit", "gate") == ExitCode.FAILED
    assert "unknown tool" in command.out
    assert "too few clusters" in command.out


def test_an_import_reports_every_case_it_cannot_take(command: Command, tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    table.write_text(
        "Prompt,Expected Tool,Arguments,Category,Owner\n"
        'Look there,look,"{""at"": ""there""}",reading,Ana\n'
        "Hello,none,,small talk,Ben\n"
        "Bad,look,{oops,reading,Ana\n",
        encoding="utf-8",
    )
    assert command("suite", "import", "gate", str(table)) == ExitCode.ANSWERED
    assert "row-2: approximated: left out: Owner" in command.out
    assert "row 4: unsupported: the arguments are not JSON" in command.out
    command("suite", "show", "gate")
    assert "tune: 2 cases" in command.out
    command("suite", "import", "gate", str(table))
    assert "the suite already has it" in command.out
    assert command("suite", "import", "gate", str(tmp_path / "gone.csv")) == ExitCode.USAGE


def test_marked_decisions_become_cases_with_their_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = Command(make_project(tmp_path / "marks", *SAYS), capsys)
    command("run", "Mark it.", "--approve", "all", "--trust")
    asyncio.run(mark(command.project))
    command("suite", "new", "found")
    header, case = (command.project / "suites" / "found.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(header)["suite"] == "found"
    document = json.loads(case)
    assert (document["request"], document["tags"]) == ("Mark it.", ["marked"])
    assert document["expected"] == [{"tool": "look", "arguments": {"at": "gate"}}, "look"]
    assert document["results"][0]["tool"] == "touch"
    assert command("suite", "new", "found") == ExitCode.USAGE


def test_the_splits_stand_side_by_side_and_held_out_cases_decide(command: Command) -> None:
    held = [
        {"id": f"h{n}", "request": f"Peek {n}", "expected": tool, "split": "held-out"}
        for n, tool in enumerate(["look", "touch"])
    ]
    suite(command, *cases(3, 0), *held)
    (command.project / "variants").mkdir()
    text = '{"tools": {"touch": {"description": "Mark it."}}}'
    (command.project / "variants" / "named.json").write_text(text, encoding="utf-8")
    assert command("suite", "run", "gate", "--split", "all", "--variant", "named") == ExitCode.INSUFFICIENT
    assert "| as it is · scripted:script.json | tune | 0.0%" in command.out
    assert "| as it is · scripted:script.json | held-out | 50.0%" in command.out
    assert command.out.count("on held-out cases:") == 1


ROUTING = """
[routing]
top = 1

[[routing.rules]]
words = ["thing"]
tools = ["touch"]

[[routing.rules]]
tools = ["look"]
"""


def test_selectors_are_arms_and_finding_is_told_apart_from_choosing(command: Command) -> None:
    toml = command.project / "workbench.toml"
    toml.write_text(toml.read_text("utf-8") + ROUTING, encoding="utf-8")
    none = {"id": "n", "request": "Hello", "expected": None}
    suite(command, {"suite": "gate", "tools": "reads"}, *cases(3, 1), none)
    command("suite", "run", "gate", "--selector", "rules", "--selector", "words", "--json")
    last = json.loads(command.out.splitlines()[-1])
    everything, rules, words = last["arms"]
    assert [arm["title"].split(" · ")[2:] for arm in last["arms"]] == [[], ["rules"], ["words"]]
    assert everything["routing"] is None
    assert rules["routing"]["recall"] == {"1": 0.75, "3": 0.75, "5": 0.75}
    assert (rules["routing"]["offered"], rules["routing"]["right_if_offered"]) == (0.75, 1.0)
    assert rules["wrong"] == {"not offered": 1, "needless call": 1}
    assert words["routing"]["recall"]["1"] == 0  # “do thing number” says nothing about either tool
    assert words["routing"]["abstained"] == 1
    assert command("suite", "compare", "last", "--baseline", "rules") == ExitCode.ANSWERED
    assert "| recall@1 | recall@3 |" in command.out
    assert "look → not offered: 1" in command.out
    assert command("suite", "run", "gate", "--selector", "magic") == ExitCode.USAGE
    assert command("suite", "run", "gate", "--race", "--selector", "words") == ExitCode.USAGE


def test_cases_are_generated_candidates_suggested_and_a_baseline_pinned(command: Command, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    values.write_text('{"mark": ["gate", "door", "wall"]}')
    assert command("suite", "generate", "gate", "--tool", "touch", "--count", "3", "--entities", str(values)) == 0
    assert "Added 4 cases to suites/gate.jsonl" in command.out
    suite(command, *[{"id": f"c{n}", "request": f"What is at the gate, {n}?", "expected": "look"} for n in range(12)])
    assert command("suite", "run", "gate", "--html", str(tmp_path / "run.html")) == ExitCode.ANSWERED
    assert "<svg" in (tmp_path / "run.html").read_text()
    assert command("suite", "suggest", "last", "--save") == ExitCode.ANSWERED
    assert "look expected, touch chosen · 12" in command.out
    assert "tokens a request" in command.out
    names = [path.stem for path in (command.project / "variants").glob("*.json")]
    assert all(f"--variant {name}" in command.out for name in names)
    assert command("suite", "suggest", "last", "--expected", "touch") == ExitCode.USAGE
    assert command("suite", "pin", "last") == ExitCode.ANSWERED
    assert command("suite", "run", "gate", "--no-reuse") == ExitCode.INSUFFICIENT
    assert "compared with pinned as it is" in command.out
    assert command("suite", "pin", "last", "--arm", "nobody") == ExitCode.USAGE
    assert command("suite", "pin", "last", "--off") == ExitCode.ANSWERED
    assert command("suite", "run", "gate") == ExitCode.ANSWERED
    variant = f"--variant={names[0]}"
    assert command("suite", "plan", "gate", variant) == ExitCode.ANSWERED
    assert "--pilot" in command.out


def test_bad_input_is_named_and_nothing_is_asked_or_lost(command: Command) -> None:
    variants = command.project / "variants"
    variants.mkdir()
    for name, text in (
        ("misfit", '{"tools": {"gone": {"description": "x"}}}'),
        ("same", "{}"),
        ("other", '{"tools": {"look": {"description": "x"}}}'),
    ):
        (variants / f"{name}.json").write_text(text)
    lost = '{"id": "x", "request": "Hello"}'
    suite(command, *cases(3, 1), lost)
    for words, why in (
        (("--variant", "misfit"), "there is no tool 'gone' to edit"),
        (("--variant", "nobody"), "there is no variant 'nobody'"),
        (("--variant", "same"), "are the same"),
        (("--model", "openai:some-model"), "OPENAI_API_KEY"),
        (("--budget", "much"), "not an amount of US dollars"),
        (("--split", "held-out"), "no cases of held-out"),
        (("--variant", "other", "--race"), "at least two variants"),
        (("--concurrency", "9999"), "cannot run 9999"),
        (("--on", "there"), "a suite cannot run on 'there'"),
        (("--on", "batch"), "has no batch API"),
        (("--resume", "nothing"), "no suite run"),
    ):
        assert command("suite", "run", "gate", *words) == ExitCode.USAGE, words
        assert why in command.err, (words, command.err)
    assert not (command.project / ".workbench" / "suites").exists(), "nothing was begun"
    assert command("suite", "run", "gate") == ExitCode.ANSWERED
    assert "line 5: the case has no expectation" in command.err
    suite(command, *cases(3, 1), {"id": "gone", "request": "Fly away", "expected": "fly"})
    assert command("suite", "audit", "gate") == ExitCode.FAILED
    assert "the project has no tool 'fly' (gone)" in command.out


def test_tune_cases_become_examples_of_their_tools(command: Command) -> None:
    suite(command, *cases(1, 1))
    assert command("suite", "examples", "gate") == ExitCode.ANSWERED
    assert "Added 2 examples to look, touch" in command.out
    assert json.loads((command.project / "tools" / "touch.json").read_text())["examples"] == ["Do thing number 0"]
    assert command("suite", "examples", "gate") == ExitCode.USAGE
    assert "no tune case of gate is a new example" in command.err
