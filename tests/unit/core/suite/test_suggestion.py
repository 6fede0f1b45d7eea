"""Suggestions: made of tune cases alone, about the tools that were confused, and with their cost."""

from workbench.core.suite.case import ASKS_BACK, NO_CALL, Case, CaseTurn, Expected, Split, WantedCall
from workbench.core.suite.grade import Grade
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suggestion import Confusion, confusions, suggestions, telling_words, token_change
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.core.tool import Tool, Toolset

ARM = ArmKey("a", "m")
TOOLS = Toolset(
    [
        Tool.make("track_parcel", "Tracks a parcel."),
        Tool.make("get_order", "Gets an order. Shows where everything is. Lists items."),
        Tool.make("refund"),
    ]
)
ASKED = ("Where is my parcel A-1?", "where did parcel A-2 go", "My parcel A-3 is late")
OTHERS = (("What is in order A-1?", "get_order"), ("Refund A-2 please", "refund"), ("hello", NO_CALL))
CONFUSED = Confusion("track_parcel", "get_order", ASKED, OTHERS)


def rules(confusion: Confusion, **more: bool) -> dict[str, dict[str, str]]:
    return {
        each.rule: {name: edit.description or " ".join(edit.triggers or ()) for name, edit in each.edits.items()}
        for each in suggestions(confusion, TOOLS, **more)
    }


def test_words_that_tell_the_confused_requests_apart_are_found() -> None:
    assert telling_words(CONFUSED)[0] == "parcel"
    assert "a-1" not in " ".join(telling_words(CONFUSED))


def test_rules_say_where_the_line_between_two_tools_is() -> None:
    found = rules(CONFUSED, reads_triggers=True)
    assert set(found) == {"say when", "say when first", "point to the other", "draw the line", "say less", "triggers"}
    assert found["say when"]["track_parcel"].startswith("Tracks a parcel. Use this tool for requests about parcel")
    assert "use track_parcel instead" in found["point to the other"]["get_order"]
    assert set(found["draw the line"]) == {"track_parcel", "get_order"}
    assert "where everything is" not in found["say less"]["get_order"]
    assert r"\bparcel\b" in found["triggers"]["track_parcel"]
    assert "triggers" not in rules(CONFUSED)


def test_calls_that_are_not_wanted_and_questions_have_rules_of_their_own() -> None:
    assert set(rules(Confusion(NO_CALL, "refund", ("thanks",)))) == {"say when not", "only when asked"}
    assert telling_words(Confusion("refund", NO_CALL, ("I want my money back, Ben Okafor",))) == ()
    assert set(rules(Confusion(ASKS_BACK, "refund", ("refund it",)))) == {"ask first"}
    assert set(rules(Confusion("refund", ASKS_BACK, ("refund A-1",)))) == {"use it more", "do not wait"}
    assert rules(Confusion(NO_CALL, ASKS_BACK, ("hm",))) == {}


def test_there_are_enough_for_a_race_where_no_words_tell_requests_apart() -> None:
    found = rules(Confusion("track_parcel", "get_order", ("A-1?",)))
    assert {"take precedence", "point to the other", "draw the line"} <= set(found)
    assert found["point to the other"]["get_order"].endswith("Use track_parcel instead for this: Tracks a parcel.")


def test_what_an_edit_costs_is_told_in_tokens() -> None:
    found = {each.rule: token_change(each.edits, TOOLS) for each in suggestions(CONFUSED, TOOLS)}
    assert found["say when"] > 0
    assert found["say less"] < 0


def test_held_out_cases_have_no_part_in_any_suggestion() -> None:
    def case(number: int, split: Split) -> Case:
        expected = Expected((WantedCall("track_parcel"),))
        return Case(case_id=f"{split}{number}", turns=(CaseTurn(f"{split} {number}", expected),), split=split)

    cases = [case(number, split) for split in ("tune", "held-out") for number in range(3)]  # type: ignore[arg-type]
    run = SuiteRun(
        suite_run_id="r", at=0, suite="s", suite_digest="", arms=(ARM,), cases=tuple(c.key for c in cases), split="all"
    )
    wrong = Grade(is_right=False, expected="track_parcel", chosen="get_order")
    results = SuiteResults(run, {c.key: c for c in cases}, [Trial(case=c.key, arm="a", grade=wrong) for c in cases])
    (found,) = confusions(results, ARM)
    assert found.requests == ("tune 0", "tune 1", "tune 2")
    assert "held-out" not in str(found)
