"""What an argument has to be."""

import pytest

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.matcher import argument_faults, matcher_faults


def kinds(wanted: JsonObject, given: JsonObject, *, exactly: bool = False) -> list[tuple[str, str]]:
    def fits(schema: JsonObject, value: JsonValue) -> bool:
        return schema.get("pattern") == "^A" and str(value).startswith("A")

    return [(fault.kind, fault.path) for fault in argument_faults(wanted, given, fits, exactly=exactly)]


@pytest.mark.parametrize(
    ("wanted", "good", "bad"),
    [
        ("A-1", ["A-1"], ["A-2", 1, None]),
        (10, [10, 10.0], ["10", 11, True]),
        ({"$any": True}, [1, None, "x"], []),
        ({"$equals": {"$any": True}}, [{"$any": True}], [{}]),
        ({"$one_of": ["a", {"$near": 5, "within": 1}]}, ["a", 5.5], ["b", 7]),
        ({"$type": "integer"}, [1, 2.0], [1.5, "1", True]),
        ({"$type": "string"}, [""], [1]),
        ({"$near": 10, "within": 0.5}, [10, 9.5], [9.4, "10", True]),
        ({"$near": 10}, [10], [10.1]),
        ({"$regex": "^A"}, ["A-1"], ["B", 1]),
        ({"$text": "Rain jacket"}, ["rain-jacket", "RAIN, JACKET."], ["rain", 1]),
        ({"$schema": {"pattern": "^A"}}, ["A"], ["B"]),
        ({"$optional": "x"}, ["x"], ["y"]),
        ({"inner": 1}, [{"inner": 1, "more": 2}], [{"more": 2}, [], 1]),
        ([1, {"$any": True}], [[1, 2]], [[1], [2, 2], 1]),
    ],
)
def test_a_matcher_tells_good_from_bad(wanted: JsonValue, good: list[JsonValue], bad: list[JsonValue]) -> None:
    assert all(not kinds({"x": wanted}, {"x": value}) for value in good)
    assert all(kinds({"x": wanted}, {"x": value}) for value in bad)


def test_further_arguments_are_right_unless_they_are_compared_exactly() -> None:
    assert kinds({"x": 1}, {"x": 1, "y": 2}) == []
    assert kinds({"x": 1}, {"x": 1, "y": 2}, exactly=True) == [("unexpected parameter", "/y")]
    assert kinds({"x": {"z": 1}}, {"x": {"z": 1, "y": 2}}, exactly=True) == [("unexpected parameter", "/x/y")]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (3, "3"),
        ({"$equals": {"$any": 1}}, '{"$any":1}'),
        ({"$one_of": ["a", {"$absent": True}]}, '"a" or nothing'),
        ({"$optional": {"$near": 5, "within": 1}}, "5 ± 1 or nothing"),
        ({"$type": "integer"}, "a value of type integer"),
        ({"$one_of": 3}, "3"),
    ],
)
def test_a_mistake_says_what_was_wanted(wanted: JsonValue, words: str) -> None:
    [fault] = argument_faults({"x": {"$one_of": [wanted]}}, {"x": "z"}, lambda *_: False)
    assert fault.message == f'"z" instead of {words}'


def test_only_what_is_optional_may_be_left_out() -> None:
    assert kinds({"x": 1}, {}) == [("wrong value", "/x")]
    assert kinds({"x": {"$optional": 1}, "y": {"$absent": True}}, {}) == []
    assert kinds({"y": {"$absent": True}}, {"y": 1}) == [("unexpected parameter", "/y")]


def test_another_type_is_told_from_another_value() -> None:
    assert kinds({"x": 1, "y": "a"}, {"x": "1", "y": "b"}) == [("wrong type", "/x"), ("wrong value", "/y")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"$rexeg": "a"}, "is not a matcher"),
        ({"$one_of": "a"}, "needs a list"),
        ({"$one_of": [{"$type": "text"}]}, "$type is one of"),
        ({"$near": "10"}, "needs a number"),
        ({"$regex": 1}, "needs a string"),
        ({"$schema": []}, "needs a JSON Schema"),
        ({"$any": True, "more": 1}, "cannot be combined with"),
        ({"deep": [{"$no": 1}]}, "arguments/x/deep/0: $no"),
    ],
)
def test_a_matcher_that_is_written_wrongly_is_named_with_its_place(written: JsonValue, said: str) -> None:
    assert said in next(matcher_faults({"x": written}))


def test_plain_values_are_no_matchers() -> None:
    assert list(matcher_faults({"x": {"a": [1, None]}, "y": {"$equals": {"$no": 1}}})) == []


def test_a_key_that_is_no_matcher_is_compared_and_never_fits_everything() -> None:
    assert kinds({"x": {"$rexeg": "a"}}, {"x": "b"}) == [("wrong type", "/x")]
    assert kinds({"x": {"$rexeg": "a"}}, {"x": {"$rexeg": "a"}}) == []
