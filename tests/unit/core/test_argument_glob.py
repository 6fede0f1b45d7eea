"""Conditions on arguments speak about what is meant, not about how it was written."""

import pytest

from workbench.core.argument_glob import MISSING, argument_at, fit, fit_wholly, glob_of, misfits
from workbench.core.json_text import parse_strict_object


@pytest.mark.parametrize("written", ["100", "100.0", "1e2", "1E+2", "10000e-2"])
def test_a_number_cannot_be_written_past_a_rule(written: str) -> None:
    assert fit({"amount": "100"}, parse_strict_object(f'{{"amount": {written}}}'))


@pytest.mark.parametrize(("written", "glob"), [("0.5", "0.5"), ("true", "true"), ("null", "null"), ("-0.0", "0")])
def test_other_values_are_compared_by_their_json(written: str, glob: str) -> None:
    assert fit({"amount": glob}, parse_strict_object(f'{{"amount": {written}}}'))


def test_a_name_cannot_be_escaped_past_a_rule() -> None:
    assert fit({"path": "/etc/*"}, parse_strict_object('{"p\\u0061th": "\\u002fetc/passwd"}'))


@pytest.mark.parametrize("name", ["/list/7", "/list/" + "9" * 5000, "/list/-1", "/list/x", "/nowhere/0", "list/0"])
def test_what_is_not_there_is_missing(name: str) -> None:
    assert argument_at({"list": [1, 2]}, name) is MISSING


@pytest.mark.parametrize("written", ['"a*b[c]?"', '"[!x]"', "100", "true", "null", '""', '"]["', "1.5"])
def test_the_glob_of_a_value_fits_it_and_not_its_neighbours(written: str) -> None:
    arguments = parse_strict_object(f'{{"x": {written}}}')
    glob = glob_of(arguments["x"])
    assert fit_wholly({"x": glob}, arguments)
    assert not fit_wholly({"x": glob}, {"x": "another"})


def test_an_object_has_no_glob_and_what_does_not_fit_is_named() -> None:
    assert glob_of({"a": 1}) == ""
    arguments = parse_strict_object('{"a": {"b": 1}, "c": "x", "d": 1}')
    conditions = {"a": "", "c": "y", "e": "z"}
    assert set(misfits(conditions, arguments)) == {"a", "c", "d", "e"}
    assert misfits({"a": "*", "c": "x", "d": "*", "e": "*"}, arguments) == {}
