"""The audit finds what would make a claim untrue, and blocks it."""

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.suite.audit import AuditKind, audit_suite, masked
from workbench.core.suite.audit_results import audit_results
from workbench.core.suite.case_line import read_case
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suite import Suite, read_suite
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial, TrialRouting
from workbench.core.tool import Tool, Toolset

TOOLS = Toolset(
    [
        Tool.make(
            "track_order",
            input_schema={
                "type": "object",
                "properties": {"order_id": {"type": "string"}, "speed": {"enum": ["slow", "fast"]}},
                "required": ["order_id"],
                "additionalProperties": False,
            },
        ),
        Tool.make("cancel_order"),
    ]
)
WORDS = [
    *("apple", "brook", "candle", "dawn", "ember", "flute"),
    *("grove", "harbor", "island", "jungle", "kettle", "lantern"),
]
GOOD = [
    *(
        {"id": f"g{n}", "request": f"Where did my {word} go?", "expected": "track_order"}
        for n, word in enumerate(WORDS)
    ),
    *({"id": f"n{n}", "request": f"I like {word} tea", "expected": None} for n, word in enumerate(WORDS[:2])),
]


def kinds(*cases: JsonObject, base: list[JsonObject] = GOOD) -> dict[str, str]:
    text = "".join(f"{compact(case)}\n" for case in (*base, *cases))
    return {finding.kind: finding.weight for finding in audit_suite(read_suite(text, "s"), TOOLS)}


def test_a_decent_suite_has_no_findings() -> None:
    assert kinds() == {}


def test_each_mistake_of_cases_has_its_class() -> None:
    case: JsonObject = {"id": "x", "request": "Something new about parcels", "expected": "track_order"}
    for change, wanted in (
        ({"request": "Use track_order for it"}, {"leak": "blocks"}),
        ({"request": "Please track order seven"}, {"leak": "warns"}),
        ({"request": "My order_id is lost", "arguments": {"order_id": "7"}}, {"leak": "blocks"}),
        ({"expected": "teleport"}, {"unknown tool": "blocks"}),
        ({"results": [{"tool": "teleport"}]}, {"unknown tool": "blocks"}),
        ({"arguments": {"order": "7"}}, {"impossible expectation": "blocks"}),
        ({"arguments": {"order_id": 7}}, {"impossible expectation": "blocks"}),
        ({"arguments": {"order_id": "7", "speed": "warp"}}, {"impossible expectation": "blocks"}),
        ({"arguments": {"speed": "fast"}, "match": "exact"}, {"impossible expectation": "blocks"}),
        ({"arguments": {"order_id": {"$regex": "7"}}, "match": "exact"}, {}),
        ({"request": "where did MY apple go??"}, {"near-duplicate": "warns"}),
        ({"request": "where did my apple 77 go", "split": "held-out"}, {"near-duplicate across splits": "blocks"}),
        ({"request": "where did my apple go", "cluster": "g0"}, {"near-duplicate": "warns"}),
        ({"oops": 1}, {"unreadable lines": "blocks"}),
    ):
        found = {kind: weight for kind, weight in kinds({**case, **change}).items() if kind != "too few clusters"}
        assert found == wanted, change


@pytest.mark.parametrize("name", ["track_order", "trackOrder", "orders.track"])
def test_a_name_that_nobody_says_by_chance_is_a_leak_however_it_is_spelled(name: str) -> None:
    tools = Toolset([Tool.make(name), Tool.make("cancel_order"), Tool.make("track")])

    def leaks(request: str, **wanted: JsonValue) -> list[str]:
        case = {"id": "x", "request": request, **wanted}
        found = audit_suite(read_suite(f"{compact(case)}\n", "s"), tools)
        return [each.weight for each in found if each.kind == "leak"]

    assert leaks(f"Call {name} now", expected=name) == ["blocks"]
    assert leaks("My orderId is lost", expected="track", arguments={"orderId": "7"}) == ["blocks"]
    assert leaks(f"Call {name} now", expected="cancel_order") == leaks("Track it", expected="track") == []


def test_what_only_looks_like_a_mistake_of_cases_is_none() -> None:
    parcels = {"id": "x", "request": "Something new about parcels", "expected": "track_order"}
    for change in (
        {"also_ok": ["cancel_order"]},
        {"arguments": {"order_id": "7", "speed": {"$one_of": ["slow", "fast"]}}},
        {"arguments": {"speed": "fast"}},
        {"request": "Where did my parcel with the apples go?"},
        {"cluster": "g0"},
    ):
        assert kinds({**parcels, **change}) == {}, change
    ten = [{**case, "cluster": f"k{n % 10}"} for n, case in enumerate(GOOD)]
    assert kinds(base=ten) == {}
    assert kinds(base=[*GOOD[:12], GOOD[12]]) == {}, "one in thirteen has to be refused"


def test_few_clusters_and_clusters_in_both_splits_are_found() -> None:
    many = [{**case, "cluster": "one"} for case in GOOD]
    assert kinds(base=many) == {"too few clusters": "blocks"}
    split = {"id": "x", "request": "Quite another thing", "expected": None, "cluster": "both", "split": "held-out"}
    other = {"id": "y", "request": "Completely different words here", "expected": None, "cluster": "both"}
    assert kinds(split, other)["cluster across splits"] == "blocks"


def test_a_suite_in_which_nothing_has_to_be_refused_is_noticed() -> None:
    assert kinds(base=GOOD[:12]) == {"too few negative cases": "warns"}


