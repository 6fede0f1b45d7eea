"""Suites of other programs: each case is taken as it is meant, or its row says what is lost and why."""

import json
from pathlib import Path

import pytest

from workbench.app.suites.case_file import read_cases
from workbench.core.choice import Choice, ChosenCall
from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case import Case
from workbench.core.suite.case_import import ImportReport
from workbench.core.suite.grade import Rules, grade
from workbench.core.suite.path import TurnPath
from workbench.core.tool import Tool, Toolset

TOOLS = Toolset(
    [
        Tool.make("find_order", annotations={"readOnlyHint": True}),
        Tool.make("cancel_order"),
        Tool.make("send_message"),
    ]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, document: JsonValue, name: str = "cases.json") -> ImportReport:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return read_cases(path, TOOLS)


def statuses(report: ImportReport) -> dict[str, tuple[str, str]]:
    return {row.case: (row.status, row.note) for row in report.rows}


def is_right(case: Case, *calls: tuple[str, JsonObject]) -> tuple[bool, bool | None]:
    chosen = tuple(ChosenCall(tool, json.dumps(arguments)) for tool, arguments in calls)
    path = TurnPath((Choice("calls", chosen) if chosen else Choice("answer", text="Hm."), Choice("answer", text="Ok.")))
    offered = Toolset([Tool(document) for document in case.offers]) if case.offers else TOOLS
    found = grade(case, (path,), Rules(offered), lambda schema, value: True)
    return found.is_right, found.has_right_arguments


def test_mcpjam_suites(folder: Path) -> None:
    def case(case_id: str, *assertions: JsonObject, **more: JsonValue) -> JsonObject:
        steps = [{"kind": "prompt", "prompt": f"Do {case_id}"}]
        return {"id": case_id, "title": "t", "steps": steps, "assertions": list(assertions), **more}

    called = {"type": "toolCalledWith", "toolName": "cancel_order", "args": {"args": {"id": 1}}}
    report = read(
        folder,
        {
            "schemaVersion": "1",
            "suite": {"id": "s", "name": "s"},
            "cases": [
                case("with", called),
                case("never", {"type": "toolNeverCalled", "toolName": "cancel_order"}),
                case("text", called, {"type": "responseContains", "needle": "done"}),
                case("widget", {"type": "widgetRendered"}),
                case("nothing"),
                case("negative", isNegativeTest=True),
                case("off", called, disabled=True),
                {
                    "id": "two",
                    "title": "",
                    "steps": [
                        {"kind": "prompt", "prompt": "First"},
                        {"kind": "assert", "assertion": {"type": "toolCalledAtLeastOnce", "toolName": "find_order"}},
                        {"kind": "prompt", "prompt": "Then"},
                        {"kind": "assert", "assertion": called},
                    ],
                },
            ],
        },
    )
    found = statuses(report)
    assert {name: status for name, (status, _) in found.items()} == {
        "with": "exact",
        "never": "exact",
        "text": "approximated",
        "widget": "unsupported",
        "nothing": "unsupported",
        "negative": "exact",
        "off": "unsupported",
        "two": "exact",
    }
    assert "what the answer has to contain" in found["text"][1]
    first, never, *_, two = report.cases
    assert is_right(first, ("cancel_order", {"id": 1, "more": 2})) == (True, True)
    assert is_right(first, ("cancel_order", {"id": 2})) == (True, False)
    assert is_right(never, ("cancel_order", {})) == (False, None)
    assert [turn.request for turn in two.turns] == ["First", "Then"]


def test_adk_evalsets(folder: Path) -> None:
    def said(text: str, *uses: JsonObject) -> JsonObject:
        return {"user_content": {"parts": [{"text": text}]}, "intermediate_data": {"tool_uses": list(uses)}}

    report = read(
        folder,
        {
            "eval_set_id": "e",
            "eval_cases": [
                {"eval_id": "a", "conversation": [said("Go", {"name": "cancel_order", "args": {"id": 1}})]},
                {"eval_id": "b", "conversation": [said("Go on", {"name": "cancel_order", "args": {}})]},
                {"eval_id": "c", "conversation": [said("Hi"), said("Bye", {"name": "find_order", "args": {"x": 1}})]},
                {"eval_id": "d", "conversation": []},
            ],
        },
    )
    found = statuses(report)
    assert [status for status, _ in found.values()] == ["exact", "approximated", "exact", "unsupported"]
    assert is_right(report.cases[0], ("cancel_order", {"id": 1, "more": 2})) == (True, False)
    assert is_right(report.cases[1], ("cancel_order", {"id": 7})) == (True, None)
    assert [turn.expected.label for turn in report.cases[2].turns] == ["no call", "find_order"]


