"""Rules: which one speaks about a call, and what is wrong with one that cannot."""

import pytest

from workbench.core.approval import Policy, Rule, what_would_happen
from workbench.core.condition import Condition, read_condition
from workbench.core.grant import CallIdentity, GrantRequest, make_grant
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool

SEND = Tool.make("send_mail", "Send.", annotations={"destructiveHint": True, "readOnlyHint": True})


def identity(arguments: JsonObject | None = None, server: str = "") -> CallIdentity:
    return CallIdentity(SEND, arguments or {}, "python mail:send", "f", server)


def test_without_a_matching_rule_the_person_is_asked() -> None:
    previewed = what_would_happen(Policy((Rule("look", "allow"),)), (), identity())
    assert (previewed.action, previewed.rule) == ("ask", "")
    assert "no rule matches" in previewed.why


def test_the_first_rule_that_matches_speaks() -> None:
    policy = Policy((Rule("send_*", "deny", arguments={"to": "*@rival.example"}), Rule("send_*", "allow")))
    assert what_would_happen(policy, (), identity({"to": "a@rival.example"})).action == "deny"
    previewed = what_would_happen(policy, (), identity({"to": "a@friend.example"}))
    assert (previewed.action, previewed.rule) == ("allow", "allow send_*")
    assert "rule 2" in previewed.why


def test_a_rule_about_a_server_says_nothing_about_tools_that_come_from_none() -> None:
    policy = Policy((Rule("*", "allow", server="*"),))
    assert what_would_happen(policy, (), identity()).action == "ask"
    assert what_would_happen(policy, (), identity(server="mail")).action == "allow"


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        ({"/filter/user": "admin*"}, True),
        ({"/filter/user": "bob"}, False),
        ({"/tags/1": "b"}, True),
        ({"/tags/7": "*"}, False),
        ({"/a~1b": "c"}, True),
        ({"limit": "10"}, True),
        ({"missing": "*"}, False),
        ({"flag": "true"}, True),
    ],
)
def test_a_condition_reaches_into_the_arguments(conditions: dict[str, str], matches: bool) -> None:
    arguments: JsonObject = {"filter": {"user": "admin1"}, "tags": ["a", "b"], "a/b": "c", "limit": 10, "flag": True}
    assert Rule("*", "ask", arguments=conditions).matches(SEND, arguments) is matches


def test_annotations_can_make_a_rule_ask_or_deny_but_never_allow() -> None:
    hints = {"readOnlyHint": True}
    assert Policy((Rule("*", "deny", annotations=hints),)).rule_for(SEND, {}).action == "deny"
    allowing = Rule("*", "allow", annotations=hints)
    assert "cannot allow" in allowing.faults[0]
    assert Policy((allowing, Rule("*", "deny"))).rule_for(SEND, {}).action == "ask"


def test_a_rule_that_could_never_speak_says_why() -> None:
    assert "glob" in Rule(" ", "ask").faults[0]
    assert "readOnlyHint" in Rule("*", "ask", annotations={"harmless": True}).faults[0]
    assert Rule("*", "allow", arguments={"path": "src/*"}, server="files").faults == ()


def test_a_rule_behind_one_that_always_speaks_is_found() -> None:
    policy = Policy((Rule("look", "allow"), Rule("look", "deny"), Rule("*", "ask"), Rule("send", "deny")))
    assert list(policy.silenced()) == [(1, 0), (3, 2)]


def test_a_grant_is_foretold_where_a_rule_would_ask_and_not_where_one_denies() -> None:
    grant = make_grant(
        GrantRequest("project"), identity(), call_id=CallId("run.1.1.1"), conversation="run", by="person", at=1.0
    )
    previewed = what_would_happen(Policy(), (grant,), identity({"to": "a"}))
    assert (previewed.action, previewed.rule) == ("allow", "grant run.1.1.1")
    assert what_would_happen(Policy((Rule("*", "deny"),)), (grant,), identity()).action == "deny"


@pytest.mark.parametrize(
    ("arguments", "action"),
    [
        ({"amount": 99.5}, "allow"),
        ({"amount": 100}, "deny"),
        ({"amount": "100"}, "deny"),  # cannot be compared, so it is taken for the worse
        ({}, "allow"),
    ],
)
def test_a_condition_that_cannot_be_judged_denies_and_never_allows(arguments: JsonObject, action: str) -> None:
    policy = Policy((Rule("*", "deny", where=(read_condition("amount >= 100"),)), Rule("*", "allow")))
    assert policy.rule_for(SEND, arguments).action == action
    allowing = Policy((Rule("*", "allow", where=(read_condition("amount < 100"),)),))
    assert allowing.rule_for(SEND, {"amount": "1"}).action == "ask"


def test_a_rule_with_a_bad_condition_says_which() -> None:
    rule = Rule("*", "deny", where=(Condition("amount", ">=", "many"),))
    assert 'amount >= "many"' in rule.faults[0]
    assert str(Rule("pay", "ask", where=(read_condition("amount>=100"),))) == "ask pay where amount >= 100"