def test_near_duplicates_are_found_by_their_words_and_not_by_their_numbers() -> None:
    assert masked("Where is A-1002, please?") == masked("where is  A-77 please")
    long = "the parcel with the blue tent has still not arrived at my new address in town"
    one = {"id": "x", "request": long, "expected": None}
    other = {"id": "y", "request": f"{long} today", "expected": None}
    assert kinds(one, other) == {"near-duplicate": "warns"}


LEFT, RIGHT = ArmKey("a", "m"), ArmKey("b", "m", "new")
CASES = [read_case({"id": f"c{n}", "request": f"Say {n}", "expected": "track_order"}) for n in range(20)]


def made(arm: ArmKey, count: int = 20, *, right: int = 10, **fields: object) -> list[Trial]:
    return [
        Trial(
            case=case.key,
            arm=arm.key,
            grade=Grade(is_right=number < right, expected="track_order", chosen="track_order"),
            **{"model": "m-1", "at": 5.0, **fields},  # type: ignore[arg-type]
        )
        for number, case in enumerate(CASES[:count])
    ]


def found(
    *trials: Trial, arms: tuple[ArmKey, ...] = (LEFT, RIGHT), split: str = "tune", **facts: object
) -> dict[str, str]:
    keys = tuple(case.key for case in CASES)
    run = SuiteRun(suite_run_id="r", at=0, suite="s", suite_digest="d", arms=arms, cases=keys, split=split)  # type: ignore[arg-type]
    results = SuiteResults(run, {case.key: case for case in CASES}, trials)
    return {each.kind: each.weight for each in audit_results(results, **facts)}  # type: ignore[arg-type]


def test_each_mistake_of_a_run_has_its_class() -> None:
    fine = [*made(LEFT), *made(RIGHT)]
    assert found(*fine) == {}
    assert found(*made(LEFT, right=20), *made(RIGHT, right=20)) == {"ceiling": "blocks"}
    assert found(*made(LEFT, right=0), *made(RIGHT, right=0)) == {"floor": "blocks"}
    assert found(*made(LEFT), *made(RIGHT, 15)) == {"unbalanced completion": "blocks"}
    assert found(*made(LEFT, 19), *made(RIGHT, 19)) == {"unfinished": "warns"}
    assert found(*made(LEFT), *made(RIGHT, cached_from="r0")) == {"cached answers": "blocks"}
    assert found(*made(LEFT), *made(RIGHT, model="m-2")) == {"changed model": "blocks"}
    assert found(*made(LEFT), *made(RIGHT, at=200_000.0)) == {"changed date": "warns"}
    assert found(*fine, suite=Suite(name="s", cases=tuple(CASES[1:]))) == {"changed cases": "warns"}
    assert found(*fine, suite=Suite(name="s", cases=tuple(CASES))) == {}
    assert found(*fine, played_by=["m"]) == {"judge under test": "blocks"}
    assert found(*fine, earlier_looks=3, split="held-out") == {"held-out was read": "warns"}


def test_what_only_looks_like_a_mistake_of_a_run_is_none() -> None:
    assert found(*made(LEFT, right=20), *made(RIGHT, right=19)) == {}
    assert found(*made(LEFT, right=0), *made(RIGHT, right=1)) == {}
    assert found(*made(LEFT), *made(RIGHT, at=24 * 3600.0)) == {}
    other = ArmKey("b", "n")
    assert found(*made(LEFT), *made(other, model="n-1"), arms=(LEFT, other)) == {}
    assert found(*made(LEFT), *made(RIGHT), played_by=["n"]) == {}
    assert found(*made(LEFT), *made(RIGHT), earlier_looks=0, split="held-out") == {}


def test_answers_that_are_always_the_same_may_be_taken_over() -> None:
    exact = (ArmKey("a", "m", is_exact=True), ArmKey("b", "m", "new", is_exact=True))
    assert found(*made(LEFT, cached_from="r0"), *made(RIGHT, cached_from="r0"), arms=exact) == {}


def test_a_variant_with_other_parameters_is_not_judged_by_the_old_ones() -> None:
    case = read_case({"id": "p", "request": "Go", "expected": "track_order", "arguments": {"order_id": "7"}})
    run = SuiteRun(suite_run_id="r", at=0, suite="s", suite_digest="d", arms=(LEFT,), cases=(case.key,))
    results = SuiteResults(run, {case.key: case}, [])
    other = Toolset([Tool.make("track_order", input_schema={"type": "object", "properties": {"number": {}}})])
    assert [each.kind for each in audit_results(results, offered={"a": other})] == ["renamed parameter"]
    assert audit_results(results, offered={"a": TOOLS}) == ()


def test_a_variant_that_is_chosen_more_often_and_found_less_often_is_flagged() -> None:
    before, after = ArmKey("a", "m", selector="words"), ArmKey("b", "m", "new", selector="words")
    always, mostly = TrialRouting(rank=1, is_offered=True), TrialRouting(is_offered=False)
    lost = [msgspec.structs.replace(trial, routing=mostly) for trial in made(after, right=0)[:5]]
    kept = [msgspec.structs.replace(trial, routing=always) for trial in made(after, right=20)[5:]]
    fine = made(before, routing=always)
    assert found(*fine, *lost, *kept, arms=(before, after)) == {"harder to find": "warns"}
    assert found(*fine, *made(after, right=12, routing=always), arms=(before, after)) == {}


def test_the_help_names_each_class_of_findings() -> None:
    help_text = (Path(__file__).resolve().parents[4] / "resources" / "help" / "suites.md").read_text(encoding="utf-8")
    listed = help_text.split("`workbench suite audit PROJECT SUITE`")[1].split("\n## ")[0]
    named = {
        name for line in listed.splitlines() if line.startswith("| ") for name in line.split("|")[1].strip().split(", ")
    }
    assert named - {"of the cases", "of a run"} == set(get_args(AuditKind))