def test_tau_tasks(folder: Path) -> None:
    def task(name: str, *actions: JsonObject) -> JsonObject:
        wants = {"instructions": {"reason_for_call": "Cancel it.", "known_info": "Order 1."}}
        return {"id": name, "user_scenario": wants, "evaluation_criteria": {"actions": list(actions)}}

    read_first = {"name": "find_order", "arguments": {"id": "1"}}
    write = {"name": "cancel_order", "arguments": {"id": "1", "why": "x"}, "compare_args": ["id"]}
    report = read(folder, [task("a", read_first, write), task("b", {"name": "teleport"}), task("c", read_first)])
    assert [status for status, _ in statuses(report).values()] == ["approximated", "unresolved", "approximated"]
    first, only_reads = report.cases
    assert first.request == "Cancel it.\nOrder 1."
    assert is_right(first, ("find_order", {}), ("cancel_order", {"id": "1", "why": "y"})) == (True, True)
    assert is_right(first, ("cancel_order", {"id": "1"}), ("send_message", {})) == (False, None)
    assert only_reads.label == "no call"


def test_promptfoo_configurations(folder: Path) -> None:
    tests: list[JsonValue] = [
        {"description": "f1", "vars": {"what": "it"}, "assert": [{"type": "tool-call-f1", "value": "cancel_order"}]},
        {
            "description": "args",
            "vars": {"what": "that"},
            "assert": [
                {"type": "trajectory:tool-args-match", "value": {"name": "cancel_order", "args": {"id": 1}}},
                {"type": "llm-rubric", "value": "is polite"},
            ],
        },
        {
            "description": "not",
            "vars": {"what": "me"},
            "assert": [{"type": "not-trajectory:tool-used", "value": "cancel_order"}],
        },
        {
            "description": "order",
            "vars": {"what": "all"},
            "assert": [{"type": "trajectory:tool-sequence", "value": ["cancel_order", "send_message"]}],
        },
        {"description": "graded", "vars": {"what": "x"}, "assert": [{"type": "llm-rubric", "value": "is polite"}]},
        {"description": "missing", "assert": [{"type": "tool-call-f1", "value": "cancel_order"}]},
        {"description": "file", "vars": {"what": "file://x"}, "assert": [{"type": "tool-call-f1", "value": "a"}]},
    ]
    report = read(folder, {"prompts": ["Cancel {{ what }}"], "providers": ["x"], "tests": tests})
    found = statuses(report)
    assert {name: status for name, (status, _) in found.items()} == {
        "f1": "exact",
        "args": "approximated",
        "not": "exact",
        "order": "exact",
        "graded": "unsupported",
        "missing": "unresolved",
        "file": "unresolved",
    }
    assert report.cases[0].request == "Cancel it"
    assert is_right(report.cases[1], ("cancel_order", {"id": 1})) == (True, True)
    order = report.cases[3]
    assert is_right(order, ("cancel_order", {}), ("send_message", {}))[0]
    assert not is_right(order, ("send_message", {}), ("cancel_order", {}))[0]
    code = read(folder, {"prompts": ["{% if x %}"], "providers": [], "tests": tests[:1]})
    assert "has code" in code.rows[0].note


