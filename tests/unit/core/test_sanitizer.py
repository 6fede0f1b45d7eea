"""Sanitizers: each does one thing, says exactly what it did, and refuses what it cannot make safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.sanitizer import SanitizedValue, Sanitizer, sanitize

TIDY = Sanitizer(trim=True, strip_control=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
json_objects = st.dictionaries(st.text(max_size=4), json_values, max_size=4)


def cleaned(value: JsonValue, sanitizer: Sanitizer) -> JsonValue:
    return sanitize({"it": value}, {"it": sanitizer}).arguments["it"]


@pytest.mark.parametrize(
    ("value", "sanitizer", "after"),
    [
        ("  a b ", Sanitizer(trim=True), "a b"),
        ("a\x1b[31m\x00b\n\t", Sanitizer(strip_control=True), "a[31mb\n\t"),
        ("ex\u202ee\u200b", Sanitizer(strip_control=True), "exe"),
        ("\u200b a", TIDY, "a"),
        (99, Sanitizer(least=1, most=50), 50),
        (-1, Sanitizer(least=0.5), 0.5),
        (7, Sanitizer(least=1, most=50), 7),
        (True, Sanitizer(least=5), True),
        (None, TIDY, None),
        (["  a", {"b": " c"}], Sanitizer(trim=True), ["a", {"b": "c"}]),
        ("data/./x/../y.txt", Sanitizer(inside="data"), "data/y.txt"),
        ("data\\y.txt", Sanitizer(inside="data"), "data/y.txt"),
        ("data", Sanitizer(inside="data"), "data"),
        ("a/b", Sanitizer(inside="."), "a/b"),
    ],
)
def test_a_sanitizer_does_what_it_is_for(value: JsonValue, sanitizer: Sanitizer, after: JsonValue) -> None:
    assert cleaned(value, sanitizer) == after


@pytest.mark.parametrize(
    "path",
    [
        "../data/x", "data/../../x", "/etc/passwd", "~/x", "C:\\x", "c:/x", "\\\\host\\share", "//host/share",
        "database/x", "data/..", "", "data/\0x", "..\\data\\x", "x", "data/x/../../../data/x",
    ],
)  # fmt: skip
def test_a_path_that_leads_out_of_its_folder_is_refused_and_left_as_it_was(path: str) -> None:
    done = sanitize({"path": path}, {"path": Sanitizer(inside="data")})
    assert done.arguments == {"path": path}
    assert [problem.path for problem in done.problems] == ["/path"]


def test_a_path_that_leads_out_by_a_link_is_refused() -> None:
    asked: list[tuple[str, str]] = []

    def outside(folder: str, path: str) -> bool:
        asked.append((folder, path))
        return False

    done = sanitize({"path": "data/link/x"}, {"path": Sanitizer(inside="data")}, is_inside=outside)
    assert asked == [("data", "data/link/x")]
    assert len(done.problems) == 1


def test_each_change_is_told_with_what_was_there_before() -> None:
    done = sanitize({"q": " a\x00 ", "n": 9, "rest": " b "}, {"q": TIDY, "n": Sanitizer(most=5)})
    assert done.changes == (
        SanitizedValue("/q", "strip_control", " a\x00 ", " a "),
        SanitizedValue("/q", "trim", " a ", "a"),
        SanitizedValue("/n", "clamp", 9, 5),
    )
    assert done.arguments == {"q": "a", "n": 5, "rest": " b "}


def test_a_sanitizer_for_every_argument_leaves_those_alone_that_have_their_own() -> None:
    done = sanitize({"a": " x ", "b": " y "}, {"*": Sanitizer(trim=True), "b": Sanitizer()})
    assert done.arguments == {"a": "x", "b": " y "}


@given(
    json_objects, st.builds(Sanitizer, st.booleans(), st.booleans(), st.none() | st.just(-2.5), st.none() | st.just(3))
)
def test_nothing_changes_without_being_told(arguments: JsonObject, sanitizer: Sanitizer) -> None:
    done = sanitize(arguments, {"*": sanitizer})
    assert (done.arguments == arguments) is (not done.changes)
    assert sanitize(done.arguments, {"*": sanitizer}).arguments == done.arguments


@given(st.text(alphabet="./\\ab~:\0 ", max_size=12))
def test_no_path_gets_out_of_its_folder(path: str) -> None:
    done = sanitize({"path": path}, {"path": Sanitizer(inside="a")})
    if not done.problems:
        confined = str(done.arguments["path"])
        assert confined == "a" or confined.startswith("a/")
        assert ".." not in confined.split("/")
