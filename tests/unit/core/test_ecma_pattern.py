"""Patterns mean what ECMA 262 says, in Python too. The verdicts in the table are those of a JavaScript engine."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, check_pattern, python_pattern
from workbench.core.json_text import JsonObject
from workbench.core.schema import check_arguments, check_schema

MEANING = [
    (r"^\p{L}+$", ["Oslo", "Ærø", "東京"], ["Oslo 1", "", "a_b"]),
    (r"^\p{Lu}\p{Ll}+$", ["Oslo", "Ægir"], ["oslo", "OSLO"]),
    (r"^\p{General_Category=Decimal_Number}+$", ["12", "٣"], ["x", "½"]),
    (r"^[\p{L}\p{N}_-]{2,4}$", ["a-1", "é_"], ["a", "a b"]),
    (r"^[^\p{L}]+$", ["123", "!?"], ["1a"]),
    (r"^\P{L}+$", ["123"], ["1a"]),
    (r"^\p{Lowercase}+$", ["abcé"], ["aB"]),
    (r"^\p{ASCII}*$", ["abc", ""], ["é"]),
    (r"^\p{White_Space}$", ["\u0085", " "], ["\ufeff"]),
    (r"^(?<year>\d{4})-\k<year>$", ["2026-2026"], ["2026-2025"]),
    (r"^(?P<a>x|y)(?P=a)$", ["xx"], ["xy"]),
    (r"^\u{1F600}$", ["\U0001f600"], ["x"]),
    (r"^\uD83D\uDE00$", ["\U0001f600"], ["x"]),
    (r"^.$", ["\U0001f600", "\x85"], ["\n", "\r", "\u2028", "ab"]),
    (r"^\x41\u0042\cJ$", ["AB\n"], ["AB"]),
    (r"^\/api\/v1$", ["/api/v1"], ["api"]),
    (r"^[^]$", ["a", "\n"], ["", "ab"]),
    (r"a[]b", [], ["ab", "aab"]),
    (r"^a$", ["a"], ["a\n"]),
    (r"^\d+$", ["123"], ["٣", "123\n"]),
    (r"^\w+$", ["a_1"], ["é"]),
    (r"^\s$", [" ", "\ufeff", "\u2003"], ["\x1c", "\x85"]),
    (r"^\S+$", ["a\x85"], ["a b"]),
    (r"\bfoo\b", ["a foo b", "éfooé"], ["afoo"]),
    (r"^\B$", [""], ["a"]),
    (r"^(a)?\1b$", ["b", "aab"], ["ab"]),
    (r"^(a\1)$", ["a"], ["aa"]),
    (r"\2(a)(b)", ["ab"], ["ba"]),
    (r"(?<=^|\s)x", ["x", "a x"], ["ax"]),
    (r"(?<!a|bc)d", ["d", "cd"], ["ad", "bcd"]),
    (r"^(?=.*\d)(?!.*\s).{3,}$", ["ab1"], ["abc", "a 1"]),
    (r"^[\w.+-]+@[\w-]+\.[\w.-]+$", ["a.b+c@d-e.org"], ["a@b", "é@b.c"]),
    (r"^[a-z\]\\^-]+$", ["a]\\^-"], ["["]),
    (r"^[[:alpha:]]$", [":]", "a]"], ["a", "b"]),
    (r"^[\b]$", ["\b"], ["b"]),
    (r"^[\D\S]$", ["1", "a"], ["12"]),
    (r"^a{2}b{1,}c{0,1}?$", ["aab", "aabbc"], ["ab"]),
    (r"^{name}$", ["{name}"], ["name"]),
    (r"^\-\_\#$", ["-_#"], ["-"]),
    (r"^(?i:ab)c$", ["ABc"], ["abC"]),
    (r"(?i)^abc$", ["ABC"], ["abd"]),
    (r"(?m)^b$", ["a\nb", "b\r"], ["ab"]),
    (r"^(?s:.)$", ["\n"], [""]),
    (r"\A[0-9]{3}\Z", ["123"], ["1234", "123\n"]),
    (r"^\0$", ["\0"], ["0"]),
    (r"", ["", "anything"], []),
]
BAD = [
    ("(", "never closed"),
    (")", "no matching ("),
    ("[a", "never closed"),
    ("a\\", "ends in a backslash"),
    ("*a", "nothing to repeat"),
    ("a|{2}", "nothing to repeat"),
    ("a**", "repeats a repetition"),
    ("a++", "repeats a repetition"),
    ("^*", "cannot be repeated"),
    (r"\b+", "cannot be repeated"),
    ("a{3,2}", "out of order"),
    ("a{,3}", "write '{0,3}'"),
    ("[z-a]", "out of order"),
    (r"\q", "has no meaning"),
    (r"\z", "has no meaning"),
    (r"(a)\2", "no group 2"),
    (r"\k<a>", "no group named"),
    (r"\p", "needs a property"),
    (r"\u{110000}", "beyond the last character"),
    (r"\u12", "needs a character number"),
    ("(?>a)", "does not start a group"),
    ("(?(1)a|b)", "does not start a group"),
    ("(?<1a>b)", "cannot be the name"),
]
UNCHECKED = [r"\p{Script=Greek}", r"[\p{Emoji}]", r"(?<=a+)b", r"(a)(?<=\1)", "(" * 61 + ")" * 61]


@pytest.mark.parametrize(("pattern", "fitting", "others"), MEANING)
def test_a_pattern_means_what_it_means_in_javascript(pattern: str, fitting: list[str], others: list[str]) -> None:
    check_pattern(pattern)
    compiled = re.compile(python_pattern(pattern))
    assert [text for text in fitting if not compiled.search(text)] == []
    assert [text for text in others if compiled.search(text)] == []


@pytest.mark.parametrize(("pattern", "reason"), BAD)
def test_what_is_no_pattern_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    for look in (check_pattern, python_pattern):
        with pytest.raises(BadPattern, match=re.escape(reason)):
            look(pattern)


@pytest.mark.parametrize("pattern", UNCHECKED)
def test_what_cannot_be_checked_is_told_apart_from_what_is_wrong(pattern: str) -> None:
    for look in (check_pattern, python_pattern):
        with pytest.raises(UncheckedPattern):
            look(pattern)


PIECES = st.lists(
    st.sampled_from([*r"abé1()[]{}|*+?^$.\,-<>=!:&~#" + "\n ", r"\p{L}", "(?:", "(?<n>", "(?<=", r"\1", "[^", "{2,3}"]),
    max_size=14,
)


@given(PIECES.map("".join))
def test_whatever_is_not_refused_is_a_pattern_of_python(pattern: str) -> None:
    try:
        spelled = python_pattern(pattern)
    except (BadPattern, UncheckedPattern) as error:
        with pytest.raises(type(error)):
            check_pattern(pattern)
        return
    check_pattern(pattern)
    re.compile(spelled).search("ab1é(")


def one(pattern: str) -> JsonObject:
    return {"type": "object", "properties": {"a": {"pattern": pattern}}}


def test_a_misfit_is_told_with_the_pattern_as_it_was_written() -> None:
    [problem] = check_arguments(one(r"^\p{Lu}\d$"), {"a": "x"})
    assert problem.message == r"'x' does not match '^\\p{Lu}\\d$'"
    names: JsonObject = {"type": "object", "patternProperties": {r"^\p{L}+\/$": True}, "additionalProperties": False}
    [problem] = check_arguments(names, {"1": 1})
    assert problem.message == r"'1' does not match any of the regexes: '^\\p{L}+\\/$'"
    assert check_arguments(names, {"é/": 1}) == ()


def test_a_pattern_that_cannot_be_checked_is_told_of_the_schema_and_keeps_no_call_from_running() -> None:
    schema = one(r"^\p{Script=Greek}+$")
    [problem] = check_schema(schema)
    assert (problem.path, problem.severity) == ("/properties/a/pattern", "warning")
    assert "Script=Greek" in problem.message
    assert check_arguments(schema, {"a": "x"}) == ()
    names: JsonObject = {
        "type": "object",
        "patternProperties": {r"^\p{Script=Greek}$": {"type": "string"}, r"^\d$": {"type": "integer"}},
        "additionalProperties": False,
    }
    assert check_arguments(names, {"α": 1, "1": 2}) == ()
    assert [problem.path for problem in check_arguments(names, {"1": "x"})] == ["/1"]


def test_a_pattern_that_is_none_is_the_schemas_fault_and_not_the_arguments() -> None:
    [problem] = check_schema(one("("))
    assert (problem.path, problem.severity) == ("/properties/a/pattern", "error")
    [problem] = check_arguments(one("("), {"a": "x"})
    assert problem.keyword == "schema"
    assert "'('" in problem.message


def test_two_spellings_of_one_pattern_both_count() -> None:
    names: JsonObject = {"patternProperties": {"^/$": {"minimum": 1}, r"^\/$": {"maximum": 3}}}
    assert [check_arguments(names, {"/": number}) == () for number in (0, 2, 4)] == [False, True, False]


def test_a_text_that_should_be_a_pattern_is_judged_by_the_same_rules() -> None:
    schema: JsonObject = {"properties": {"a": {"format": "regex"}}}
    assert check_arguments(schema, {"a": r"^(?<n>\p{L})\/$"}) == ()
    assert [problem.keyword for problem in check_arguments(schema, {"a": "("})] == ["format"]


def test_what_is_named_like_a_keyword_is_left_alone() -> None:
    schema: JsonObject = {"type": "object", "properties": {"pattern": {"enum": ["("]}}, "default": {"pattern": "("}}
    assert check_schema(schema) == ()
    assert check_arguments(schema, {"pattern": "("}) == ()