def test_bfcl_questions_with_their_answers(folder: Path) -> None:
    function = {
        "name": "math.area",
        "description": "Area.",
        "parameters": {
            "type": "dict",
            "properties": {"base": {"type": "integer"}, "height": {"type": "float"}, "unit": {"type": "any"}},
            "required": ["base"],
        },
    }
    asked = [[{"role": "user", "content": "How large is it?"}]]
    lines = [
        {"id": name, "question": asked, "function": [function]}
        for name in ("simple_python_0", "live_irrelevance_1", "live_relevance_2", "simple_java_3", "multiple_4")
    ]
    truth = {"math.area": {"base": [10], "height": [5, 5.0], "unit": ["square units", ""]}}
    (folder / "possible_answer").mkdir()
    answers = json.dumps({"id": "simple_python_0", "ground_truth": [truth]})
    (folder / "possible_answer" / "BFCL_v4.json").write_text(answers, encoding="utf-8")
    report = read(folder, "\n".join(map(json.dumps, lines)), "BFCL_v4.json")
    assert [status for status, _ in statuses(report).values()] == [
        "exact",
        "exact",
        "exact",
        "unsupported",
        "unresolved",
    ]
    simple, irrelevant, relevant = report.cases
    schema = simple.offers[0]["inputSchema"]
    assert isinstance(schema, dict)
    assert [schema["type"], simple.offers[0]["name"]] == ["object", "math_area"]
    good: JsonObject = {"base": 10, "height": 5.0}
    assert is_right(simple, ("math_area", good)) == (True, True)
    assert is_right(simple, ("math_area", {**good, "unit": "Square-Units"})) == (True, True)
    assert is_right(simple, ("math_area", {**good, "unit": "miles"})) == (True, False)
    assert is_right(simple, ("math_area", {"base": 10})) == (True, False)
    assert is_right(simple, ("math_area", {**good, "more": 1})) == (True, False)
    assert is_right(irrelevant)[0]
    assert not is_right(irrelevant, ("math_area", good))[0]
    assert is_right(relevant, ("math_area", {"base": 3}))[0]


def test_bfcl_answers_mean_what_its_checker_takes_them_for(folder: Path) -> None:
    properties = {"name": {"type": "string"}, "days": {"type": "integer"}, "tags": {"type": "array"}}
    function = {"name": "book", "parameters": {"type": "dict", "properties": properties, "required": ["name"]}}
    asked = [[{"role": "user", "content": "Book it."}]]
    truths = {
        "multiple_1": {"name": ["Ann"], "days": [3, "dontcare"], "tags": [["new"], ""], "more": ["", 1]},
        "multiple_2": {"name": ["Ann"], "more": [1]},
    }
    lines = [{"id": name, "question": asked, "function": [function]} for name in truths]
    answers = [{"id": name, "ground_truth": [{"book": truth}]} for name, truth in truths.items()]
    (folder / "possible_answer").mkdir()
    (folder / "possible_answer" / "BFCL_v4.json").write_text("\n".join(map(json.dumps, answers)), encoding="utf-8")
    report = read(folder, "\n".join(map(json.dumps, lines)), "BFCL_v4.json")
    assert statuses(report)["multiple_2"] == ("unresolved", "its answer gives more, which book does not have")
    (case,) = report.cases
    good: JsonObject = {"name": "ann", "days": 3}
    assert is_right(case, ("book", good)) == (True, True)
    assert is_right(case, ("book", {**good, "tags": []})) == (True, True)
    assert is_right(case, ("book", {**good, "days": "dontcare"})) == (True, True)
    assert is_right(case, ("book", {**good, "days": "DONTCARE"})) == (True, False)
    assert is_right(case, ("book", {**good, "more": 1})) == (True, False)


def test_a_file_of_no_known_kind_is_refused(folder: Path) -> None:
    for text in ("", "hello", "[1"):
        with pytest.raises(UsageError, match="no cases that can be read"):
            read(folder, text, "x.txt")
    assert read(folder, "{}", "x.txt").cases == ()


