"""Strict JSON refuses by name whatever would mean something else than was shown."""

import pytest

from workbench.core.errors import MalformedJson
from workbench.core.json_text import parse_strict, parse_strict_object, whole_number, without_surrogates


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"to": "ana", "to": "eve"}', "'to' appears twice"),
        ('{"to": "ana", "t\\u006f": "eve"}', "'to' appears twice"),
        ('{"a": {"b": 1, "b": 2}}', "'b' appears twice"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": -Infinity}', "-Infinity is not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": 18446744073709551616}', "64 bits"),
        ('{"a": -9223372036854775809}', "64 bits"),
        (f'{{"a": {"9" * 5_000}}}', "64 bits"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"\\udc00": 1}', "surrogate"),
        ('{"a": 1} {"b": 2}', "Extra data"),
        ('{"a": 1,}', "property name"),
        ("{'a': 1}", "property name"),
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000, "nested deeper"),
        ("[1]", "expected a JSON object, found array"),
        ("", "Expecting value"),
        ("\ufeff{}", "BOM"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, reason: str) -> None:
    with pytest.raises(MalformedJson) as caught:
        parse_strict_object(text)
    assert reason in str(caught.value)


@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1])
def test_integers_of_64_bits_keep_every_digit(number: int) -> None:
    assert parse_strict_object(f'{{"a": {number}}}') == {"a": number}


def test_brackets_inside_text_are_not_depth() -> None:
    assert parse_strict('["' + "[{" * 200 + '\\"[["]') == ["[{" * 200 + '"[[']


def test_a_whole_pair_is_a_character() -> None:
    assert parse_strict('"\\ud83d\\ude00"') == "\U0001f600"


def test_half_of_a_surrogate_pair_is_replaced_wherever_it_stands() -> None:
    torn = {"k\ud800": ["v\udfff", {"\udc00": 1}], "whole": "\ud83d\ude00", "plain": "é"}
    assert without_surrogates(torn) == {
        "k\ufffd": ["v\ufffd", {"\ufffd": 1}],
        "whole": "\U0001f600",
        "plain": "é",
    }


def test_a_few_plain_digits_are_a_number_and_nothing_else_is() -> None:
    assert [whole_number(text) for text in ("0", "007", "9" * 19)] == [0, 7, 10**19 - 1]
    assert [whole_number(text) for text in ("9" * 20, "9" * 5_000, "²", "٣", "-1", " 1", "")] == [None] * 7
