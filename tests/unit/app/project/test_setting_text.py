"""One setting of workbench.toml is changed, and not a character more than that takes."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.app.project.setting_text import setting_in, with_setting
from workbench.core.errors import ProjectError

TEXT = """\
# mine
format = 1  # one
name = "Marks"

[request]  # how
temperature = 0.5 # low

[executors.touch]  # it
kind = "python" # code
function = "marks:touch"

[[approval]]
tool = "look"
action = "allow"
"""


def test_a_value_is_changed_where_it_is_and_its_comment_stays() -> None:
    assert with_setting(TEXT, ("request", "temperature"), 0.9) == TEXT.replace("0.5", "0.9")
    assert with_setting(TEXT, ("name",), "Others") == TEXT.replace("Marks", "Others")
    assert with_setting(TEXT, ("name",), "Marks") == TEXT


def test_a_new_setting_goes_into_its_table_and_a_new_table_to_the_end() -> None:
    assert with_setting(TEXT, ("request", "seed"), 7) == TEXT.replace("# low\n", "# low\nseed = 7\n")
    assert with_setting(TEXT, ("limits", "rounds"), 3) == f"{TEXT}\n[limits]\nrounds = 3\n"
    assert with_setting(TEXT, ("model",), "local").startswith('# mine\nformat = 1  # one\nname = "Marks"\nmodel = "')


def test_a_text_of_several_lines_is_written_on_several_lines() -> None:
    written = with_setting(TEXT, ("instructions",), "Be kind.\nBe brief.")
    assert 'instructions = """\nBe kind.\nBe brief."""\n' in written
    for awkward in ('a\n"""', "a\\\nb", 'a\n"', "a\r\nb", "\n", 'a"b'):
        assert tomllib.loads(with_setting(TEXT, ("instructions",), awkward))["instructions"] == awkward


def test_a_setting_that_is_taken_out_leaves_its_default() -> None:
    assert with_setting(TEXT, ("request", "temperature"), None) == TEXT.replace("temperature = 0.5 # low\n", "")
    assert with_setting(TEXT, ("limits", "rounds"), None) == TEXT
    gone = with_setting(TEXT, ("executors", "touch"), None)
    assert "executors" not in tomllib.loads(gone)
    assert "# mine" in gone


def test_a_whole_table_is_changed_by_what_differs() -> None:
    changed = with_setting(TEXT, ("executors", "touch"), {"kind": "python", "function": "other:touch"})
    assert changed == TEXT.replace("marks:touch", "other:touch")
    http = {"kind": "http", "url": "http://127.0.0.1:9/a", "headers": {"X-A": "b"}}
    written = with_setting(TEXT, ("executors", "touch"), http)
    assert tomllib.loads(written)["executors"]["touch"] == http
    assert "# it" in written


def test_a_table_in_one_line_is_changed_in_its_line() -> None:
    text = 'name = "Marks"\nlimits = { rounds = 3 } # few\n\n[request]\nseed = 7\n'
    changed = with_setting(with_setting(text, ("limits", "rounds"), 4), ("limits", "seconds"), 60.0)
    assert tomllib.loads(changed) == {"name": "Marks", "limits": {"rounds": 4, "seconds": 60.0}, "request": {"seed": 7}}
    assert "# few\n" in changed


@pytest.mark.parametrize("text", ["format = ", 'request = "no table"\n', "limits = 3\n"])
def test_what_cannot_be_changed_is_said(text: str) -> None:
    with pytest.raises(ProjectError, match=r"cannot be saved"):
        with_setting(text, ("limits" if "limits" in text else "request", "rounds"), 3)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back_as_it_was_and_taking_it_out_brings_the_file_back(value: str) -> None:
    try:
        written = with_setting(TEXT, ("instructions",), value)
    except ProjectError:  # TOML has no way to write some control characters as tomlkit does
        return
    assert setting_in(tomllib.loads(written), ("instructions",)) == value
    assert with_setting(written, ("instructions",), None) == TEXT