def trajectory(*calls: tuple[str, JsonObject], **more: JsonValue) -> JsonObject:
    made: list[JsonValue] = [
        {"id": f"c{number}", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for number, (name, arguments) in enumerate(calls)
    ]
    messages: list[JsonValue] = [
        {"role": "user", "content": "Do it"},
        {"role": "assistant", "content": "", "tool_calls": made},
        {"role": "tool", "tool_call_id": "c0", "content": "found"},
        {"role": "assistant", "content": "Done."},
    ]
    return {"reference_outputs": messages, **more}


def test_agentevals_trajectories(folder: Path) -> None:
    two: tuple[tuple[str, JsonObject], ...] = (("find_order", {"id": 1}), ("cancel_order", {"id": 1}))
    document: list[JsonValue] = [
        trajectory(*two, id="strict"),
        trajectory(*reversed(two), id="free", trajectory_match_mode="unordered", tool_args_match_mode="ignore"),
        trajectory(*two, id="fewer", trajectory_match_mode="subset"),
        trajectory(*two, id="odd", trajectory_match_mode="judged"),
        {
            "id": "silent",
            "outputs": {"messages": [{"type": "human", "content": "Hi"}, {"type": "ai", "content": "Hi"}]},
        },
        {"id": "nobody", "outputs": [{"role": "assistant", "content": "Hi"}]},
    ]
    report = read(folder, document)
    assert report.format == "agentevals trajectories"
    assert {name: status for name, (status, _) in statuses(report).items()} == {
        "strict": "exact",
        "free": "exact",
        "fewer": "approximated",
        "odd": "unresolved",
        "silent": "exact",
        "nobody": "unresolved",
    }
    strict, free, _, silent = report.cases
    assert is_right(strict, *two) == (True, True)
    assert is_right(strict, ("find_order", {"id": 1}), ("cancel_order", {"id": 2})) == (True, False)
    assert is_right(strict, *reversed(two)) == (False, None)
    assert is_right(free, *two)[0]
    assert (strict.results[0].tool, strict.results[0].result) == ("find_order", "found")
    assert is_right(silent) == (True, None)
    lines = "\n".join(json.dumps(each) for each in document[:2])
    assert [case.case_id for case in read(folder, lines, "t.jsonl").cases] == ["strict", "free"]
    bare = read(folder, trajectory(*two)["reference_outputs"], "bare.json")
    assert [case.label for case in bare.cases] == ["find_order + cancel_order"]


def test_tests_in_another_file_are_told(folder: Path) -> None:
    report = read(folder, {"prompts": ["{{q}}"], "tests": "file://tests.yaml"})
    assert statuses(report)["file://tests.yaml"][0] == "unresolved"


PROMPTFOO_YAML = """
prompts: ["{{question}}"]
providers: [any]
defaultTest: {assert: &valid [{type: is-valid-openai-tools-call}]}
tests:
  - description: order
    vars: {question: "Where is order 1?"}
    assert:
      - {type: tool-call-f1, value: find_order}
      - type: trajectory:tool-args-match
        value: {name: find_order, args: {id: 1}}
  - description: rubric
    vars: {question: "Be nice"}
    assert: [{type: llm-rubric, value: nice}]
"""


def test_promptfoo_in_yaml_means_the_same(folder: Path) -> None:
    report = read(folder, PROMPTFOO_YAML, "promptfooconfig.yaml")
    assert {name: status for name, (status, _) in statuses(report).items()} == {
        "order": "exact",
        "rubric": "unsupported",
    }
    (case,) = report.cases
    assert is_right(case, ("find_order", {"id": 1})) == (True, True)
    plain = read(folder, "- {id: a, request: Hi, expected: null}\n", "plain.yml")
    assert [case.label for case in plain.cases] == ["no call"]
    with pytest.raises(UsageError, match="not valid YAML"):
        read(folder, "a: [", "broken.yaml")


PROMPTFOO_CSV = """question,__description,__expected,__expected2,__metadata:tags,__threshold
Cancel it,cancel,tool-call-f1: cancel_order,llm-rubric: is polite,"orders, short",
Where is it?,both,"trajectory:tool-sequence: [""find_order"", ""cancel_order""]",,,
Never mind,never,not-trajectory:tool-used: cancel_order,,,
Is it nice?,text,Yes,,,
"""


def test_promptfoo_tables_are_read_with_their_expected_columns(folder: Path) -> None:
    report = read(folder, PROMPTFOO_CSV, "tests.csv")
    found = statuses(report)
    assert {name: status for name, (status, _) in found.items()} == {
        "cancel": "approximated",
        "both": "exact",
        "never": "exact",
        "text": "unsupported",
    }
    assert [case.request for case in report.cases] == ["Cancel it", "Where is it?", "Never mind"]
    assert report.cases[0].tags == ("orders", "short")
    assert report.cases[1].turns[0].expected.in_order
    assert is_right(report.cases[2], ("cancel_order", {})) == (False, None)


def test_a_promptfoo_configuration_brings_the_tests_of_a_file_beside_it(folder: Path) -> None:
    (folder / "more.csv").write_text("what,__expected\nit,tool-call-f1: cancel_order\n")
    (folder.parent / "outside.csv").write_text("what,__expected\nit,tool-call-f1: cancel_order\n")
    tests: list[JsonValue] = ["file://more.csv", "file://../outside.csv", "file://missing.jsonl"]
    report = read(folder, {"prompts": ["Cancel {{ what }}"], "providers": ["x"], "tests": tests})
    assert [case.request for case in report.cases] == ["Cancel it"]
    assert [status for status, _ in statuses(report).values()] == ["unresolved", "exact", "unresolved"]
    assert "there is no file" in statuses(report)["file://missing.jsonl"][1]


HUGE = "x" * 200_000
"""More than the reader of CSV takes for a cell."""


def test_tables_with_odd_cells_are_refused_or_read_in_clear_words(folder: Path) -> None:
    for header in ("question,__expected", "request,expected"):
        with pytest.raises(UsageError, match=r"tests\.csv is not valid CSV: line 2"):
            read(folder, f"{header}\n{HUGE},tool-call-f1: a\n", "tests.csv")
    rows = "question,__expected,__metadata:split\nGo,tool-call-f1(1.2.3): a,\nOn,tool-call-f1: a,nightly\n"
    threshold, split = read(folder, rows, "tests.csv").rows
    assert threshold.note == "'1.2.3' is not a threshold"
    assert "'nightly' is not a split" in split.note
    header = "question,__expected,__metadata:split,__metadata:tags,__metadata:category"
    (told,) = read(folder, f"{header}\nGo,tool-call-f1: a,test,b,c\n", "tests.csv").cases
    assert (told.split, told.tags) == ("held-out", ("b", "c"))
    numbered: JsonObject = {"metadata": {"tags": 5}, "assert": [{"type": "tool-call-f1", "value": "a"}]}
    assert read(folder, {"prompts": ["Go"], "tests": [numbered]}).rows[0].note == "the metadata tags"


def test_tests_in_files_that_cannot_be_read_say_why(folder: Path) -> None:
    (folder / "huge.csv").write_text(f"what,__expected\n{HUGE},tool-call-f1: a\n")
    (folder / "broken.yaml").write_text("a: [")
    (folder / "object.json").write_text("{}")
    files: list[JsonValue] = ["file://huge.csv", "file://broken.yaml", "file://object.json", "file://no\0name"]
    report = read(folder, {"prompts": ["Go"], "providers": ["x"], "tests": files})
    whys = ("is not valid CSV", "is not valid YAML", "holds no list of tests", "null byte")
    assert [row.case for row in report.rows] == files
    for row, why in zip(report.rows, whys, strict=True):
        assert row.status == "unresolved"
        assert why in row.note


def test_no_entry_of_a_file_of_tests_goes_without_a_word(folder: Path) -> None:
    test = '{"assert": [{"type": "tool-call-f1", "value": "a"}]}'
    (folder / "some.jsonl").write_text(f'{test}\n{{"assert": \n\n5\n')
    (folder / "odd.json").write_text(f'["x", {test}]')
    (folder / "none.yaml").write_text("[]")
    (folder / "header.csv").write_text("what,__expected\n")
    files: list[JsonValue] = [f"file://{name}" for name in ("some.jsonl", "odd.json", "none.yaml", "header.csv")]
    report = read(folder, {"prompts": ["Go"], "providers": ["x"], "tests": [7, *files]})
    assert [(row.case, row.note) for row in report.rows if row.status == "unresolved"] == [
        ("test-1", "it is not an object"),
        ("some.jsonl, line 2", "it is not an object"),
        ("some.jsonl, line 4", "it is not an object"),
        ("odd.json, entry 1", "it is not an object"),
        ("file://none.yaml", "its tests cannot be read: none.yaml holds no tests"),
        ("file://header.csv", "its tests cannot be read: header.csv holds no tests"),
    ]
    assert len(report.cases) == 2


def test_a_row_of_a_table_that_is_too_short_is_told_and_expects_nothing(folder: Path) -> None:
    rows = "request,expected,notes\nGo,find_order\nStay\nWait,,never\nStop,none,x\n"
    report = read(folder, rows, "cases.csv")
    assert [case.request for case in report.cases] == ["Go", "Wait", "Stop"]
    noted, short, *whole = report.rows
    assert (noted.status, noted.note) == ("approximated", "it has no cell for notes")
    assert short.status == "unsupported"
    assert short.note.startswith("the case has no expectation")
    assert short.note.endswith("it has no cell for expected, notes")
    assert [(row.status, row.note) for row in whole] == [("exact", "")] * 2
    rows = "question,__expected,__metadata:split\nWait\nGo,tool-call-f1: a,test\nStay,tool-call-f1: a\n"
    empty, whole_one, short = read(folder, rows, "tests.csv").rows
    assert (empty.status, empty.note) == ("unsupported", "no assertion says which tool is expected")
    assert (whole_one.status, whole_one.note) == ("exact", "")
    assert (short.status, short.note) == ("approximated", "it has no cell for __metadata:split")
